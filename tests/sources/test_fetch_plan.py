"""The fewest calls that cover a range: each hour or day once, within the limits of each service."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.clock import KST, kst_midnight
from weather_assets.sources.fetch_plan import (
    DayCall,
    HourCall,
    data_go_kr_days,
    data_go_kr_hours,
    hub_days,
    hub_dust_hours,
    hub_hours,
)
from weather_assets.sources.protocol import Stretch, whole

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STAMP = timezone(timedelta(hours=9))
LATER = datetime(2030, 1, 1, tzinfo=UTC)

starts = st.integers(0, 35 * 365 * 24 * 60).map(
    lambda minutes: datetime(1986, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from([UTC, KST])
stations = st.lists(st.integers(1, 999), min_size=1, max_size=40, unique=True)


def whole_days(station_ids: Sequence[int], start: date, end: date) -> list[Stretch]:
    return whole(station_ids, kst_midnight(start), kst_midnight(end))


def hours_of(call: HourCall) -> list[datetime]:
    return [call.first + n * HOUR for n in range((call.last - call.first) // HOUR + 1)]


def full_hours(start: datetime, end: datetime) -> list[datetime]:
    """By brute force: every full hour of start <= hour < end."""
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [hour for n in range((end - first) // HOUR + 2) if start <= (hour := first + n * HOUR) < end]


def test_ten_years_of_one_station_are_88_calls() -> None:
    # 3,652 days of 24 hours = 87,648 hours = 87 pages of 999 and one of 735.
    calls = data_go_kr_hours(whole([108], datetime(2010, 1, 1, tzinfo=KST), datetime(2020, 1, 1, tzinfo=KST)), LATER)
    assert len(calls) == 88
    assert calls[0] == HourCall(108, datetime(2010, 1, 1, 0, tzinfo=STAMP), datetime(2010, 2, 11, 14, tzinfo=STAMP))
    assert calls[-1].last == datetime(2019, 12, 31, 23, tzinfo=STAMP)


def test_a_station_year_is_nine_calls() -> None:
    assert (
        len(data_go_kr_hours(whole([108], datetime(2021, 1, 1, tzinfo=KST), datetime(2022, 1, 1, tzinfo=KST)), LATER))
        == 9
    )


@settings(deadline=None)
@given(starts, st.integers(0, 150_000), stations, zones)
def test_data_go_kr_asks_for_every_hour_once(
    start: datetime, minutes: int, station_ids: list[int], zone: tzinfo
) -> None:
    end = start + timedelta(minutes=minutes)
    calls = data_go_kr_hours(whole(station_ids, start.astimezone(zone), end.astimezone(zone)), LATER)
    wanted = full_hours(start, end)
    for station_id in station_ids:
        asked = [hour for call in calls if call.station_id == station_id for hour in hours_of(call)]
        assert asked == wanted
    assert len(calls) == len(station_ids) * ceil(len(wanted) / 999)
    assert all(len(hours_of(call)) <= 999 for call in calls)


@given(starts)
def test_data_go_kr_is_asked_for_yesterday_once_it_is_complete(now: datetime) -> None:
    calls = data_go_kr_hours(whole([108], now - 50 * DAY, now + 5 * DAY), now)
    midnight = now.astimezone(STAMP).replace(hour=0, minute=0, second=0, microsecond=0)
    is_yesterday_complete = now.astimezone(STAMP).hour >= 10
    assert calls[-1].last == midnight - HOUR - (0 if is_yesterday_complete else 1) * DAY


def test_nothing_is_asked_where_all_is_today_or_later() -> None:
    now = datetime(2024, 5, 1, 12, tzinfo=KST)
    assert data_go_kr_hours(whole([108], datetime(2024, 5, 1, tzinfo=KST), now), now) == []
    assert data_go_kr_days(whole_days([108], date(2024, 5, 1), date(2024, 5, 2)), now) == []
    assert hub_days(whole_days([108], date(2024, 5, 1), date(2024, 5, 2)), now) == []


def test_windows_are_24_hours_a_day_where_the_civil_clock_was_not() -> None:
    # Daylight saving time of 1987 began on 10 May: the civil day had 23 hours, the day of the observers 24.
    start, end = datetime(1987, 5, 9, 15, tzinfo=UTC), datetime(1987, 5, 11, 15, tzinfo=UTC)
    (call,) = data_go_kr_hours(whole([108], start.astimezone(KST), end.astimezone(KST)), LATER)
    assert hours_of(call) == [start + n * HOUR for n in range(48)]


def test_daily_values_since_1907_are_44_calls() -> None:
    # 1907-10-01 .. 2026-09-30 are 43,465 days; 999 a call.
    now = datetime(2026, 10, 1, 4, tzinfo=KST)
    calls = data_go_kr_days(whole_days([108], date(1907, 10, 1), date(2026, 12, 31)), now)
    assert len(calls) == 44
    assert calls[-1].last == date(2026, 9, 30)


@pytest.mark.parametrize("plan", [data_go_kr_days, hub_days])
@settings(deadline=None)
@given(start=st.dates(date(1907, 1, 1), date(2021, 1, 1)), days=st.integers(0, 3000))
def test_every_day_is_asked_for_once(plan: type, start: date, days: int) -> None:
    calls: list[DayCall] = plan(whole_days([108], start, start + days * DAY), LATER)
    asked = [call.first + n * DAY for call in calls for n in range((call.last - call.first).days + 1)]
    assert asked == [start + n * DAY for n in range(days)]
    assert len(calls) == ceil(days / (31 if plan is hub_days else 999))


def test_the_current_hour_of_all_stations_is_one_call() -> None:
    hour = datetime(2024, 5, 1, 9, tzinfo=KST)
    assert hub_hours(whole(range(90, 185), hour, hour + HOUR), hour + timedelta(minutes=12)) == [
        HourCall(None, hour, hour)
    ]
    assert hub_hours(whole([108], hour, hour + HOUR), hour) == [HourCall(108, hour, hour)]


def test_the_hub_is_not_asked_for_hours_to_come() -> None:
    now = datetime(2024, 5, 1, 9, 30, tzinfo=KST)
    (call,) = hub_hours(whole([108], datetime(2024, 5, 1, tzinfo=KST), datetime(2024, 5, 2, tzinfo=KST)), now)
    assert call.last == datetime(2024, 5, 1, 9, tzinfo=KST)


@settings(deadline=None)
@given(starts, st.integers(0, 2000), stations, zones)
def test_the_hub_is_asked_for_every_hour_of_every_station_once(
    start: datetime, hours: int, station_ids: list[int], zone: tzinfo
) -> None:
    end = start + hours * HOUR
    calls = hub_hours(whole(station_ids, start.astimezone(zone), end.astimezone(zone)), LATER)
    wanted = full_hours(start, end)
    for station_id in station_ids:
        of_station = [call for call in calls if call.station_id in (None, station_id)]
        assert [hour for call in of_station for hour in hours_of(call)] == wanted
    by_station, together = len(station_ids) * ceil(len(wanted) / 744), ceil(len(wanted) / 240)
    assert len(calls) == min(by_station, together)


def test_a_month_of_one_station_is_one_call_and_of_95_stations_four() -> None:
    start, end = datetime(2024, 7, 1, tzinfo=KST), datetime(2024, 8, 1, tzinfo=KST)
    assert len(hub_hours(whole([108], start, end), LATER)) == 1
    assert len(hub_hours(whole(range(95), start, end), LATER)) == 4


def test_no_station_is_no_call() -> None:
    start, end = datetime(2024, 7, 1, tzinfo=KST), datetime(2024, 8, 1, tzinfo=KST)
    assert data_go_kr_hours(whole([], start, end), LATER) == []
    assert hub_hours(whole([], start, end), LATER) == []
    assert hub_dust_hours(whole([], start, end), LATER) == []
    assert hub_days(whole_days([], start.date(), end.date()), LATER) == []


def test_dust_is_one_call_an_hour_for_all_stations() -> None:
    start = datetime(2024, 7, 1, tzinfo=KST)
    calls = hub_dust_hours(whole([90, 108], start, start + DAY), LATER)
    assert [call.first for call in calls] == [start + n * HOUR for n in range(24)]
    assert {call.station_id for call in calls} == {None}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 1500)), min_size=1, max_size=8))
def test_holes_are_covered_by_the_fewest_windows(holes: list[tuple[int, int]]) -> None:
    start = datetime(2020, 1, 1, tzinfo=KST)
    stretches = [Stretch(108, start + first * HOUR, start + (first + length) * HOUR) for first, length in holes]
    calls = data_go_kr_hours(stretches, LATER)
    missing = {first + number for first, length in holes for number in range(length)}
    asked = [(hour - start) // HOUR for call in calls for hour in hours_of(call)]
    assert len(asked) == len(set(asked))
    assert missing <= set(asked)
    fewest = 0
    while missing:
        begin = min(missing)
        missing = {hour for hour in missing if hour >= begin + 999}
        fewest += 1
    assert len(calls) == fewest
