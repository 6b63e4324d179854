"""Monitoring layer: forecasts scored when their readings have come."""

import dagster as dg

from weather_assets.assets.builds import VERIFIED
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.forecasts import forecast_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of


@dg.asset(
    key=asset_key(VERIFIED.table),
    deps=[
        dg.AssetDep(forecast_hourly, partition_mapping=days_back(VERIFIED.lookback_days)),
        dg.AssetDep(clean_asos_hourly, partition_mapping=days_back(VERIFIED.lookback_days)),
    ],
    group_name="monitor",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(VERIFIED.table),
)
def monitor_verification(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Every forecast valid on the day, beside its reading, persistence and climatology, with its errors."""
    with lake.writer() as opened:
        rows = VERIFIED.run(opened, readings.station_ids, *window_of(context))
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))
