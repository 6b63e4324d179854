"""Queries for what was known at an instant: features, and what they and the models are made of and scored against.

Where nothing was corrected after the instant the tables hold what was known then; else it is made anew of raw rows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from weather_assets.clock import DAY, HOUR, PUBLICATION_DELAY, kst_date, kst_midnight
from weather_assets.elements import Flag
from weather_assets.features.daily import LOOKBACK_DAYS, daily_features_sql
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import features_sql
from weather_assets.forecasting.products import PRODUCTS, truth_of
from weather_assets.forecasting.rain.blocks import wet_blocks_sql
from weather_assets.forecasting.targets import Kind, Target
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import is_correction_sql, known_at_sql, newest_rows_sql
from weather_assets.lake.windows import condition_sql, instant_sql
from weather_assets.quality.daily import clean_daily_sql
from weather_assets.quality.hourly import LATER_HOURS, LOOKBACK_HOURS, clean_hourly_sql, rejections_sql
from weather_assets.quality.of_lake import judged_sql
from weather_assets.quality.passes import causal_hours_sql
from weather_assets.quality.pm10 import pm10_daily_sql
from weather_assets.tables import (
    CLEAN_ASOS_DAILY,
    CLEAN_ASOS_HOURLY,
    CLEAN_PM10_DAILY,
    FEATURES_DAILY,
    FEATURES_HOURLY,
    RAW_ASOS_DAILY,
    RAW_ASOS_HOURLY,
    RAW_PM10_HOURLY,
)

FEATURES_LOOK_BACK = max(HOURLY_FEATURES.lookback_hours * HOUR + HOUR, LOOKBACK_DAYS * DAY)
"""How long before the first issue time readings matter to features of any kind."""

_HOURLY_LOOK_BACK = HOURLY_FEATURES.lookback_hours * HOUR + HOUR
_TESTS_LOOK_BACK = LOOKBACK_HOURS * HOUR
_INSTANT = timedelta(microseconds=1)


def _hourly_features_sql(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    since = start - _HOURLY_LOOK_BACK
    if not _corrected_after(lake, RAW_ASOS_HOURLY, station_ids, since, end, known_at):
        return f"SELECT * FROM lake.features.hourly WHERE {condition_sql(FEATURES_HOURLY, station_ids, start, end)}"
    clean = _clean_sql(lake, station_ids, since, end, known_at, unsettled_from=since)
    computed = features_sql(HOURLY_FEATURES, clean, start - PUBLICATION_DELAY, end - PUBLICATION_DELAY)
    return f"SELECT * FROM ({computed})"


def _daily_features_sql(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    since = start - LOOKBACK_DAYS * DAY
    window = (station_ids, since, end, known_at)
    if not any(_corrected_after(lake, table, *window) for table in PRODUCTS["daily"].raw):
        return f"SELECT * FROM lake.features.daily WHERE {condition_sql(FEATURES_DAILY, station_ids, start, end)}"
    hourly = f"({_hourly_features_sql(lake, *window)})"
    computed = daily_features_sql(
        hourly, _daily_sql(lake, *window), _dust_sql(lake, *window), kst_date(start), kst_date(end - _INSTANT)
    )
    within = f"issued_at >= {instant_sql(start)} AND issued_at < {instant_sql(end)}"
    return f"SELECT * FROM ({computed}) WHERE {within}"


def _hourly_observations_sql(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    return (
        f"SELECT station_id, observed_at, {target.element} AS value "
        f"FROM {_clean_sql(lake, station_ids, start, end, known_at)} "
        f"WHERE {target.element}_flag = '{Flag.OK}' "
        f"ORDER BY station_id, observed_at"
    )


def _daily_observations_sql(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    """Values of whole days only: a day that is not over at `end`, or when it was known, has none yet."""
    window = (station_ids, start, kst_midnight(kst_date(min(end, known_at))), known_at)
    is_dust = truth_of(target) is CLEAN_PM10_DAILY
    relation = _dust_sql(lake, *window) if is_dust else _daily_sql(lake, *window)
    trusted = f"{target.element} IS NOT NULL" if is_dust else f"{target.element}_flag = '{Flag.OK}'"
    return (
        f"SELECT station_id, CAST(observed_on AS TIMESTAMPTZ) AS observed_at, {target.element} AS value "
        f"FROM {relation} WHERE {trusted} ORDER BY station_id, observed_at"
    )


def _rain_observations_sql(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    clean = _clean_sql(lake, station_ids, start, end, known_at)
    return f"{wet_blocks_sql(clean, target.element)} ORDER BY station_id, observed_at"


def _daily_sql(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime) -> str:
    """Relation (in brackets) with the daily temperatures of start <= day < end as they were known at an instant."""
    if not _corrected_after(lake, RAW_ASOS_DAILY, station_ids, start, end, known_at):
        return f"(SELECT * FROM lake.clean.asos_daily WHERE {condition_sql(CLEAN_ASOS_DAILY, station_ids, start, end)})"
    newest = _newest_known_sql(RAW_ASOS_DAILY, station_ids, start, end, known_at)
    return f"({clean_daily_sql(newest, kst_date(start), kst_date(end))})"


def _dust_sql(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime) -> str:
    """Relation (in brackets) with the daily PM10 of start <= day < end as it was known at an instant."""
    if not _corrected_after(lake, RAW_PM10_HOURLY, station_ids, start, end, known_at):
        return f"(SELECT * FROM lake.clean.pm10_daily WHERE {condition_sql(CLEAN_PM10_DAILY, station_ids, start, end)})"
    return f"({pm10_daily_sql(_newest_known_sql(RAW_PM10_HOURLY, station_ids, start, end, known_at))})"


def _newest_known_sql(
    table: TableContract, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    condition = f"{condition_sql(table, station_ids, start, end)} AND {known_at_sql(table, known_at)}"
    return newest_rows_sql(table, ("station_id", table.time_column), condition)


def _clean_sql(
    lake: Lake,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    known_at: datetime,
    *,
    unsettled_from: datetime | None = None,
) -> str:
    """Relation (in brackets) with the clean rows of start <= observed_at < end as they were known at an instant.

    From `unsettled_from` on, by default as long before the instant as the later pass of quality control looks ahead,
    values are put back that this pass alone has rejected: it may have done so with readings that came after.
    """
    since = unsettled_from or known_at - LATER_HOURS * HOUR
    unsettled = f"observed_at >= {instant_sql(since)}"
    window = condition_sql(CLEAN_ASOS_HOURLY, station_ids, start, end)
    if not _corrected_after(lake, RAW_ASOS_HOURLY, station_ids, start, end, known_at):
        clean = f"(SELECT * FROM lake.clean.asos_hourly WHERE {window})"
        rejections = f"(SELECT * FROM lake.clean.rejections WHERE {window} AND {unsettled})"
        return f"({causal_hours_sql(clean, rejections)})"
    judged = judged_sql(lake, station_ids, start, end, known_at)
    clean = f"({clean_hourly_sql('judged')})"
    rejections = f"(SELECT * FROM ({rejections_sql('judged')}) WHERE {unsettled})"
    return f"(WITH judged AS MATERIALIZED ({judged}) {causal_hours_sql(clean, rejections)})"


def _corrected_after(
    lake: Lake, table: TableContract, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> bool:
    """Whether a reading of the window was corrected after the instant; if not, the tables hold what was known then.

    An hourly reading counts from as long before on as quality control looks back.
    """
    if table is RAW_ASOS_HOURLY:
        start -= _TESTS_LOOK_BACK
    sql = (
        f"SELECT 1 FROM lake.{table.qualified_name} "
        f"WHERE {condition_sql(table, station_ids, start, end)} AND {is_correction_sql(table)} "
        f"AND available_at > {instant_sql(known_at)} LIMIT 1"
    )
    return lake.first_row(sql) is not None


FEATURES_SQL: Mapping[Kind, Callable[[Lake, Sequence[int], datetime, datetime, datetime], str]] = {
    "hourly": _hourly_features_sql,
    "daily": _daily_features_sql,
    "rain": _hourly_features_sql,
}
"""Features of stations, issued in start <= issued_at < end, as they were known at an instant."""

OBSERVATIONS_SQL: Mapping[Kind, Callable[[Lake, Target, Sequence[int], datetime, datetime, datetime], str]] = {
    "hourly": _hourly_observations_sql,
    "daily": _daily_observations_sql,
    "rain": _rain_observations_sql,
}
"""Trusted values of a target: station_id, observed_at, value."""
