"""The mean year: monthly normals of Seoul, and how a place differs from them.

Normals: KMA 1981-2010 for temperature, humidity and pressure. The gradients with latitude, height and sea are round
numbers that bring places as different as Busan, Jeju and Daegwallyeong within about 2 C of their own normals.
"""

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.sources.simulation.site import Site, site_of
from weather_assets.sources.simulation.thermodynamics import dew_point_c
from weather_assets.sources.simulation.timeline import Timeline

_SEOUL = site_of(108)
_TEMPERATURE_C = (-2.4, 0.4, 5.7, 12.5, 17.8, 22.2, 24.9, 25.7, 21.2, 14.8, 7.2, 0.4)
_HUMIDITY_PCT = (59.8, 57.9, 57.8, 56.2, 62.7, 68.1, 78.3, 75.6, 69.2, 64.0, 62.0, 60.6)
_SEA_LEVEL_HPA = (1024.6, 1023.0, 1018.9, 1014.1, 1010.0, 1006.6, 1006.2, 1007.3, 1012.9, 1018.6, 1022.3, 1024.7)
_COLDER_PER_DEGREE_NORTH_C = (0.3, 1.6)
_WARMER_BY_THE_SEA_C = (-1.5, 2.5)
"""In summer and in winter."""

_LAPSE_C_PER_M = 0.0062
_DRY_BIAS_C = 0.5
"""Dew point of the mean humidity against the mean dew point: humidity is not linear in it."""


def _between(timeline: Timeline, summer_and_winter: tuple[float, float]) -> FloatArray:
    """From the first number in July to the second in January."""
    summer, winter = summer_and_winter
    return summer + (winter - summer) * timeline.winter


def temperature_c(timeline: Timeline, site: Site) -> FloatArray:
    """Mean temperature of the season at a place."""
    north_deg = site.latitude_deg - _SEOUL.latitude_deg
    sea = site.maritime - _SEOUL.maritime
    return (
        timeline.annual_cycle(_TEMPERATURE_C)
        - _between(timeline, _COLDER_PER_DEGREE_NORTH_C) * north_deg
        + _between(timeline, _WARMER_BY_THE_SEA_C) * sea
        - _LAPSE_C_PER_M * (site.elevation_m - _SEOUL.elevation_m)
    )


def mean_dew_point_c(timeline: Timeline, mean_temperature_c: FloatArray) -> FloatArray:
    """Mean dew point of the season, from the mean humidity."""
    humidity_pct = timeline.annual_cycle(_HUMIDITY_PCT)
    return dew_point_c(mean_temperature_c, humidity_pct) - _DRY_BIAS_C


def sea_level_pressure_hpa(timeline: Timeline) -> FloatArray:
    """Mean pressure of the season with its daily and half-daily tides."""
    tides = 0.7 * timeline.daily_wave(7.0) + 0.55 * timeline.daily_wave(9.7, per_day=2)
    return timeline.annual_cycle(_SEA_LEVEL_HPA) + tides


def day_wave_c(timeline: Timeline, site: Site) -> FloatArray:
    """Daily course of temperature under a half-covered sky, in C around the daily mean: lowest at 6, highest at 15."""
    size = (1.15 - 0.45 * site.maritime) * (1.0 + 0.12 * np.cos(4.0 * np.pi * (timeline.year_fraction - 0.33)))
    return size * (3.1 * timeline.daily_wave(15.6) + 0.9 * timeline.daily_wave(1.9, per_day=2))
