"""A temperature sensor that has moved away from its neighbours: against the median of stations near it.

The difference to the neighbours has a level and a spread of its own for each station; a bias is a change of that level
that is large for both. A bias older than the reference has become the level and is seen no more.
"""

from collections.abc import Iterator, Sequence
from math import cos, hypot, inf, radians

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import NONE, StationHours, back, day_means
from weather_assets.monitoring.faults.signal import Fault, Signal
from weather_assets.stations import Station
from weather_assets.stations import station as station_of

ELEMENT = "air_temperature_c"
LEAST_NEIGHBOURS = 3
NEAR_KM, NEAR_M = 80.0, 250.0
"""A neighbour is at most this far away, and this much higher or lower."""

RECENT_DAYS, REFERENCE_DAYS = 5, 20
LEAST_OFFSET_C, DEVIATIONS = 1.0, 4.0
"""The change must exceed both: an offset, and standard deviations of the mean of the recent days."""
_KM_PER_DEGREE = 111.2


def moved_away(station: StationHours, all_stations: Sequence[StationHours]) -> Iterator[Signal]:
    """One signal for a station with enough neighbours; none for others."""
    near = within(station, all_stations, NEAR_KM)
    if len(near) < LEAST_NEIGHBOURS:
        return
    daily = day_means(station[ELEMENT] - _median_of(near, station))
    days = np.stack([back(daily, 24 * day) for day in range(RECENT_DAYS + REFERENCE_DAYS)])
    recent, reference = days[:RECENT_DAYS], days[RECENT_DAYS:]
    change = recent.mean(axis=0) - reference.mean(axis=0)
    error = reference.std(axis=0) / np.sqrt(RECENT_DAYS)
    seen = np.abs(change) > np.maximum(LEAST_OFFSET_C, DEVIATIONS * error)  # False where a day is unknown
    began = np.where(seen, np.arange(len(seen)) - 24 * RECENT_DAYS + 1, NONE)
    yield Signal(ELEMENT, Fault.BIAS, began, lambda at: f"{change[at]:+.1f} °C against {len(near)} neighbours")


def within(station: StationHours, all_stations: Sequence[StationHours], distance_km: float) -> list[StationHours]:
    """Other stations at most this far away and NEAR_M higher or lower, the nearest first."""
    here = station_of(station.station_id)
    distances_km = {other.station_id: _distance_km(here, station_of(other.station_id)) for other in all_stations}
    near = [other for other in all_stations if 0 < distances_km[other.station_id] <= distance_km]
    return sorted(near, key=lambda other: distances_km[other.station_id])


def _distance_km(one: Station, other: Station) -> float:
    """Infinite where a place is unknown or NEAR_M higher or lower."""
    if one.latitude_deg is None or other.latitude_deg is None or one.longitude_deg is None:
        return inf
    if other.longitude_deg is None or one.elevation_m is None or other.elevation_m is None:
        return inf
    if abs(other.elevation_m - one.elevation_m) > NEAR_M:
        return inf
    north = other.latitude_deg - one.latitude_deg
    east = (other.longitude_deg - one.longitude_deg) * cos(radians(one.latitude_deg))
    return hypot(north, east) * _KM_PER_DEGREE


def temperatures_of(stations: Sequence[StationHours], axis: StationHours) -> Floats:
    """Return (S, N) the temperatures of the stations at the hours of `axis`."""
    values = np.full((len(stations), len(axis.hours)), np.nan)
    for row, station in zip(values, stations, strict=True):
        _, ours, theirs = np.intersect1d(axis.hours, station.hours, assume_unique=True, return_indices=True)
        row[ours] = station[ELEMENT][theirs]
    return values


def _median_of(stations: Sequence[StationHours], axis: StationHours) -> Floats:
    """Return (N,) the median over the stations at the hours of `axis`; NaN where fewer than LEAST_NEIGHBOURS report."""
    values = temperatures_of(stations, axis)
    enough = np.isfinite(values).sum(axis=0) >= LEAST_NEIGHBOURS
    median = np.full(len(enough), np.nan)
    median[enough] = np.nanmedian(values[:, enough], axis=0)
    return median
