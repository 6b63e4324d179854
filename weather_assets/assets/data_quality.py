"""Monitoring layer: how many readings of a day are missing and how many were rejected, and why."""

import dagster as dg

from weather_assets.assets.builds import QUALITY
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.rejected import rejected_table
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, window_of


@dg.asset(
    key=asset_key(QUALITY.table),
    deps=[clean_asos_hourly],
    group_name="monitor",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(QUALITY.table),
)
def monitor_data_quality(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Hours, missing and rejected readings of every element on the day; what was rejected is listed with the event."""
    stations, (start, end) = readings.station_ids, window_of(context)
    with lake.writer() as opened:
        rows = QUALITY.run(opened, stations, start, end)
        snapshot = opened.snapshot()
        rejected = rejected_table(opened, stations, start, end)
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot, rejected=rejected))
