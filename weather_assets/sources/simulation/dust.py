"""PM10: the haze that gathers in still air, and the yellow dust that some cold fronts of the cold season bring."""

import numpy as np

from weather_assets.sources.simulation.fronts import passages
from weather_assets.sources.simulation.mess import Episode
from weather_assets.sources.simulation.noise import BoolArray, FloatArray, blend, normal, smooth, stream, uniform
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.site import site_of
from weather_assets.sources.simulation.sky import sky
from weather_assets.sources.simulation.synoptic import Synoptic, synoptic

_USUAL_UGM3 = (45.0, 45.0, 47.0, 42.0, 40.0, 33.0, 25.0, 23.0, 22.0, 29.0, 40.0, 42.0)
"""Median hour of the month in Seoul without yellow dust."""

_DUSTY_SHARE = (0.07, 0.10, 0.24, 0.24, 0.18, 0.0, 0.0, 0.0, 0.0, 0.0, 0.06, 0.07)
"""Share of cold fronts that bring yellow dust, by month."""

_HAZE_SCALES = {14.0: 0.4, 60.0: 0.6}
_PLUME_UGM3, _PLUME_SPREAD = 170.0, 0.75
_ARRIVES_AFTER_H, _ARRIVES_WITHIN_H, _LASTS_H = 5.0, 2.0, 14.0
_HOURS_PER_MONTH = 365.2425 * 2.0
_SEOUL = site_of(108)

_SINGLE_BLANKS = 0.015
_BLANKS = Episode(chance_per_week=0.6, shortest_h=1, longest_h=12)
_GAP = Episode(chance_per_week=0.15, shortest_h=2, longest_h=48)


def pm10_ugm3(scene: Scene) -> FloatArray:
    """Mean of each hour."""
    state = synoptic(scene)
    local = 0.18 * normal(scene.key("dust sample"), scene.timeline.hours) + 0.2 * scene.local("dust", 4.0)
    busy = 0.06 * scene.timeline.daily_wave(10.0, per_day=2)
    clean_place = 0.3 * (scene.site.maritime - _SEOUL.maritime)
    washed_out = 0.4 * np.tanh(sky(scene, state).rain_mm)
    usual = scene.timeline.annual_cycle(_USUAL_UGM3)
    return usual * np.exp(_haze(scene, state) + local + busy - clean_place - washed_out) + _yellow_dust_ugm3(scene)


def _haze(scene: Scene, state: Synoptic) -> FloatArray:
    """Logarithm of how much more than usual: stagnant air ahead of a front gathers haze, the wind behind clears it."""
    stagnation = 0.28 * state.fronts.warmth - 0.14 * state.westerly + 0.10 * state.pressure
    # The same haze as dims the view.
    dim = -0.22 * smooth(stream(scene.seed, "haze"), scene.pattern_time_h, 40.0)
    return stagnation + dim + 0.26 * blend(stream(scene.seed, "pollution"), scene.pattern_time_h, _HAZE_SCALES)


def _yellow_dust_ugm3(scene: Scene) -> FloatArray:
    """Plumes that follow a front by some hours, come fast and thin out within a day or so; further west, earlier."""
    dust = np.zeros_like(scene.pattern_time_h)
    for front in passages(scene.seed, scene.pattern_time_h):
        month = np.floor(front.passage_h / _HOURS_PER_MONTH).astype(np.int64) % len(_DUSTY_SHARE)
        dusty = uniform(stream(scene.seed, "yellow dust"), front.number) < np.take(_DUSTY_SHARE, month)
        peak = _PLUME_UGM3 * np.exp(_PLUME_SPREAD * normal(stream(scene.seed, "plume"), front.number))
        since_h = scene.pattern_time_h - front.passage_h - _ARRIVES_AFTER_H
        arrived = 1.0 / (1.0 + np.exp(-since_h / _ARRIVES_WITHIN_H))
        plume = arrived * np.exp(-np.maximum(since_h, 0.0) / _LASTS_H)
        dust += np.where(dusty, front.strength * peak * plume, 0.0)
    return dust


def blank_hours(scene: Scene) -> BoolArray:
    """Hours whose value is blank: 4 % or so, single or some in a row."""
    hours = scene.timeline.hours
    single = uniform(scene.key("blank dust"), hours) < _SINGLE_BLANKS
    return single | _BLANKS.active(scene.key("blank dust", "episode"), hours)


def absent_hours(scene: Scene) -> BoolArray:
    """Hours without a row: 2 % or so, up to two days on end."""
    return _GAP.active(scene.key("absent dust"), scene.timeline.hours)
