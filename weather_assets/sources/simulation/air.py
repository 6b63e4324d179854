"""Temperature, dew point, pressure and wind."""

from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation import climate
from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.sky import Sky
from weather_assets.sources.simulation.synoptic import Synoptic
from weather_assets.sources.simulation.thermodynamics import station_pressure_hpa

_EASTWARD_MS = (-0.3, 0.1, 0.7, 0.9, 0.5, 0.1, 0.2, -0.1, -0.4, 0.1, 0.6, 0.7)
_NORTHWARD_MS = (-0.8, -0.6, -0.3, 0.0, 0.3, 0.5, 0.7, 0.3, -0.4, -0.4, -0.5, -0.8)
_BEND_C = 1.2
"""How far from saturation the dew point begins to bend away from the temperature, which it never reaches."""


@dataclass(frozen=True, slots=True)
class Air:
    """The air at the station: C, hPa, and wind towards east and north in m/s."""

    temperature_c: FloatArray
    dew_point_c: FloatArray
    sea_level_hpa: FloatArray
    station_hpa: FloatArray
    eastward_ms: FloatArray
    northward_ms: FloatArray


def _anomaly_c(scene: Scene, state: Synoptic) -> FloatArray:
    """How much warmer than the season the air mass is, fronts included; twice as variable in winter as in summer."""
    return (2.4 + 2.3 * scene.timeline.winter) * (0.9 * state.air_mass + 0.6 * state.fronts.warmth)


def _temperature_c(scene: Scene, mean_c: FloatArray, anomaly_c: FloatArray, clouds: Sky) -> FloatArray:
    """Season, air mass and day; clouds flatten the day, cool it in summer and warm it in winter, and rain cools."""
    day = climate.day_wave_c(scene.timeline, scene.site) * (1.55 - 1.1 * clouds.day_cloud_share)
    shade = (0.5 - clouds.day_cloud_share) * (1.8 - 2.6 * scene.timeline.winter)
    local = 0.3 * scene.local("minutes", 1.0) + 0.35 * scene.local("nearby", 3.0) + 0.35 * scene.local("around", 9.0)
    return mean_c + anomaly_c + day + shade + local - 1.2 * np.tanh(clouds.rain_mm)


def _free_dew_point_c(scene: Scene, mean_c: FloatArray, anomaly_c: FloatArray, state: Synoptic) -> FloatArray:
    """Dew point of the air mass, whatever the hour of day; it may lie above the temperature."""
    moist = 0.75 * state.moisture + 0.45 * state.cloud + 0.3 * state.fronts.warmth
    local = 0.5 * scene.local("moist minutes", 1.0) + 0.6 * scene.local("moist", 2.0)
    seasonal = climate.mean_dew_point_c(scene.timeline, mean_c)
    return seasonal + 0.95 * anomaly_c + (2.2 + 2.6 * scene.timeline.winter) * moist + local


def _dew_point_c(temperature_c: FloatArray, free_c: FloatArray, rain_mm: FloatArray) -> FloatArray:
    """Always below the temperature, and close to it in rain and fog."""
    depression_c = (temperature_c - free_c) * (1.0 - 0.6 * np.tanh(2.0 * rain_mm))
    return temperature_c - 0.5 * (depression_c + np.hypot(depression_c, _BEND_C))


def _sea_level_hpa(scene: Scene, state: Synoptic) -> FloatArray:
    """Highs and lows are deeper in winter."""
    depth = 0.75 + 0.4 * scene.timeline.winter
    weather_hpa = depth * (4.6 * state.pressure + 3.5 * state.fronts.pressure)
    return climate.sea_level_pressure_hpa(scene.timeline) + weather_hpa + 0.12 * scene.local("pressure", 2.0)


def _wind_ms(scene: Scene, state: Synoptic) -> tuple[FloatArray, FloatArray]:
    """Eastward and northward wind: northerly where pressure rises (a high in the west), brisk by day and by the sea."""
    timeline, veer = scene.timeline, state.fronts.north_west
    brisk = (1.0 + 0.28 * timeline.daily_wave(15.5)) * (0.95 + 0.7 * scene.site.maritime)
    brisk *= np.exp(0.22 * scene.local("gusts", 2.0))
    eastward = timeline.annual_cycle(_EASTWARD_MS) + 1.3 * state.westerly + 1.2 * np.abs(veer)
    northward = timeline.annual_cycle(_NORTHWARD_MS) - 16.0 * state.pressure_tendency_per_h
    northward -= 1.4 * veer + 0.8 * np.maximum(veer, 0.0)
    eastward += 0.75 * scene.local("east eddy", 1.2)
    northward += 0.75 * scene.local("north eddy", 1.2)
    return brisk * eastward, brisk * northward


def air(scene: Scene, state: Synoptic, clouds: Sky) -> Air:
    """The air that the large-scale weather, the season, the hour and the sky make of a place."""
    mean_c = climate.temperature_c(scene.timeline, scene.site)
    anomaly_c = _anomaly_c(scene, state)
    temperature_c = _temperature_c(scene, mean_c, anomaly_c, clouds)
    free_c = _free_dew_point_c(scene, mean_c, anomaly_c, state)
    sea_level_hpa = _sea_level_hpa(scene, state)
    eastward_ms, northward_ms = _wind_ms(scene, state)
    return Air(
        temperature_c=temperature_c,
        dew_point_c=_dew_point_c(temperature_c, free_c, clouds.rain_mm),
        sea_level_hpa=sea_level_hpa,
        station_hpa=station_pressure_hpa(sea_level_hpa, temperature_c, scene.site.elevation_m),
        eastward_ms=eastward_ms,
        northward_ms=northward_ms,
    )
