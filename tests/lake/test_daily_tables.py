"""Tables by day rather than by instant: windows, first readings, corrections."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from weather_assets import clock
from weather_assets.clock import KST, kst_midnight
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.versions import is_correction_sql, known_at_sql, newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA
from weather_assets.tables import CLEAN_ASOS_DAILY, RAW_ASOS_DAILY

FIRST = date(2020, 12, 30)
DAY = timedelta(days=1)
ALL = (datetime(1900, 1, 1, tzinfo=KST), datetime(2100, 1, 1, tzinfo=KST))
ENTITY = ("station_id", "observed_on")


@pytest.fixture
def lake(local_location: LakeLocation) -> Iterator[Lake]:
    with Lake(local_location, [RAW_ASOS_DAILY, CLEAN_ASOS_DAILY], simulated=False) as opened:
        yield opened


def received(values: dict[date, str | None], station_id: int = 108) -> pa.Table:
    rows = [{"station_id": station_id, "observed_on": day, "avg_ta": text} for day, text in values.items()]
    return pa.Table.from_pylist(rows, schema=RAW_DAILY_SCHEMA)


def append(lake: Lake, values: dict[date, str | None], window: tuple[datetime, datetime] = ALL) -> int:
    return append_readings(lake, "data_go_kr", received(values), [108], *window, table=RAW_ASOS_DAILY)


def test_a_first_row_is_available_ten_minutes_after_its_day_in_korea(lake: Lake) -> None:
    assert append(lake, {FIRST: "1.0"}) == 1
    assert lake.query("SELECT available_at FROM lake.raw.asos_daily").fetchall() == [
        (datetime(2020, 12, 30, 15, 10, tzinfo=UTC),)
    ]


def test_a_correction_is_a_new_row_available_when_it_was_fetched(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime(2021, 1, 9, 19, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: later - timedelta(days=5))
    append(lake, {FIRST: ".9", FIRST + DAY: None, FIRST + 2 * DAY: "3"})
    monkeypatch.setattr(clock, "now", lambda: later)
    assert append(lake, {FIRST: "0.9", FIRST + DAY: "2", FIRST + 2 * DAY: "3.0"}) == 1, "only the second one is new"
    corrected = (
        f"SELECT observed_on, avg_ta, available_at FROM lake.raw.asos_daily WHERE {is_correction_sql(RAW_ASOS_DAILY)}"
    )
    assert lake.query(corrected).fetchall() == [(FIRST + DAY, "2", later)]
    newest = newest_rows_sql(RAW_ASOS_DAILY, ENTITY, "TRUE")
    assert lake.query(f"SELECT avg_ta FROM {newest} ORDER BY observed_on").fetchall() == [(".9",), ("2",), ("3",)]
    before = newest_rows_sql(RAW_ASOS_DAILY, ENTITY, known_at_sql(RAW_ASOS_DAILY, later - timedelta(seconds=1)))
    assert lake.query(f"SELECT avg_ta FROM {before} ORDER BY observed_on").fetchall() == [(".9",), (None,), ("3",)]


@pytest.mark.parametrize(
    ("end", "days"),
    [
        (datetime(2021, 1, 2, tzinfo=KST), 2),
        (datetime(2021, 1, 2, 23, 59, tzinfo=KST), 2),
        (datetime(2021, 1, 2, 15, 0, tzinfo=UTC), 3),
        (datetime(2021, 1, 2, 14, 59, tzinfo=UTC), 2),
    ],
)
def test_a_window_holds_the_days_that_end_before_it_does(lake: Lake, end: datetime, days: int) -> None:
    values = {FIRST + day * DAY: str(day) for day in range(5)}
    assert append(lake, values, (kst_midnight(FIRST + DAY), end)) == days
    condition = condition_sql(RAW_ASOS_DAILY, [108], kst_midnight(FIRST + DAY), end)
    assert lake.query(f"SELECT count(*) FROM lake.raw.asos_daily WHERE {condition}").fetchall() == [(days,)]


@pytest.mark.parametrize("year", [1907, 1908, 1912, 1955, 1988])
def test_a_year_is_a_year_whatever_the_civil_clock(lake: Lake, year: int) -> None:
    new_year = date(year, 1, 1)
    append(lake, {new_year - DAY: "0", new_year: "1", date(year, 12, 31): "2", date(year + 1, 1, 1): "3"})
    window = condition_sql(RAW_ASOS_DAILY, [108], kst_midnight(new_year), kst_midnight(date(year + 1, 1, 1)))
    found = lake.query(f"SELECT avg_ta FROM lake.raw.asos_daily WHERE {window} ORDER BY observed_on").fetchall()
    assert found == [("1",), ("2",)]


def test_a_replaced_window_leaves_other_days_alone(lake: Lake) -> None:
    def rows(first: date, count: int, value: float) -> str:
        columns = ", ".join(
            f"'ok' AS {column.name}" if column.name.endswith("_flag") else f"{value} AS {column.name}"
            for column in CLEAN_ASOS_DAILY.columns[2:]
        )
        days = f"SELECT 108 AS station_id, DATE '{first}' + CAST(day AS INTEGER) AS observed_on"
        return f"{days}, {columns} FROM range({count}) AS t(day)"

    window = (kst_midnight(FIRST), kst_midnight(FIRST + 4 * DAY))
    assert lake.replace_window(CLEAN_ASOS_DAILY, rows(FIRST, 4, 1.0), [108], *window) == 4
    inner = (kst_midnight(FIRST + DAY), kst_midnight(FIRST + 2 * DAY))
    assert lake.replace_window(CLEAN_ASOS_DAILY, rows(FIRST + DAY, 1, 9.0), [108], *inner) == 1
    query = "SELECT mean_temperature_c FROM lake.clean.asos_daily ORDER BY observed_on"
    assert lake.query(query).fetchall() == [(1.0,), (9.0,), (1.0,), (1.0,)]
    before = lake.snapshot()
    lake.replace_window(CLEAN_ASOS_DAILY, rows(FIRST + DAY, 1, 9.0), [108], *inner)
    assert lake.snapshot() == before, "the same content makes no snapshot"
