"""Zeros that stand for "nothing measured": where zero is impossible, or where the other elements contradict it."""

from collections.abc import Iterator

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.humid_air import saturated_at_c, temperature_c
from weather_assets.monitoring.faults.series import NONE, Booleans, StationHours
from weather_assets.monitoring.faults.signal import Fault, Signal

NEVER_ZERO = ("relative_humidity_pct", "vapor_pressure_hpa", "station_pressure_hpa", "sea_level_pressure_hpa")

CONTRADICTED_C = 3.0
"""A temperature of exactly 0 this far from what vapour pressure and humidity imply; the largest true gap of Seoul
2010-2017 is 1.3 °C (vapour pressure is given to 0.1 hPa)."""


def zero_coded(station: StationHours) -> Iterator[Signal]:
    """One signal per element that can tell."""
    for element in NEVER_ZERO:
        yield _signal(element, station[element] == 0, "0 is no value that this element can have")
    vapor = station["vapor_pressure_hpa"]
    implied = {
        "air_temperature_c": temperature_c(vapor, station["relative_humidity_pct"]),
        "dew_point_c": saturated_at_c(vapor),
    }
    for element, values in implied.items():
        yield _signal(element, _contradicted(station[element], values), "0.0 although the humidity says otherwise")


def _contradicted(received: Floats, implied: Floats) -> Booleans:
    return np.asarray((received == 0) & (np.abs(implied) > CONTRADICTED_C))


def _signal(element: str, hours: Booleans, words: str) -> Signal:
    return Signal(element, Fault.ZERO_CODED, np.where(hours, np.arange(len(hours)), NONE), lambda _: words)
