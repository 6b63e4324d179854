"""The thermometer against what is expected of it: the surprise of an hour, and the level of a day.

What is expected is learnt anew for each month from the two years before it, of the station itself. The newest two weeks
before the month are left out: a fault may just have begun.
"""

from collections.abc import Iterator, Sequence
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
_SURPRISE_PENALTY, _LEVEL_PENALTY = 1e-5, 1e-3
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


def against_expected(station: StationHours, nearby_c: Sequence[Floats], places: Places) -> Expected:
    """Judge the hours at `places` by the station's own instruments and the air at stations nearby, (N,) each."""
    readings = Instruments(station)
    surprise, scale, level = (np.full(len(station.hours), np.nan) for _ in range(3))
    daily = day_means(readings.temperature_c)
    for here, past in _months(station, places):
        surprise[here], scale[here] = _surprises(readings, here, past[station.hours[past] % EVERY_H == 0])
        rows = past[station.hours[past] % EVERY_LEVEL_H == 0]
        relation = _level_relation(readings, nearby_c, daily, rows)
        if relation is not None:
            level[here] = daily[here] - relation.of(day_level(readings, nearby_c, here))
    return Expected(surprise, scale, level)


def _months(station: StationHours, places: Places) -> Iterator[tuple[Places, Places]]:
    """The places of each KST month, and those of the past that the month is judged by."""
    month_of = (station.hours[places] + STAMP_OFFSET_H).astype("datetime64[h]").astype("datetime64[M]")
    for month in np.unique(month_of):
        began = int(month.astype("datetime64[h]").astype(np.int64)) - STAMP_OFFSET_H - station.first_hour
        end = began - UNSETTLED_DAYS * 24
        yield places[month_of == month], np.arange(max(end - FIT_DAYS * 24, 0), max(end, 0))


def _surprises(readings: Instruments, here: Places, past: Places) -> tuple[Floats, Floats]:
    unknown = np.full(len(here), np.nan)
    least = LEAST_FIT_DAYS * 24 // EVERY_H
    predictors = hour_ahead(readings, past)
    relation = fitted(predictors, readings.temperature_c[past], _SURPRISE_PENALTY, least)
    if relation is None:
        return unknown, unknown
    errors = np.abs(readings.temperature_c[past] - relation.of(predictors))
    weather = unsteadiness(readings, past)
    spread = fitted(weather, np.log(errors + _FLOOR_C), _LEVEL_PENALTY, least)
    if spread is None:
        return unknown, unknown
    factor = _NORMAL * float(np.nanmedian(errors / np.exp(spread.of(weather))))
    scale = factor * np.exp(spread.of(unsteadiness(readings, here)))
    surprise = readings.temperature_c[here] - relation.of(hour_ahead(readings, here))
    return surprise, np.maximum(scale, _LEAST_SCALE_C)


def _level_relation(readings: Instruments, nearby_c: Sequence[Floats], daily: Floats, past: Places) -> Relation | None:
    if not np.isfinite(readings.ground_c[past]).any():
        return None
    least = LEAST_FIT_DAYS * 24 // EVERY_LEVEL_H
    return fitted(day_level(readings, nearby_c, past), daily[past], _LEVEL_PENALTY, least)
