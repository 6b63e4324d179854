"""What an outlook is made of, read from the lake: the newest forecast and what was known when it was issued."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd

from weather_assets.clock import DAY
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql
from weather_assets.outlook.commute import DUST_LEVELS
from weather_assets.outlook.rows import Ingredients
from weather_assets.tables import CLEAN_ASOS_HOURLY, FORECAST_DAILY, FORECAST_HOURLY, FORECAST_RAIN

USUAL_DAYS = 7
"""Days whose readings say what wind is usual at an hour of the day."""

_LIVE_CHAMPION = "role = 'champion' AND kind = 'live'"
DUST_DAYS = 2
"""A forecast of rain or dust that is older than this says nothing any more."""

_INCLUDED = timedelta(microseconds=1)
"""A window ends before its end."""


def ingredients(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> Ingredients | None:
    """Of the newest champion forecast issued live in start <= issued_at < end; None where there is none.

    A station that lags behind the newest hour is left out: it had its outlook when that hour was the newest.
    """
    issued = f"{condition_sql(FORECAST_HOURLY, station_ids, start, end)} AND {_LIVE_CHAMPION}"
    forecast = lake.query(
        f"SELECT target, station_id, issued_at, valid_at, p50, quantiles, climatology FROM lake.forecast.hourly "
        f"WHERE {issued} QUALIFY issued_at = max(issued_at) OVER ()"
    ).df()
    if forecast.empty:
        return None
    issued_at = forecast["issued_at"].iloc[0].to_pydatetime()
    return Ingredients(
        forecast=forecast,
        readings=_readings(lake, station_ids, issued_at),
        rain=_rain(lake, station_ids, issued_at),
        dust=_dust(lake, station_ids, issued_at),
    )


def _readings(lake: Lake, station_ids: Sequence[int], issued_at: datetime) -> pd.DataFrame:
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, issued_at - USUAL_DAYS * DAY, issued_at)
    return lake.query(
        "SELECT station_id, observed_at, air_temperature_c, relative_humidity_pct, wind_speed_ms "
        f"FROM lake.clean.asos_hourly WHERE {condition}"
    ).df()


def _rain(lake: Lake, station_ids: Sequence[int], issued_at: datetime) -> pd.DataFrame:
    columns = "station_id, valid_from, valid_to, probability"
    return _newest(lake, FORECAST_RAIN, "valid_to", columns, "TRUE", station_ids, issued_at)


def _dust(lake: Lake, station_ids: Sequence[int], issued_at: datetime) -> pd.DataFrame:
    columns = f"station_id, valid_on, {', '.join(DUST_LEVELS)}"
    rows = _newest(lake, FORECAST_DAILY, "valid_on", columns, "target = 'mean_pm10_ugm3'", station_ids, issued_at)
    # DuckDB hands a DATE over as an instant without a zone; a day is a date here.
    return rows.assign(valid_on=rows["valid_on"].dt.date)


def _newest(
    lake: Lake,
    table: TableContract,
    valid: str,
    columns: str,
    condition: str,
    station_ids: Sequence[int],
    issued_at: datetime,
) -> pd.DataFrame:
    """The columns of the live champion's newest row, issued by then, of each station and `valid` time.

    Not of the newest issue alone: that of this morning begins tomorrow, and of today yesterday's is the newest.
    """
    span = condition_sql(table, station_ids, issued_at - DUST_DAYS * DAY, issued_at + _INCLUDED)
    return lake.query(
        f"SELECT {columns} FROM lake.{table.qualified_name} WHERE {span} AND {condition} AND {_LIVE_CHAMPION} "
        f"QUALIFY issued_at = max(issued_at) OVER (PARTITION BY station_id, {valid})"
    ).df()
