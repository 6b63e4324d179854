"""Elements that observers write as codes: cloud form, state of the ground, phenomena (domestic two-digit codes)."""

import numpy as np

from weather_assets.sources.simulation.columns import Column
from weather_assets.sources.simulation.ground import Surface, trailing_sum
from weather_assets.sources.simulation.noise import BoolArray, FloatArray, IntArray
from weather_assets.sources.simulation.sky import Sky

_FORMS = ("CbStNs", "StNs", "ScAs", "Sc", "ScCi", "AcCi", "Ci")
_GROUND_STATES = ("13", "2", "1", "4", "0")
"""Snow lies, wet, moist, frozen, dry."""

_OBSCURATIONS = ("", "16", "19", "40")
"""None, fog, mist, haze."""
_FALLING = ("", "05", "04", "01")
"""None, snow, shower, rain."""

VOCABULARIES = {
    "clfm_abbr_cd": _FORMS,
    "gnd_stt_cd": _GROUND_STATES,
    "dmst_mtph_no": tuple(obscuration + falling for obscuration in _OBSCURATIONS for falling in _FALLING),
}
"""Texts by code of the element; the columns made here hold places in them."""

_HEAVY_RAIN_MM = 10.0
_LYING_SNOW_CM, _WETTING_RAIN_MM, _FROZEN_C = 0.5, 3.0, -1.0
_MIST_HUMIDITY_PCT = 75.0
_FOG_M, _MIST_M, _HAZE_M = 1_000.0, 8_000.0, 9_000.0
_SNOW_BELOW_C, _SHOWER_ABOVE_C = 0.5, 20.0
_GROUND_EVERY_H, _GROUND_FIRST_HOUR = 6, 3


def cloud_form(clouds: Sky) -> Column:
    """The form that goes with the cover; blank under a clear sky."""
    low, total, rain_mm = clouds.low_mid_tenths, clouds.total_tenths, clouds.rain_mm
    mostly_low = (low > 0) & (total - low <= 1)
    rules = [rain_mm >= _HEAVY_RAIN_MM, rain_mm > 0.0, mostly_low & (low >= 9), mostly_low, low >= 4, low > 0]  # noqa: PLR2004
    return Column(_first_that_holds(rules), total > 0)


def ground_state(kst_hour: IntArray, soil: Surface, rain_mm: FloatArray) -> Column:
    """State of the ground, noted at 03, 09, 15 and 21 KST from what fell since the last note."""
    recent_mm = trailing_sum(rain_mm, _GROUND_EVERY_H)
    lying = soil.snow_depth_cm >= _LYING_SNOW_CM
    rules = [lying, recent_mm >= _WETTING_RAIN_MM, recent_mm > 0.0, soil.ground_c < _FROZEN_C]
    return Column(_first_that_holds(rules), kst_hour % _GROUND_EVERY_H == _GROUND_FIRST_HOUR)


def phenomena(visibility_m: FloatArray, humidity_pct: FloatArray, temperature_c: FloatArray, clouds: Sky) -> Column:
    """What dims the view, then what falls; blank where nothing does."""
    moist = humidity_pct >= _MIST_HUMIDITY_PCT
    dims = [visibility_m < _FOG_M, moist & (visibility_m < _MIST_M), ~moist & (visibility_m < _HAZE_M)]
    falls, broken = clouds.rain_mm > 0.0, clouds.cloud_share < 1.0
    kinds = [falls & (temperature_c < _SNOW_BELOW_C), falls & broken & (temperature_c > _SHOWER_ABOVE_C), falls]
    places = len(_FALLING) * np.select(dims, (1, 2, 3), default=0) + np.select(kinds, (1, 2, 3), default=0)
    return Column(places.astype(np.int64), places > 0)


def _first_that_holds(rules: list[BoolArray]) -> IntArray:
    """Place of the first rule that holds, or of the last word where none does."""
    return np.select(rules, range(len(rules)), default=len(rules)).astype(np.int64)
