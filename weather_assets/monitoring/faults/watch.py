"""The detectors applied to the lake: raw readings of stations x days in, rows of monitor.sensor_faults out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd
import pyarrow as pa

from weather_assets.clock import DAY, kst_date
from weather_assets.elements import BY_NAME
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.monitoring.faults.found import ELEMENTS, LOOKBACK_DAYS, find_faults
from weather_assets.monitoring.faults.series import station_hours
from weather_assets.quality.received import received_sql
from weather_assets.tables import RAW_ASOS_HOURLY, SENSOR_FAULTS


def keep_faults(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> pd.DataFrame:
    """Judge the KST days from `start` up to, but without, `end`, put the rows in the lake and return them.

    The stations are each other's neighbours.
    """
    readings = lake.query(_readings_sql(station_ids, start - timedelta(days=LOOKBACK_DAYS), end)).df()
    faults = find_faults(station_hours(readings, ELEMENTS), kst_date(start), kst_date(end) - DAY)
    rows = pa.Table.from_pandas(faults, schema=_SCHEMA, preserve_index=False)
    with lake.registered("faults_found", rows):
        lake.replace_window(SENSOR_FAULTS, "FROM faults_found", station_ids, start, end)
    return faults


def _readings_sql(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    condition = condition_sql(RAW_ASOS_HOURLY, station_ids, start, end)
    newest = newest_rows_sql(RAW_ASOS_HOURLY, ("station_id", "observed_at"), condition)
    values = ", ".join(f"{_as_received_sql(name)} AS {name}" for name in ELEMENTS)
    return f"SELECT station_id, observed_at, {values} FROM ({received_sql(newest, [BY_NAME[e] for e in ELEMENTS])})"


def _as_received_sql(element: str) -> str:
    """The value also where the provider or the range condemns it: a fault shows in just these."""
    rejected = f"list_filter(rejected, lambda one: one.element = '{element}')[1].value"
    return f"coalesce({element}, {rejected})"


_INSTANT = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema(
    {
        "station_id": pa.int32(),
        "observed_on": pa.date32(),
        "element": pa.string(),
        "fault": pa.string(),
        "began_at": _INSTANT,
        "detected_at": _INSTANT,
        "ended_at": _INSTANT,
        "evidence": pa.string(),
    }
)
