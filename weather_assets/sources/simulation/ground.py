"""Snow, and the temperatures of the ground and the soil: what remembers the past days, by finite windows only.

An hour depends on the window before it, so arrays must begin MEMORY_H before the first hour wanted.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.sources.simulation.sky import Sky

MEMORY_H = 400
"""At least as long as anything here looks back."""

_SNOW_MEMORY_H = 360
_SOIL_MEMORY_H = {"m005_te": 5.0, "m01_te": 5.0, "m02_te": 10.0, "m03_te": 10.0}
"""By code of the sensor (5, 10, 20, 30 cm), how slowly it follows what lies above it, the first one the ground. About
0.6, 0.37, 0.13 and 0.05 of the day's amplitude are left, as a damping depth of 10 cm leaves them."""

_FROST_PASSED_ON = 0.65
_MEMORIES_KEPT = 5
_MICROMETRES_PER_CM = 10_000


@dataclass(frozen=True, slots=True)
class Surface:
    """State of the ground; soil temperatures in C by code of the sensor, snow in cm."""

    ground_c: FloatArray
    soil_c: dict[str, FloatArray]
    fresh_snow_cm: FloatArray
    snow_depth_cm: FloatArray


def surface(temperature_c: FloatArray, sun_mj_m2: FloatArray, clouds: Sky) -> Surface:
    """What air, sun and sky make of the ground."""
    ground_c = _ground_c(temperature_c, sun_mj_m2, clouds)
    fresh_snow_cm = _fresh_snow_cm(clouds.rain_mm, temperature_c)
    return Surface(
        ground_c=ground_c,
        soil_c=_soil_c(ground_c),
        fresh_snow_cm=fresh_snow_cm,
        snow_depth_cm=_snow_depth_cm(fresh_snow_cm, temperature_c, sun_mj_m2),
    )


def trailing_sum(values: FloatArray, hours: int) -> FloatArray:
    """Sum over the hour and the hours before it; the first hours see zeros before the start."""
    total = values.copy()
    for lag in range(1, hours):
        total[lag:] += values[:-lag]
    return total


def trailing_mean(values: FloatArray, memory_h: float) -> FloatArray:
    """Mean of the past five memories, weighted exp(-age / memory): damped and late."""
    total, weights = np.zeros_like(values), 0.0
    for age_h in range(round(_MEMORIES_KEPT * memory_h)):
        weight = float(np.exp(-age_h / memory_h))
        total[age_h:] += weight * values[: len(values) - age_h]
        weights += weight
    return total / weights


def _ground_c(temperature_c: FloatArray, sun_mj_m2: FloatArray, clouds: Sky) -> FloatArray:
    """Bare ground: hotter than the air in the sun, colder under a clear night sky, nearly the same in rain."""
    balance_c = 6.5 * sun_mj_m2 - 1.8 * (1.0 - clouds.cloud_share)
    return temperature_c + balance_c * (1.0 - 0.8 * np.tanh(clouds.rain_mm))


def _soil_c(ground_c: FloatArray) -> dict[str, FloatArray]:
    """Each depth follows the one above; freezing water gives off heat and holds frost up."""
    soil_c: dict[str, FloatArray] = {}
    above_c = ground_c
    for code, memory_h in _SOIL_MEMORY_H.items():
        followed_c = trailing_mean(above_c, memory_h)
        above_c = soil_c[code] = np.maximum(followed_c, _FROST_PASSED_ON * followed_c)
    return soil_c


def _fresh_snow_cm(rain_mm: FloatArray, temperature_c: FloatArray) -> FloatArray:
    """Snow of the hour, 0.8 cm per mm of water; snow and rain mix between -0.5 and 1.5 C."""
    return 0.8 * rain_mm * np.clip((1.5 - temperature_c) / 2.0, 0.0, 1.0)


def _snow_depth_cm(fresh_cm: FloatArray, temperature_c: FloatArray, sun_mj_m2: FloatArray) -> FloatArray:
    """Depth of what fell in the last 15 days and neither settled nor melted.

    depth(t) = max(0, depth(t-1) + fall - loss) is the running sum minus its lowest value so far, and here its lowest in
    the window. Whole micrometres keep the sums exact, so they do not depend on where the array begins.
    """
    melt_cm = 0.08 * np.maximum(temperature_c, 0.0) + 0.06 * sun_mj_m2
    balance = np.rint((fresh_cm - 0.04 - melt_cm) * _MICROMETRES_PER_CM).astype(np.int64)
    running = np.concatenate([np.zeros(_SNOW_MEMORY_H, dtype=np.int64), np.cumsum(balance)])
    lowest = np.lib.stride_tricks.sliding_window_view(running, _SNOW_MEMORY_H + 1).min(axis=1)
    depth_cm: FloatArray = (running[_SNOW_MEMORY_H:] - lowest) / _MICROMETRES_PER_CM
    return depth_cm
