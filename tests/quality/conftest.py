"""Raw readings and what the query under test makes of them."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from weather_assets.elements import BY_NAME
from weather_assets.quality.hourly import clean_hourly_sql, judged_hours_sql, rejections_sql
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA

RAW_SCHEMA = RAW_HOURLY_SCHEMA.append(pa.field("source", pa.string()))
ALL_TIMES = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

Clean = Callable[[pa.Table], list[dict[str, object]]]


def raw_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Raw rows from the columns that are given; the others are blank."""
    return pa.Table.from_pylist([{name: row.get(name) for name in RAW_SCHEMA.names} for row in rows], RAW_SCHEMA)


def run_clean(raw: pa.Table, zone: str = "Asia/Seoul") -> duckdb.DuckDBPyConnection:
    """A connection whose tables `clean` and `rejections` are what the queries make of the raw rows."""
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    connection.register("raw", raw)
    connection.execute(f"CREATE TABLE judged AS {judged_hours_sql('raw')}")
    connection.execute(f"CREATE TABLE clean AS {clean_hourly_sql('judged')}")
    connection.execute(f"CREATE TABLE rejections AS {rejections_sql('judged')}")
    return connection


@pytest.fixture
def clean() -> Clean:
    """What the query makes of raw rows: one dictionary per row, by station and hour."""

    def rows_of(raw: pa.Table) -> list[dict[str, object]]:
        cursor = run_clean(raw).execute("FROM clean ORDER BY station_id, observed_at")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return rows_of


@pytest.fixture(scope="session")
def seoul_raw(shared_data: Path) -> pa.Table:
    """Twelve years of Seoul as received."""
    return received(shared_data / "asos_hourly" / "108", (108,))


@pytest.fixture(scope="session")
def week_raw(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """A week of 95 stations with KMA's own flags."""
    file = shared_data / "asos_hourly" / "OBS_ASOS_TIM_all_stations_20220808_14.csv"
    folder = tmp_path_factory.mktemp("week")
    (folder / file.name).symlink_to(file)
    with file.open(encoding="cp949") as lines:
        next(lines)
        stations = {int(line.split(",", 1)[0]) for line in lines}
    return received(folder, sorted(stations))


def received(folder: Path, station_ids: Sequence[int]) -> pa.Table:
    """Every hour that the files of a folder hold."""
    tables = list(KmaCsvSource(folder).asos_hourly(station_ids, *ALL_TIMES))
    table = pa.concat_tables(tables)
    return table.append_column("source", pa.repeat("kma_csv", table.num_rows))


START = datetime(2021, 4, 1, tzinfo=UTC)
Rejected = set[tuple[int, str, str]]
"""Number of the hour, test and pass."""


def hours_of(element: str, values: Sequence[float | None], station_id: int = 108, **others: str) -> pa.Table:
    """Raw rows, one per hour from START on; None leaves the hour out. `others` are texts of every row."""
    code = BY_NAME[element].code
    rows = [
        {
            "station_id": station_id,
            "observed_at": START + timedelta(hours=hour),
            "source": "data_go_kr",
            code: f"{value:g}",
            **others,
        }
        for hour, value in enumerate(values)
        if value is not None
    ]
    return raw_table(rows)


def rejected(element: str, values: Sequence[float | None], **others: str) -> Rejected:
    """What is rejected of one element whose values are these, hour by hour."""
    found = run_clean(hours_of(element, values, **others)).execute(
        "SELECT date_diff('hour', ?, observed_at), test, pass FROM rejections WHERE element = ?", [START, element]
    )
    return set(found.fetchall())


def wave(hours: int, mean: float = 15.0, amplitude: float = 6.0) -> list[float]:
    """Ordinary days in tenths, no two of them alike."""
    return [
        round(mean + amplitude * math.sin(2 * math.pi * hour / 24) + 1.5 * math.sin(hour * 0.37), 1)
        for hour in range(hours)
    ]
