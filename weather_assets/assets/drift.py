"""Monitoring layer: the weekly look at whether what is measured has drifted."""

from datetime import date

import dagster as dg
import pandas as pd

from weather_assets.artifacts import write_artifact
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, asset_key, link, row_metadata, table_metadata
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import SINGLE_RUN, WEEKS
from weather_assets.monitoring.drift.report import METHOD
from weather_assets.monitoring.drift.watch import keep_drift
from weather_assets.tables import DRIFT


@dg.asset(
    key=asset_key(DRIFT),
    deps=[dg.AssetDep(clean_asos_hourly, partition_mapping=dg.TimeWindowPartitionMapping())],
    group_name="monitor",
    partitions_def=WEEKS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "evidently"},
    metadata=table_metadata(DRIFT),
)
def monitor_drift(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """The half-year that ends with the week against the same season of earlier years, element by element."""
    weeks = [date.fromisoformat(key) for key in context.partition_keys]
    settings = readings.settings
    with lake.writer() as opened:
        rows = keep_drift(opened, readings.station_ids, weeks, lambda name, data: write_artifact(settings, name, data))
        snapshot = opened.snapshot()
    metadata = row_metadata(len(rows), snapshot, drifted=int(rows["drifted"].sum()))
    last = rows[rows["week"] == weeks[-1]]
    if len(last):
        metadata["scores"] = dg.MetadataValue.md(_as_markdown(last))
        metadata["report"] = link(str(last["report_uri"].iloc[-1]))
    return dg.MaterializeResult(metadata=metadata)


def _as_markdown(rows: pd.DataFrame) -> str:
    lines = [
        f"| {row.station_id} | {row.element} | {row.score:.2f} | {'**drifted**' if row.drifted else 'no'} |"
        for row in rows.itertuples()
    ]
    return "\n".join(["| station | element | score | drifted |", "|---|---|---|---|", *lines, "", METHOD])
