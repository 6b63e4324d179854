"""Raw readings and what the query under test makes of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from weather_assets.quality.hourly import clean_hourly_sql
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA

RAW_SCHEMA = RAW_HOURLY_SCHEMA.append(pa.field("source", pa.string()))
ALL_TIMES = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

Clean = Callable[[pa.Table], list[dict[str, object]]]


def raw_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Raw rows from the columns that are given; the others are blank."""
    return pa.Table.from_pylist([{name: row.get(name) for name in RAW_SCHEMA.names} for row in rows], RAW_SCHEMA)


def run_clean(raw: pa.Table, zone: str = "Asia/Seoul") -> duckdb.DuckDBPyConnection:
    """A connection whose table `clean` is what the query makes of the raw rows."""
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    connection.register("raw", raw)
    connection.execute(f"CREATE TABLE clean AS {clean_hourly_sql('raw')}")
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
