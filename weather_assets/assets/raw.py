"""Raw layer: readings as received, append-only; a changed value is a new row."""

import dagster as dg

from weather_assets.assets.describe import OWNERS, asset_key, table_metadata
from weather_assets.assets.intake import IntakeConfig, take_in
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN
from weather_assets.sources.protocol import Series
from weather_assets.tables import RAW_ASOS_HOURLY


@dg.asset(
    key=asset_key(RAW_ASOS_HOURLY),
    group_name="raw",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(RAW_ASOS_HOURLY),
)
def raw_asos_hourly(
    context: dg.AssetExecutionContext,
    config: IntakeConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
) -> dg.MaterializeResult[None]:
    """Hourly ASOS readings as the provider delivered them. Only rows that say something new are appended."""
    return take_in(context, config, lake, readings, RAW_ASOS_HOURLY, Series.ASOS_HOURLY)
