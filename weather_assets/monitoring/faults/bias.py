"""A sensor that reads too high or too low by a constant: against the other elements of its station.

KMA derives dew point and vapour pressure from temperature and humidity. Where the columns contradict each other by a
constant, one of them was altered on its way here. A sensor whose error is carried into all of them contradicts none:
that one shows against neighbours (neighbours.py) and against what shares no error with it (step.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.humid_air import saturated_at_c, saturation_pressure_hpa, temperature_c
from weather_assets.monitoring.faults.series import NONE, Booleans, Places, StationHours
from weather_assets.monitoring.faults.signal import Fault, Signal

WINDOW_H = 6
LEAST_HOURS = 4
OFFSET_C = 0.4
"""Median over WINDOW_H hours of the temperature minus what dew point and humidity imply; in Seoul 2010-2017 it never
left -0.13 .. 0.13 °C."""
DEW_POINT_OFF_C = 1.5
"""Beyond this the vapour pressure contradicts the dew point, which then is the culprit (given to 0.1 hPa: 1.2 °C)."""

TEMPERATURE, HUMIDITY, DEW_POINT = "air_temperature_c", "relative_humidity_pct", "dew_point_c"


@dataclass(frozen=True)
class _Offsets:
    """What each element reads over what the others make of it, (N,) in its own unit."""

    temperature_c: Floats
    humidity_pct: Floats
    dew_point_c: Floats


def contradictions(station: StationHours) -> Iterator[Signal]:
    """One signal per element: the constant offset is told of the element that explains it best."""
    offsets = _offsets(station)
    off = _median(offsets.temperature_c)
    seen = np.abs(off) > OFFSET_C
    dew_point_is_off = np.abs(_median(offsets.dew_point_c)) > DEW_POINT_OFF_C
    steady_temperature = _unsteadiness(offsets.temperature_c) <= _unsteadiness(offsets.humidity_pct)
    yield _signal(DEW_POINT, seen & dew_point_is_off, _median(offsets.dew_point_c), "°C")
    yield _signal(TEMPERATURE, seen & ~dew_point_is_off & steady_temperature, off, "°C")
    humidity_off = _median(offsets.humidity_pct)
    yield _signal(HUMIDITY, seen & ~dew_point_is_off & ~steady_temperature, humidity_off, "percentage points")


def _offsets(station: StationHours) -> _Offsets:
    vapor = saturation_pressure_hpa(station[DEW_POINT])
    return _Offsets(
        temperature_c=station[TEMPERATURE] - temperature_c(vapor, station[HUMIDITY]),
        humidity_pct=station[HUMIDITY] - 100 * vapor / saturation_pressure_hpa(station[TEMPERATURE]),
        dew_point_c=station[DEW_POINT] - saturated_at_c(station["vapor_pressure_hpa"]),
    )


def _windows(values: Floats) -> Floats:
    """The last WINDOW_H values (N, WINDOW_H) up to each hour; all NaN where fewer than LEAST_HOURS are known."""
    padded = np.concatenate([np.full(WINDOW_H - 1, np.nan), values])
    windows = sliding_window_view(padded, WINDOW_H)
    enough = np.isfinite(windows).sum(axis=1, keepdims=True) >= LEAST_HOURS
    return np.where(enough, windows, np.nan)


def _median(values: Floats) -> Floats:
    ordered = np.sort(_windows(values), axis=1)  # NaN last
    known = np.isfinite(ordered).sum(axis=1)
    here = np.arange(len(values))
    return np.asarray((ordered[here, np.maximum(known - 1, 0) // 2] + ordered[here, known // 2 % WINDOW_H]) / 2)


def _unsteadiness(values: Floats) -> Floats:
    """Spread over mean in the window: a constant offset has little of it."""
    windows = _windows(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(windows.std(axis=1) / np.abs(windows.mean(axis=1)))


def _signal(element: str, seen: Booleans, offset: Floats, unit: str) -> Signal:
    began: Places = np.where(seen, np.maximum(np.arange(len(seen)) - LEAST_HOURS + 1, 0), NONE)
    return Signal(
        element,
        Fault.BIAS,
        began,
        lambda place: f"{offset[place]:+.1f} {unit} against what the other elements of the station imply",
    )
