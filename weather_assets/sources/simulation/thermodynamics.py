"""Moist air and the weight of air: formulas that tie temperature, humidity and pressure together."""

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.thermodynamics import MAGNUS_C, MAGNUS_HPA, MAGNUS_SLOPE

_GRAVITY_MS2 = 9.80665
_DRY_AIR_J_KG_K = 287.05
_KELVIN = 273.15
_LAPSE_C_PER_M = 0.0065


def saturation_pressure_hpa(temperature_c: FloatArray) -> FloatArray:
    """Magnus formula over water (Alduchov and Eskridge 1996)."""
    return MAGNUS_HPA * np.exp(MAGNUS_SLOPE * temperature_c / (temperature_c + MAGNUS_C))


def relative_humidity_pct(temperature_c: FloatArray, dew_point_c: FloatArray) -> FloatArray:
    """100 at saturation."""
    return 100.0 * saturation_pressure_hpa(dew_point_c) / saturation_pressure_hpa(temperature_c)


def dew_point_c(temperature_c: FloatArray, humidity_pct: FloatArray) -> FloatArray:
    """Inverse of `relative_humidity_pct` in the dew point."""
    exponent = np.log(humidity_pct / 100.0) + MAGNUS_SLOPE * temperature_c / (temperature_c + MAGNUS_C)
    return MAGNUS_C * exponent / (MAGNUS_SLOPE - exponent)


def station_pressure_hpa(sea_level_hpa: FloatArray, temperature_c: FloatArray, elevation_m: float) -> FloatArray:
    """Hypsometric equation with the mean temperature of a standard-lapse layer between the sea and the station."""
    layer_k = temperature_c + _KELVIN + 0.5 * _LAPSE_C_PER_M * elevation_m
    return sea_level_hpa * np.exp(-_GRAVITY_MS2 * elevation_m / (_DRY_AIR_J_KG_K * layer_k))
