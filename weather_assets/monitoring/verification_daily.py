"""Scoring daily forecasts against the days that came: one SQL query from forecasts and daily values to scores."""

from datetime import date

from weather_assets.daily_elements import DAILY_TEMPERATURES
from weather_assets.elements import Flag
from weather_assets.forecasting.targets import targets_of
from weather_assets.monitoring.verification import crps_sql


def verification_daily_sql(forecasts: str, temperatures: str, dust: str, today: date) -> str:
    """Query for monitor.verification_daily: the rows of `forecasts` (forecast.daily) whose day is there and trusted.

    `temperatures` is a query of clean.asos_daily (flag ok counts), `dust` one of clean.pm10_daily. Only days before
    `today` count: the dust of a day that is not over is that of some of its hours.
    """
    return f"""
WITH observed AS ({_observed_sql(temperatures, dust)})
SELECT f.target, f.station_id, f.issued_at, f.valid_on, f.lead_days, f.model_version, f.role, f.kind,
    f.p10, f.p25, f.p50, f.p75, f.p90,
    o.value AS observed, f.persistence, f.climatology,
    abs(f.p50 - o.value) AS absolute_error,
    {crps_sql("f.quantiles", "o.value")} AS crps
FROM ({forecasts}) AS f
JOIN observed AS o ON o.target = f.target AND o.station_id = f.station_id AND o.observed_on = f.valid_on
WHERE f.valid_on < DATE '{today}'"""


def _observed_sql(temperatures: str, dust: str) -> str:
    flagged = {element.name for element in DAILY_TEMPERATURES}
    return " UNION ALL ".join(
        f"SELECT '{target.name}' AS target, station_id, observed_on, {target.element} AS value "
        + (
            f"FROM ({temperatures}) WHERE {target.element}_flag = '{Flag.OK}'"
            if target.element in flagged
            else f"FROM ({dust}) WHERE {target.element} IS NOT NULL"
        )
        for target in targets_of("daily").values()
    )
