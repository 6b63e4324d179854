"""All elements of one station as a faultless station would report them."""

from dataclasses import dataclass

import numpy as np

from weather_assets.elements import WINTER_RAIN_MONTHS, WINTER_RAIN_PERIOD_H
from weather_assets.sources.simulation import ground, sky, words
from weather_assets.sources.simulation.air import Air, air
from weather_assets.sources.simulation.columns import Column, column
from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.sun import Sunlight, sunlight
from weather_assets.sources.simulation.synoptic import synoptic
from weather_assets.sources.simulation.thermodynamics import relative_humidity_pct, saturation_pressure_hpa
from weather_assets.sources.simulation.timeline import Timeline

_CALM_BELOW_MS = 0.5
_NEW_SNOW_PERIOD_H = 3
_FULL_CIRCLE_DEG = 360.0


@dataclass(frozen=True, slots=True)
class Readings:
    """Columns by KMA's code: numbers, and places in words.VOCABULARIES."""

    numbers: dict[str, Column]
    words: dict[str, Column]


def simulate(scene: Scene) -> Readings:
    """Readings of every hour; those of the first ground.MEMORY_H hours lack a past and are not to be used."""
    timeline = scene.timeline
    state = synoptic(scene)
    clouds = sky.sky(scene, state)
    here = air(scene, state, clouds)
    light = sunlight(timeline, scene.site, clouds.cloud_share)
    soil = ground.surface(here.temperature_c, light.radiation_mj_m2, clouds)
    moist = _air_columns(here)
    view_m = sky.visibility_m(scene, moist["hm"].values, clouds.rain_mm)
    base_m = sky.cloud_base_m(scene, here.temperature_c - here.dew_point_c, clouds.rain_mm)
    return Readings(
        numbers={
            **moist,
            **_wind_columns(here),
            **_sky_columns(clouds, view_m, base_m),
            **_sun_columns(light),
            **_ground_columns(timeline, soil),
            "rn": _rain_column(timeline, clouds.rain_mm),
        },
        words={
            "clfm_abbr_cd": words.cloud_form(clouds),
            "gnd_stt_cd": words.ground_state(timeline.kst_hour, soil, clouds.rain_mm),
            "dmst_mtph_no": words.phenomena(view_m, moist["hm"].values, here.temperature_c, clouds),
        },
    )


def _air_columns(here: Air) -> dict[str, Column]:
    """Humidity and vapour pressure follow from temperature and dew point as reported, that is rounded."""
    temperature, dew_point = column("ta", here.temperature_c), column("td", here.dew_point_c)
    return {
        "ta": temperature,
        "td": dew_point,
        "hm": column("hm", relative_humidity_pct(temperature.values, dew_point.values)),
        "pv": column("pv", saturation_pressure_hpa(dew_point.values)),
        "pa": column("pa", here.station_hpa),
        "ps": column("ps", here.sea_level_hpa),
    }


def _wind_columns(here: Air) -> dict[str, Column]:
    """Speed, and where the wind comes from: 360 is north, 0 a calm."""
    speed_ms = np.hypot(here.eastward_ms, here.northward_ms)
    direction = column("wd", np.rad2deg(np.arctan2(-here.eastward_ms, -here.northward_ms)) % _FULL_CIRCLE_DEG)
    north = np.rint(direction.values) == 0.0
    named_deg = np.where(north, _FULL_CIRCLE_DEG, direction.values)
    speed = column("ws", speed_ms)
    # Half a step under the limit keeps 0.5, which is 5 * 0.1 in floating point, on the windy side.
    calm = speed.values < _CALM_BELOW_MS - 0.5 * speed.resolution
    return {"ws": speed, "wd": column("wd", np.where(calm, 0.0, named_deg))}


def _sky_columns(clouds: sky.Sky, view_m: FloatArray, base_m: FloatArray) -> dict[str, Column]:
    return {
        "dc10_tca": column("dc10_tca", clouds.total_tenths),
        "dc10_lmcs_ca": column("dc10_lmcs_ca", clouds.low_mid_tenths),
        "lcs_ch": column("lcs_ch", base_m).where(clouds.low_mid_tenths > 0),
        "vs": column("vs", view_m),
    }


def _sun_columns(light: Sunlight) -> dict[str, Column]:
    """Blank while the sun is down."""
    return {
        "ss": column("ss", light.sunshine_h).where(light.up),
        "icsr": column("icsr", light.radiation_mj_m2).where(light.up),
    }


def _ground_columns(timeline: Timeline, soil: ground.Surface) -> dict[str, Column]:
    """Snow is blank where there is none, and new snow is read every third hour."""
    new_snow_cm = ground.trailing_sum(soil.fresh_snow_cm, _NEW_SNOW_PERIOD_H)
    depth, new = column("dsnw", soil.snow_depth_cm), column("hr3_fhsc", new_snow_cm)
    return {
        "ts": column("ts", soil.ground_c),
        **{code: column(code, values) for code, values in soil.soil_c.items()},
        "dsnw": depth.where(depth.steps > 0),
        "hr3_fhsc": new.where((new.steps > 0) & (timeline.kst_hour % _NEW_SNOW_PERIOD_H == 0)),
    }


def _rain_column(timeline: Timeline, rain_mm: FloatArray) -> Column:
    """Blank when dry, 0 for a trace; in the winter months the total of three hours, every third hour."""
    winter = np.isin(timeline.kst_month, WINTER_RAIN_MONTHS)
    total_mm = np.where(winter, ground.trailing_sum(rain_mm, WINTER_RAIN_PERIOD_H), rain_mm)
    reported = ~winter | (timeline.kst_hour % WINTER_RAIN_PERIOD_H == 0)
    return column("rn", total_mm).where(reported & (total_mm > 0.0))
