"""Daily temperatures (by year, since 1907) and PM10 (by day): readings as received, and what is made of them."""

from datetime import timedelta

import dagster as dg

from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.intake import IntakeConfig, take_in
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, YEARS, window_of
from weather_assets.clock import kst_date
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.versions import newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.quality.daily import LONGEST_FILL_DAYS, clean_daily_sql
from weather_assets.quality.pm10 import pm10_daily_sql
from weather_assets.sources.protocol import Series
from weather_assets.tables import CLEAN_ASOS_DAILY, CLEAN_PM10_DAILY, RAW_ASOS_DAILY, RAW_PM10_HOURLY

_BEYOND = timedelta(days=LONGEST_FILL_DAYS)


@dg.asset(
    key=asset_key(RAW_ASOS_DAILY),
    group_name="raw",
    partitions_def=YEARS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(RAW_ASOS_DAILY),
)
def raw_asos_daily(
    context: dg.AssetExecutionContext,
    config: IntakeConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
) -> dg.MaterializeResult[None]:
    """Daily ASOS values of the days that are over, as the provider delivered them. Only what is new is appended."""
    return take_in(context, config, lake, readings, RAW_ASOS_DAILY, Series.ASOS_DAILY)


@dg.asset(
    key=asset_key(CLEAN_ASOS_DAILY),
    deps=[raw_asos_daily],
    group_name="clean",
    partitions_def=YEARS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(CLEAN_ASOS_DAILY),
)
def clean_asos_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Mean, maximum and minimum temperature of the days, with flags. Gaps of up to 3 days are filled and say so.

    A gap at the turn of a year is filled from whatever the neighbouring year holds when this one is built.
    """
    start, end = window_of(context)
    stations = readings.station_ids
    newest = _newest(RAW_ASOS_DAILY, condition_sql(RAW_ASOS_DAILY, stations, start - _BEYOND, end + _BEYOND))
    query = clean_daily_sql(newest, kst_date(start), kst_date(end))
    with lake.writer() as opened:
        rows = opened.replace_window(CLEAN_ASOS_DAILY, query, stations, start, end)
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))


@dg.asset(
    key=asset_key(RAW_PM10_HOURLY),
    group_name="raw",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(RAW_PM10_HOURLY),
)
def raw_pm10_hourly(
    context: dg.AssetExecutionContext,
    config: IntakeConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
) -> dg.MaterializeResult[None]:
    """Hourly PM10 as the provider delivered it. Only what is new is appended; not every station measures it."""
    return take_in(context, config, lake, readings, RAW_PM10_HOURLY, Series.PM10_HOURLY)


@dg.asset(
    key=asset_key(CLEAN_PM10_DAILY),
    deps=[raw_pm10_hourly],
    group_name="clean",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(CLEAN_PM10_DAILY),
)
def clean_pm10_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Mean, highest and lowest PM10 of the day, where enough of its hours count."""
    start, end = window_of(context)
    stations = readings.station_ids
    newest = _newest(RAW_PM10_HOURLY, condition_sql(RAW_PM10_HOURLY, stations, start, end))
    query = pm10_daily_sql(newest, legacy_cutoffs=readings.settings.legacy_pm10_cutoffs)
    with lake.writer() as opened:
        rows = opened.replace_window(CLEAN_PM10_DAILY, query, stations, start, end)
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))


def _newest(table: TableContract, condition: str) -> str:
    return newest_rows_sql(table, ("station_id", table.time_column), condition)
