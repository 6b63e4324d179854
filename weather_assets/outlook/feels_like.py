"""Feels-like temperature and discomfort index, as the Korea Meteorological Administration (KMA) defines them.

All functions take numbers or arrays that broadcast together, and give NaN where an input is NaN.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

SUMMER_MONTHS = (5, 6, 7, 8, 9)
WIND_CHILL_BELOW_C, WIND_CHILL_FROM_MS = 10.0, 1.3
_KMH_PER_MS = 3.6


def wet_bulb_c(air_temperature_c: ArrayLike, relative_humidity_pct: ArrayLike) -> FloatArray:
    """Wet-bulb temperature in °C at sea-level pressure (Stull 2011, fitted for 5-99 % and -20..50 °C)."""
    t, rh = _float(air_temperature_c), _float(relative_humidity_pct)
    return (
        t * np.arctan(0.151977 * np.sqrt(rh + 8.313659))
        + np.arctan(t + rh)
        - np.arctan(rh - 1.67633)
        + 0.00391838 * rh**1.5 * np.arctan(0.023101 * rh)
        - 4.686035
    )


def summer_feels_like_c(air_temperature_c: ArrayLike, relative_humidity_pct: ArrayLike) -> FloatArray:
    """KMA's feels-like temperature of May to September in °C: heat and humidity (constant +3.0)."""
    t, wet = _float(air_temperature_c), wet_bulb_c(air_temperature_c, relative_humidity_pct)
    return -0.2442 + 0.55399 * wet + 0.45535 * t - 0.0022 * wet**2 + 0.00278 * wet * t + 3.0


def winter_feels_like_c(air_temperature_c: ArrayLike, wind_speed_ms: ArrayLike) -> FloatArray:
    """KMA's feels-like temperature of October to April in °C: wind chill, up to 10 °C and from 1.3 m/s on.

    Warmer or calmer air feels as it is.
    """
    t, wind = _float(air_temperature_c), _float(wind_speed_ms)
    factor = (_KMH_PER_MS * np.maximum(wind, 0.0)) ** 0.16
    chilled = 13.12 + 0.6215 * t - 11.37 * factor + 0.3965 * t * factor
    is_chilling = (t <= WIND_CHILL_BELOW_C) & (wind >= WIND_CHILL_FROM_MS)
    return np.where(is_chilling, chilled, t + 0.0 * wind)


def feels_like_c(
    air_temperature_c: ArrayLike, relative_humidity_pct: ArrayLike, wind_speed_ms: ArrayLike, month: ArrayLike
) -> FloatArray:
    """KMA's feels-like temperature in °C, by the formula of the month (1 to 12)."""
    summer = summer_feels_like_c(air_temperature_c, relative_humidity_pct)
    winter = winter_feels_like_c(air_temperature_c, wind_speed_ms)
    return np.where(np.isin(month, SUMMER_MONTHS), summer, winter)


def discomfort_index(air_temperature_c: ArrayLike, relative_humidity_pct: ArrayLike) -> FloatArray:
    """KMA's discomfort index 0.72 (T + Tw) + 40.6: low < 68 <= moderate < 75 <= high < 80 <= very high."""
    wet = wet_bulb_c(air_temperature_c, relative_humidity_pct)
    return 0.72 * (_float(air_temperature_c) + wet) + 40.6


DISCOMFORT_LIMITS = (68.0, 75.0, 80.0)
DISCOMFORT_GRADES = ("low", "moderate", "high", "very_high")


def discomfort_grade(index: float) -> str:
    """Grade of a discomfort index: low, moderate, high or very_high."""
    return DISCOMFORT_GRADES[int(np.searchsorted(DISCOMFORT_LIMITS, index, side="right"))]


def _float(values: ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
