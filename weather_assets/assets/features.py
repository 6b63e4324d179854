"""Feature layer: what a model may look at, one row per hour or day of issue."""

from datetime import timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.builds import FEATURES
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of, years_of
from weather_assets.features.daily import ISSUE_MINUTE, LOOKBACK_DAYS, daily_features_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import CLEAN_ASOS_DAILY, CLEAN_PM10_DAILY, FEATURES_DAILY, FEATURES_HOURLY


@dg.asset(
    key=asset_key(FEATURES.table),
    deps=[dg.AssetDep(clean_asos_hourly, partition_mapping=days_back(FEATURES.lookback_days))],
    group_name="features",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(FEATURES.table),
)
def features_hourly(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Calendar, levels, changes and window statistics of the readings up to the hour of issue, never after it."""
    with lake.writer() as opened:
        rows = FEATURES.run(opened, readings.station_ids, *window_of(context))
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))


@dg.asset(
    key=asset_key(FEATURES_DAILY),
    deps=[
        features_hourly,
        dg.AssetDep(clean_asos_daily, partition_mapping=years_of()),
        dg.AssetDep(clean_pm10_daily, partition_mapping=days_back(LOOKBACK_DAYS)),
    ],
    group_name="features",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(FEATURES_DAILY),
)
def features_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """What is known at 05:00 KST: features of the hours up to then, daily temperatures and PM10 of the days before."""
    start, end = window_of(context)
    window = readings.station_ids, start - timedelta(days=LOOKBACK_DAYS), end
    hourly, temperatures, dust = (
        f"(SELECT * FROM lake.{table.qualified_name} WHERE {condition_sql(table, *window)})"
        for table in (FEATURES_HOURLY, CLEAN_ASOS_DAILY, CLEAN_PM10_DAILY)
    )
    # Before the hour of issue there is nothing to issue today.
    newest = clock.kst_date(clock.now() - timedelta(minutes=ISSUE_MINUTE))
    last = min(clock.kst_date(end) - clock.DAY, newest)
    query = daily_features_sql(hourly, temperatures, dust, clock.kst_date(start), last)
    with lake.writer() as opened:
        rows = opened.replace_window(FEATURES_DAILY, query, readings.station_ids, start, end)
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))
