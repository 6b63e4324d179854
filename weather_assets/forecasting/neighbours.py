"""The nearest other station as a predictor: what it reads now, the weather upstream often brings here in some hours.

Its features stand beside those of the station itself, for the booster alone, which takes a gap as it is: where no other
station near by has a row of the same hour they are unknown, and nothing else changes.
"""

from collections.abc import Sequence

import numpy as np

from weather_assets.forecasting.inputs import Issues, Singles
from weather_assets.quality.neighbours import distance_km
from weather_assets.stations import station

PREFIX = "neighbour_"
FARTHEST_KM = 150.0
_SIGNALS = (
    "air_temperature_c",
    "air_temperature_c_change_1h",
    "air_temperature_c_change_3h",
    "dew_point_c",
    "dew_point_c_change_3h",
    "relative_humidity_pct",
    "relative_humidity_pct_change_3h",
    "station_pressure_hpa_change_3h",
    "wind_eastward_ms",
    "wind_northward_ms",
    "precipitation_mm_sum_3h",
    "cloud_cover_tenths",
    "visibility_m",
)


def neighbour_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that `with_neighbours` adds to features of these names."""
    used = [name for name in _SIGNALS if name in names]
    return tuple(f"{PREFIX}{name}{ending}" for ending in ("", "_less_own") for name in used)


def with_neighbours(issues: Issues, names: Sequence[str]) -> Issues:
    """Add, for each signal, the nearest station's value and its difference from the own one (N, P + Q); NaN if none.

    The nearest is taken hour by hour among the stations of these issue times, at most 150 km away.
    """
    columns = [list(names).index(name) for name in _SIGNALS if name in names]
    own = issues.features[:, columns]
    theirs = np.full_like(own, np.nan)
    for here in np.unique(issues.station_ids):
        rows = np.flatnonzero(issues.station_ids == here)
        for there in reversed(_near(int(here), np.unique(issues.station_ids).tolist())):
            found, place = _same_hours(issues, rows, there)
            theirs[rows[found]] = own[place]
    return Issues(issues.station_ids, issues.issue_hours, _beside(issues.features, theirs, own))


def _beside(features: Singles, theirs: Singles, own: Singles) -> Singles:
    return np.hstack([features, theirs, theirs - own])


def _near(here: int, others: Sequence[int]) -> list[int]:
    """Stations within reach, nearest first; the nearest three are enough to bridge each other's gaps."""
    distances = {other: distance_km(station(here), station(other)) for other in others if other != here}
    near = sorted((distance, other) for other, distance in distances.items() if distance <= FARTHEST_KM)
    return [other for _, other in near[:3]]


def _same_hours(issues: Issues, rows: np.ndarray, there: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the rows have a row of the other station in the same hour, and where that is."""
    candidates = np.flatnonzero(issues.station_ids == there)
    place = np.searchsorted(issues.issue_hours[candidates], issues.issue_hours[rows])
    place = candidates[np.minimum(place, len(candidates) - 1)]
    found = issues.issue_hours[place] == issues.issue_hours[rows]
    return found, place[found]
