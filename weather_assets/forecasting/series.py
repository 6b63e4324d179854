"""Observed values of a target on a complete hourly axis per station, for looking up any hour at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats, Hours, hours_of
from weather_assets.forecasting.inputs import Issues


@dataclass(frozen=True)
class ObservedSeries:
    """Per station the first hour and the values of every hour from it on, NaN where nothing was observed."""

    axes: dict[int, tuple[int, Floats]]

    @property
    def station_ids(self) -> tuple[int, ...]:
        """Stations in ascending order."""
        return tuple(self.axes)

    def at(self, station_ids: NDArray[np.int64], hours: Hours) -> Floats:
        """Return the values at hours (N,) or (N, L) of stations (N,), NaN where nothing was observed."""
        values = np.full(hours.shape, np.nan)
        for station in np.unique(station_ids):
            if int(station) not in self.axes:
                continue
            first, axis = self.axes[int(station)]
            rows = station_ids == station
            place = hours[rows] - first
            inside = (place >= 0) & (place < len(axis))
            values[rows] = np.where(inside, axis[np.clip(place, 0, len(axis) - 1)], np.nan)
        return values

    def readings(self, station: int) -> tuple[Hours, Floats]:
        """Return the hours and values that were observed at a station."""
        first, axis = self.axes[station]
        observed = np.flatnonzero(np.isfinite(axis))
        return observed + first, axis[observed]

    def through(self, hour: int) -> "ObservedSeries":
        """Return what had been observed up to and including an hour; stations without any reading are left out."""
        cut = {station: (first, axis[: max(hour - first + 1, 0)]) for station, (first, axis) in self.axes.items()}
        return ObservedSeries({station: part for station, part in cut.items() if np.isfinite(part[1]).any()})


def readings_of(issues: Issues, column: int) -> ObservedSeries:
    """Make the axes of the feature that holds the reading of the hour of issue."""
    known = np.isfinite(issues.features[:, column])
    axes: dict[int, tuple[int, Floats]] = {}
    for station in np.unique(issues.station_ids[known]):
        rows = known & (issues.station_ids == station)
        axes[int(station)] = _axis(issues.issue_hours[rows], issues.features[rows, column].astype(np.float64))
    return ObservedSeries(axes)


def observed_series(observations: pd.DataFrame) -> ObservedSeries:
    """Make the axes of columns station_id, observed_at (aware), value (flag ok only; NaN is not observed)."""
    known = observations[observations["value"].notna()]
    axes: dict[int, tuple[int, Floats]] = {}
    for station, rows in known.groupby("station_id", sort=True):
        axes[int(str(station))] = _axis(hours_of(rows["observed_at"]), rows["value"].to_numpy(dtype=np.float64))
    return ObservedSeries(axes)


def _axis(hours: Hours, values: Floats) -> tuple[int, Floats]:
    first = int(hours.min())
    axis = np.full(int(hours.max()) - first + 1, np.nan)
    axis[hours - first] = values
    return first, axis
