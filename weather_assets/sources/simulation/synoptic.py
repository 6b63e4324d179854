"""The large-scale weather over a place: one pattern of highs, lows, air masses and fronts that moves east."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.fronts import Fronts, fronts
from weather_assets.sources.simulation.noise import FloatArray, blend, stream
from weather_assets.sources.simulation.scene import Scene

# Spacing in hours: share of variance. Chosen so that autocorrelations over 1 to 5 days come near those of Seoul.
_PRESSURE_SCALES: Mapping[float, float] = {14.0: 0.10, 26.0: 0.60, 65.0: 0.30}
_AIR_MASS_SCALES: Mapping[float, float] = {10.0: 0.15, 28.0: 0.40, 85.0: 0.45}
_MOISTURE_SCALES: Mapping[float, float] = {9.0: 0.30, 22.0: 0.35, 80.0: 0.35}
_CLOUD_SCALES: Mapping[float, float] = {8.0: 0.25, 20.0: 0.50, 50.0: 0.25}
_WESTERLY_SCALES: Mapping[float, float] = {12.0: 0.40, 40.0: 0.60}

_LATITUDE_SCALE_DEG = 5.0
_FRONT_DELAY_H_PER_DEGREE_SOUTH = 1.5
_ADVECTION_LEAD_H, _ADVECTION_LAG_H = 3.0, 27.0


@dataclass(frozen=True, slots=True)
class Synoptic:
    """State of the large-scale weather, one entry per hour; numbers without a unit have a spread of about 1."""

    pressure: FloatArray
    pressure_tendency_per_h: FloatArray
    air_mass: FloatArray
    """How warm the air is for the season."""
    moisture: FloatArray
    cloud: FloatArray
    westerly: FloatArray
    fronts: Fronts


def _field(scene: Scene, name: str, scales: Mapping[float, float], shift_h: float = 0.0) -> FloatArray:
    """A field of spread 1 that turns into another one with latitude."""
    angle = scene.site.north_deg / _LATITUDE_SCALE_DEG
    time_h = scene.pattern_time_h + shift_h
    here = blend(stream(scene.seed, name), time_h, scales)
    beyond = blend(stream(scene.seed, name, "beyond"), time_h, scales)
    field: FloatArray = np.cos(angle) * here + np.sin(angle) * beyond
    return field


def synoptic(scene: Scene) -> Synoptic:
    """The large-scale weather at a place.

    Air comes from the north behind a low and from the south ahead of it, so pressure that rose over the last day means
    cold air; pressure read now therefore tells something of tomorrow's temperature.
    """

    def pressure_at(shift_h: float) -> FloatArray:
        return _field(scene, "pressure", _PRESSURE_SCALES, shift_h)

    pressure = pressure_at(0.0)
    advection = pressure_at(-_ADVECTION_LAG_H) - pressure_at(_ADVECTION_LEAD_H)
    front = fronts(scene.seed, scene.pattern_time_h + _FRONT_DELAY_H_PER_DEGREE_SOUTH * scene.site.north_deg)
    moisture = _field(scene, "moisture", _MOISTURE_SCALES)
    cloud = _field(scene, "cloud", _CLOUD_SCALES)
    return Synoptic(
        pressure=pressure,
        pressure_tendency_per_h=pressure_at(0.5) - pressure_at(-0.5),
        air_mass=0.85 * _field(scene, "air mass", _AIR_MASS_SCALES) + 0.4 * advection,
        moisture=moisture,
        cloud=0.8 * cloud + 0.45 * moisture - 0.35 * pressure + 1.5 * front.cloud,
        westerly=_field(scene, "westerly", _WESTERLY_SCALES),
        fronts=front,
    )
