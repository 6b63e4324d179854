"""A DuckDB connection with the lake attached, nothing fetched from the internet."""

import importlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from weather_assets.lake.attachment import attach_lock_sql, attach_sql, extensions, secrets_sql
from weather_assets.lake.errors import LakeError, reason
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.lock import commit_lock
from weather_assets.lake.rows import first_row

_VERIFIED: set[Path] = set()
"""Extensions whose signature DuckDB has checked in this process, where they stay loaded: at the next connection it need
not hash them again, which would take most of the time of opening a lake."""


def connect(location: LakeLocation, *, read_only: bool, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB connection with the lake attached as `lake` and made the default catalogue.

    A writer makes what is missing. The session's time zone is KST, the civil time of every station: hours and dates
    in SQL are KST's. Raises LakeError where the lake cannot be opened.
    """
    if read_only and not location.exists():
        message = f"no lake at {location.catalog_path}; make one with weather backfill or weather demo"
        raise LakeError(message)
    if not read_only:
        _make_folders(location)
    files = [_extension_file(extension) for extension in extensions(location)]
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "memory_limit": memory_limit,
            "allow_unsigned_extensions": str(_VERIFIED.issuperset(files)).lower(),
        }
    )
    try:
        _load(connection, files)
        _set_up(connection, location)
        _attach(connection, location, read_only=read_only)
    except duckdb.Error as error:
        connection.close()
        message = f"cannot open {location.described}: {reason(error)}; {_remedy(location)}"
        raise LakeError(message) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _make_folders(location: LakeLocation) -> None:
    catalog = () if location.is_postgres else (location.catalog_path.parent,)
    data = () if location.on_s3 else (Path(location.data_path),)
    for folder in (*catalog, *data):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder {folder} ({error.strerror}): {_remedy(location)}"
            raise LakeError(message) from None


def _load(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    for file in files:
        connection.execute(f"LOAD '{file}'")
        _VERIFIED.add(file)


def _set_up(connection: duckdb.DuckDBPyConnection, location: LakeLocation) -> None:
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    # pandas and Arrow see what SQL sees in whatever order the scan ran; nothing here relies on insertion order.
    connection.execute("SET preserve_insertion_order = false")
    if not location.is_postgres:
        # Else each catalogue table is scanned over a connection of its own, and a reader that a commit overtakes
        # misses deletions. GLOBAL, because DuckLake asks its catalogue in a session of its own.
        connection.execute("SET GLOBAL sqlite_disable_multithreaded_scans = true")
    for statement in secrets_sql(location):
        connection.execute(statement)


def _attach(connection: duckdb.DuckDBPyConnection, location: LakeLocation, *, read_only: bool) -> None:
    if read_only:
        connection.execute(attach_sql(location, read_only=True))
    else:
        if location.is_postgres:
            connection.execute(attach_lock_sql(location))
        # Attaching makes a new catalogue's own tables, which two processes must not do at once.
        with commit_lock(location, connection):
            connection.execute(attach_sql(location, read_only=False))
    connection.execute("USE lake")
    if not location.on_s3:
        _check_folder(connection, location)


def _check_folder(connection: duckdb.DuckDBPyConnection, location: LakeLocation) -> None:
    """A lake whose folder was moved as a whole opens at its new place; a wrong folder is refused."""
    row = first_row(connection, "SELECT value FROM lake.options() WHERE option_name = 'data_path'")
    folder = Path(location.data_path)
    if row is None or row[0] == location.data_path or (folder.is_dir() and any(folder.iterdir())):
        return
    message = f"{location.described} has its files in {row[0]}, not in {folder}; set WEATHER_LAKE_DATA to match"
    raise LakeError(message)


def _extension_file(name: str) -> Path:
    """The extension's binary inside its wheel; DuckDB checks its signature when it is first loaded."""
    module = importlib.import_module(f"duckdb_extension_{name}")
    folder = Path(str(module.__file__)).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


def _remedy(location: LakeLocation) -> str:
    if location.is_postgres:
        return "check WEATHER_LAKE_CATALOG and that the server answers; try weather doctor"
    return "check WEATHER_HOME, WEATHER_LAKE_CATALOG and WEATHER_LAKE_DATA, and that this user may write there"
