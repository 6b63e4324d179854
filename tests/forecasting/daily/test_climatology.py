"""The climatology of days on series whose seasons are known."""

import numpy as np
import pytest

from weather_assets.forecasting.daily.climatology import NEWEST_YEARS, fit_climatology
from weather_assets.forecasting.series import ObservedSeries

FIRST = int(np.datetime64("1980-01-01").astype(np.int64))
YEAR = 365.2425


def season(days: np.ndarray) -> np.ndarray:
    since = days - days.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    angle = 2 * np.pi * since / YEAR
    return 12 - 13 * np.cos(angle) + 2 * np.sin(2 * angle)


def test_a_season_is_found_again() -> None:
    days = FIRST + np.arange(4000)
    climatology = fit_climatology(ObservedSeries({108: (FIRST, season(days))}))
    usual = climatology.at(np.full(4000, 108), days)
    np.testing.assert_allclose(usual, season(days), atol=0.1)


def test_only_the_newest_years_count() -> None:
    days = FIRST + np.arange(round(40 * YEAR))
    old = days <= days[-1] - NEWEST_YEARS * YEAR
    values = np.where(old, -10.0, 5.0)
    climatology = fit_climatology(ObservedSeries({108: (FIRST, values)}))
    assert climatology.at(np.array([108]), days[-1:])[0] == pytest.approx(5.0, abs=0.05)


def test_a_span_without_most_of_a_year_says_nothing_of_seasons() -> None:
    days = FIRST + np.arange(200)
    climatology = fit_climatology(ObservedSeries({108: (FIRST, season(days))}))
    usual = climatology.at(np.full(2, 108), FIRST + np.array([0, 330]))
    assert usual[0] == usual[1]


def test_a_station_unknown_gets_the_mean_station() -> None:
    axes = {108: (FIRST, np.full(800, 4.0)), 129: (FIRST, np.full(800, 8.0))}
    climatology = fit_climatology(ObservedSeries(axes))
    assert climatology.at(np.array([95]), np.array([FIRST]))[0] == pytest.approx(6.0, abs=0.01)
