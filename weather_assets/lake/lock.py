"""One writer at a time per lake, whatever the catalogue.

DuckLake settles a race of writers by failing the later one: with a SQLite catalogue commits are lost at random, with a
PostgreSQL one two replaces that touch the file of the same year collide. Waiting is simpler than trying again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
from filelock import FileLock, Timeout

from weather_assets.lake.attachment import LOCK_DATABASE
from weather_assets.lake.errors import LakeError, reason
from weather_assets.lake.location import LakeLocation

# Any number will do, as long as nothing else in the catalogue's database locks the same one.
_ADVISORY_KEY = 7_205_108


@contextmanager
def commit_lock(location: LakeLocation, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Hold the lake's lock. It is free again when its holder leaves or ends, even by SIGKILL.

    Raises LakeError where another process keeps it for longer than the location's patience.
    """
    with _advisory_lock(location, connection) if location.is_postgres else _file_lock(location):
        yield


@contextmanager
def _file_lock(location: LakeLocation) -> Iterator[None]:
    lock = FileLock(location.lock_path, timeout=location.patience_s)
    try:
        lock.acquire()
    except Timeout:
        raise LakeError(_overdue(location, f"the one that holds {location.lock_path}")) from None
    except OSError as error:
        message = f"cannot lock {location.lock_path} ({error.strerror}): give this user the right to write there"
        raise LakeError(message) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory_lock(location: LakeLocation, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A PostgreSQL advisory lock in a transaction of its own, which ends with its block or with its session."""
    session = connection.cursor()
    session.execute("BEGIN")
    try:
        try:
            _postgres(session, f"SET LOCAL lock_timeout = '{location.patience_s}s'")
            _postgres(session, f"SELECT pg_advisory_xact_lock({_ADVISORY_KEY})")
        except duckdb.Error as error:
            if "lock timeout" in str(error):
                raise LakeError(_overdue(location, "pg_locks shows the holder of its advisory lock")) from None
            message = f"cannot lock the PostgreSQL catalogue: {reason(error)}; try weather doctor"
            raise LakeError(message) from None
        yield
    finally:
        # A server that is gone holds no lock; that it is gone must not be said of a write that it has kept.
        with suppress(duckdb.Error):
            session.execute("ROLLBACK")
        session.close()


def _postgres(session: duckdb.DuckDBPyConnection, statement: str) -> None:
    session.execute(f"CALL postgres_execute('{LOCK_DATABASE}', ?)", [statement])


def _overdue(location: LakeLocation, which: str) -> str:
    return (
        f"another process has been writing to this lake for {location.patience_s} s; "
        f"wait for it or stop it ({which}), then try again"
    )
