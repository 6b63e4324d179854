"""Back a home up and restore it: python deploy/backup.py save|restore FOLDER, with the settings of the home.

Saved are the lake's catalogue and files, MLflow's database and models, and Dagster's history. The lake's lock is held
meanwhile, so nothing is written or expired: runs wait for up to ten minutes. What lies on servers is saved too:

- a PostgreSQL catalogue by pg_dump (its version must not be older than the server's);
- every object below WEATHER_LAKE_DATA, where that is in S3: tables, models, reports. Most of them are copied before the
  lock is taken. With --without-objects they stay where they are, for a bucket that keeps versions.

Other databases of PostgreSQL (Dagster's, MLflow's) have lines of their own in README.md.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

from objects import Prefix

from weather_assets.errors import UsageError, WeatherError
from weather_assets.lake.connection import connect
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.lock import commit_lock
from weather_assets.lake.open import lake_location
from weather_assets.settings import Settings, load_settings

CATALOG_DUMP = "catalog.dump"
DATA = "data"
_SQLITE_SCRATCH = ("-wal", "-shm", "-journal", ".lock")


def save(settings: Settings, folder: Path, *, with_objects: bool = True) -> None:
    """Write a backup into a new folder; raises UsageError where it is there already, and leaves no half of one."""
    if folder.exists():
        raise UsageError(f"{folder} is there already: name a new folder")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    location = lake_location(settings)
    objects = Prefix(settings, settings.data_root) if location.on_s3 and with_objects else None
    if objects:
        # Nobody has to wait for these; what comes and goes meanwhile is seen to under the lock.
        objects.download(draft / DATA)
    with (
        closing(connect(location, read_only=False, memory_limit=settings.duckdb_memory_limit)) as connection,
        commit_lock(location, connection),
    ):
        _copy(settings.home, draft / "home")
        if location.is_postgres:
            _run_postgres(location, "pg_dump", "--format=custom", f"--file={draft / CATALOG_DUMP}")
        elif not location.catalog_path.is_relative_to(settings.home.absolute()):
            _copy_sqlite(location.catalog_path, draft / CATALOG_DUMP)
        if objects:
            objects.download(draft / DATA)
        elif not location.on_s3 and not _inside(settings, location):
            _copy(Path(settings.data_root), draft / DATA)
    draft.rename(folder)


def restore(settings: Settings, folder: Path) -> None:
    """Bring a backup back into an empty home; raises UsageError where it, or its place in S3, holds something."""
    if settings.home.exists() and any(settings.home.iterdir()):
        raise UsageError(f"{settings.home} is not empty: move it away, or set WEATHER_HOME to a new folder")
    location = lake_location(settings)
    _check_objects(settings, location, folder)
    shutil.copytree(folder / "home", settings.home, dirs_exist_ok=True)
    dump = folder / CATALOG_DUMP
    if dump.exists() and location.is_postgres:
        _run_postgres(location, "pg_restore", "--clean", "--if-exists", "--no-owner", str(dump))
    elif dump.exists():
        location.catalog_path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(dump, location.catalog_path)
    _restore_data(settings, location, folder / DATA)


def _check_objects(settings: Settings, location: LakeLocation, folder: Path) -> None:
    """Refuse before anything is written. A backup without data is an old one: its objects never left their bucket."""
    if not (location.on_s3 and (folder / DATA).exists()):
        return
    place = Prefix(settings, settings.data_root)
    # A new stack has no bucket yet.
    place.make_bucket()
    if not place.is_empty():
        raise UsageError(f"{place.url} is not empty: move its objects away; a lake in S3 comes back where it was")


def _restore_data(settings: Settings, location: LakeLocation, saved: Path) -> None:
    if not saved.exists():
        return
    if location.on_s3:
        Prefix(settings, settings.data_root).upload(saved)
    else:
        shutil.copytree(saved, settings.data_root, dirs_exist_ok=True)


def _inside(settings: Settings, location: LakeLocation) -> bool:
    return Path(location.data_path).is_relative_to(settings.home.absolute())


def _copy(source: Path, target: Path) -> None:
    """Copy a tree; databases by SQLite itself, which sees to it that a copy is whole."""
    # A home may hold no file, where everything lies on servers.
    target.mkdir(parents=True, exist_ok=True)
    for path in _files(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in {".sqlite", ".db"}:
            _copy_sqlite(path, copy)
        else:
            shutil.copy2(path, copy)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(_SQLITE_SCRATCH))


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _run_postgres(location: LakeLocation, *command: str) -> None:
    """Run a client program on the catalogue's database; the password is nowhere in its command line."""
    url = location.postgres_url
    place = [f"--host={url.hostname}", f"--port={url.port or 5432}", f"--username={unquote(url.username or '')}"]
    try:
        done = subprocess.run(
            [*command, *place, f"--dbname={unquote(url.path.strip('/'))}"],
            env={**os.environ, "PGPASSWORD": unquote(url.password or "")},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise WeatherError(
            f"{command[0]} is not installed here: install PostgreSQL's client programs, as new as the server "
            "(Debian: apt-get install postgresql-client), or run this in the image of deploy/Dockerfile"
        ) from None
    if done.returncode:
        raise WeatherError(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1]}")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["save", "restore"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without-objects", action="store_true", help="save: leave out what lies in S3")
    given = parser.parse_args()
    try:
        if given.action == "save":
            save(load_settings(), given.folder, with_objects=not given.without_objects)
        else:
            restore(load_settings(), given.folder)
    except WeatherError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
