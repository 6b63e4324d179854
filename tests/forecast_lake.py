"""A small lake with readings, forecasts of every kind, scores and drift, written without the code that makes them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.tables import (
    CLEAN_ASOS_HOURLY,
    DRIFT,
    FORECAST_DAILY,
    FORECAST_HOURLY,
    FORECAST_OUTLOOK,
    FORECAST_RAIN,
    RAW_ASOS_HOURLY,
    SENSOR_FAULTS,
    VERIFICATION,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STATIONS = (108, 129)
NEWEST = datetime(2026, 3, 10, 3, tzinfo=UTC)
"""12:00 KST on a Tuesday; the forecast was issued at 12:10."""
TOKEN = "hush-token-of-the-tests"
LEADS = 48
_QUANTILES = {f"p{level}": f"t - 5 + {level} / 10.0" for level in (10, 25, 50, 75, 90)}
_CHAMPION = {"model_version": "'7'", "role": "'champion'", "kind": "'live'"}


def fill(settings: Settings, newest_hour: datetime, stations: Sequence[int] = STATIONS) -> None:
    """Two days of readings up to `newest_hour` (UTC) and the forecasts that were issued from it.

    The reading of an hour is its hour of the day in UTC; the median of a forecast is that of valid_at, p10 4 less and
    p90 4 more.
    """
    with open_lake(settings, simulated=True) as lake:
        _readings(lake, newest_hour, stations)
        issue(lake, newest_hour, stations)
        _scores(lake, newest_hour, stations)
        _drift(lake, newest_hour, stations)


def issue(lake: Lake, hour: datetime, stations: Sequence[int] = STATIONS) -> None:
    """Forecasts of every kind from the reading of an hour."""
    issued = f"TIMESTAMPTZ '{hour + timedelta(minutes=10)}'"
    valid = f"TIMESTAMPTZ '{hour}' + to_hours(n)"
    leads = f"SELECT s AS station_id, n, hour(({valid}) AT TIME ZONE 'UTC') AS t FROM {_each(stations, 1, LEADS)}"
    hourly = {"issued_at": issued, "valid_at": valid, "lead_hours": "n", **_QUANTILES, **_CHAMPION, "climatology": "9"}
    targets = f"SELECT *, unnest(['air_temperature_c', 'relative_humidity_pct']) AS target FROM ({leads})"
    _put(lake, FORECAST_HOURLY, hourly, targets)
    blocks = {
        "target": "'rain_probability'",
        "issued_at": issued,
        "valid_from": f"{valid} - to_hours(3)",
        "valid_to": valid,
        "lead_hours": "n",
        "probability": "n / 100.0",
        **_CHAMPION,
    }
    _put(lake, FORECAST_RAIN, blocks, f"{leads} WHERE n % 3 = 0")
    day = f"CAST({issued} AS DATE) + n"
    daily = {"issued_at": issued, "valid_on": day, "lead_days": "n", **_QUANTILES, **_CHAMPION}
    days = f"SELECT s AS station_id, n, n AS t, 'max_temperature_c' AS target FROM {_each(stations, 1, 3)}"
    _put(lake, FORECAST_DAILY, daily, days)
    outlook = {
        "issued_at": issued,
        "valid_on": day,
        "comfort_score": "70",
        "comfort_grade": "'fair'",
        "reason_ko": "'추움'",
        "reason_en": "'cold'",
    }
    periods = f"SELECT s AS station_id, n, unnest(['morning', 'evening']) AS period FROM {_each(stations, 0, 2)}"
    _put(lake, FORECAST_OUTLOOK, outlook, periods)


def _readings(lake: Lake, newest: datetime, stations: Sequence[int]) -> None:
    when = f"TIMESTAMPTZ '{newest}' - to_hours(n)"
    hours = f"SELECT s AS station_id, n FROM {_each(stations, 0, 47)}"
    clean = {"observed_at": when, "air_temperature_c": f"hour(({when}) AT TIME ZONE 'UTC')"}
    _put(lake, CLEAN_ASOS_HOURLY, clean, hours)
    first = {"fetched_at": when, "available_at": f"{when} + INTERVAL 10 MINUTE"}
    _put(lake, RAW_ASOS_HOURLY, {"observed_at": when, "source": "'simulator'", **first}, hours)
    # One reading of each station was corrected an hour later.
    later = f"{when} + INTERVAL 1 HOUR"
    corrected = {"observed_at": when, "source": "'simulator'", "fetched_at": later, "available_at": later}
    _put(lake, RAW_ASOS_HOURLY, corrected, f"{hours} WHERE n = 5")


def _scores(lake: Lake, newest: datetime, stations: Sequence[int]) -> None:
    """Every forecast of lead 1 to 3 was 2 too low and persistence 4; of ten readings eight lay within the band."""
    scores = {
        "target": "'air_temperature_c'",
        "issued_at": f"TIMESTAMPTZ '{newest}' - to_hours(n) + INTERVAL 10 MINUTE",
        "valid_at": f"TIMESTAMPTZ '{newest}' - to_hours(n)",
        "lead_hours": "1 + n % 3",
        "p10": "CASE WHEN n < 2 THEN 3 ELSE 1 END",
        "p50": "0",
        "p90": "4",
        "observed": "2",
        "persistence": "6",
        **_CHAMPION,
    }
    _put(lake, VERIFICATION, scores, f"SELECT s AS station_id, n FROM {_each(stations, 0, 9)}")


def _drift(lake: Lake, newest: datetime, stations: Sequence[int]) -> None:
    one = f"SELECT s AS station_id, n FROM {_each(stations, 0, 0)}"
    monday = f"date_trunc('week', TIMESTAMPTZ '{newest}')::DATE"
    drifted = {"week": monday, "element": "'wind_speed_ms'", "drifted": "true", "score": "0.4", "method": "'psi'"}
    _put(lake, DRIFT, drifted, one)
    fault = {"observed_on": f"TIMESTAMPTZ '{newest}'::DATE", "element": "'wind_speed_ms'", "fault": "'stuck'"}
    _put(lake, SENSOR_FAULTS, fault, one)


def _each(stations: Sequence[int], first: int, last: int) -> str:
    return (
        f"(SELECT unnest({list(stations)}) AS s) CROSS JOIN (SELECT unnest(range({first}, {last + 1}))::INTEGER AS n)"
    )


def _put(lake: Lake, table: TableContract, given: Mapping[str, str], rows: str) -> None:
    """Append rows with the given columns, the other ones null, but for those that `rows` has itself."""
    own = {"station_id", "target", "period"} - given.keys()
    columns = [f"{given.get(name) or (name if name in own else 'NULL')} AS {name}" for name in table.column_names]
    lake.append(table, f"SELECT {', '.join(columns)} FROM ({rows})")
