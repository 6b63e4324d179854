"""Clean layer: the newest raw row of each hour, in our units, with a flag per element."""

import dagster as dg

from weather_assets.assets.builds import CLEAN
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.raw import raw_asos_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of


@dg.asset(
    key=asset_key(CLEAN.table),
    deps=[dg.AssetDep(raw_asos_hourly, partition_mapping=days_back(CLEAN.lookback_days))],
    group_name="clean",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(CLEAN.table),
)
def clean_asos_hourly(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Readings in our units; a value judged wrong is NULL, its flag says why, and clean.rejections keeps it.

    Humidity and dew point that follow from the other and the temperature are rebuilt and say so. The two days before
    are decided anew by the tests that need later hours.
    """
    with lake.writer() as opened:
        rows = CLEAN.run(opened, readings.station_ids, *window_of(context))
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))
