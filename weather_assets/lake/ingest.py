"""Appending received readings to a raw table: only what says something new."""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from weather_assets import clock
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import changed_rows_sql, is_correction_sql
from weather_assets.lake.windows import condition_sql, instant_sql
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
    fetched_at: datetime | None = None,
) -> int:
    """Append the new and the changed rows of readings, in the schema of the raw table; returns how many.

    They are stamped `fetched_at`, by default the present. Only readings of these stations with start <= time < end
    count. Raises LakeError, and appends nothing, where a station and time occurs twice.
    """
    entity = ("station_id", table.time_column)
    changed = changed_rows_sql(
        table,
        entity,
        [name for name in received.column_names if name not in entity],
        _INCOMING,
        condition_sql(table, station_ids, start, end),
        source=source_name,
        fetched_at=fetched_at or clock.now(),
    )
    with lake.registered(_INCOMING, received):
        return lake.append(table, changed)


def count_corrections(lake: Lake, table: TableContract, fetched_at: datetime) -> int:
    """How many of the rows stamped `fetched_at` replaced an earlier one."""
    row = lake.first_row(
        f"SELECT count(*) FROM lake.{table.qualified_name} "
        f"WHERE fetched_at = {instant_sql(fetched_at)} AND {is_correction_sql(table)}"
    )
    return int(row[0]) if row else 0
