"""Small lakes for tests: one table, and what processes of their own do to it."""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from weather_assets.lake.contracts import Column, TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation

FIRST = datetime(2020, 12, 28, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS_PER_DAY = 24

READINGS = TableContract(
    schema="raw",
    name="readings",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(
        Column("station_id", "INTEGER", "Station"),
        Column("observed_at", "TIMESTAMPTZ", "Hour"),
        Column("value", "FLOAT", "Value"),
    ),
)

Row = tuple[int, datetime, float | None]


def open_lake(location: LakeLocation, *, read_only: bool = False, simulated: bool | None = False) -> Lake:
    """The lake with the one table of these tests."""
    return Lake(location, [READINGS], simulated=None if read_only else simulated, read_only=read_only)


def rows_sql(rows: Iterable[Row]) -> str:
    """A query that gives these rows with the columns of READINGS."""
    values = ", ".join(
        f"({station}, TIMESTAMPTZ '{hour.isoformat(sep=' ')}', {'NULL' if value is None else value}::DOUBLE)"
        for station, hour, value in rows
    )
    select = "SELECT station_id, observed_at, value"
    return f"{select} FROM (VALUES {values}) AS t(station_id, observed_at, value)" if values else (
        f"{select} FROM lake.raw.readings WHERE FALSE"
    )  # fmt: skip


def day_rows(station: int, start: datetime, value: float) -> list[Row]:
    """The 24 rows of a day that begins at `start`."""
    return [(station, start + hour * HOUR, value) for hour in range(HOURS_PER_DAY)]


def write_day(lake: Lake, station: int, start: datetime, value: float) -> int:
    """Replace one day of one station."""
    rows = rows_sql(day_rows(station, start, value))
    return lake.replace_window(READINGS, rows, [station], start, start + DAY)


def contents(lake: Lake) -> list[Row]:
    """Every row of the table, in order."""
    return lake.query("SELECT station_id, observed_at, value FROM lake.raw.readings ORDER BY ALL").fetchall()


def write_days(location: LakeLocation, station: int, days: Sequence[datetime], value: float) -> None:
    """For a process of its own: replace the days one by one."""
    with open_lake(location) as lake:
        for day in days:
            write_day(lake, station, day, value)


def append_new_days(location: LakeLocation, station: int, days: Sequence[datetime], value: float) -> None:
    """For a process of its own: append, day by day, the rows that are not there yet."""
    with open_lake(location) as lake:
        for day in days:
            rows = rows_sql(day_rows(station, day, value))
            lake.append(READINGS, f"SELECT * FROM ({rows}) ANTI JOIN lake.raw.readings USING (station_id, observed_at)")


def hang_while_writing(location: LakeLocation, station: int, day: datetime, value: float, sign: Path) -> None:
    """For a process of its own: delete and insert a day's rows, make the file `sign`, and never commit."""
    with open_lake(location) as lake:
        insert = lake._insert_staged

        def insert_and_hang(table: TableContract) -> None:
            insert(table)
            sign.touch()
            time.sleep(600)

        lake._insert_staged = insert_and_hang  # type: ignore[method-assign]
        write_day(lake, station, day, value)
