"""Feature layer: what a model may look at, one row per hour of issue."""

import dagster as dg

from weather_assets.assets.builds import FEATURES
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of


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
