"""Fetching from DuckDB so that nothing is left open: until the last row of an answer is fetched, its catalogue is read.

Meanwhile SQLite's write-ahead log grows with every commit and slows all readers, and a session of PostgreSQL is idle
in a transaction.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd


class Answer(Protocol):
    """What a query gives, to be fetched whole and at once."""

    @property
    def description(self) -> list[tuple[Any, ...]]:
        """A tuple per column, its name first."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows as tuples."""
        ...

    def df(self) -> "pd.DataFrame":
        """All rows for pandas."""
        ...

    def to_arrow_table(self) -> pa.Table:
        """All rows as columns."""
        ...


def first_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()
) -> tuple[Any, ...] | None:
    """Return the first row of a query that gives few, None where it gives none."""
    rows: list[tuple[Any, ...]] = connection.execute(sql, list(parameters)).fetchall()
    return rows[0] if rows else None
