"""The lake's error, and DuckDB's words made fit for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from weather_assets.errors import WeatherError

_GONE = ("server closed the connection", "terminating connection", "connection to server")
"""How libpq tells that the server went away or cannot be reached."""


class LakeError(WeatherError):
    """The lake cannot be opened or refuses what is asked; the message says what to do."""


def reason(error: duckdb.Error) -> str:
    """What DuckDB says went wrong, without the statements that it repeats before and after."""
    text = str(error).strip().partition("\n\nLINE ")[0]
    return text.rpartition('": ')[2].partition("\n")[0].rstrip(".")


def is_outage(error: duckdb.Error) -> bool:
    """Whether a server, a disk or a network failed below DuckDB; else the statement is what is wrong.

    Clients of the catalogue (SQLite and PostgreSQL) report theirs as an error of no kind; where PostgreSQL goes while a
    statement is being prepared, DuckDB takes that for a fault of the statement.
    """
    broken = (duckdb.IOException, duckdb.TransactionException, duckdb.ConnectionException)
    is_gone = any(words in str(error) for words in _GONE)
    return type(error) is duckdb.Error or isinstance(error, broken) or is_gone


@contextmanager
def lake_answering(described: str) -> Iterator[None]:
    """Use a lake inside the block. Raises LakeError, and no error of DuckDB's, where its servers or disk fail."""
    try:
        yield
    except duckdb.Error as error:
        if not is_outage(error):
            raise
        message = f"{described} does not answer: {reason(error)}; weather doctor shows what is wrong"
        raise LakeError(message) from None
