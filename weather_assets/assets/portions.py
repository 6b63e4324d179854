"""Stations x days cut into portions that are built one after another, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from weather_assets.clock import kst_date, kst_midnight

Portion = tuple[Sequence[int], datetime, datetime]
Portions = Callable[[Sequence[int], datetime, datetime], Iterator[Portion]]

_HOURS_PER_YEAR = 366 * 24


def at_once(station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[Portion]:
    """All in one portion."""
    yield station_ids, start, end


def of_hours(most: int, *, most_years: int | None = None) -> Portions:
    """Portions of about `most` hours of stations: as many KST years of all stations as fit, else stations by groups.

    Cut at the turns of years, as the files of the tables are, and after `most_years` of them at the latest.
    """

    def cut(station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[Portion]:
        years = max(1, most // (_HOURS_PER_YEAR * max(1, len(station_ids))))
        years = min(years, most_years or years)
        while start < end:
            turn = min(end, kst_midnight(date(kst_date(start).year + years, 1, 1)))
            size = max(1, most // ((turn - start).days * 24 + 1)) if years == 1 else max(1, len(station_ids))
            for first in range(0, len(station_ids), size):
                yield station_ids[first : first + size], start, turn
            start = turn

    return cut
