"""Consistency of air temperature, relative humidity, dew point and vapour pressure, as SQL expressions.

KMA derives dew point and vapour pressure from temperature and humidity, so the four are redundant: on 160,000 hours of
Seoul and Seosan the humidity rebuilt from temperature and dew point is never more than 0.73 points off. A larger
difference means that one of them was altered afterwards.
"""

from weather_assets.thermodynamics import MAGNUS_C, MAGNUS_HPA, MAGNUS_SLOPE

HUMIDITY_TOLERANCE_PCT = 2.0
VAPOR_PRESSURE_TOLERANCE_HPA = 0.3
DEW_POINT_TOLERANCE_C = 0.05


def saturation_vapor_pressure_sql(temperature_c: str) -> str:
    """Saturation vapour pressure over water in hPa (Magnus form of Alduchov & Eskridge 1996)."""
    return f"{MAGNUS_HPA} * exp({MAGNUS_SLOPE} * ({temperature_c}) / (({temperature_c}) + {MAGNUS_C}))"


def disagrees_sql(temperature_c: str, humidity_pct: str, dew_point_c: str) -> str:
    """Condition: humidity is not what temperature and dew point make it, or the dew point is above the temperature."""
    rebuilt = f"100 * ({saturation_vapor_pressure_sql(dew_point_c)}) / ({saturation_vapor_pressure_sql(temperature_c)})"
    return (
        f"(abs({humidity_pct} - {rebuilt}) > {HUMIDITY_TOLERANCE_PCT}"
        f" OR {dew_point_c} > {temperature_c} + {DEW_POINT_TOLERANCE_C})"
    )


def dew_point_is_confirmed_sql(dew_point_c: str, vapor_pressure_hpa: str) -> str:
    """Condition: the vapour pressure agrees with the dew point, which therefore is not the culprit."""
    implied = saturation_vapor_pressure_sql(dew_point_c)
    return f"coalesce(abs({vapor_pressure_hpa} - {implied}) <= {VAPOR_PRESSURE_TOLERANCE_HPA}, FALSE)"
