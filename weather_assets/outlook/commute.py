"""Comfort of the morning and the evening commute, carried through the uncertainty of the forecast.

What is assumed of the joint distribution: the hours of a period err together; air that is warmer than expected is
drier (temperature at level u meets humidity at level 1 - u); whether it rains and how dusty it is are independent of
that. Wind is not forecast: it is the mean of the last days at the same hours.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from weather_assets.outlook.comfort import PARTS, comfort_grade, comfort_score, lost_points
from weather_assets.outlook.feels_like import FloatArray, discomfort_index, feels_like_c

PERIODS = {"morning": (7, 8, 9), "evening": (18, 19, 20)}
"""KST hours of each period."""

DUST_LEVELS = ("p10", "p25", "p50", "p75", "p90")
_DUST_WEIGHTS = np.array([0.175, 0.2, 0.25, 0.2, 0.175])
"""How much of the probability each quantile stands for: halfway to its neighbours, the outer ones for the tails."""

LOW, HIGH = 0.1, 0.9
_MIDDLE = 9
"""Place of the median among the 19 levels 0.05, 0.10 .. 0.95."""


@dataclass(frozen=True, slots=True)
class Scenarios:
    """What N periods may bring: arrays of (N, hours, 19) for the air, (N,) for wind, rain and month, (N, 5) for dust.

    Air temperature ascends along the levels and humidity descends. NaN: not known.
    """

    air_temperature_c: FloatArray
    relative_humidity_pct: FloatArray
    wind_speed_ms: FloatArray
    rain_probability: FloatArray
    mean_pm10_ugm3: FloatArray
    month: FloatArray


def comfort_of(scenarios: Scenarios) -> pd.DataFrame:
    """Comfort of each period, one row per period, in the columns and units of forecast.outlook.

    comfort_score is the mean over all cases, comfort_low and comfort_high bound 80 % of them, lost_<part> are mean
    points; the air's columns are those of the median case. Where a little rain is all the risk, the mean lies below
    the 80 %; they are widened to hold it.
    """
    shape = (-1, 1, 1)
    felt = feels_like_c(
        scenarios.air_temperature_c,
        scenarios.relative_humidity_pct,
        # An unknown wind is taken as calm: the air then feels as it is.
        np.nan_to_num(scenarios.wind_speed_ms).reshape(shape),
        scenarios.month.reshape(shape),
    ).mean(axis=1)
    temperature, humidity = scenarios.air_temperature_c.mean(axis=1), scenarios.relative_humidity_pct.mean(axis=1)
    lost, weights = _every_case(felt, temperature, humidity, scenarios)
    score = comfort_score(lost)
    low, mean, high = (
        weighted_quantile(score, weights, LOW),
        _mean(score, weights),
        weighted_quantile(score, weights, HIGH),
    )
    frame = pd.DataFrame(
        {
            "comfort_score": mean,
            "comfort_low": np.minimum(low, mean),
            "comfort_high": np.maximum(high, mean),
            "comfort_grade": [comfort_grade(value) for value in mean],
            "feels_like_c": felt[:, _MIDDLE],
            "feels_like_low_c": _level(felt, LOW),
            "feels_like_high_c": _level(felt, HIGH),
            "air_temperature_c": temperature[:, _MIDDLE],
            "relative_humidity_pct": humidity[:, _MIDDLE],
            "discomfort_index": discomfort_index(temperature[:, _MIDDLE], humidity[:, _MIDDLE]),
        }
    )
    for part in PARTS:
        frame[f"lost_{part}"] = _mean(np.broadcast_to(lost[part], score.shape), weights)
    return frame


def _every_case(
    felt: FloatArray, temperature: FloatArray, humidity: FloatArray, scenarios: Scenarios
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Lost points of every case, (N, 19 levels, dry or wet, 5 dust levels), and the probability of each case."""
    rain = np.nan_to_num(scenarios.rain_probability)
    lost = lost_points(
        feels_like_c=felt[:, :, None, None],
        air_temperature_c=temperature[:, :, None, None],
        relative_humidity_pct=humidity[:, :, None, None],
        wind_speed_ms=scenarios.wind_speed_ms[:, None, None, None],
        rain_probability=np.array([0.0, 1.0])[None, None, :, None],
        mean_pm10_ugm3=scenarios.mean_pm10_ugm3[:, None, None, :],
    )
    wet = np.stack([1.0 - rain, rain], axis=1)[:, None, :, None]
    levels = felt.shape[1]
    weights = np.broadcast_to(wet * _DUST_WEIGHTS / levels, (len(felt), levels, 2, len(_DUST_WEIGHTS)))
    return dict(lost), weights


def weighted_quantile(values: FloatArray, weights: FloatArray, level: float) -> FloatArray:
    """The smallest value of each row up to which at least `level` of the row's weight lies; (N, ...) -> (N,)."""
    flat, mass = values.reshape(len(values), -1), weights.reshape(len(weights), -1)
    order = np.argsort(flat, axis=1, kind="stable")
    ordered, share = np.take_along_axis(flat, order, 1), np.cumsum(np.take_along_axis(mass, order, 1), axis=1)
    # Sums of weights miss their round value by some 1e-16.
    place = (share < (level - 1e-9) * share[:, -1:]).sum(axis=1)
    return np.take_along_axis(ordered, place[:, None], 1)[:, 0]


def _mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray((values * weights).reshape(len(values), -1).sum(axis=1))


def _level(felt: FloatArray, level: float) -> FloatArray:
    """Feels-like temperature at a level; hot dry air may feel as humid air does, so the cases are sorted first."""
    return np.asarray(np.quantile(felt, level, axis=1, method="inverted_cdf"))
