"""Raw layer: readings as received, append-only; a changed value is a new row."""

import dagster as dg
import pyarrow as pa

from weather_assets import clock
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, window_of
from weather_assets.lake.ingest import append_readings
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA
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
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Hourly ASOS readings as the provider delivered them. Only rows that say something new are appended."""
    start, end = window_of(context)
    source = readings.source()
    end = min(end, clock.now() - clock.PUBLICATION_DELAY)
    tables = list(source.asos_hourly(readings.station_ids, start, end)) if start < end else []
    received = pa.concat_tables([RAW_HOURLY_SCHEMA.empty_table(), *tables])
    with lake.writer() as opened:
        appended = append_readings(opened, source.name, received, readings.station_ids, start, end)
        snapshot = opened.snapshot()
    context.log.info(f"{source.name}: {received.num_rows} rows received, {appended} new or changed")
    return dg.MaterializeResult(
        metadata=row_metadata(received.num_rows, snapshot, appended=appended, source=source.name)
    )
