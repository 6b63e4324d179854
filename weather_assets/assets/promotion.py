"""What becomes of champions and challengers: the daily review."""

import dagster as dg

from weather_assets.assets.describe import OWNERS, asset_key, table_metadata
from weather_assets.assets.models import models_trained
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.partitions import SINGLE_RUN, TARGET_PARTITIONS
from weather_assets.forecasting.paired import SCORED
from weather_assets.forecasting.targets import TARGETS
from weather_assets.tables import PROMOTION


@dg.asset(
    key=asset_key(PROMOTION),
    deps=[
        models_trained,
        *(dg.AssetDep(asset_key(table), partition_mapping=dg.AllPartitionMapping()) for table, _ in SCORED.values()),
    ],
    group_name="monitor",
    partitions_def=TARGET_PARTITIONS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "mlflow"},
    metadata=table_metadata(PROMOTION),
)
def monitor_promotion(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """Champion and challenger of each target reviewed on what was verified: promoted, retired, replaced or left."""
    from weather_assets.forecasting.review import record, review

    registry, reviews = tracking.registry(), []
    for name in context.partition_keys:
        with lake.writer() as opened:
            made = review(opened, registry, TARGETS[name], readings.station_ids)
            record(opened, made)
        context.log.info(f"{name}: {made.decision}: {made.reason}")
        reviews.append(made)
    return dg.MaterializeResult(metadata={made.target: f"{made.decision}: {made.reason}" for made in reviews})
