"""Where a station stands, and what its place means for its weather."""

from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.noise import stream, uniform
from weather_assets.stations import station

_KM_PER_DEGREE = 111.2
_WEATHER_SPEED_KMH = 36.0
"""Weather systems move east at 10 m/s."""

_REFERENCE_LATITUDE_DEG = 37.0
_REFERENCE_LONGITUDE_DEG = 127.0
_MARITIME_REACH_DEG = 0.35


@dataclass(frozen=True, slots=True)
class Site:
    """A place in degrees and metres; all delays are against 37 N 127 E."""

    station_id: int
    latitude_deg: float
    longitude_deg: float
    elevation_m: float

    @property
    def north_deg(self) -> float:
        """Degrees of latitude north of the reference."""
        return self.latitude_deg - _REFERENCE_LATITUDE_DEG

    @property
    def travel_h(self) -> float:
        """Hours by which weather from the west comes later here."""
        km_per_degree = _KM_PER_DEGREE * np.cos(np.deg2rad(_REFERENCE_LATITUDE_DEG))
        return float((self.longitude_deg - _REFERENCE_LONGITUDE_DEG) * km_per_degree / _WEATHER_SPEED_KMH)

    @property
    def maritime(self) -> float:
        """1 at the coast and on islands, towards 0 inland, from a coastline of three straight lines."""
        east_coast_deg = 129.45 - 0.55 * max(0.0, self.latitude_deg - 36.8)
        inland_deg = min(self.longitude_deg - 126.4, east_coast_deg - self.longitude_deg, self.latitude_deg - 34.7)
        return float(np.exp(-max(0.0, inland_deg) / _MARITIME_REACH_DEG))


def site_of(station_id: int) -> Site:
    """The place of a station; an id that the catalogue does not place gets one in Korea, the same every time."""
    known = station(station_id)
    if known.latitude_deg is not None and known.longitude_deg is not None and known.elevation_m is not None:
        return Site(station_id, known.latitude_deg, known.longitude_deg, known.elevation_m)
    north, east, up = uniform(stream("place", station_id), np.arange(3))
    return Site(
        station_id,
        latitude_deg=float(34.8 + 3.2 * north),
        longitude_deg=float(126.6 + 2.2 * east),
        elevation_m=float(10.0 - 80.0 * np.log(up)),
    )
