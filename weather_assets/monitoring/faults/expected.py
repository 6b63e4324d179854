"""The thermometer against what is expected of it: the surprise of an hour, and the level of a day.

What is expected is learnt anew for each month from the two years before it, of the station itself. The newest two weeks
before the month are left out: a fault may just have begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.instruments import Instruments
from weather_assets.monitoring.faults.predictors import day_level, hour_ahead, unsteadiness
from weather_assets.monitoring.faults.relation import Relation, fitted
from weather_assets.monitoring.faults.series import Places, StationHours, day_means

FIT_DAYS, LEAST_FIT_DAYS, UNSETTLED_DAYS = 730, 330, 14
"""Learnt from so many days, at least from so many, that ended so many before the month."""
EVERY_H, EVERY_LEVEL_H = 5, 7
"""One row in so many hours is learnt from; neither divides a day, so all hours have their turn."""
_HOUR_PENALTY, _LEVEL_PENALTY = 1e-5, 1e-3
_FLOOR_C, _LEAST_SCALE_C = 0.03, 0.15
_NORMAL = 1.4826
"""Standard deviation over median absolute deviation of a normal distribution."""


@dataclass(frozen=True)
class Expected:
    """How far the thermometer is from what is expected of it, (N,) each in °C, NaN where nothing is.

    `surprise_c` is of the hour, given the hours before, and `scale_c` how large it commonly is in such weather.
    `level_c` is of the mean over the 24 hours up to each.
    """

    surprise_c: Floats
    scale_c: Floats
    level_c: Floats


@dataclass(frozen=True)
class Learnt:
    """What a month is judged by: relations of the hour, of its unsteadiness (and `factor`) and of the day."""

    hour: Relation
    unsteadiness: Relation
    factor: float
    level: Relation


def against_expected(station: StationHours, nearby_c: Sequence[Floats], places: Places) -> Expected:
    """Judge the hours at `places` by the station's own instruments and the air at stations nearby, (N,) each."""
    readings = Instruments(station)
    daily = day_means(readings.temperature_c)
    surprise, scale, level = (np.full(len(station.hours), np.nan) for _ in range(3))
    months = (station.hours[places] + STAMP_OFFSET_H).astype("datetime64[h]").astype("datetime64[M]")
    for month in np.unique(months):
        began = int(month.astype("datetime64[h]").astype(np.int64)) - STAMP_OFFSET_H
        learnt = learnt_before(readings, nearby_c, began)
        if learnt is None:
            continue
        here = places[months == month]
        surprise[here] = readings.temperature_c[here] - learnt.hour.of(hour_ahead(readings, here))
        usual = learnt.factor * np.exp(learnt.unsteadiness.of(unsteadiness(readings, here)))
        scale[here] = np.maximum(usual, _LEAST_SCALE_C)
        level[here] = daily[here] - learnt.level.of(day_level(readings, nearby_c, here))
    return Expected(surprise, scale, level)


def learnt_before(readings: Instruments, nearby_c: Sequence[Floats], first_hour: int) -> Learnt | None:
    """Learn what the month that begins at `first_hour` is judged by; None where too little was measured before it."""
    end = max(first_hour - UNSETTLED_DAYS * 24 - readings.station.first_hour, 0)
    past = np.arange(max(end - FIT_DAYS * 24, 0), min(end, len(readings.station.hours)))
    if not np.isfinite(readings.ground_c[past]).any():
        return None
    hour, level = _of_hours(readings, past), _of_days(readings, nearby_c, past)
    return None if hour is None or level is None else Learnt(*hour, level)


def _of_hours(readings: Instruments, past: Places) -> tuple[Relation, Relation, float] | None:
    rows, least = past[readings.station.hours[past] % EVERY_H == 0], LEAST_FIT_DAYS * 24 // EVERY_H
    predictors, temperature = hour_ahead(readings, rows), readings.temperature_c[rows]
    hour = fitted(predictors, temperature, _HOUR_PENALTY, least)
    if hour is None:
        return None
    errors, weather = np.abs(temperature - hour.of(predictors)), unsteadiness(readings, rows)
    spread = fitted(weather, np.log(errors + _FLOOR_C), _LEVEL_PENALTY, least)
    if spread is None:
        return None
    return hour, spread, _NORMAL * float(np.nanmedian(errors / np.exp(spread.of(weather))))


def _of_days(readings: Instruments, nearby_c: Sequence[Floats], past: Places) -> Relation | None:
    rows, least = past[readings.station.hours[past] % EVERY_LEVEL_H == 0], LEAST_FIT_DAYS * 24 // EVERY_LEVEL_H
    daily = day_means(readings.temperature_c)[rows]
    return fitted(day_level(readings, nearby_c, rows), daily, _LEVEL_PENALTY, least)
