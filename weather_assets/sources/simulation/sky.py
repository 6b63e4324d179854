"""Cloud, rain, cloud base and visibility."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray, smooth, stream
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.synoptic import Synoptic

_CLOUD_BIAS = (-0.4, -0.35, -0.3, -0.2, -0.1, 0.3, 0.9, 0.5, 0.1, -0.35, -0.3, -0.4)
_RAINY_SHARE = (0.065, 0.06, 0.055, 0.065, 0.075, 0.065, 0.155, 0.125, 0.075, 0.05, 0.06, 0.06)
"""Share of hours that are wet enough for rain, by month: the monsoon of July and August stands out."""

_RAIN_MM_PER_H = (0.6, 0.7, 0.8, 1.6, 2.1, 1.7, 4.2, 4.0, 2.7, 1.6, 1.4, 0.6)
_INDEX_MEAN, _INDEX_SPREAD = 0.2, 1.17
"""Mean and spread of the large-scale cloud together with the showers of the place."""

_SHARES = np.linspace(0.01, 0.30, 60)
_THRESHOLDS = np.array([NormalDist(_INDEX_MEAN, _INDEX_SPREAD).inv_cdf(1.0 - share) for share in _SHARES])
_RAIN_NEEDS_TENTHS = 7.0


@dataclass(frozen=True, slots=True)
class Sky:
    """Cloud in tenths (whole numbers), rain in mm in the hour, and the share of sky covered on the scale of a day."""

    total_tenths: FloatArray
    low_mid_tenths: FloatArray
    rain_mm: FloatArray
    day_cloud_share: FloatArray

    @property
    def cloud_share(self) -> FloatArray:
        """Share of the sky covered, 0..1."""
        return self.total_tenths / 10.0


def _covered(index: FloatArray) -> FloatArray:
    """Skies are mostly clear or mostly covered: a steep S-curve of the index, 0..1."""
    share: FloatArray = 1.0 / (1.0 + np.exp(-3.2 * index))
    return share


def _rain_mm(scene: Scene, index: FloatArray) -> FloatArray:
    """Rain of the hour: grows with how far cloud and showers exceed their quantile of the month."""
    timeline = scene.timeline
    threshold = np.interp(timeline.annual_cycle(_RAINY_SHARE), _SHARES, _THRESHOLDS)
    afternoon = 0.25 * (1.0 - timeline.winter) * timeline.daily_wave(16.0)
    excess = np.maximum(index + 0.45 * scene.local("showers", 3.0) + afternoon - threshold, 0.0)
    burst = np.exp((0.7 - 0.35 * timeline.winter) * scene.local("burst", 1.5))
    rain_mm: FloatArray = timeline.annual_cycle(_RAIN_MM_PER_H) * excess**1.4 * burst
    return rain_mm


def sky(scene: Scene, state: Synoptic) -> Sky:
    """Cloud and the rain that falls from it; there is no rain from less than 7 tenths."""
    index = state.cloud - _INDEX_MEAN + scene.timeline.annual_cycle(_CLOUD_BIAS)
    total = np.rint(10.0 * _covered(index + 0.4 * scene.local("broken cloud", 2.0)))
    rain_mm = np.where(total >= _RAIN_NEEDS_TENTHS, _rain_mm(scene, state.cloud), 0.0)
    low_share = np.clip(0.45 + 0.3 * index + 0.3 * scene.local("low cloud", 7.0), 0.0, 1.0)
    low_mid = np.where(rain_mm > 0.0, total, np.rint(total * low_share))
    return Sky(total, low_mid, rain_mm, day_cloud_share=_covered(index))


def visibility_m(scene: Scene, humidity_pct: FloatArray, rain_mm: FloatArray) -> FloatArray:
    """Shorter in moist air and rain, fog near saturation, and haze for days on end; 10 m to 50 km."""
    haze = 0.45 * smooth(stream(scene.seed, "haze"), scene.pattern_time_h, 40.0) + 0.1 * scene.local("murk", 3.0)
    moist = 1.1 * (humidity_pct / 100.0) ** 4 + 2.5 * np.clip((humidity_pct - 95.0) / 5.0, 0.0, 1.0) ** 2
    return np.clip(24_000.0 * np.exp(haze - moist - 0.3 * np.sqrt(rain_mm)), 10.0, 50_000.0)


def cloud_base_m(scene: Scene, depression_c: FloatArray, rain_mm: FloatArray) -> FloatArray:
    """Near the lifting condensation level, 125 m per C between temperature and dew point (Espy 1836); lower in rain."""
    level = (300.0 + 100.0 * depression_c) * np.exp(0.25 * scene.local("cloud base", 5.0))
    return np.clip(level - 150.0 * np.minimum(rain_mm, 1.0), 100.0, 6000.0)
