"""Stations x window: the unit in which tables are read and replaced."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from weather_assets.clock import kst_date
from weather_assets.lake.contracts import TableContract


def instant_sql(instant: datetime) -> str:
    """An aware instant as SQL. Literals, not parameters: the query is also a sub-query of others."""
    if instant.tzinfo is None:
        message = f"{instant} has no time zone"
        raise ValueError(message)
    # UTC, because before 1908 Seoul's offset had seconds, which DuckDB does not read.
    return f"TIMESTAMPTZ '{instant.astimezone(UTC).isoformat(sep=' ')}'"


def stations_sql(station_ids: Sequence[int]) -> str:
    """Station ids for the brackets of IN; where none is asked, a value that no row has."""
    return ", ".join(str(int(station_id)) for station_id in station_ids) or "NULL"


def condition_sql(table: TableContract, station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    """Condition for the rows of these stations with start <= time < end; none where no station is asked.

    Of a daily table it is the KST days from that of `start` up to, but without, that of `end`.
    """
    return (
        f"station_id IN ({stations_sql(station_ids)}) "
        f"AND {table.time_column} >= {_bound_sql(table, start)} AND {table.time_column} < {_bound_sql(table, end)}"
    )


def _bound_sql(table: TableContract, instant: datetime) -> str:
    return f"DATE '{kst_date(instant)}'" if table.is_daily else instant_sql(instant)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a table is to hold for stations and start <= time < end, among the rows that meet an SQL condition.

    `relation` is a query with the table's columns by name. `is_at_hand` says that its rows are in memory and in the
    order of the table's key: it is then run several times rather than copied and sorted, and written piece by piece,
    in whatever order threads come to them. It must not read the lake, for it runs again when the old rows are deleted.
    """

    table: TableContract
    relation: str
    station_ids: Sequence[int]
    start: datetime
    end: datetime
    among: str = "TRUE"
    is_at_hand: bool = False

    @property
    def place(self) -> str:
        """Condition for the rows that are replaced."""
        return f"{condition_sql(self.table, self.station_ids, self.start, self.end)} AND ({self.among})"

    @property
    def described(self) -> str:
        """Table and window, for a commit message."""
        return f"{self.table.qualified_name} {self.start.isoformat()} .. {self.end.isoformat()}"


def spans(start: datetime, end: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Cut start..end into spans of a length; the last one may be shorter."""
    while start < end:
        yield start, min(start + length, end)
        start += length
