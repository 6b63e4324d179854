"""What is wrong according to the lake: sensors with faults, readings and forecasts that are late."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from weather_assets.clock import HOUR, KST
from weather_assets.elements import BY_NAME
from weather_assets.forecasting.issue import LIVE
from weather_assets.lake.lake import Lake
from weather_assets.monitoring.alerts.alert import Alert
from weather_assets.monitoring.lateness import FORECAST_AFTER_READING, allowed_reading_age
from weather_assets.stations import station
from weather_assets.tables import CLEAN_ASOS_HOURLY, FORECAST_HOURLY, SENSOR_FAULTS


def faults(lake: Lake, station_ids: Sequence[int], dagster_url: str) -> Iterator[Alert]:
    """Faults that last by the newest judgement of each, of the day of the station's newest reading or the day before.

    The first hour of a day has clean readings some steps before its faults are judged.
    """
    if not lake.has(SENSOR_FAULTS.qualified_name):
        return
    rows = lake.query(
        f"""
SELECT station_id, element, fault, began_at, evidence FROM lake.{SENSOR_FAULTS.qualified_name}
JOIN (SELECT station_id, max(observed_at) AS newest FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} GROUP BY ALL)
    USING (station_id)
WHERE list_contains(?, station_id) AND observed_on >= CAST(newest AS DATE) - 1
QUALIFY row_number() OVER (PARTITION BY station_id, element, fault ORDER BY observed_on DESC) = 1 AND ended_at IS NULL
ORDER BY ALL""",
        [list(station_ids)],
    ).fetchall()
    for station_id, element, fault, began, evidence in rows:
        name = BY_NAME[element].label_en.lower()
        yield Alert(
            key=f"fault:{station_id}:{element}:{fault}",
            title=f"{_named(station_id)}: {name} has a sensor fault ({fault})",
            text=f"since {_kst(began)}: {evidence}",
            where=f"{dagster_url}/assets/monitor/sensor_faults",
        )


def late(lake: Lake, station_ids: Sequence[int], source: str, now: datetime, dagster_url: str) -> Iterator[Alert]:
    """Stations whose newest reading, or newest live forecast, is older than the source explains."""
    allowed = allowed_reading_age(source)
    if allowed is None:
        return
    readings = _newest(lake, CLEAN_ASOS_HOURLY.qualified_name, "observed_at", station_ids)
    for station_id, newest in readings.items():
        if now - newest > allowed:
            yield Alert(
                key=f"late:readings:{station_id}",
                title=f"{_named(station_id)}: no new readings",
                text=f"the newest is of {_kst(newest)}; {source} should deliver within {allowed / HOUR:.0f} h",
                where=f"{dagster_url}/assets/raw/asos_hourly",
            )
    issued = _newest(lake, f"{FORECAST_HOURLY.qualified_name} WHERE kind = '{LIVE}'", "issued_at", station_ids)
    for station_id, newest in issued.items():
        if station_id in readings and readings[station_id] - newest > FORECAST_AFTER_READING:
            yield Alert(
                key=f"late:forecast:{station_id}",
                title=f"{_named(station_id)}: no new forecast",
                text=f"the newest is of {_kst(newest)}, the newest reading of {_kst(readings[station_id])}",
                where=f"{dagster_url}/assets/forecast/hourly",
            )


def _newest(lake: Lake, relation: str, time: str, station_ids: Sequence[int]) -> dict[int, datetime]:
    table, _, condition = relation.partition(" WHERE ")
    rows = lake.query(
        f"SELECT station_id, max({time}) FROM lake.{table} "
        f"WHERE list_contains(?, station_id) AND {condition or 'TRUE'} GROUP BY ALL ORDER BY ALL",
        [list(station_ids)],
    ).fetchall()
    return dict(rows)


def _named(station_id: int) -> str:
    return f"{station(station_id).name_en} ({station_id})"


def _kst(instant: datetime) -> str:
    return f"{instant.astimezone(KST):%Y-%m-%d %H:%M} KST"
