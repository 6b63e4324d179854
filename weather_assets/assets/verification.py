"""Monitoring layer: daily and rain forecasts scored when their days and blocks are over."""

import dagster as dg

from weather_assets import clock
from weather_assets.assets.builds import VERIFIED_RAIN
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.forecasts import forecast_daily, forecast_rain
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of, years_of
from weather_assets.forecasting.targets import targets_of
from weather_assets.lake.windows import condition_sql
from weather_assets.monitoring.verification_daily import verification_daily_sql
from weather_assets.tables import CLEAN_ASOS_DAILY, CLEAN_PM10_DAILY, FORECAST_DAILY, VERIFICATION_DAILY

_LONGEST_DAYS = max(target.longest_lead_days for target in targets_of("daily").values())
_BLOCKS_DAYS = max(target.longest_lead_days for target in targets_of("rain").values())


@dg.asset(
    key=asset_key(VERIFIED_RAIN.table),
    deps=[
        dg.AssetDep(forecast_rain, partition_mapping=days_back(_BLOCKS_DAYS)),
        dg.AssetDep(clean_asos_hourly, partition_mapping=days_back(VERIFIED_RAIN.lookback_days)),
    ],
    group_name="monitor",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(VERIFIED_RAIN.table),
)
def monitor_verification_rain(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Every probability for blocks that ended on the day, beside what came, persistence and climatology."""
    with lake.writer() as opened:
        rows = VERIFIED_RAIN.run(opened, readings.station_ids, *window_of(context))
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))


@dg.asset(
    key=asset_key(VERIFICATION_DAILY),
    deps=[
        dg.AssetDep(forecast_daily, partition_mapping=days_back(_LONGEST_DAYS)),
        dg.AssetDep(clean_asos_daily, partition_mapping=years_of()),
        clean_pm10_daily,
    ],
    group_name="monitor",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(VERIFICATION_DAILY),
)
def monitor_verification_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Every daily forecast for the day, beside the day's value, persistence and climatology, with its errors."""
    window = (readings.station_ids, *window_of(context))
    forecasts = f"SELECT * FROM lake.{FORECAST_DAILY.qualified_name} WHERE {condition_sql(VERIFICATION_DAILY, *window)}"
    temperatures, dust = (
        f"SELECT * FROM lake.{table.qualified_name} WHERE {condition_sql(table, *window)}"
        for table in (CLEAN_ASOS_DAILY, CLEAN_PM10_DAILY)
    )
    with lake.writer() as opened:
        query = verification_daily_sql(forecasts, temperatures, dust, clock.kst_date(clock.now()))
        rows = opened.replace_window(VERIFICATION_DAILY, query, *window)
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))
