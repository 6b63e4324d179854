"""Commute comfort, 0 to 100: 100 less the points that each discomfort costs. One rule per part, all monotone.

There is no validated standard for it. The scale is ours, made to be read: air that feels like 15 to 24 °C, neither damp
nor parched, with little wind, no rain and clean air scores 100; each part takes points away on straight lines.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from weather_assets.outlook.feels_like import FloatArray

PARTS = ("temperature", "humidity", "wind", "rain", "dust")
BEST, WORST = 100.0, 0.0

# Each rule is a broken line: at which value how many points are lost; beyond its ends it stays level.
FEELS_LIKE_C, FEELS_LIKE_LOSS = (-13.0, 15.0, 24.0, 38.0), (70.0, 0.0, 0.0, 70.0)
HUMIDITY_PCT, HUMIDITY_LOSS = (15.0, 35.0, 75.0, 95.0), (10.0, 0.0, 0.0, 10.0)
WIND_MS, WIND_LOSS = (3.0, 13.0), (0.0, 20.0)
PM10_UGM3, PM10_LOSS = (30.0, 80.0, 150.0, 300.0), (0.0, 10.0, 30.0, 40.0)
RAIN_LOSS, SNOW_LOSS = 30.0, 40.0
SNOW_UP_TO_C = 1.0
"""Precipitation at or below this air temperature is taken for snow or ice on the ground."""

GRADE_LIMITS = (40.0, 60.0, 80.0)
GRADES = ("bad", "poor", "fair", "good")


def lost_points(
    *,
    feels_like_c: ArrayLike,
    air_temperature_c: ArrayLike,
    relative_humidity_pct: ArrayLike,
    wind_speed_ms: ArrayLike,
    rain_probability: ArrayLike,
    mean_pm10_ugm3: ArrayLike,
) -> Mapping[str, FloatArray]:
    """Points lost by each of PARTS, never negative; arguments are numbers or arrays that broadcast together.

    `rain_probability` lies in 0..1 and costs in proportion. What is not known (NaN) costs nothing.
    """
    wet_loss = np.where(np.asarray(air_temperature_c) <= SNOW_UP_TO_C, SNOW_LOSS, RAIN_LOSS)
    lost = {
        "temperature": _on_line(feels_like_c, FEELS_LIKE_C, FEELS_LIKE_LOSS),
        "humidity": _on_line(relative_humidity_pct, HUMIDITY_PCT, HUMIDITY_LOSS),
        "wind": _on_line(wind_speed_ms, WIND_MS, WIND_LOSS),
        "rain": wet_loss * np.asarray(rain_probability, dtype=np.float64),
        "dust": _on_line(mean_pm10_ugm3, PM10_UGM3, PM10_LOSS),
    }
    return {part: np.nan_to_num(points, nan=0.0) for part, points in lost.items()}


def comfort_score(lost: Mapping[str, FloatArray]) -> FloatArray:
    """The score that is left of 100, not below 0; broadcasts the parts together."""
    total = sum((lost[part] for part in PARTS), np.zeros(()))
    return np.clip(BEST - total, WORST, BEST)


def comfort_grade(score: float) -> str:
    """Grade of a score: bad < 40 <= poor < 60 <= fair < 80 <= good."""
    return GRADES[int(np.searchsorted(GRADE_LIMITS, score, side="right"))]


def _on_line(values: ArrayLike, at: Sequence[float], lost: Sequence[float]) -> FloatArray:
    return np.asarray(np.interp(np.asarray(values, dtype=np.float64), at, lost))
