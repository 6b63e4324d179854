"""The sun above the horizon, for any station and hour."""

import numpy as np

from weather_assets.forecasting.hours import Floats, Hours

SOLAR_CONSTANT_MJ_M2_H = 4.9
_MINUTES = range(5, 60, 10)


def extraterrestrial_mj_m2(hours: Hours, latitude_deg: float, longitude_deg: float) -> Floats:
    """Radiation (N,) on a level plane above the air in the hour that ENDS at each of `hours` (since 1970 UTC).

    Declination and equation of time as Fourier series (Spencer 1971); six instants are averaged.
    """
    sines = [
        _sine_of_elevation(np.asarray(hours - 1 + minute / 60, dtype=np.float64), latitude_deg, longitude_deg)
        for minute in _MINUTES
    ]
    return np.asarray(SOLAR_CONSTANT_MJ_M2_H * np.mean([np.clip(sine, 0, None) for sine in sines], axis=0))


def _sine_of_elevation(hours: Floats, latitude_deg: float, longitude_deg: float) -> Floats:
    year = 2 * np.pi * (hours / 24 % 365.2425) / 365.2425
    declination = (
        0.006918
        - 0.399912 * np.cos(year)
        + 0.070257 * np.sin(year)
        - 0.006758 * np.cos(2 * year)
        + 0.000907 * np.sin(2 * year)
        - 0.002697 * np.cos(3 * year)
        + 0.00148 * np.sin(3 * year)
    )
    equation_of_time_h = (229.18 / 60) * (
        0.000075
        + 0.001868 * np.cos(year)
        - 0.032077 * np.sin(year)
        - 0.014615 * np.cos(2 * year)
        - 0.040849 * np.sin(2 * year)
    )
    solar_time_h = hours % 24 + longitude_deg / 15 + equation_of_time_h
    latitude, hour_angle = np.radians(latitude_deg), np.pi * (solar_time_h - 12) / 12
    return np.asarray(
        np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    )
