"""A station clock that is an hour off: the radiation of three days fits the sun of another hour better than its own.

On each of three days the logarithm of radiation over what the sun sends above the air is nearly constant, also under
clouds, if the hours are right; an hour off, dawn and dusk stick out.
"""

from collections.abc import Iterator

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import NONE, Booleans, StationHours
from weather_assets.monitoring.faults.signal import Fault, Signal
from weather_assets.monitoring.faults.sun import extraterrestrial_mj_m2
from weather_assets.stations import station as station_of

ELEMENT = "solar_radiation_mj_m2"
DAY_H, DAYS = 24, 3
WINDOW_H = DAY_H * DAYS
MARGIN = 0.4
"""By how much (in logarithms) the misfit must be smaller an hour off: in Seoul 2010-2017 once."""
SHIFTS_H = (-1, 1)
_FLOOR_MJ_M2, _LIGHT_MJ_M2, _BRIGHT_MJ_M2 = 0.01, 0.03, 0.5


def clock_shift(station: StationHours) -> Iterator[Signal]:
    """One signal for a station with a known place whose radiation is measured; none for others."""
    place = station_of(station.station_id)
    received = station[ELEMENT]
    if place.latitude_deg is None or place.longitude_deg is None or not np.isfinite(received).any():
        return
    silent = np.asarray(np.isnan(np.stack(list(station.values.values()))).all(axis=0))
    misfits = {}
    for shift in (0, *SHIFTS_H):
        sun = extraterrestrial_mj_m2(station.hours - shift, place.latitude_deg, place.longitude_deg)
        misfits[shift] = _misfit(received, sun, silent)
    gains = np.stack([np.log(misfits[0]) - np.log(misfits[shift]) for shift in SHIFTS_H])
    best = np.array(SHIFTS_H)[gains.argmax(axis=0)]
    began = np.where(gains.max(axis=0) > MARGIN, np.maximum(np.arange(len(received)) - WINDOW_H + 1, 0), NONE)
    words = "the radiation of three days fits the sun {:+d} h from its stamps"
    yield Signal(ELEMENT, Fault.CLOCK, began, lambda at: words.format(-int(best[at])))


def _misfit(received: Floats, sun: Floats, silent: Booleans) -> Floats:
    """Return (N,) the squared deviations from each day's mean of log(radiation / sun), over DAYS days up to each hour.

    NaN over time that is too short. At night radiation is blank; a blank while the sun is high is not a zero.
    """
    radiation = np.nan_to_num(received)
    unknown = silent | (np.isnan(received) & (sun > _BRIGHT_MJ_M2))
    counts = ((radiation + sun > _LIGHT_MJ_M2) & ~unknown).astype(np.float64)
    ratio = np.log((radiation + _FLOOR_MJ_M2) / (sun + _FLOOR_MJ_M2)) * counts
    total, squares, number = (_day_sums(values) for values in (ratio, ratio**2, counts))
    of_day = squares - total**2 / np.maximum(number, 1)
    misfit = np.full(len(received), np.nan)
    days = range(DAYS)
    first = WINDOW_H - 1
    misfit[first:] = sum(of_day[first - DAY_H * day : len(of_day) - DAY_H * day] for day in days) + _FLOOR_MJ_M2
    return misfit


def _day_sums(values: Floats) -> Floats:
    """Return (N,) the sum over the last DAY_H hours up to each; NaN before there are as many."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.concatenate([np.full(DAY_H - 1, np.nan), sums[DAY_H:] - sums[:-DAY_H]])
