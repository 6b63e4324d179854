"""Daily values without their season, effectively independent: this half-year's and those of the reference years.

Hourly values are not independent and differ every week from those of another season: a test on them alarms all year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.clock import DAY, kst_midnight
from weather_assets.elements import Flag
from weather_assets.forecasting.hours import Floats
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY

WINDOW_DAYS = 182
STEP_DAYS = 4
"""Daily anomalies of Seoul four days apart correlate by 0.1 (temperature) and less."""
REFERENCE_YEARS, LEAST_YEARS = 10, 3
LEAST_SHARE = 0.8
"""A season counts where at least this share of its days is known."""
_HARMONICS = 2
_DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True)
class DriftElement:
    """An element that is watched, and the hours of a day that must be known; radiation is blank at night."""

    name: str
    least_hours: int
    blank_is_zero: bool = False


ELEMENTS = (
    DriftElement("air_temperature_c", 18),
    DriftElement("relative_humidity_pct", 18),
    DriftElement("station_pressure_hpa", 18),
    DriftElement("wind_speed_ms", 18),
    DriftElement("solar_radiation_mj_m2", 8, blank_is_zero=True),
    DriftElement("cloud_cover_tenths", 8),
)
"""What the models learn from, an element per sensor; the others follow from these or are reported too seldom."""


@dataclass(frozen=True)
class Samples:
    """Anomalies of one station, a column per element that can be judged: now, and in the reference years."""

    current: pd.DataFrame
    reference: pd.DataFrame


def daily_sql(station_ids: Sequence[int], first: date, last: date) -> str:
    """Query for station_id, day and the daily mean of each element over the KST days first..last (flag ok only)."""
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, kst_midnight(first), kst_midnight(last + DAY))
    means = ", ".join(_mean_sql(element) for element in ELEMENTS)
    return (
        f"SELECT station_id, CAST(observed_at AS DATE) AS day, {means} "
        f"FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {condition} GROUP BY ALL ORDER BY ALL"
    )


def _mean_sql(element: DriftElement) -> str:
    known = f"{element.name}_flag = '{Flag.OK}'"
    total = f"sum({element.name}) FILTER ({known})"
    count = f"count(*) FILTER ({known})"
    hours = "24" if element.blank_is_zero else count
    return f"CASE WHEN {count} >= {element.least_hours} THEN {total} / {hours} END AS {element.name}"


def first_day_needed(week: date) -> date:
    """First day of the daily values that `samples` looks at for a week."""
    return week - timedelta(days=round(REFERENCE_YEARS * _DAYS_PER_YEAR) + WINDOW_DAYS)


def samples(daily: pd.DataFrame, week: date) -> Samples:
    """Compare the WINDOW_DAYS days that end with the week beginning on Monday `week` with those of the years before.

    `daily` has a row per day (index: DatetimeIndex without gaps or with) and a column per element. An element with too
    few known days now, or too few reference years, is left out. The season is fitted to the days before the window.
    """
    end = pd.Timestamp(week) + pd.Timedelta(days=6)
    days = pd.date_range(pd.Timestamp(first_day_needed(week)), end, freq="D")
    values = daily.reindex(days)
    ages = -(days - end).days.to_numpy()
    season = _season_terms(days)
    current: dict[str, Floats] = {}
    reference: dict[str, Floats] = {}
    for element in ELEMENTS:
        series = values[element.name].to_numpy(dtype=np.float64)
        anomalies = series - season @ _fitted(season, series, ages >= WINDOW_DAYS)
        now = _known(anomalies, _window(days, end))
        past = [_known(anomalies, _window(days, end - pd.DateOffset(years=n))) for n in range(1, REFERENCE_YEARS + 1)]
        whole = [one for one in past if one.size]
        if now.size and len(whole) >= LEAST_YEARS:
            current[element.name], reference[element.name] = now, np.concatenate(whole)
    return Samples(_table(current), _table(reference))


def _window(days: pd.DatetimeIndex, end: pd.Timestamp) -> NDArray[np.int64]:
    """Places of every STEP_DAYS-th day of the window that ends with a day."""
    ages = -(days - end).days.to_numpy()
    return np.flatnonzero((ages >= 0) & (ages < WINDOW_DAYS) & (ages % STEP_DAYS == 0))


def _known(anomalies: Floats, places: NDArray[np.int64]) -> Floats:
    """The known anomalies at these places; none where too few are known."""
    chosen = anomalies[places]
    known = chosen[np.isfinite(chosen)]
    return known if len(known) >= LEAST_SHARE * WINDOW_DAYS / STEP_DAYS else known[:0]


def _season_terms(days: pd.DatetimeIndex) -> Floats:
    angle = 2 * np.pi * days.dayofyear.to_numpy() / _DAYS_PER_YEAR
    waves = [wave(order * angle) for order in range(1, _HARMONICS + 1) for wave in (np.sin, np.cos)]
    return np.stack([np.ones_like(angle), *waves], axis=1)


def _fitted(season: Floats, values: Floats, used: NDArray[np.bool_]) -> Floats:
    known = used & np.isfinite(values)
    coefficients, *_ = np.linalg.lstsq(season[known], values[known], rcond=None)
    return np.asarray(coefficients)


def _table(columns: dict[str, Floats]) -> pd.DataFrame:
    """Columns of unequal length side by side, NaN below the shorter ones."""
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
