"""Comfort under uncertainty: exact cases by hand, and a simulation of the same assumptions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.outlook.comfort import comfort_score, lost_points
from weather_assets.outlook.commute import Scenarios, comfort_of, weighted_quantile
from weather_assets.outlook.feels_like import feels_like_c

LEVELS = np.arange(1, 20) * 0.05


def scenarios(
    temperature: np.ndarray,
    humidity: np.ndarray,
    rain: float = 0.0,
    dust: float = np.nan,
    month: int = 4,
    wind: float = 2.0,
) -> Scenarios:
    """One period whose three hours are alike."""
    return Scenarios(
        air_temperature_c=np.tile(temperature, (1, 3, 1)),
        relative_humidity_pct=np.tile(humidity, (1, 3, 1)),
        wind_speed_ms=np.array([wind]),
        rain_probability=np.array([rain]),
        mean_pm10_ugm3=np.full((1, 5), dust),
        month=np.array([float(month)]),
    )


def sure(value: float) -> np.ndarray:
    return np.full(19, value)


def test_a_sure_forecast_has_a_point_for_a_range() -> None:
    row = comfort_of(scenarios(sure(11.0), sure(50.0))).iloc[0]
    # 11 °C in April feels as it is: 4 of 28 degrees below comfort cost 10 of 70 points.
    assert row[["comfort_score", "comfort_low", "comfort_high"]].tolist() == pytest.approx([90.0] * 3)
    assert row["feels_like_c"] == row["feels_like_low_c"] == row["feels_like_high_c"] == pytest.approx(11.0)
    assert row["lost_temperature"] == pytest.approx(10.0)
    assert row["comfort_grade"] == "good"


def test_freezing_air_of_unknown_wind_costs_what_it_does_in_a_calm() -> None:
    unknown, calm = (comfort_of(scenarios(sure(-13.0), sure(50.0), month=1, wind=wind)).iloc[0] for wind in (np.nan, 0))
    assert unknown["feels_like_c"] == calm["feels_like_c"] == pytest.approx(-13.0)
    assert unknown["lost_temperature"] == pytest.approx(70.0)
    assert unknown["lost_wind"] == 0.0


@pytest.mark.parametrize(
    ("chance", "mean", "low", "high"),
    [(0.4, 88.0, 70.0, 100.0), (0.95, 71.5, 70.0, 70.0), (0.05, 98.5, 98.5, 100.0), (np.nan, 100.0, 100.0, 100.0)],
)
def test_rain_splits_the_range_and_the_mean_pays_in_proportion(
    chance: float, mean: float, low: float, high: float
) -> None:
    row = comfort_of(scenarios(sure(20.0), sure(50.0), rain=chance)).iloc[0]
    assert row["comfort_score"] == pytest.approx(mean)
    assert row["comfort_low"] == pytest.approx(low)
    assert row["comfort_high"] == pytest.approx(max(high, mean))


def test_the_range_agrees_with_a_simulation() -> None:
    temperature, humidity = 26.0 + 4.0 * (LEVELS - 0.5) * 2, 60.0 + 20.0 * (LEVELS - 0.5) * 2
    row = comfort_of(scenarios(temperature, humidity[::-1], rain=0.3, month=7)).iloc[0]
    rng = np.random.default_rng(5)
    level = rng.integers(19, size=200_000)
    felt = feels_like_c(temperature[level], humidity[::-1][level], 2.0, 7)
    score = comfort_score(
        lost_points(
            feels_like_c=felt,
            air_temperature_c=temperature[level],
            relative_humidity_pct=humidity[::-1][level],
            wind_speed_ms=2.0,
            rain_probability=(rng.random(len(level)) < 0.3).astype(float),
            mean_pm10_ugm3=np.nan,
        )
    )
    assert row["comfort_score"] == pytest.approx(score.mean(), abs=0.2)
    assert row["comfort_low"] == pytest.approx(np.quantile(score, 0.1), abs=1.5)
    assert row["comfort_high"] == pytest.approx(np.quantile(score, 0.9), abs=1.5)


@given(st.floats(-15, 35), st.floats(0, 8), st.floats(0, 1), st.integers(1, 12))
def test_the_score_lies_in_its_range_and_more_rain_never_helps(
    middle: float, spread: float, chance: float, month: int
) -> None:
    temperature = middle + spread * (LEVELS - 0.5)
    one = comfort_of(scenarios(temperature, sure(60.0), rain=chance, dust=90.0, month=month)).iloc[0]
    assert 0 <= one["comfort_low"] <= one["comfort_score"] <= one["comfort_high"] <= 100
    more = comfort_of(scenarios(temperature, sure(60.0), rain=min(1.0, chance + 0.2), dust=90.0, month=month)).iloc[0]
    assert more["comfort_score"] <= one["comfort_score"] + 1e-9


def test_parts_and_score_add_up_to_100() -> None:
    row = comfort_of(scenarios(5.0 + 6.0 * (LEVELS - 0.5), sure(85.0), rain=0.2, dust=70.0, wind=6.0)).iloc[0]
    lost = sum(row[f"lost_{part}"] for part in ("temperature", "humidity", "wind", "rain", "dust"))
    assert row["comfort_score"] + lost == pytest.approx(100.0)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_equal_weights_give_the_usual_quantile(values: list[float], level: float) -> None:
    flat = np.array([values])
    expected = np.quantile(flat, level - 1e-9, axis=1, method="inverted_cdf")
    assert weighted_quantile(flat, np.ones_like(flat), level) == pytest.approx(expected)
