"""The hours of the lake, judged: which of its rows the tests read, and the limits fitted on the years before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from weather_assets.clock import DAY, kst_midnight
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import known_at_sql, newest_rows_sql
from weather_assets.lake.windows import condition_sql, instant_sql, stations_sql
from weather_assets.quality.climatological_gap import LEAST_YEARS, limits_sql
from weather_assets.quality.hourly import COMPARED, LATER_HOURS, LOOKBACK_HOURS, hours_sql, judged_hours_sql
from weather_assets.quality.neighbours import LEAST_NEIGHBOURS
from weather_assets.tables import BUILDS, CLEAN_ASOS_HOURLY, CLIMATE_LIMITS, RAW_ASOS_HOURLY

_LOOKBACK, _AHEAD = timedelta(hours=LOOKBACK_HOURS), timedelta(hours=LATER_HOURS)
_ENTITY = ("station_id", "observed_at")
_BUILT_DAYS_PER_YEAR = 300


def judged_sql(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime | None = None
) -> str:
    """Query for the judged hours (see `judged_hours_sql`) of stations and start <= observed_at < end.

    Reads the newest raw rows as far before and after as the tests look, of every station in the lake for those that
    compare; with `known_at` no correction that came after it. So it does not matter which stations and hours are asked
    together.
    """
    first, last = start - _LOOKBACK, end + _AHEAD
    known = "TRUE" if known_at is None else known_at_sql(RAW_ASOS_HOURLY, known_at)
    asked = f"{condition_sql(RAW_ASOS_HOURLY, station_ids, first, last)} AND {known}"
    everywhere = f"{_within(first, last)} AND {known}"
    climate, raw = f"lake.{CLIMATE_LIMITS.qualified_name}", newest_rows_sql(RAW_ASOS_HOURLY, _ENTITY, asked)
    if not _can_compare(lake, everywhere):
        return f"SELECT * FROM ({judged_hours_sql(raw, climate=climate)}) WHERE {_within(start, end)}"
    all_raw = newest_rows_sql(RAW_ASOS_HOURLY, _ENTITY, everywhere)
    return f"""
WITH compared AS MATERIALIZED ({hours_sql(all_raw, COMPARED)})
SELECT * FROM ({judged_hours_sql(raw, climate=climate, around="compared")}) WHERE {_within(start, end)}"""


def fit_climate(lake: Lake, station_ids: Sequence[int], year: int) -> None:
    """Fit and keep the limits of the climatological gap for a year, for stations that lack them.

    Done where the clean table holds enough of the years before; limits that are there stay as they are.
    """
    first = kst_midnight(date(year, 1, 1))
    lacking = [row[0] for row in lake.query(_lacking_sql(station_ids, date(year, 1, 1))).fetchall()]
    if lacking:
        clean = f"(SELECT * FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE station_id IN ({stations_sql(lacking)}))"
        lake.replace_window(CLIMATE_LIMITS, limits_sql(clean, year), lacking, first, first + DAY)


def _within(start: datetime, end: datetime) -> str:
    return f"observed_at >= {instant_sql(start)} AND observed_at < {instant_sql(end)}"


def _can_compare(lake: Lake, condition: str) -> bool:
    """Whether there are other stations enough to compare with at all."""
    row = lake.first_row(
        f"SELECT count(DISTINCT station_id) FROM lake.{RAW_ASOS_HOURLY.qualified_name} WHERE {condition}"
    )
    return row is not None and row[0] > LEAST_NEIGHBOURS


def _lacking_sql(station_ids: Sequence[int], first: date) -> str:
    """Query for the stations that have no limits from that day on, and days enough before it to fit some."""
    return f"""
SELECT station_id FROM lake.{BUILDS.qualified_name}
WHERE table_name = '{CLEAN_ASOS_HOURLY.qualified_name}' AND station_id IN ({stations_sql(station_ids)})
    AND day < DATE '{first}' AND raw_rows > 0
    AND station_id NOT IN (
        SELECT station_id FROM lake.{CLIMATE_LIMITS.qualified_name} WHERE valid_from = DATE '{first}')
GROUP BY station_id HAVING count(*) >= {LEAST_YEARS * _BUILT_DAYS_PER_YEAR}"""
