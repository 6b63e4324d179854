"""Which calls bring a range of readings: the fewest that the limits of each service allow.

Belongs here: arithmetic on stations and times. Does not: anything that touches a network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from weather_assets.clock import DAY, HOUR, STAMP_ZONE, stamp_midnight

DATA_GO_KR_ROWS_PER_CALL = 999
HUB_DAYS_PER_CALL = 31
_HUB_HOURS_PER_CALL = HUB_DAYS_PER_CALL * 24
# All stations in one reply: about 97 lines an hour, so 10 days are 23,000 rows and 7 MB, which memory holds easily.
_HUB_HOURS_PER_CALL_OF_ALL = 10 * 24


@dataclass(frozen=True, slots=True)
class HourCall:
    """One call for the hours first..last, both included, of one station or of all (None)."""

    station_id: int | None
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call for the KST days first..last, both included, of one station or of all (None)."""

    station_id: int | None
    first: date
    last: date


def data_go_kr_hours(station_ids: Sequence[int], start: datetime, end: datetime, now: datetime) -> list[HourCall]:
    """Windows of 999 hours by station, in order of time; today is never asked for, since that fails the whole call."""
    until = min(end, stamp_midnight(_today(now)))
    windows = _hour_windows(start, until, DATA_GO_KR_ROWS_PER_CALL)
    return [HourCall(station_id, *window) for window in windows for station_id in station_ids]


def data_go_kr_days(station_ids: Sequence[int], start: date, end: date, now: datetime) -> list[DayCall]:
    """Windows of 999 days by station, in order of time; today is never asked for."""
    windows = _day_windows(start, min(end, _today(now)), DATA_GO_KR_ROWS_PER_CALL)
    return [DayCall(station_id, *window) for window in windows for station_id in station_ids]


def hub_hours(station_ids: Sequence[int], start: datetime, end: datetime, now: datetime) -> list[HourCall]:
    """Windows of 31 days by station, or of 10 days of all stations where that needs fewer calls; no hour to come."""
    until = min(end, now + timedelta.resolution)
    of_one = [
        HourCall(station_id, *window)
        for window in _hour_windows(start, until, _HUB_HOURS_PER_CALL)
        for station_id in station_ids
    ]
    of_all = [HourCall(None, *window) for window in _hour_windows(start, until, _HUB_HOURS_PER_CALL_OF_ALL)]
    return of_all if len(of_all) < len(of_one) else of_one


def hub_days(station_ids: Sequence[int], start: date, end: date, now: datetime) -> list[DayCall]:
    """Windows of 31 days, of the one station or of all; today is not over and so not asked for."""
    windows = _day_windows(start, min(end, _today(now)), HUB_DAYS_PER_CALL)
    return [DayCall(_only(station_ids), *window) for window in windows if station_ids]


def hub_dust_hours(station_ids: Sequence[int], start: datetime, end: datetime, now: datetime) -> list[HourCall]:
    """One call an hour, of the one station or of all: the hub gives hourly dust one hour at a time."""
    windows = _hour_windows(start, min(end, now + timedelta.resolution), 1)
    return [HourCall(_only(station_ids), *window) for window in windows if station_ids]


def _only(station_ids: Sequence[int]) -> int | None:
    return station_ids[0] if len(station_ids) == 1 else None


def _today(now: datetime) -> date:
    return now.astimezone(STAMP_ZONE).date()


def _hour_windows(start: datetime, end: datetime, hours: int) -> Iterator[tuple[datetime, datetime]]:
    """First and last full hour of each window of at most `hours` hours in start <= hour < end."""
    # In UTC, for adding to a zoned time goes by the wall clock, which Korea moved in 1987 and 1988.
    begin = start.astimezone(UTC)
    first = begin.replace(minute=0, second=0, microsecond=0)
    if first < begin:
        first += HOUR
    total = -((first - end) // HOUR)
    for offset in range(0, total, hours):
        after = min(offset + hours, total)
        yield first + offset * HOUR, first + (after - 1) * HOUR


def _day_windows(start: date, end: date, days: int) -> Iterator[tuple[date, date]]:
    """First and last day of each window of at most `days` days in start <= day < end."""
    first = start
    while first < end:
        after = min(first + days * DAY, end)
        yield first, after - DAY
        first = after
