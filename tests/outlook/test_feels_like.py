"""Feels-like temperature and discomfort index against published values, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.outlook.feels_like import (
    discomfort_grade,
    discomfort_index,
    feels_like_c,
    summer_feels_like_c,
    wet_bulb_c,
    winter_feels_like_c,
)

humidity = st.floats(10, 99)
wind = st.floats(1.3, 20)
step = st.floats(0.1, 5)


def test_wet_bulb_of_stulls_own_example() -> None:
    # Stull (2011): 20 °C and 50 % give 13.7 °C.
    assert wet_bulb_c(20.0, 50.0) == pytest.approx(13.7, abs=0.05)


@pytest.mark.parametrize(("temperature", "humid", "expected"), [(35.0, 30.0, 32.0), (35.0, 55.0, 35.0)])
def test_summer_values_of_the_kma(temperature: float, humid: float, expected: float) -> None:
    assert summer_feels_like_c(temperature, humid) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("temperature", "wind_kmh", "expected"),
    # Environment Canada's wind chill table, the same index: rounded to whole degrees.
    [(0.0, 20.0, -5), (-10.0, 30.0, -20), (-20.0, 40.0, -34), (5.0, 10.0, 3)],
)
def test_winter_values_of_the_wind_chill_table(temperature: float, wind_kmh: float, expected: int) -> None:
    assert round(float(winter_feels_like_c(temperature, wind_kmh / 3.6))) == expected


@pytest.mark.parametrize(("temperature", "wind_ms"), [(10.1, 8.0), (5.0, 1.2), (-15.0, 0.0)])
def test_warm_or_calm_winter_air_feels_as_it_is(temperature: float, wind_ms: float) -> None:
    assert winter_feels_like_c(temperature, wind_ms) == temperature


def test_the_month_chooses_the_formula() -> None:
    felt = feels_like_c([35.0, 0.0], [55.0, 55.0], [5.0, 5.0], [8, 1])
    assert felt == pytest.approx([35.0, float(winter_feels_like_c(0.0, 5.0))], abs=0.1)
    assert feels_like_c(20.0, 50.0, 3.0, 4) == 20.0


def test_what_is_not_known_stays_unknown() -> None:
    assert np.isnan(feels_like_c(np.nan, 50.0, 2.0, 7))
    assert np.isnan(feels_like_c(5.0, 50.0, np.nan, 1))


@given(st.floats(-30, 5), wind, step)
def test_more_wind_never_feels_warmer(temperature: float, wind_ms: float, more: float) -> None:
    assert winter_feels_like_c(temperature, wind_ms + more) <= winter_feels_like_c(temperature, wind_ms)


@given(st.floats(-30, 9), wind, step)
def test_warmer_winter_air_feels_warmer(temperature: float, wind_ms: float, more: float) -> None:
    assert winter_feels_like_c(temperature + more, wind_ms) > winter_feels_like_c(temperature, wind_ms)


@given(st.floats(10, 40), humidity, step)
def test_warmer_summer_air_feels_warmer(temperature: float, humid: float, more: float) -> None:
    assert summer_feels_like_c(temperature + more, humid) > summer_feels_like_c(temperature, humid)


def test_discomfort_by_its_definition_and_its_grades() -> None:
    # 30 °C and 60 %: Tw by Stull 23.9 °C, 0.72 (30 + 23.9) + 40.6 = 79.4.
    assert discomfort_index(30.0, 60.0) == pytest.approx(79.4, abs=0.15)
    grades = [discomfort_grade(index) for index in (67.9, 68.0, 74.9, 75.0, 79.9, 80.0)]
    assert grades == ["low", "moderate", "moderate", "high", "high", "very_high"]
