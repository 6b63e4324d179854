"""What a lake lacks, against sets of hours and days in plain Python."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from weather_assets.clock import DAY, HOUR, KST, kst_midnight
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.missing import missing_stretches, note_absences
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA
from weather_assets.tables import RAW_ASOS_DAILY, RAW_ASOS_HOURLY

START = datetime(2021, 3, 1, tzinfo=KST)
HOURS = 200
END = START + HOURS * HOUR
LONG_AFTER = datetime(2021, 5, 1, 12, tzinfo=KST)
SOURCE = "data_go_kr"


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with open_lake(Settings(_env_file=None, home=tmp_path), simulated=False) as opened:
        yield opened


def put(lake: Lake, station_id: int, hours: Sequence[datetime]) -> None:
    columns = {name: [None] * len(hours) for name in RAW_HOURLY_SCHEMA.names}
    columns |= {"station_id": [station_id] * len(hours), "observed_at": list(hours), "ta": ["1.0"] * len(hours)}
    append_readings(lake, SOURCE, pa.table(columns, schema=RAW_HOURLY_SCHEMA), [station_id], START, END)


def answered(lake: Lake, station_id: int, start: datetime, end: datetime, asked_at: datetime, *, rows: bool) -> None:
    delivered = [station_id] if rows else []
    note_absences(lake, RAW_ASOS_HOURLY, SOURCE, [station_id], start, end, delivered=delivered, asked_at=asked_at)


def missing_hours(
    lake: Lake, station_ids: Sequence[int], table: TableContract = RAW_ASOS_HOURLY, source: str = SOURCE
) -> set[tuple[int, datetime]]:
    stretches = missing_stretches(lake, table, source, station_ids, START, END)
    hours = [
        (station_id, (begin + number * HOUR).astimezone(UTC))
        for station_id, begin, end in stretches
        for number in range((end - begin) // HOUR)
    ]
    assert len(hours) == len(set(hours))
    ends = {(station_id, end) for station_id, _, end in stretches}
    assert not ends & {(station_id, begin) for station_id, begin, _ in stretches}, "stretches that touch are one"
    return set(hours)


def span(first: int, past: int) -> set[datetime]:
    return {(START + number * HOUR).astimezone(UTC) for number in range(first, past)}


def test_hours_without_a_row_are_missing_by_station(lake: Lake) -> None:
    chance = random.Random(3)  # noqa: S311  # a test, not a secret
    held = {station: {hour for hour in span(0, HOURS) if chance.random() < 0.8} for station in (90, 108, 159)}
    for station, hours in held.items():
        put(lake, station, sorted(hours))
    expected = {(station, hour) for station, hours in held.items() for hour in span(0, HOURS) - hours}
    assert missing_hours(lake, [90, 108, 159]) == expected
    assert missing_hours(lake, [114]) == {(114, hour) for hour in span(0, HOURS)}
    assert missing_hours(lake, []) == set()


def test_what_an_answer_with_readings_lacked_is_not_missing_any_more(lake: Lake) -> None:
    put(lake, 108, sorted(span(0, 50)))
    answered(lake, 108, START, START + 70 * HOUR, LONG_AFTER, rows=True)
    assert missing_hours(lake, [108, 159]) == {
        *((108, hour) for hour in span(70, HOURS)),
        *((159, hour) for hour in span(0, HOURS)),
    }
    assert (108, START.astimezone(UTC) + 60 * HOUR) in missing_hours(lake, [108], source="kma_api_hub")


def test_an_empty_answer_counts_from_the_second_day_on(lake: Lake) -> None:
    answered(lake, 108, START, START + 70 * HOUR, LONG_AFTER, rows=False)
    answered(lake, 108, START, START + 70 * HOUR, LONG_AFTER + 3 * HOUR, rows=False)
    assert missing_hours(lake, [108]) == {(108, hour) for hour in span(0, HOURS)}
    answered(lake, 108, START, START + 40 * HOUR, LONG_AFTER + DAY, rows=False)
    assert missing_hours(lake, [108]) == {(108, hour) for hour in span(40, HOURS)}


def test_hours_of_days_that_may_not_be_complete_are_not_settled(lake: Lake) -> None:
    put(lake, 108, sorted(span(0, 20)))
    for asked_at, settled in ((33, 0), (34, 24), (57, 24), (58, 48)):
        answered(lake, 108, START, END, START + asked_at * HOUR, rows=True)
        assert missing_hours(lake, [108]) == {(108, hour) for hour in span(max(20, settled), HOURS)}


def test_a_reading_that_came_after_all_is_not_missing(lake: Lake) -> None:
    answered(lake, 108, START, END, LONG_AFTER, rows=True)
    put(lake, 108, sorted(span(3, 5)))
    assert missing_hours(lake, [108]) == set()


def test_days_since_1907_are_whole_korean_days(lake: Lake) -> None:
    first, days = date(1907, 10, 1), 1200
    held = [first + n * DAY for n in range(days) if n not in {0, 5, 6, 7, 1199}]
    columns = {name: [None] * len(held) for name in RAW_DAILY_SCHEMA.names}
    columns |= {"station_id": [108] * len(held), "observed_on": held, "avg_ta": ["1.0"] * len(held)}
    start, end = kst_midnight(first), kst_midnight(first + days * DAY)
    table = pa.table(columns, schema=RAW_DAILY_SCHEMA)
    append_readings(lake, SOURCE, table, [108], start, end, table=RAW_ASOS_DAILY)

    def missing() -> list[tuple[date, timedelta]]:
        stretches = missing_stretches(lake, RAW_ASOS_DAILY, SOURCE, [108], start, end)
        return [(begin.astimezone(KST).date(), end - begin) for _, begin, end in stretches]

    assert [day for day, _ in missing()] == [first, first + 5 * DAY, first + 1199 * DAY]
    assert missing()[1][1] == 3 * DAY
    note_absences(
        lake, RAW_ASOS_DAILY, SOURCE, [108], start, kst_midnight(first + 7 * DAY), delivered=[108], asked_at=LONG_AFTER
    )
    assert [day for day, _ in missing()] == [first + 7 * DAY, first + 1199 * DAY]
