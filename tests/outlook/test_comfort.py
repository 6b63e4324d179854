"""The comfort score: its ends, its grades, and that worse conditions never score better."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.outlook.comfort import comfort_grade, comfort_score, lost_points

PLEASANT: Mapping[str, float] = {
    "feels_like_c": 20.0,
    "air_temperature_c": 20.0,
    "relative_humidity_pct": 50.0,
    "wind_speed_ms": 2.0,
    "rain_probability": 0.0,
    "mean_pm10_ugm3": 20.0,
}
anything = st.fixed_dictionaries(
    {
        "feels_like_c": st.floats(-30, 45),
        "air_temperature_c": st.floats(-25, 40),
        "relative_humidity_pct": st.floats(0, 100),
        "wind_speed_ms": st.floats(0, 25),
        "rain_probability": st.floats(0, 1),
        "mean_pm10_ugm3": st.floats(0, 600),
    }
)


def score(conditions: Mapping[str, float]) -> float:
    return float(comfort_score(lost_points(**conditions)))


def test_a_pleasant_day_scores_100_and_a_blizzard_0() -> None:
    assert score(PLEASANT) == 100.0
    storm = {"feels_like_c": -25.0, "air_temperature_c": -12.0, "wind_speed_ms": 14.0, "rain_probability": 1.0}
    assert score({**PLEASANT, **storm}) == 0.0


@pytest.mark.parametrize(
    ("changed", "lost"),
    [
        ({"feels_like_c": 1.0}, 35.0),  # halfway from 15 to -13 °C: half of 70
        ({"feels_like_c": 31.0}, 35.0),  # halfway from 24 to 38 °C
        ({"relative_humidity_pct": 85.0}, 5.0),
        ({"wind_speed_ms": 8.0}, 10.0),
        ({"rain_probability": 0.5}, 15.0),
        ({"rain_probability": 0.5, "air_temperature_c": 1.0}, 20.0),
        ({"mean_pm10_ugm3": 80.0}, 10.0),
    ],
)
def test_each_part_costs_what_the_scale_says(changed: Mapping[str, float], lost: float) -> None:
    assert score({**PLEASANT, **changed}) == pytest.approx(100.0 - lost)


@given(anything)
def test_the_score_stays_between_0_and_100(conditions: Mapping[str, float]) -> None:
    assert 0.0 <= score(conditions) <= 100.0


@given(anything, st.sampled_from(["wind_speed_ms", "rain_probability", "mean_pm10_ugm3"]), st.floats(0, 1))
def test_more_wind_rain_or_dust_never_scores_better(conditions: Mapping[str, float], part: str, share: float) -> None:
    room = {"wind_speed_ms": 25.0, "rain_probability": 1.0, "mean_pm10_ugm3": 600.0}[part]
    worse = conditions[part] + share * (room - conditions[part])
    assert score({**conditions, part: worse}) <= score(conditions) + 1e-9


@given(anything, st.floats(0, 20))
def test_farther_from_comfort_never_scores_better(conditions: Mapping[str, float], more: float) -> None:
    felt, humid = conditions["feels_like_c"], conditions["relative_humidity_pct"]
    if not 15.0 <= felt <= 24.0:
        farther = {**conditions, "feels_like_c": felt + (more if felt > 24.0 else -more)}
        assert score(farther) <= score(conditions) + 1e-9
    if not 35.0 <= humid <= 75.0:
        farther = {**conditions, "relative_humidity_pct": humid + (more if humid > 75.0 else -more)}
        assert score(farther) <= score(conditions) + 1e-9


def test_what_is_not_known_costs_nothing() -> None:
    unknown = {"wind_speed_ms": np.nan, "rain_probability": np.nan, "mean_pm10_ugm3": np.nan}
    assert score({**PLEASANT, **unknown}) == 100.0


def test_grades() -> None:
    grades = [comfort_grade(value) for value in (0.0, 39.9, 40.0, 59.9, 60.0, 79.9, 80.0, 100.0)]
    assert grades == ["bad", "bad", "poor", "poor", "fair", "fair", "good", "good"]
