"""Elements of one hour that cannot go together: pressures and elevation, calm and direction, snow and heat.

Internal consistency tests as in WMO-No. 305 and the KMA guides; limits from what real hours show.
"""

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion

_STATION, _SEA = "station_pressure_hpa", "sea_level_pressure_hpa"
_PLAIN_JUMP_HPA = 3.0
# Stations are moved by some metres, and KMA reduces with a temperature of its own.
_PRESSURE_TOLERANCE_HPA, _PRESSURE_TOLERANCE_HPA_PER_M = 5.0, 0.01
_LAPSE_C_PER_M = 0.0065
_USUAL_TEMPERATURE_C = 15.0
_GRAVITY_BY_GAS_CONSTANT_K_PER_M = 9.80665 / 287.05
_WIND_MS = 1.0
_SNOW_MELTS_FAST_C = 18.0
_NO_SNOW_FALLS_C = 8.0
_NEW_SNOW_CM = 1.0


def pressures_disagree(element: str) -> Criterion:
    """Fails where station and sea-level pressure are not those of one place at the station's elevation.

    Expected is the hydrostatic difference (WMO-No. 8); tolerated are 5 hPa and 1 hPa per 100 m. The one that did not
    jump since the hour before is cleared where the other did.
    """
    mean_k = f"(coalesce(air_temperature_c, {_USUAL_TEMPERATURE_C}) + 273.15 + {_LAPSE_C_PER_M} / 2 * elevation_m)"
    reduced = f"{_STATION} * exp({_GRAVITY_BY_GAS_CONSTANT_K_PER_M} * elevation_m / {mean_k})"
    tolerance = f"{_PRESSURE_TOLERANCE_HPA} + {_PRESSURE_TOLERANCE_HPA_PER_M} * elevation_m"
    own, other = ("station", "sea") if element == _STATION else ("sea", "station")
    cleared = f"coalesce({other}_jump > greatest({_PLAIN_JUMP_HPA}, 2 * {own}_jump), FALSE)"
    return Criterion(
        test="pressures",
        flag=Flag.INCONSISTENT,
        reads=(_STATION, _SEA, "air_temperature_c", "elevation_m"),
        looks={
            "station_jump": f"abs({_STATION} - lag({_STATION}) OVER hours)",
            "sea_jump": f"abs({_SEA} - lag({_SEA}) OVER hours)",
        },
        condition=f"(abs({_SEA} - {reduced}) > {tolerance} AND NOT {cleared})",
        reason=f"format('{{:g}} hPa at {{:g}} m make {{:.1f}} hPa at sea level, not {{:g}}', "
        f"{_STATION}, elevation_m, {reduced}, {_SEA})",
    )


def direction_without_wind() -> Criterion:
    """Fails where a calm has a direction, or a wind of 1 m/s and more has that of a calm, 0 (north is 360)."""
    calm = "(wind_speed_ms = 0 AND value > 0)"
    return Criterion(
        test="direction",
        flag=Flag.INCONSISTENT,
        reads=("wind_speed_ms",),
        condition=f"({calm} OR (wind_speed_ms >= {_WIND_MS} AND value = 0))",
        reason="format('{:g} degrees with a wind of {:g} m/s', value, wind_speed_ms)",
    )


def snow_in_heat() -> Criterion:
    """Fails where snow lies above 18 °C, or grows by 1 cm and more in an hour above 8 °C."""
    grows = f"(value - lag_depth >= {_NEW_SNOW_CM} AND air_temperature_c > {_NO_SNOW_FALLS_C})"
    return Criterion(
        test="snow in heat",
        flag=Flag.INCONSISTENT,
        reads=("air_temperature_c",),
        looks={"lag_depth": "lag(value) OVER hours"},
        condition=f"((value > 0 AND air_temperature_c > {_SNOW_MELTS_FAST_C}) OR {grows})",
        reason="format('{:g} cm of snow at {:g} °C', value, air_temperature_c)",
    )
