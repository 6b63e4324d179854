"""Replacing one day of one station in ten years: the lake, the Parquet file of a year, a plain DuckDB file."""

import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.inputs import SEOUL, Place, clean_home, opened
from benchmarks.measuring import OURS, Section, measured, ratio
from weather_assets.clock import KST, kst_midnight
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY

YEARS, DAYS = 10, 20
DAY = timedelta(days=1)
COLUMNS = ("side", "milliseconds a day", "times ours", "readers meanwhile")


def days() -> list[tuple[datetime, datetime]]:
    """The days that are replaced."""
    return [(start, start + DAY) for start in (kst_midnight(date(2012, 3, 1)) + n * DAY for n in range(DAYS))]


def lake(home: Path) -> list[float]:
    """`replace_window`: delete and insert in one transaction, key and window checked; another value each time."""
    with opened(home) as opened_lake:

        def replace(start: datetime, end: datetime) -> None:
            window = condition_sql(CLEAN_ASOS_HOURLY, (SEOUL,), start, end)
            rows = f"FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {window}"
            query = f"SELECT * REPLACE (air_temperature_c + 0.1 AS air_temperature_c) {rows}"
            opened_lake.replace_window(CLEAN_ASOS_HOURLY, query, (SEOUL,), start, end)

        return _seconds(replace)


def parquet(home: Path) -> list[float]:
    """A Parquet file a year, the usual layout of years of hours: read it, put the day in, write it anew."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "2012.parquet"
        pq.write_table(_hours(home, "WHERE year(observed_at) = 2012"), path)

        def replace(start: datetime, end: datetime) -> None:
            table = pq.read_table(path)
            times = table["observed_at"]
            inside = pc.and_(pc.greater_equal(times, start.astimezone(KST)), pc.less(times, end.astimezone(KST)))
            day = table.filter(inside)
            warmer = pc.add(day["air_temperature_c"], 0.1)
            day = day.set_column(day.schema.get_field_index("air_temperature_c"), "air_temperature_c", warmer)
            draft = path.with_suffix(".draft")
            pq.write_table(pa.concat_tables([table.filter(pc.invert(inside)), day]).sort_by("observed_at"), draft)
            draft.replace(path)

        return _seconds(replace)


def duckdb_file(home: Path) -> list[float]:
    """One .duckdb file: delete and insert in one transaction."""
    with tempfile.TemporaryDirectory() as name, duckdb.connect(f"{name}/weather.duckdb") as connection:
        connection.register("given", _hours(home, ""))
        connection.execute("CREATE TABLE hours AS FROM given; CHECKPOINT")

        def replace(start: datetime, end: datetime) -> None:
            window = condition_sql(CLEAN_ASOS_HOURLY, (SEOUL,), start, end)
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE day AS "
                f"SELECT * REPLACE (air_temperature_c + 0.1 AS air_temperature_c) FROM hours WHERE {window}"
            )
            connection.execute(f"BEGIN; DELETE FROM hours WHERE {window}; INSERT INTO hours FROM day; COMMIT")

        return _seconds(replace)


def _hours(home: Path, condition: str) -> pa.Table:
    with opened(home) as opened_lake:
        return opened_lake.query(f"FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} {condition}").to_arrow_table()


def _seconds(replace: Callable[[datetime, datetime], None]) -> list[float]:
    taken = []
    for start, end in days():
        began = time.perf_counter()
        replace(start, end)
        taken.append(time.perf_counter() - began)
    return taken


SIDES = {
    OURS: (lake, "go on, from the snapshot before"),
    "Parquet file of the year": (parquet, "go on; two writers lose one's change"),
    "plain DuckDB file": (duckdb_file, "other processes are shut out"),
}


def compare(place: Place, rounds: int = 3) -> Section:
    """Median milliseconds of each."""
    home = clean_home(place, 1, YEARS)
    taken: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, (work, _readers) in SIDES.items():
            taken[name] += measured(work, home).answer
    milliseconds = {name: 1000 * median(seconds) for name, seconds in taken.items()}
    ours = milliseconds[OURS]
    return Section(
        "Replacing a day",
        f"24 hours in {YEARS} years of one station, every column, one value changed; {DAYS} days, {rounds} times.",
        COLUMNS,
        [[name, milliseconds[name], ratio(milliseconds[name], ours), readers] for name, (_, readers) in SIDES.items()],
        notes=[
            (
                "A bare file can be faster than a transaction in a catalogue that any number of processes may read and "
                "write at once; what that costs is the first line."
            )
        ],
        figures={"milliseconds": taken},
    )
