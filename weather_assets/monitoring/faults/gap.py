"""A sensor that has fallen silent while its station still reports, or a station that came back."""

from collections.abc import Callable, Iterator

import numpy as np

from weather_assets.monitoring.faults.series import NONE, Places, StationHours, run_lengths
from weather_assets.monitoring.faults.signal import Fault, Signal

SILENT_AFTER_H = 3
"""Seoul's temperature was missing for 7 of 105,191 hours in 12 years."""

ELEMENTS = (
    "air_temperature_c",
    "relative_humidity_pct",
    "station_pressure_hpa",
    "wind_speed_ms",
    "ground_temperature_c",
)
"""One per sensor that reports every hour; radiation is blank at night, clouds and rain are blank by custom."""


def gaps(station: StationHours) -> Iterator[Signal]:
    """One signal per sensor that has reported before in the hours given."""
    for element in ELEMENTS:
        missing = np.isnan(station[element])
        lengths = run_lengths(missing)
        has_reported = np.logical_or.accumulate(~missing)
        long = (lengths >= SILENT_AFTER_H) & has_reported
        began = np.where(long, np.arange(len(missing)) - lengths + 1, NONE)
        yield Signal(element, Fault.GAP, began, _words(lengths))


def _words(lengths: Places) -> Callable[[int], str]:
    return lambda place: f"silent for {lengths[place]} hours"
