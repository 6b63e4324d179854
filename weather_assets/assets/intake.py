"""Readings from the provider into a raw table: the same for every kind of reading.

Belongs here: fetch, append what is new, tell how much. Does not: which asset, table or partitions.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import dagster as dg
import pyarrow as pa

from weather_assets import clock
from weather_assets.assets.describe import row_metadata
from weather_assets.assets.failures import retried_if_transient
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import window_of
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.ingest import append_readings, count_corrections
from weather_assets.sources.protocol import ReadingsSource

Fetch = Callable[[ReadingsSource, Sequence[int], datetime, datetime], Iterable[pa.Table]]
"""How the tables of stations and start <= time < end are asked of a source."""


def take_in(
    context: dg.AssetExecutionContext,
    lake: LakeStore,
    readings: Readings,
    table: TableContract,
    schema: pa.Schema,
    fetch: Fetch,
) -> dg.MaterializeResult[None]:
    """Fetch the partitions of this run, as far as they can be published by now, and append what says something new.

    A failure of the source that may pass is retried (see `retried_if_transient`); nothing is written then.
    """
    start, end = window_of(context)
    end = min(end, clock.now() - clock.PUBLICATION_DELAY)
    stations = readings.station_ids
    with retried_if_transient(context):
        source = readings.source()
        tables = list(fetch(source, stations, start, end)) if start < end else []
    received = pa.concat_tables([schema.empty_table(), *tables])
    fetched_at = clock.now()
    with retried_if_transient(context), lake.writer() as opened:
        opened.claim(simulated=source.simulated)
        appended = append_readings(
            opened, source.name, received, stations, start, end, table=table, fetched_at=fetched_at
        )
        corrections = count_corrections(opened, table, fetched_at) if appended else 0
        snapshot = opened.snapshot()
    news = f"{appended} new or changed, {corrections} of them corrections"
    context.log.info(f"{source.name}: {received.num_rows} rows received, {news}")
    metadata = row_metadata(received.num_rows, snapshot, appended=appended, corrections=corrections)
    return dg.MaterializeResult(metadata=metadata)
