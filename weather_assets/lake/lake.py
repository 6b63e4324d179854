"""The lake: tables made from contracts, written stations x window at a time, read at a snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any, Self

import duckdb
import pyarrow as pa

from weather_assets.lake.connection import connect
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.errors import LakeError, is_outage, lake_answering, reason
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.lock import commit_lock
from weather_assets.lake.preparation import lacking_sql, stamped_simulated
from weather_assets.lake.rows import Answer, first_row
from weather_assets.lake.windows import Replacement


class Lake:
    """One open lake. Use as a context manager, or close it.

    `simulated` says which kind of readings the caller brings; the first writer stamps the lake with it and one of the
    other kind is refused (UsageError). Readers pass None. Raises LakeError where the lake cannot be opened.
    """

    def __init__(
        self,
        location: LakeLocation,
        contracts: Sequence[TableContract],
        *,
        simulated: bool | None = None,
        read_only: bool = False,
        memory_limit: str = "2GB",
    ) -> None:
        self.location = location
        self.connection = connect(location, read_only=read_only, memory_limit=memory_limit)
        if not read_only:
            try:
                self._prepare(contracts, simulated=simulated)
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Detach and free the memory."""
        self.connection.close()

    # -- reading ------------------------------------------------------------------------------------------------

    def query(self, sql: str, parameters: Sequence[object] = ()) -> Answer:
        """Run a query; call .fetchall(), .df() or .to_arrow_table() on what comes back."""
        return self.connection.execute(sql, list(parameters))

    def first_row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query that gives few, None where it gives none."""
        return first_row(self.connection, sql, parameters)

    def snapshot(self) -> int:
        """Number of the newest snapshot."""
        return int(self._value("SELECT id FROM lake.current_snapshot()"))

    def has(self, table: str) -> bool:
        """Whether a table, named schema.name, is there; only a writer makes those that an older lake lacks."""
        schema, _, name = table.partition(".")
        return bool(
            self.first_row(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = 'lake' AND schema_name = ? AND table_name = ?",
                [schema, name],
            )
        )

    def is_simulated(self) -> bool | None:
        """What the lake is stamped with, or None where nothing was written yet."""
        return stamped_simulated(self.connection)

    def claim(self, *, simulated: bool) -> None:
        """Stamp a new lake for the kind of readings the caller brings; raises UsageError where it holds the other."""
        self._prepare((), simulated=simulated)

    # -- writing ------------------------------------------------------------------------------------------------

    def replace_window(
        self,
        table: TableContract,
        relation: str,
        station_ids: Sequence[int],
        start: datetime,
        end: datetime,
        *,
        among: str = "TRUE",
    ) -> int:
        """Make `table` hold exactly `relation` for these stations and start <= time < end; returns the rows written.

        `among` narrows what is replaced to the rows that meet an SQL condition, which the new rows must meet too.
        `relation` is a query with the table's columns by name. It runs before the lock is taken; rows of other
        stations and times stay as they are, and so does the whole table where it holds just these rows already.
        Raises LakeError, and writes nothing, where a row lies outside or a key occurs twice.
        """
        return self.replace_together([Replacement(table, relation, station_ids, start, end, among)])[0]

    def replace_together(self, replacements: Sequence[Replacement]) -> list[int]:
        """Several `replace_window` of different tables in one transaction; returns the rows of each.

        Their relations run one after another in the order given, so a later one may see newer rows than an earlier one.
        """
        with ExitStack() as stack:
            stack.enter_context(lake_answering(self.location.described))
            staged = [
                stack.enter_context(self._staged(one.table, one.relation, one.place, is_at_hand=one.is_at_hand))
                for one in replacements
            ]
            counted = zip(replacements, staged, strict=True)
            if not all(self._holds_staged(one.table, one.place, count) for one, count in counted):
                with self._lock(), self._transaction(f"replace {', '.join(one.described for one in replacements)}"):
                    for one in replacements:
                        self.connection.execute(f"DELETE FROM lake.{one.table.qualified_name} WHERE {one.place}")
                        self._insert_staged(one.table)
        return staged

    def append(self, table: TableContract, relation: str) -> int:
        """Add the rows of `relation` (a query with the table's columns by name); returns how many.

        The query may ask what the table holds already: it runs while no other process can write. Raises LakeError,
        and writes nothing, where a key occurs twice.
        """
        with lake_answering(self.location.described), self._lock(), self._staged(table, relation) as count:
            if count:
                with self._transaction(f"append {table.qualified_name}"):
                    self._insert_staged(table)
        return count

    @contextmanager
    def registered(self, name: str, table: pa.Table) -> Iterator[None]:
        """Make an Arrow table known to SQL under a name inside the block; its memory is free again after it."""
        self.connection.register(name, table)
        try:
            yield
        finally:
            self.connection.unregister(name)

    @contextmanager
    def temporary(self, name: str, query: str) -> Iterator[str]:
        """Make the rows of a query a table of this connection inside the block; gives what to call it in SQL."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        try:
            yield f"temp.{name}"
        finally:
            self.connection.execute(f"DROP TABLE temp.{name}")

    # -- one write ----------------------------------------------------------------------------------------------

    def _prepare(self, contracts: Sequence[TableContract], *, simulated: bool | None) -> None:
        if lacking_sql(self.connection, self.location, contracts, simulated=simulated):
            with self._lock(), self._transaction("create tables"):
                # Asked again under the lock: another process may have been faster.
                for statement in lacking_sql(self.connection, self.location, contracts, simulated=simulated):
                    self.connection.execute(statement)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with commit_lock(self.location, self.connection):
            yield

    @contextmanager
    def _transaction(self, message: str) -> Iterator[None]:
        """All or nothing: commit at the end, roll back on any error."""
        self.connection.execute("BEGIN")
        outcome = "nothing was written"
        try:
            yield
            self.connection.execute("CALL lake.set_commit_message('weather-assets', ?)", [message])
            outcome = "it may be written or not; run it again, for nothing is written twice"
            self.connection.execute("COMMIT")
        except duckdb.Error as error:
            self._roll_back()
            if not is_outage(error):
                raise
            text = f"could not {message} in {self.location.described}: {reason(error)}; {outcome}"
            raise LakeError(f"{text}; weather doctor shows what does not answer") from None
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # A commit that failed has ended the transaction already, and so has a server that is gone.
        with suppress(duckdb.Error):
            self.connection.execute("ROLLBACK")

    @contextmanager
    def _staged(
        self, table: TableContract, relation: str, place: str = "TRUE", *, is_at_hand: bool = False
    ) -> Iterator[int]:
        """The rows of `relation`, checked and in order, under a temporary name with the table's types; gives how many.

        Rows at hand are not copied: several times as fast where there are hundreds of thousands of many columns.
        """
        columns = ", ".join(f"CAST({column.name} AS {column.sql_type}) AS {column.name}" for column in table.columns)
        kind, order = ("VIEW", "") if is_at_hand else ("TABLE", f"ORDER BY {', '.join(table.key)}")
        query = f"SELECT {columns} FROM ({relation}) {order}"
        self.connection.execute(f"CREATE OR REPLACE TEMP {kind} {_staging(table)} AS {query}")
        try:
            self._check_staged(table, place)
            yield int(self._value(f"SELECT count(*) FROM {_staging(table)}"))
        finally:
            self.connection.execute(f"DROP {kind} {_staging(table)}")

    def _check_staged(self, table: TableContract, place: str) -> None:
        key = ", ".join(table.key)
        for problem, offenders in (
            ("lies outside what is replaced", f"FROM {_staging(table)} WHERE ({place}) IS NOT TRUE"),
            ("occurs twice", f"FROM {_staging(table)} GROUP BY {key} HAVING count(*) > 1"),
        ):
            row = self.first_row(f"SELECT {key} {offenders} LIMIT 1")
            if row is not None:
                where = ", ".join(f"{name} {value}" for name, value in zip(table.key, row, strict=True))
                message = f"a row for {table.qualified_name} {problem} ({where}); nothing was written"
                raise LakeError(message)

    def _holds_staged(self, table: TableContract, place: str, count: int) -> bool:
        """Whether the table holds just the staged rows there (both sides have unique keys)."""
        there = f"FROM lake.{table.qualified_name} WHERE {place}"
        held = self._value(f"SELECT count(*) {there}")
        if held != count or count == 0:
            return bool(held == count)
        columns = ", ".join(table.column_names)
        different = f"SELECT count(*) FROM (FROM {_staging(table)} EXCEPT SELECT {columns} {there})"
        return bool(self._value(different) == 0)

    def _insert_staged(self, table: TableContract) -> None:
        columns = ", ".join(table.column_names)
        self.connection.execute(f"INSERT INTO lake.{table.qualified_name} ({columns}) FROM {_staging(table)}")

    def _value(self, sql: str) -> Any:
        row = self.first_row(sql)
        return row[0] if row else None


def _staging(table: TableContract) -> str:
    return f"temp.main.staged_{table.schema}_{table.name}"
