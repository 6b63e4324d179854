"""Where the sun stands, and what of it reaches the ground in an hour."""

from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.noise import BoolArray, FloatArray
from weather_assets.sources.simulation.site import Site
from weather_assets.sources.simulation.timeline import HOURS_PER_DAY, Timeline

_DAYS_PER_YEAR = 365.2425
_W_TO_MJ_PER_HOUR = 0.0036
_HAZE = 0.9
"""Share of clear-sky radiation that city air lets through."""


@dataclass(frozen=True, slots=True)
class Sunlight:
    """Of the hour that ends at the stamp."""

    up: BoolArray
    """Whether the sun is above the horizon in the middle of the hour."""
    radiation_mj_m2: FloatArray
    sunshine_h: FloatArray


def sine_of_elevation(timeline: Timeline, site: Site) -> FloatArray:
    """Sine of the solar elevation in the middle of the hour that ends at the stamp; negative at night.

    Declination after Cooper (1969); equation of time as in Duffie and Beckman, Solar Engineering of Thermal Processes.
    """
    day = 1.0 + timeline.year_fraction * _DAYS_PER_YEAR
    declination = np.deg2rad(23.45) * np.sin(2.0 * np.pi * (284.0 + day) / 365.0)
    b = 2.0 * np.pi * (day - 81.0) / 364.0
    equation_h = (9.87 * np.sin(2.0 * b) - 7.53 * np.cos(b) - 1.5 * np.sin(b)) / 60.0
    solar_hour = (timeline.hours % HOURS_PER_DAY) - 0.5 + site.longitude_deg / 15.0 + equation_h
    hour_angle = np.deg2rad(15.0) * (solar_hour - 12.0)
    latitude = np.deg2rad(site.latitude_deg)
    level = np.sin(latitude) * np.sin(declination)
    sine: FloatArray = level + np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    return sine


def sunlight(timeline: Timeline, site: Site, cloud_share: FloatArray) -> Sunlight:
    """Global radiation (clear sky after Haurwitz 1945, clouds after Kasten and Czeplak 1980) and bright sunshine."""
    sine = sine_of_elevation(timeline, site)
    height = np.maximum(sine, 1e-3)
    clear_w_m2 = np.where(sine > 0.0, _HAZE * 1098.0 * height * np.exp(-0.057 / height), 0.0)
    return Sunlight(
        up=sine > 0.0,
        radiation_mj_m2=clear_w_m2 * _W_TO_MJ_PER_HOUR * (1.0 - 0.75 * cloud_share**3.4),
        # A recorder's trace needs a sun that is not too low.
        sunshine_h=np.clip(sine / 0.1, 0.0, 1.0) * (1.0 - cloud_share**1.5),
    )
