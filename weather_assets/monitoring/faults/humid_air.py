"""Moist air as arrays: what temperature, humidity, dew point and vapour pressure make of each other."""

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.thermodynamics import MAGNUS_C, MAGNUS_HPA, MAGNUS_SLOPE


def saturation_pressure_hpa(temperature_c: Floats) -> Floats:
    """Saturation vapour pressure over water (Magnus form of Alduchov & Eskridge 1996)."""
    return np.asarray(MAGNUS_HPA * np.exp(MAGNUS_SLOPE * temperature_c / (temperature_c + MAGNUS_C)))


def saturated_at_c(pressure_hpa: Floats) -> Floats:
    """Temperature at which a vapour pressure is that of saturation; NaN for a pressure of 0 or less."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logarithm = np.log(np.where(pressure_hpa > 0, pressure_hpa, np.nan) / MAGNUS_HPA)
    return np.asarray(MAGNUS_C * logarithm / (MAGNUS_SLOPE - logarithm))


def temperature_c(vapor_pressure_hpa: Floats, humidity_pct: Floats) -> Floats:
    """Air temperature that makes vapour of this pressure this relative humidity; NaN where either is not positive."""
    positive = np.where(humidity_pct > 0, humidity_pct, np.nan)
    return saturated_at_c(100 * vapor_pressure_hpa / positive)
