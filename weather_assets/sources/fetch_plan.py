"""Which calls bring what is missing: the fewest that the limits of each service allow.

Belongs here: arithmetic on stations and times. Does not: anything that touches a network.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from weather_assets.clock import DAY, HOUR, STAMP_ZONE, kst_date, kst_midnight, stamp_midnight
from weather_assets.sources.protocol import Stretch

DATA_GO_KR_ROWS_PER_CALL = 999
DATA_GO_KR_COMPLETE_AFTER = timedelta(hours=10)
"""data.go.kr has all of a day so long after its end; before, asking for it would cost a second call later."""

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

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and past-the-end instant of what is asked for."""
        return self.first, self.last + HOUR


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call for the KST days first..last, both included, of one station or of all (None)."""

    station_id: int | None
    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and past-the-end instant of what is asked for."""
        return kst_midnight(self.first), kst_midnight(self.last + DAY)


def data_go_kr_hours(wanted: Sequence[Stretch], now: datetime) -> list[HourCall]:
    """Windows of 999 hours by station, in order of time, of the days that are complete at the service."""
    complete = stamp_midnight(_today(now - DATA_GO_KR_COMPLETE_AFTER))
    return _hour_calls(_one_by_one(wanted, _hours_until(complete), DATA_GO_KR_ROWS_PER_CALL))


def data_go_kr_days(wanted: Sequence[Stretch], now: datetime) -> list[DayCall]:
    """Windows of 999 days by station, in order of time; today is never asked for."""
    return _day_calls(_one_by_one(wanted, _days_until(_today(now)), DATA_GO_KR_ROWS_PER_CALL))


def hub_hours(wanted: Sequence[Stretch], now: datetime) -> list[HourCall]:
    """Windows of 31 days by station, or of 10 days of all stations where that needs fewer calls; no hour to come."""
    published = _hours_until(now + timedelta.resolution)
    of_one = _one_by_one(wanted, published, _HUB_HOURS_PER_CALL)
    of_all = _together(wanted, published, _HUB_HOURS_PER_CALL_OF_ALL)
    return _hour_calls(of_all if len(of_all) < len(of_one) else of_one)


def hub_days(wanted: Sequence[Stretch], now: datetime) -> list[DayCall]:
    """Windows of 31 days, of the one station or of all; today is not over and so not asked for."""
    return _day_calls(_together(wanted, _days_until(_today(now)), HUB_DAYS_PER_CALL))


def hub_dust_hours(wanted: Sequence[Stretch], now: datetime) -> list[HourCall]:
    """One call an hour, of the one station or of all: the hub gives hourly dust one hour at a time."""
    return _hour_calls(_together(wanted, _hours_until(now + timedelta.resolution), 1))


# Times are numbered: hours since 1970, days by ordinal. A window is a station (None: all), its first and last number.
_Window = tuple[int | None, int, int]
_Numbering = Callable[[Stretch], range]


def _today(now: datetime) -> date:
    return now.astimezone(STAMP_ZONE).date()


def _hours_until(end: datetime) -> _Numbering:
    return lambda stretch: range(_hours_before(stretch.start), _hours_before(min(stretch.end, end)))


def _hours_before(instant: datetime) -> int:
    """How many full hours since 1970 lie before an instant; the number of the first hour from it on."""
    return ceil(instant.timestamp() / HOUR.total_seconds())


def _days_until(end: date) -> _Numbering:
    return lambda stretch: range(kst_date(stretch.start).toordinal(), min(kst_date(stretch.end), end).toordinal())


def _hour_calls(windows: Iterable[_Window]) -> list[HourCall]:
    return [HourCall(station_id, _hour(first), _hour(last)) for station_id, first, last in windows]


def _hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * HOUR.total_seconds(), tz=STAMP_ZONE)


def _day_calls(windows: Iterable[_Window]) -> list[DayCall]:
    return [DayCall(station, date.fromordinal(first), date.fromordinal(last)) for station, first, last in windows]


def _one_by_one(wanted: Sequence[Stretch], numbers: _Numbering, length: int) -> list[_Window]:
    by_station: dict[int, list[range]] = {}
    for stretch in wanted:
        by_station.setdefault(stretch.station_id, []).append(numbers(stretch))
    windows = [
        (station_id, *window) for station_id, parts in by_station.items() for window in _fewest_windows(parts, length)
    ]
    return sorted(windows, key=lambda window: window[1])


def _together(wanted: Sequence[Stretch], numbers: _Numbering, length: int) -> list[_Window]:
    station_ids = {stretch.station_id for stretch in wanted}
    who = station_ids.pop() if len(station_ids) == 1 else None
    return [(who, *window) for window in _fewest_windows(map(numbers, wanted), length)]


def _fewest_windows(parts: Iterable[range], length: int) -> list[tuple[int, int]]:
    """The fewest windows of at most `length` that cover the parts: each begins with what is not covered yet."""
    windows: list[tuple[int, int]] = []
    for part in sorted(parts, key=lambda part: part.start):
        begin = part.start
        while begin < part.stop:
            first, last = windows.pop() if windows and begin < windows[-1][0] + length else (begin, begin)
            begin = min(part.stop, first + length)
            windows.append((first, max(last, begin - 1)))
    return windows
