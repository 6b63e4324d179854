"""Appending received readings to a raw table: only what says something new."""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from weather_assets import clock
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import changed_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import RAW_ASOS_HOURLY

_INCOMING = "incoming_readings"


def append_readings(
    lake: Lake,
    source_name: str,
    received: pa.Table,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    *,
    table: TableContract = RAW_ASOS_HOURLY,
) -> int:
    """Append the new and the changed rows of readings, in the schema of the raw table; returns how many.

    Only readings of these stations with start <= time < end count. Raises LakeError, and appends nothing, where a
    station and time occurs twice.
    """
    entity = ("station_id", table.time_column)
    changed = changed_rows_sql(
        table,
        entity,
        [name for name in received.column_names if name not in entity],
        _INCOMING,
        condition_sql(table, station_ids, start, end),
        source=source_name,
        fetched_at=clock.now(),
    )
    lake.register(_INCOMING, received)
    try:
        return lake.append(table, changed)
    finally:
        lake.unregister(_INCOMING)
