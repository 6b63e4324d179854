"""The hourly ridge against truths that it must find."""

import numpy as np
import pytest

from weather_assets.forecasting import linear
from weather_assets.forecasting.hours import hour_of_day, season_angle
from weather_assets.forecasting.linear import BLOCKS, PENALTIES, fit_linear

HOURS = np.arange(420_000, 420_000 + 24 * 900)


@pytest.fixture(scope="module")
def predictors() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(len(HOURS), 3)).astype(np.float32)


def test_coefficients_that_turn_with_the_season_are_found(predictors: np.ndarray) -> None:
    truth = (2 + np.sin(season_angle(HOURS))) * predictors[:, 0] - predictors[:, 1]
    anomalies = np.stack([truth, -truth], axis=1).astype(np.float32)
    ridge, held_out = fit_linear(predictors, HOURS, anomalies)
    # Equations without the season would miss by the mean square of its sine, 0.7.
    assert np.sqrt(np.mean((ridge.predict(predictors, HOURS) - anomalies) ** 2)) < 0.25
    assert np.sqrt(np.mean((held_out - anomalies) ** 2)) < 0.3
    assert list(ridge.penalties) == [PENALTIES[0]] * 2


def test_each_hour_has_its_own_equations(predictors: np.ndarray) -> None:
    # Noon and midnight say the opposite; the hours beside are blended in, so six hours apart is told apart.
    sign = np.where((hour_of_day(HOURS) >= 6) & (hour_of_day(HOURS) < 18), 1.0, -1.0)
    anomalies = (sign * predictors[:, 0])[:, None].astype(np.float32)
    ridge, _ = fit_linear(predictors, HOURS, anomalies)
    assert ridge.coefficients[12, 1, 0] > 0.8
    assert ridge.coefficients[0, 1, 0] < -0.8


def test_pure_noise_is_met_with_a_strong_penalty_and_no_skill_out_of_sample(predictors: np.ndarray) -> None:
    noise = np.random.default_rng(9).normal(size=(len(HOURS), 1)).astype(np.float32)
    ridge, held_out = fit_linear(predictors, HOURS, noise)
    assert ridge.penalties[0] >= PENALTIES[-2]
    assert np.mean((held_out - noise) ** 2) >= np.mean(noise**2) * 0.99


def test_held_out_predictions_ignore_their_own_block(predictors: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "PENALTIES", (300.0,))
    anomalies = predictors[:, :1].copy()
    _, before = fit_linear(predictors, HOURS, anomalies)
    size = len(HOURS) // BLOCKS
    changed = anomalies.copy()
    changed[:size] += 100.0
    _, after = fit_linear(predictors, HOURS, changed)
    np.testing.assert_array_equal(after[:size], before[:size])
    assert np.abs(after[size:] - before[size:]).mean() > 1.0


def test_a_lead_without_truth_is_bridged_by_the_one_beside(predictors: np.ndarray) -> None:
    whole = np.repeat(predictors[:, :1], 3, axis=1)
    gaps = whole.copy()
    gaps[::2, 1] = np.nan
    ridge, _ = fit_linear(predictors, HOURS, gaps)
    expected, _ = fit_linear(predictors, HOURS, whole)
    np.testing.assert_allclose(ridge.coefficients, expected.coefficients, atol=1e-4)


def test_less_than_a_year_says_nothing_of_how_coefficients_turn(predictors: np.ndarray) -> None:
    short = slice(0, 24 * 200)
    truth = ((2 + np.sin(season_angle(HOURS[short]))) * predictors[short, 0])[:, None].astype(np.float32)
    ridge, _ = fit_linear(predictors[short], HOURS[short], truth)
    terms = ridge.coefficients.shape[1] // 3
    assert np.abs(ridge.coefficients[:, terms:]).max() < 1e-4
    assert ridge.coefficients[:, 1].min() > 1
