"""Values in another unit: a jump between units that no weather makes, or a value that is possible only in another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from weather_assets.elements import BY_NAME
from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import NONE, Booleans, Places, StationHours, last_place, place_before
from weather_assets.monitoring.faults.signal import Fault, Signal

FORGOTTEN_AFTER_H = 12
"""After a silence as long as this nothing is known of the unit before."""


@dataclass(frozen=True)
class Unit:
    """A unit that is not ours: received = factor * ours + offset."""

    name: str
    factor: float
    offset: float = 0.0

    def encoded(self, ours: Floats) -> Floats:
        """Our values as they would be received."""
        return self.factor * ours + self.offset

    def decoded(self, received: Floats) -> Floats:
        """Received values in our unit."""
        return (received - self.offset) / self.factor


_TEMPERATURE = (Unit("degrees Fahrenheit", 1.8, 32.0), Unit("kelvin", 1.0, 273.15))
_PRESSURE = (Unit("pascal", 100.0), Unit("kilopascal", 0.1), Unit("millimetres of mercury", 0.750062))
UNITS: Mapping[str, tuple[Unit, ...]] = MappingProxyType(
    {
        "air_temperature_c": _TEMPERATURE,
        "station_pressure_hpa": _PRESSURE,
        "sea_level_pressure_hpa": _PRESSURE,
    }
)
# More than any hour in Seoul 2010-2017 changed: 7.2 °C and 4.1 hPa.
ORDINARY_STEP: Mapping[str, float] = MappingProxyType(
    {"air_temperature_c": 9.0, "station_pressure_hpa": 12.0, "sea_level_pressure_hpa": 12.0}
)


def wrong_units(station: StationHours) -> Iterator[Signal]:
    """One signal per element and unit."""
    for element, units in UNITS.items():
        for unit in units:
            began = _began(station[element], element, unit)
            yield Signal(element, Fault.UNIT, began, _words(unit))


def _words(unit: Unit) -> Callable[[int], str]:
    return lambda _: f"the values look like {unit.name}"


def _began(received: Floats, element: str, unit: Unit) -> Places:
    known = np.isfinite(received)
    here = np.arange(len(received))
    before = place_before(known)
    silence = here - before > FORGOTTEN_AFTER_H
    previous = np.where(silence | (before == NONE), np.nan, received[before])
    step = ORDINARY_STEP[element]
    jumps = np.abs(received - previous) > step
    enters = jumps & _is_near(received, unit.encoded(previous), step * unit.factor)
    leaves = jumps & _is_near(unit.encoded(received), previous, step * unit.factor)
    entered, left = last_place(enters), last_place(leaves | (known & silence))
    inside = entered > left
    impossible = _is_impossible(received, element) & ~_is_impossible(unit.decoded(received), element)
    return np.where(known & inside, entered, np.where(impossible, here, NONE))


def _is_near(one: Floats, other: Floats, distance: float) -> Booleans:
    return np.asarray(np.abs(one - other) <= distance)


def _is_impossible(values: Floats, element: str) -> Booleans:
    low, high = BY_NAME[element].limits
    return np.asarray((values < low) | (values > high))
