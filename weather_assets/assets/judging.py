"""Hours judged, ready to be written: what clean.asos_hourly and clean.rejections are to hold for stations and days."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from weather_assets.assets.portions import of_hours
from weather_assets.clock import DAY, kst_date
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import Replacement, condition_sql, instant_sql
from weather_assets.quality.hourly import LATER_HOURS, LOOKBACK_HOURS, clean_hourly_sql, rejections_sql
from weather_assets.quality.of_lake import fit_climate, judged_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY, REJECTIONS

LOOKBACK_DAYS = -(-LOOKBACK_HOURS // 24)
REVISED_DAYS = -(-LATER_HOURS // 24)
"""Days before the first that is built whose hours the later pass may still reject."""

PORTIONS = of_hours(300_000, most_years=1)
"""Each KST year has limits of its own; more hours at once do not get judged faster."""


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
