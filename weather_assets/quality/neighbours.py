"""Neighbours: a value that the stations around do not support.

After titanlib's buddy check (Nipen et al. 2022) and HadISD's neighbour test: the middle of at least three near stations
is the estimate, in which the station itself has no part, and a wide spread among them asks for a larger difference.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from math import asin, cos, radians, sin, sqrt

from weather_assets.elements import Flag
from weather_assets.stations import STATIONS, Station

NEAR_KM = 100.0
NEAR_ELEVATION_M = 250.0
LEAST_NEIGHBOURS, MOST_NEIGHBOURS = 3, 6
SPREADS = 3.0
_EARTH_RADIUS_KM = 6371.0
# What the element changes by with elevation; other elements are compared as they are.
_PER_METRE: Mapping[str, float] = {"air_temperature_c": -0.0065, "dew_point_c": -0.002}


def distance_km(one: Station, other: Station) -> float:
    """Great-circle distance (haversine); infinite where a place is unknown."""
    if None in {one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg}:
        return float("inf")
    lat, other_lat = radians(one.latitude_deg or 0), radians(other.latitude_deg or 0)
    lon, other_lon = radians(one.longitude_deg or 0), radians(other.longitude_deg or 0)
    chord = sin((lat - other_lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((lon - other_lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(chord))


def neighbours_of(station: Station) -> list[Station]:
    """The nearest stations, at most 6, that are near enough and at a like elevation; nearest first."""
    near = [
        (distance_km(station, other), other)
        for other in STATIONS.values()
        if other.station_id != station.station_id
        and station.elevation_m is not None
        and other.elevation_m is not None
        and abs(other.elevation_m - station.elevation_m) <= NEAR_ELEVATION_M
    ]
    ordered = sorted((km, other.station_id) for km, other in near if km <= NEAR_KM)
    return [STATIONS[station_id] for _, station_id in ordered[:MOST_NEIGHBOURS]]


@cache
def pairs_sql() -> str:
    """Relation (in brackets) of station_id, neighbour_id and rise_m: how much higher the station is."""
    return f"(SELECT * FROM (VALUES {', '.join(_pairs())}) AS pairs(station_id, neighbour_id, rise_m))"


def _pairs() -> Iterator[str]:
    for station in STATIONS.values():
        for other in neighbours_of(station):
            rise_m = (station.elevation_m or 0) - (other.elevation_m or 0)
            yield f"({station.station_id}, {other.station_id}, {rise_m:.1f}::DOUBLE)"


def neighbour_failures_sql(element: str, limit: float, hours: str, around: str) -> str:
    """Query for the values of `hours` that differ from the middle of their neighbours by more than the limit.

    `around` is a relation with station_id, observed_at and the element of every station. The limit grows by 3 median
    absolute deviations of the neighbours. Columns as in `failures_sql`; nothing where fewer than 3 neighbours report.
    """
    expected = f"(around.{element} + {_PER_METRE.get(element, 0.0)} * rise_m)"
    beside = f"""JOIN {pairs_sql()} AS pairs USING (station_id)
    JOIN {around} AS around ON around.station_id = neighbour_id AND around.observed_at = own.observed_at"""
    # The middle is far only where half of the neighbours are: few hours are left to be looked at closely.
    return f"""
SELECT station_id, observed_at, '{element}' AS element, value, 'neighbours' AS test, '{Flag.NEIGHBOUR}' AS flag,
    FALSE AS is_later, format('{{:g}}, where {{}} stations around show {{:.1f}}', value, stations, expected) AS reason
FROM (
    SELECT own.station_id, own.observed_at, value, count(around.{element}) AS stations, median({expected}) AS expected,
        mad({expected}) AS spread
    FROM (
        SELECT own.station_id, own.observed_at, own.{element} AS value FROM {hours} AS own {beside}
        WHERE abs(own.{element} - {expected}) > {limit}
        GROUP BY ALL HAVING count(*) >= {LEAST_NEIGHBOURS - 1}
    ) AS own {beside}
    GROUP BY ALL
)
WHERE stations >= {LEAST_NEIGHBOURS} AND abs(value - expected) > {limit} + {SPREADS} * spread"""
