"""Hours judged, ready to be written: what clean.asos_hourly and clean.rejections are to hold for stations and days."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from weather_assets.clock import DAY, kst_date, kst_midnight
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import Replacement, condition_sql, instant_sql
from weather_assets.quality.hourly import LATER_HOURS, LOOKBACK_HOURS, clean_hourly_sql, rejections_sql
from weather_assets.quality.of_lake import fit_climate, judged_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY, REJECTIONS

LOOKBACK_DAYS = -(-LOOKBACK_HOURS // 24)
REVISED_DAYS = -(-LATER_HOURS // 24)
"""Days before the first that is built whose hours the later pass may still reject."""

# What is judged at once: more does not get faster, and memory is to stay flat.
_HOURS_AT_ONCE = 300_000


def portions(
    station_ids: Sequence[int], start: datetime, end: datetime
) -> Iterator[tuple[Sequence[int], datetime, datetime]]:
    """Cut stations x days at the turns of the KST years, whose limits differ, and into as many stations as fit."""
    while start < end:
        turn = min(end, kst_midnight(date(kst_date(start).year + 1, 1, 1)))
        size = max(1, _HOURS_AT_ONCE // ((turn - start).days * 24 + 1))
        for first in range(0, len(station_ids), size):
            yield station_ids[first : first + size], start, turn
        start = turn


@contextmanager
def judged(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[list[Replacement]]:
    """Give the rows of clean.asos_hourly and of clean.rejections for stations and start <= observed_at < end.

    Hours of the REVISED_DAYS before that the clean table has already are decided anew, for the later pass.
    """
    fit_climate(lake, station_ids, kst_date(start).year)
    since = start - REVISED_DAYS * DAY
    there = condition_sql(CLEAN_ASOS_HOURLY, station_ids, since, start)
    wanted = (
        f"observed_at >= {instant_sql(start)} OR (station_id, observed_at) IN "
        f"(SELECT (station_id, observed_at) FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {there})"
    )
    query = f"SELECT * FROM ({judged_sql(lake, station_ids, since, end)}) WHERE {wanted}"
    with lake.temporary("judged_hours", query) as hours:
        yield [
            Replacement(CLEAN_ASOS_HOURLY, clean_hourly_sql(hours), station_ids, since, end),
            Replacement(REJECTIONS, rejections_sql(hours), station_ids, since, end),
        ]
