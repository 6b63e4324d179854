"""Readings of one station on a complete hourly axis, which every detector works on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats, Hours, hours_of

Booleans = NDArray[np.bool_]
Places = NDArray[np.int64]

NONE = -1
"""Stands for "no hour" among places."""
_LEAST_HOURS_A_DAY = 18


@dataclass(frozen=True)
class StationHours:
    """Values as received, in our units, of N consecutive hours; NaN where nothing was received.

    `first_hour` counts hours since 1970 UTC. The last hour is the station's newest reading.
    """

    station_id: int
    first_hour: int
    values: Mapping[str, Floats]

    @cached_property
    def hours(self) -> Hours:
        """The hours (N,) of the axis."""
        return self.first_hour + np.arange(len(next(iter(self.values.values()))), dtype=np.int64)

    def __getitem__(self, element: str) -> Floats:
        return self.values[element]

    def without(self, element: str, hours: Booleans) -> "StationHours":
        """The same with the values of some hours taken out, so that one fault is not reported as another too."""
        kept = np.where(hours, np.nan, self.values[element])
        return replace(self, values={**self.values, element: kept})


def station_hours(readings: pd.DataFrame, elements: Sequence[str]) -> list[StationHours]:
    """Make the axes of a table with station_id, observed_at (aware) and a column per element, a station each."""
    return [_on_axis(int(str(station)), rows, elements) for station, rows in readings.groupby("station_id", sort=True)]


def _on_axis(station_id: int, rows: pd.DataFrame, elements: Sequence[str]) -> StationHours:
    hours = hours_of(rows["observed_at"])
    first = int(hours.min())
    values = {name: np.full(int(hours.max()) - first + 1, np.nan) for name in elements}
    for name, axis in values.items():
        axis[hours - first] = rows[name].to_numpy(dtype=np.float64)
    return StationHours(station_id, first, values)


def last_place(condition: Booleans) -> Places:
    """Return (N,) the place of the last hour up to each at which the condition held, NONE before the first."""
    places = np.where(condition, np.arange(len(condition)), NONE)
    return np.maximum.accumulate(places)


def place_before(condition: Booleans) -> Places:
    """Return (N,) the same, but looking only at hours before each."""
    return np.concatenate([[NONE], last_place(condition)[:-1]])


def run_lengths(same: Booleans) -> Places:
    """Return (N,) how many hours in a row, up to each, the condition has held; 0 where it does not."""
    return np.arange(len(same)) - last_place(~same)


def back(values: Floats, hours: int) -> Floats:
    """Return (N,) the value so many hours before each (after, where negative); NaN beyond the axis."""
    unknown = np.full(min(abs(hours), len(values)), np.nan)
    if hours < 0:
        return np.concatenate([values[len(unknown) :], unknown])
    return np.concatenate([unknown, values[: len(values) - len(unknown)]])


def day_means(values: Floats) -> Floats:
    """Return (N,) the mean of the last 24 hours up to each; NaN where too few are known."""
    known = np.isfinite(values)
    sums = np.cumsum(np.where(known, values, 0.0))
    counts = np.cumsum(known).astype(np.float64)
    total, number = sums - back(sums, 24), counts - back(counts, 24)
    with np.errstate(invalid="ignore"):
        return np.where(number >= _LEAST_HOURS_A_DAY, total / np.maximum(number, 1), np.nan)
