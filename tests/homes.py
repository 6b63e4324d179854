"""Looking at a home from outside, to see that a command changed nothing in it."""

from collections.abc import Mapping
from pathlib import Path


def files(home: Path) -> Mapping[Path, bytes]:
    """Every file of a home with its bytes, but for what SQLite keeps beside an open database and holds no data."""
    found = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return {path: data for path, data in found.items() if not _is_scratch(path, data)}


def _is_scratch(path: Path, data: bytes) -> bool:
    return path.name.endswith("-shm") or (path.name.endswith("-wal") and not data)
