"""A sensor that repeats itself: the same value for longer than the weather ever held it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import NONE, Places, StationHours, run_lengths
from weather_assets.monitoring.faults.signal import Fault, Signal


@dataclass(frozen=True)
class Stillness:
    """Hours of one value after which a sensor counts as stuck: ordinarily, and within `calm`, where weather rests."""

    hours: int
    calm: tuple[float, float] = (np.inf, -np.inf)
    calm_hours: int = 0


# Half as long again as the longest true run in Seoul 2010-2017, in hours: temperature 6, dew point 5, pressures 6,
# humidity 13 below 97 % and 18 above, wind 4 in motion. A true calm lasted 9 h in windy Seoul; valleys rest longer.
LIMITS: Mapping[str, Stillness] = MappingProxyType(
    {
        "air_temperature_c": Stillness(9),
        "dew_point_c": Stillness(9),
        "station_pressure_hpa": Stillness(9),
        "sea_level_pressure_hpa": Stillness(9),
        "relative_humidity_pct": Stillness(18, calm=(97.0, 100.0), calm_hours=30),
        "wind_speed_ms": Stillness(8, calm=(0.0, 0.2), calm_hours=24),
    }
)


def stuck(station: StationHours) -> Iterator[Signal]:
    """One signal per element with a limit."""
    for element, limit in LIMITS.items():
        values = station[element]
        # The run of equal values is one longer than the run of "as the hour before"; NaN equals nothing.
        lengths = run_lengths(np.concatenate([[False], values[1:] == values[:-1]])) + 1
        is_calm = (values >= limit.calm[0]) & (values <= limit.calm[1])
        enough = np.where(is_calm, limit.calm_hours, limit.hours)
        began = np.where(lengths >= enough, np.arange(len(values)) - lengths + 1, NONE)
        yield Signal(element, Fault.STUCK, began, _words(values, lengths))


def _words(values: Floats, lengths: Places) -> Callable[[int], str]:
    return lambda place: f"{values[place]:g} for {lengths[place]} hours in a row"
