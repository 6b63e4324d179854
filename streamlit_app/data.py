"""What the pages ask of the lake. Every answer is kept until a new snapshot lands; no query reads more than is shown.

Times are instants; days are KST days. An answer is empty where its table is empty or not there yet.
"""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from streamlit_app.store import Version, store
from weather_assets.lake.windows import instant_sql

_cached = st.cache_data(max_entries=128, show_spinner=False)

_RECENT = timedelta(days=2)
"""A forecast that was issued longer than this before the newest reading is not shown as the present one."""

_CHAMPION = "role = 'champion'"
_NEWEST_FIRST = "QUALIFY issued_at = max(issued_at) OVER (PARTITION BY target)"
_LIVE_FIRST = "kind = min(kind) OVER (PARTITION BY target, issued_at)"


def rows_of(version: Version, table: str, sql: str) -> pd.DataFrame:
    """Answer of a query on a table; empty, without columns, where the table is not there yet."""
    opened = store(version)
    return opened.rows(sql) if opened.has(table) else pd.DataFrame()


@_cached
def is_simulated(version: Version) -> bool:
    """Whether the readings are simulated."""
    return bool(store(version).is_simulated())


@_cached
def stations(version: Version) -> pd.DataFrame:
    """station_id and newest_at, its newest reading, of every station with readings."""
    sql = "SELECT station_id, max(observed_at) AS newest_at FROM lake.clean.asos_hourly GROUP BY 1 ORDER BY 1"
    return rows_of(version, "clean.asos_hourly", sql)


@_cached
def readings(version: Version, station_id: int, start: datetime, end: datetime) -> pd.DataFrame:
    """Clean hourly readings of start <= observed_at < end, what the pages show of them, in order."""
    return rows_of(
        version,
        "clean.asos_hourly",
        "SELECT observed_at, air_temperature_c, relative_humidity_pct, wind_speed_ms, wind_direction_deg, "
        "precipitation_mm, snow_depth_cm FROM lake.clean.asos_hourly "
        f"WHERE station_id = {station_id} AND observed_at >= {instant_sql(start)} AND observed_at < {instant_sql(end)} "
        "ORDER BY observed_at",
    )


@_cached
def forecast(version: Version, station_id: int, issued_up_to: datetime) -> pd.DataFrame:
    """The champion's newest hourly forecast issued up to an instant (and not long before), every target and lead."""
    return rows_of(
        version,
        "forecast.hourly",
        "SELECT target, issued_at, valid_at, lead_hours, p10, p25, p50, p75, p90, model_version, kind, climatology "
        f"FROM lake.forecast.hourly WHERE station_id = {station_id} AND {_CHAMPION} "
        f"AND issued_at > {instant_sql(issued_up_to - _RECENT)} AND issued_at <= {instant_sql(issued_up_to)} "
        f"{_NEWEST_FIRST} AND {_LIVE_FIRST} ORDER BY target, valid_at",
    )


@_cached
def rain(version: Version, station_id: int, issued_up_to: datetime) -> pd.DataFrame:
    """The newest chance of rain per 3-hour block: issued_at, valid_from, valid_to, probability."""
    return rows_of(
        version,
        "forecast.rain",
        "SELECT issued_at, valid_from, valid_to, probability, model_version "
        f"FROM lake.forecast.rain WHERE station_id = {station_id} AND {_CHAMPION} "
        f"AND issued_at > {instant_sql(issued_up_to - _RECENT)} AND issued_at <= {instant_sql(issued_up_to)} "
        "QUALIFY issued_at = max(issued_at) OVER () AND kind = min(kind) OVER (PARTITION BY issued_at) "
        "ORDER BY valid_from",
    )


@_cached
def daily(version: Version, station_id: int, issued_up_to: datetime) -> pd.DataFrame:
    """The newest forecast of days, every target: target, issued_at, valid_on, lead_days, p10 .. p90."""
    return rows_of(
        version,
        "forecast.daily",
        "SELECT target, issued_at, valid_on, lead_days, p10, p25, p50, p75, p90, model_version "
        f"FROM lake.forecast.daily WHERE station_id = {station_id} AND {_CHAMPION} "
        f"AND issued_at > {instant_sql(issued_up_to - _RECENT)} AND issued_at <= {instant_sql(issued_up_to)} "
        f"{_NEWEST_FIRST} AND {_LIVE_FIRST} ORDER BY target, valid_on",
    )


@_cached
def outlook(version: Version, station_id: int, issued_up_to: datetime) -> pd.DataFrame:
    """The newest outlook, in the order of its mornings and evenings."""
    return rows_of(
        version,
        "forecast.outlook",
        f"SELECT * FROM lake.forecast.outlook WHERE station_id = {station_id} "
        f"AND issued_at > {instant_sql(issued_up_to - _RECENT)} AND issued_at <= {instant_sql(issued_up_to)} "
        "QUALIFY issued_at = max(issued_at) OVER () ORDER BY valid_on, period DESC",
    )


@_cached
def newest_everywhere(version: Version, newest_at: datetime) -> pd.DataFrame:
    """Newest reading of every station within the two days up to `newest_at`."""
    return rows_of(
        version,
        "clean.asos_hourly",
        "SELECT station_id, observed_at, air_temperature_c, relative_humidity_pct, wind_speed_ms, precipitation_mm "
        f"FROM lake.clean.asos_hourly WHERE observed_at > {instant_sql(newest_at - _RECENT)} "
        "QUALIFY observed_at = max(observed_at) OVER (PARTITION BY station_id) ORDER BY station_id",
    )


@_cached
def outlook_everywhere(version: Version, newest_at: datetime) -> pd.DataFrame:
    """First period ahead of the newest outlook of every station: station_id, valid_on, period, comfort_score."""
    return rows_of(
        version,
        "forecast.outlook",
        "SELECT station_id, valid_on, period, comfort_score, comfort_grade FROM lake.forecast.outlook "
        f"WHERE issued_at > {instant_sql(newest_at - _RECENT)} "
        "QUALIFY issued_at = max(issued_at) OVER (PARTITION BY station_id) AND "
        "row_number() OVER (PARTITION BY station_id, issued_at ORDER BY valid_on, period DESC) = 1",
    )
