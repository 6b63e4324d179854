"""Rows as the graph would have written them, put straight into a lake, for what reads forecasts and shows them."""

from datetime import datetime
from pathlib import Path

from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import instant_sql
from weather_assets.outlook.inputs import ingredients
from weather_assets.outlook.issue import keep_outlook
from weather_assets.outlook.rows import outlook_rows

_CHAMPION = "'1' AS model_version, 'champion' AS role"


def put_readings(lake: Lake, station_id: int, newest: datetime, days: int = 10) -> None:
    """Readings of every hour up to the newest: 11 °C, 50 %, wind 2 m/s, no rain."""
    _insert(
        lake,
        "clean.asos_hourly",
        f"SELECT {station_id} AS station_id, {instant_sql(newest)} - n * INTERVAL 1 HOUR AS observed_at, "
        "11.0 AS air_temperature_c, 50.0 AS relative_humidity_pct, 2.0 AS wind_speed_ms, 0.0 AS precipitation_mm, "
        f"'ok' AS air_temperature_c_flag, 'ok' AS relative_humidity_pct_flag FROM range({24 * days}) AS t(n)",
    )


def put_forecast(lake: Lake, station_id: int, hour: datetime, kind: str = "live", spread: float = 0.0) -> None:
    """Forecasts issued from the reading of an hour: 11 °C and 50 %, quantiles spread evenly about them."""
    for target, value in (("air_temperature_c", 11.0), ("relative_humidity_pct", 50.0)):
        quantiles = ", ".join(f"{value} + {spread * (level / 100 - 0.5)} AS p{level}" for level in (10, 25, 50, 75, 90))
        _insert(
            lake,
            "forecast.hourly",
            f"SELECT '{target}' AS target, {station_id} AS station_id, {_issued(hour)}, "
            f"{instant_sql(hour)} + lead * INTERVAL 1 HOUR AS valid_at, lead AS lead_hours, {quantiles}, {_CHAMPION}, "
            f"'{kind}' AS kind, {value} AS climatology, "
            f"list_transform(range(1, 20), lambda n: {value} + {spread} * (n / 20 - 0.5)) AS quantiles "
            "FROM range(1, 49) AS t(lead)",
        )


def put_rain(lake: Lake, station_id: int, hour: datetime, chance: float, kind: str = "live") -> None:
    """One chance of rain for every 3-hour block of two days."""
    block = f"time_bucket(INTERVAL 3 HOUR, {instant_sql(hour)}, TIMESTAMPTZ '2020-01-01 00:00:00+09')"
    _insert(
        lake,
        "forecast.rain",
        f"SELECT 'rain' AS target, {station_id} AS station_id, {_issued(hour)}, "
        f"{block} + n * INTERVAL 3 HOUR AS valid_from, valid_from + INTERVAL 3 HOUR AS valid_to, "
        f"3 * n + 3 AS lead_hours, {chance} AS probability, {_CHAMPION}, '{kind}' AS kind FROM range(17) AS t(n)",
    )


def put_days(lake: Lake, station_id: int, hour: datetime) -> None:
    """Daily temperatures of 8, 11 and 14 °C and PM10 of 90 µg/m³ for three days."""
    for target, value in (
        ("min_temperature_c", 8.0),
        ("mean_temperature_c", 11.0),
        ("max_temperature_c", 14.0),
        ("mean_pm10_ugm3", 90.0),
    ):
        quantiles = ", ".join(f"{value} + {level / 10 - 5} AS p{level}" for level in (10, 25, 50, 75, 90))
        _insert(
            lake,
            "forecast.daily",
            f"SELECT '{target}' AS target, {station_id} AS station_id, {_issued(hour)}, "
            f"issued_at::DATE + lead::INTEGER AS valid_on, lead AS lead_days, {quantiles}, {_CHAMPION}, "
            "'live' AS kind FROM range(1, 4) AS t(lead)",
        )


def put_outlook(lake: Lake, station_id: int, hour: datetime) -> None:
    """The outlook that the graph makes of what is there."""
    issued_at = hour.replace(minute=10)
    found = ingredients(lake, [station_id], hour, issued_at.replace(minute=59))
    assert found is not None
    keep_outlook(lake, outlook_rows(found))


def put_scores(lake: Lake, station_id: int, newest: datetime, error: float, rival: float) -> None:
    """Verified live forecasts of a day: ours wrong by one error, persistence and climatology by another."""
    _insert(
        lake,
        "monitor.verification",
        f"SELECT 'air_temperature_c' AS target, {station_id} AS station_id, {_issued(newest)}, "
        f"{instant_sql(newest)} - n * INTERVAL 1 HOUR AS valid_at, 1 + n % 48 AS lead_hours, {_CHAMPION}, "
        f"'live' AS kind, 9.0 AS p10, 10.0 AS p25, 11.0 AS p50, 12.0 AS p75, 13.0 AS p90, 11.0 + {error} AS observed, "
        f"observed + {rival} AS persistence, observed - {rival} AS climatology, {error} AS absolute_error, "
        "0.5 AS crps FROM range(96) AS t(n)",
    )


def put_monitors(lake: Lake, station_id: int, newest: datetime, report: Path) -> None:
    """A day of 24 hours with 2 missing and 1 rejected air temperatures, a stuck sensor, and a week that drifted."""
    what, at = f"{station_id} AS station_id, 'air_temperature_c' AS element", instant_sql(newest)
    day = f"{at}::DATE AS observed_on"
    _insert(lake, "monitor.data_quality", f"SELECT {what}, {day}, 24 AS hours, 2 AS missing, 1 AS flagged")
    rejected = "99.0 AS value, 'spike' AS flag, 'spike' AS test, '80 °C above its neighbours' AS reason"
    _insert(lake, "clean.rejections", f"SELECT {what}, {at} AS observed_at, {rejected}")
    stuck = f"'stuck' AS fault, {at} AS began_at, {at} AS detected_at, '30 equal values' AS evidence"
    _insert(lake, "monitor.sensor_faults", f"SELECT {what}, {day}, {stuck}")
    drifted = f"TRUE AS drifted, 0.2 AS score, 'a test' AS method, '{report}' AS report_uri"
    _insert(lake, "monitor.drift", f"SELECT {what}, {at}::DATE AS week, {drifted}")


def _issued(hour: datetime) -> str:
    return f"{instant_sql(hour)} + INTERVAL 10 MINUTE AS issued_at"


def _insert(lake: Lake, table: str, query: str) -> None:
    lake.connection.execute(f"INSERT INTO lake.{table} BY NAME {query}")
