"""Moist air and the weight of air: formulas that tie temperature, humidity and pressure together."""

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray

_GRAVITY_MS2 = 9.80665
_DRY_AIR_J_KG_K = 287.05
_KELVIN = 273.15
_LAPSE_C_PER_M = 0.0065
_MAGNUS_HPA, _MAGNUS_SLOPE, _MAGNUS_C = 6.1094, 17.625, 243.04


def saturation_pressure_hpa(temperature_c: FloatArray) -> FloatArray:
    """Magnus formula over water (Alduchov and Eskridge 1996)."""
    return _MAGNUS_HPA * np.exp(_MAGNUS_SLOPE * temperature_c / (temperature_c + _MAGNUS_C))


def relative_humidity_pct(temperature_c: FloatArray, dew_point_c: FloatArray) -> FloatArray:
    """100 at saturation."""
    return 100.0 * saturation_pressure_hpa(dew_point_c) / saturation_pressure_hpa(temperature_c)


def dew_point_c(temperature_c: FloatArray, humidity_pct: FloatArray) -> FloatArray:
    """Inverse of `relative_humidity_pct` in the dew point."""
    exponent = np.log(humidity_pct / 100.0) + _MAGNUS_SLOPE * temperature_c / (temperature_c + _MAGNUS_C)
    return _MAGNUS_C * exponent / (_MAGNUS_SLOPE - exponent)


def station_pressure_hpa(sea_level_hpa: FloatArray, temperature_c: FloatArray, elevation_m: float) -> FloatArray:
    """Hypsometric equation with the mean temperature of a standard-lapse layer between the sea and the station."""
    layer_k = temperature_c + _KELVIN + 0.5 * _LAPSE_C_PER_M * elevation_m
    return sea_level_hpa * np.exp(-_GRAVITY_MS2 * elevation_m / (_DRY_AIR_J_KG_K * layer_k))
