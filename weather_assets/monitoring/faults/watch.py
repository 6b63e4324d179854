"""The detectors applied to the lake: raw readings of stations x days in, rows of monitor.sensor_faults out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd
import pyarrow as pa

from weather_assets.clock import DAY, kst_date
from weather_assets.elements import BY_NAME
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.monitoring.faults.found import (
    ELEMENTS,
    HISTORY_DAYS,
    HISTORY_ELEMENTS,
    LOOKBACK_DAYS,
    find_faults,
)
from weather_assets.monitoring.faults.series import StationHours, station_hours
from weather_assets.monitoring.faults.step import LAST_STAMP_H
from weather_assets.quality.received import received_sql
from weather_assets.tables import RAW_ASOS_HOURLY, SENSOR_FAULTS

MOST_DAYS_AT_ONCE = 366
"""Memory is to stay flat: a year of many stations comes with the two before it."""


def keep_faults(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> pd.DataFrame:
    """Judge the KST days from `start` up to, but without, `end`, put the rows in the lake and return them.

    The stations are each other's neighbours.
    """
    found = [_found(lake, station_ids, *portion) for portion in _portions(start, end)]
    faults = pd.concat([rows for rows in found if not rows.empty] or found[:1], ignore_index=True)
    rows = pa.Table.from_pandas(faults, schema=_SCHEMA, preserve_index=False)
    with lake.registered("faults_found", rows):
        lake.replace_window(SENSOR_FAULTS, "FROM faults_found", station_ids, start, end)
    return faults


def _portions(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        turn = min(end, start + MOST_DAYS_AT_ONCE * DAY)
        yield start, turn
        start = turn


def _found(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> pd.DataFrame:
    stations = _read(lake, station_ids, start - LOOKBACK_DAYS * DAY, end, ELEMENTS)
    # Steps are looked for when a day is over: the years that takes are not read every hour.
    is_over = any(station.hours[-1] >= _last_hour(start) for station in stations)
    since = start - HISTORY_DAYS * DAY
    histories = _read(lake, station_ids, since, end, HISTORY_ELEMENTS) if is_over else []
    return find_faults(stations, kst_date(start), kst_date(end) - DAY, histories)


def _last_hour(day: datetime) -> int:
    return int(day.timestamp()) // 3600 + LAST_STAMP_H


def _read(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, elements: Sequence[str]
) -> list[StationHours]:
    return station_hours(lake.query(_readings_sql(station_ids, start, end, elements)).df(), elements)


def _readings_sql(station_ids: Sequence[int], start: datetime, end: datetime, elements: Sequence[str]) -> str:
    condition = condition_sql(RAW_ASOS_HOURLY, station_ids, start, end)
    newest = newest_rows_sql(RAW_ASOS_HOURLY, ("station_id", "observed_at"), condition)
    values = ", ".join(f"{_as_received_sql(name)} AS {name}" for name in elements)
    return f"SELECT station_id, observed_at, {values} FROM ({received_sql(newest, [BY_NAME[e] for e in elements])})"


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
