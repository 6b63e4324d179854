import numpy as np
import pytest

from weather_assets.sources.simulation.ground import MEMORY_H, surface, trailing_mean, trailing_sum
from weather_assets.sources.simulation.noise import FloatArray
from weather_assets.sources.simulation.sky import Sky

HOURS = 1_000


def under(rain_mm: FloatArray) -> Sky:
    cover = np.full(HOURS, 10.0)
    return Sky(cover, cover, rain_mm, cover / 10.0)


def snow(rain_mm: FloatArray, temperature_c: FloatArray) -> FloatArray:
    return surface(temperature_c, np.zeros(HOURS), under(rain_mm)).snow_depth_cm


def test_depth_is_what_an_hour_by_hour_balance_gives() -> None:
    """The recursion depth = max(0, depth + fall - settling - melt), written as a loop."""
    random = np.random.default_rng(3)
    rain_mm = np.where(random.random(HOURS) < 0.02, random.gamma(1.0, 2.0, HOURS), 0.0)
    temperature_c = random.normal(-2.0, 3.0, HOURS)
    fresh_cm = surface(temperature_c, np.zeros(HOURS), under(rain_mm)).fresh_snow_cm
    depth, expected = 0.0, []
    for fall_cm, temperature in zip(fresh_cm, temperature_c, strict=True):
        depth = max(0.0, depth + fall_cm - 0.04 - 0.08 * max(temperature, 0.0))
        expected.append(depth)
    assert max(expected) > 3.0
    assert snow(rain_mm, temperature_c) == pytest.approx(np.array(expected), abs=0.02)


def test_no_snow_falls_in_the_warm_and_no_rain_in_the_cold() -> None:
    rain_mm = np.full(HOURS, 1.0)
    assert snow(rain_mm, np.full(HOURS, 3.0)).max() == 0.0
    assert surface(np.full(HOURS, -5.0), np.zeros(HOURS), under(rain_mm)).fresh_snow_cm == pytest.approx(0.8)


def test_nothing_before_the_memory_matters() -> None:
    random = np.random.default_rng(4)
    rain_mm, temperature_c = random.gamma(0.1, 1.0, HOURS), random.normal(-8.0, 2.0, HOURS)
    other_rain, other_temperature = rain_mm.copy(), temperature_c.copy()
    cut = HOURS - MEMORY_H
    other_rain[:cut], other_temperature[:cut] = 9.0, -20.0
    now = surface(temperature_c, np.zeros(HOURS), under(rain_mm))
    then = surface(other_temperature, np.zeros(HOURS), under(other_rain))
    assert now.snow_depth_cm[-1] == then.snow_depth_cm[-1] > 0.0
    assert all(now.soil_c[code][-1] == then.soil_c[code][-1] for code in now.soil_c)


def test_trailing_mean_damps_and_delays_a_wave_as_a_first_order_lag() -> None:
    wave = np.cos(2.0 * np.pi * np.arange(HOURS) / 24.0)
    late = trailing_mean(wave, 10.0)[-240:]
    # First-order lag of 10 h: gain 1 / sqrt(1 + (2 pi 10 / 24)^2) = 0.357, delay atan(2.62) / (2 pi / 24) = 4.6 h.
    assert late.max() == pytest.approx(0.357, abs=0.05)
    assert (late[:24].argmax() - wave[-240:][:24].argmax()) % 24 in (3, 4, 5)


def test_trailing_sum_adds_the_hours_before() -> None:
    assert trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 3).tolist() == [1.0, 3.0, 7.0, 14.0]
