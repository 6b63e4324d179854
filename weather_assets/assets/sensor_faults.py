"""Monitoring layer: sensors that are stuck, off, in another unit, silent or an hour late."""

import dagster as dg
import pandas as pd

from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.raw import raw_asos_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of
from weather_assets.monitoring.faults.found import LOOKBACK_DAYS
from weather_assets.monitoring.faults.watch import keep_faults
from weather_assets.tables import SENSOR_FAULTS

MOST_SHOWN = 20


@dg.asset(
    key=asset_key(SENSOR_FAULTS),
    # The years from which steps are judged are read too; a correction in them rebuilds no later day.
    deps=[dg.AssetDep(raw_asos_hourly, partition_mapping=days_back(LOOKBACK_DAYS))],
    group_name="monitor",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(SENSOR_FAULTS),
)
def monitor_sensor_faults(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """What the readings, as received, say of their sensors; a fault has a row on each day that it is seen."""
    with lake.writer() as opened:
        faults = keep_faults(opened, readings.station_ids, *window_of(context))
        snapshot = opened.snapshot()
    metadata = row_metadata(len(faults), snapshot, lasting=int(faults["ended_at"].isna().sum()))
    if len(faults):
        metadata["faults"] = dg.MetadataValue.md(_as_markdown(faults))
    return dg.MaterializeResult(metadata=metadata)


def _as_markdown(faults: pd.DataFrame) -> str:
    rows = [
        f"| {row.station_id} | {row.observed_on} | {row.element} | {row.fault} | {row.evidence} |"
        for row in faults.sort_values("detected_at").tail(MOST_SHOWN).itertuples()
    ]
    return "\n".join(["| station | day | element | fault | evidence |", "|---|---|---|---|---|", *rows])
