"""Consistency of air temperature, relative humidity, dew point and vapour pressure.

KMA derives dew point and vapour pressure from temperature and humidity, so the four are redundant: on 160,000 hours of
Seoul and Seosan the humidity rebuilt from temperature and dew point is never more than 0.73 points off. A larger
difference means that one of them was altered afterwards, and what the other two say tells which.
"""

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion, frame
from weather_assets.thermodynamics import MAGNUS_C, MAGNUS_HPA, MAGNUS_SLOPE

HUMIDITY_TOLERANCE_PCT = 2.0
DEW_POINT_TOLERANCE_C = 0.05
REFERENCE_HOURS = 6
"""How far back the last hour may lie at which the four went together, to be compared with."""

# Rounding of dew point and vapour pressure to tenths gives 0.10 hPa, of humidity to whole points half a point.
_FROM_DEW_POINT_HPA = 0.15
_FROM_HUMIDITY_HPA, _FROM_HUMIDITY_SHARE = 0.1, 0.006
_VAPOR_PRESSURE_HPA = 0.5
_TEMPERATURE, _HUMIDITY, _DEW_POINT = "air_temperature_c", "relative_humidity_pct", "dew_point_c"
_PRESSURE = "vapor_pressure_hpa"
_FOUR = (_TEMPERATURE, _HUMIDITY, _DEW_POINT, _PRESSURE)
# A change that is as ordinary in one as in the other.
_ORDINARY_CHANGE = {_TEMPERATURE: 3.0, _HUMIDITY: 15.0, _DEW_POINT: 3.0}


def saturation_vapor_pressure_sql(temperature_c: str) -> str:
    """Saturation vapour pressure over water in hPa (Magnus form of Alduchov & Eskridge 1996)."""
    return f"{MAGNUS_HPA} * exp({MAGNUS_SLOPE} * ({temperature_c}) / (({temperature_c}) + {MAGNUS_C}))"


def humidity_sql(temperature_c: str, dew_point_c: str) -> str:
    """Relative humidity in % of temperature and dew point."""
    return f"100 * ({saturation_vapor_pressure_sql(dew_point_c)}) / ({saturation_vapor_pressure_sql(temperature_c)})"


def dew_point_sql(temperature_c: str, humidity_pct: str) -> str:
    """Dew point in °C of temperature and relative humidity: the Magnus form solved for the temperature."""
    exponent = f"ln(({humidity_pct}) / 100 * ({saturation_vapor_pressure_sql(temperature_c)}) / {MAGNUS_HPA})"
    return f"{MAGNUS_C} * {exponent} / ({MAGNUS_SLOPE} - {exponent})"


def disagrees_sql(temperature_c: str, humidity_pct: str, dew_point_c: str) -> str:
    """Condition: humidity is not what temperature and dew point make it, or the dew point is above the temperature."""
    return (
        f"(abs({humidity_pct} - {humidity_sql(temperature_c, dew_point_c)}) > {HUMIDITY_TOLERANCE_PCT}"
        f" OR {dew_point_c} > {temperature_c} + {DEW_POINT_TOLERANCE_C})"
    )


def disagreement(element: str) -> Criterion:
    """Fails where temperature, humidity and dew point disagree and the element is the wrong one.

    Vapour pressure is the witness: it clears the dew point, or temperature and humidity together. Of the suspects that
    are left those are cleared that changed far less than another since the four last went together, at most 6 hours
    before. Where nothing tells, all suspects fail.
    """
    others = [name for name in _ORDINARY_CHANGE if name != element]
    larger = ", ".join(f"CASE WHEN {_is_suspect(name)} THEN {_change(name)} END" for name in others)
    cleared = f"coalesce(greatest({larger}) > greatest(1, 2 * {_change(element)}), FALSE)"
    return Criterion(
        test="humidity",
        flag=Flag.INCONSISTENT,
        reads=_FOUR,
        looks=_WITNESS,
        second_looks=_LAST_AGREED,
        condition=f"(disagrees AND {_is_suspect(element)} AND NOT {cleared})",
        reason=f"format('{{:g}} °C and dew point {{:g}} °C make {{:.0f}} % humidity, not {{:g}} %', "
        f"{_TEMPERATURE}, {_DEW_POINT}, {humidity_sql(_TEMPERATURE, _DEW_POINT)}, {_HUMIDITY})",
    )


def vapor_pressure_disagrees() -> Criterion:
    """Fails where temperature, humidity and dew point agree and the vapour pressure is another."""
    dew_point_hpa = saturation_vapor_pressure_sql(_DEW_POINT)
    return Criterion(
        test="humidity",
        flag=Flag.INCONSISTENT,
        reads=_FOUR,
        condition=f"(NOT {disagrees_sql(_TEMPERATURE, _HUMIDITY, _DEW_POINT)} "
        f"AND abs(value - {dew_point_hpa}) > {_VAPOR_PRESSURE_HPA})",
        reason=f"format('dew point {{:g}} °C makes {{:.1f}} hPa', {_DEW_POINT}, {dew_point_hpa})",
    )


def _agrees(hpa: str, tolerance_hpa: str) -> str:
    return f"coalesce(abs({_PRESSURE} - {hpa}) <= {tolerance_hpa}, FALSE)"


def _witness() -> dict[str, str]:
    saturated = saturation_vapor_pressure_sql(_TEMPERATURE)
    by_dew_point = _agrees(saturation_vapor_pressure_sql(_DEW_POINT), f"{_FROM_DEW_POINT_HPA}")
    tolerance = f"{_FROM_HUMIDITY_HPA} + {_FROM_HUMIDITY_SHARE} * {saturated}"
    by_humidity = _agrees(f"{_HUMIDITY} / 100 * {saturated}", tolerance)
    return {
        "disagrees": f"coalesce({disagrees_sql(_TEMPERATURE, _HUMIDITY, _DEW_POINT)}, FALSE)",
        "agrees": f"coalesce(NOT {disagrees_sql(_TEMPERATURE, _HUMIDITY, _DEW_POINT)}, FALSE)",
        "clears_dew_point": f"({by_dew_point} AND NOT {by_humidity})",
        "clears_humidity": f"({by_humidity} AND NOT {by_dew_point})",
    }


def _is_suspect(name: str) -> str:
    return "NOT clears_dew_point" if name == _DEW_POINT else "NOT clears_humidity"


def _change(name: str) -> str:
    """Change since the four last agreed, in ordinary changes."""
    return f"(abs({name} - agreed_{name}) / {_ORDINARY_CHANGE[name]})"


_WITNESS = _witness()
_LAST_AGREED = {
    f"agreed_{name}": f"last_value(CASE WHEN agrees THEN {name} END IGNORE NULLS) OVER {frame(REFERENCE_HOURS)}"
    for name in _ORDINARY_CHANGE
}
