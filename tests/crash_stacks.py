"""The two stacks that crash trials run on, and what can be broken in them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from cutting_proxy import CuttingProxy
from services import PostgresServer, S3Server

from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation, S3Access

_CATALOGUE = "__ducklake_metadata_lake"
_NAMING = ("ducklake_data_file", "ducklake_delete_file", "ducklake_files_scheduled_for_deletion")


@dataclass(frozen=True)
class Stack:
    """Where lakes lie, and the levers to break it; those that a stack does not have are None."""

    name: str
    folder: Path
    new_location: Callable[[], LakeLocation]
    proxy: CuttingProxy | None = None
    postgres: PostgresServer | None = None

    @property
    def disk(self) -> Path:
        """Root of the file system that the files lie on, where that is one of its own."""
        return next(folder for folder in (self.folder, *self.folder.parents) if folder.is_mount())

    def files(self, location: LakeLocation) -> set[str]:
        """Names of the Parquet files that lie there."""
        name = location.data.removesuffix("/lake").rpartition("/")[2]
        return {path.name for path in (self.folder / name).rglob("*.parquet")}

    def orphans(self, lake: Lake) -> set[str]:
        """Files that lie there and that nothing in the catalogue names."""
        union = " UNION ALL ".join(f"SELECT path FROM {_CATALOGUE}.{table}" for table in _NAMING)
        named = {path.rpartition("/")[2] for (path,) in lake.query(union).fetchall()}
        return self.files(lake.location) - named


def folder_stack(folder: Path) -> Stack:
    """SQLite and a folder."""

    def new_location() -> LakeLocation:
        home = folder / uuid4().hex
        return LakeLocation(catalog=str(home / "catalog.sqlite"), data=str(home / "lake"))

    return Stack("SQLite + folder", folder, new_location)


@contextmanager
def server_stack(postgres: PostgresServer, s3: S3Server) -> Iterator[Stack]:
    """PostgreSQL and S3, the latter through a proxy that can be cut."""
    with CuttingProxy(int(s3.endpoint_url.rpartition(":")[2])) as proxy:
        access = S3Access(s3.key_id, s3.secret, None, endpoint_url=f"http://127.0.0.1:{proxy.port}")

        def new_location() -> LakeLocation:
            return LakeLocation(postgres.new_database(), f"s3://{s3.bucket}/{uuid4().hex}/lake", s3=access)

        yield Stack("PostgreSQL + S3", s3.folder, new_location, proxy, postgres)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A file system of its own of a size, in memory; None where this user may not mount one."""
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        yield None
        return
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(disk: Path, but_for: int) -> Iterator[None]:
    """Inside the block only so many bytes of the disk are free."""
    filler, stat = disk / "filler", os.statvfs(disk)
    free = stat.f_bavail * stat.f_frsize
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free - but_for, 1))
    try:
        yield
    finally:
        filler.unlink()
