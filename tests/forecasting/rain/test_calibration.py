"""Calibration: probabilities that say too much are brought back to what happens."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.forecasting.rain.calibration import Calibration, fit_calibration

ROWS, BLOCKS = 4000, 4


def odds(probability: np.ndarray) -> np.ndarray:
    return np.log(probability / (1 - probability))


def test_a_distortion_of_the_log_odds_is_undone() -> None:
    generator = np.random.default_rng(4)
    true = generator.uniform(0.05, 0.95, (ROWS, BLOCKS))
    happened = (generator.random((ROWS, BLOCKS)) < true).astype(float)
    said = 1 / (1 + np.exp(-(2.0 * odds(true) + 0.7)))
    calibrated = fit_calibration(said, happened).applied(said)
    assert np.abs(calibrated - true).mean() < 0.02
    assert np.abs(said - true).mean() > 0.1


def test_near_and_far_blocks_may_err_in_other_ways() -> None:
    generator = np.random.default_rng(5)
    true = generator.uniform(0.05, 0.95, (ROWS, 16))
    happened = (generator.random(true.shape) < true).astype(float)
    said = 1 / (1 + np.exp(-odds(true) / (1 + 2 * np.exp(-np.arange(16) / 3))))
    calibrated = fit_calibration(said, happened).applied(said)
    assert np.abs(said - true)[:, 0].mean() > 0.1
    assert np.abs(calibrated - true)[:, 0].mean() < 0.03
    assert np.abs(calibrated - true)[:, 8:].mean() < 0.02


def test_what_was_not_observed_teaches_nothing() -> None:
    generator = np.random.default_rng(6)
    said = generator.uniform(0.1, 0.9, (200, 2))
    happened = (generator.random((200, 2)) < said).astype(float)
    more_said = np.vstack([said, np.full((50, 2), 0.99)])
    more = np.vstack([happened, np.full((50, 2), np.nan)])
    ours, theirs = fit_calibration(said, happened), fit_calibration(more_said, more)
    np.testing.assert_allclose(ours.coefficients, theirs.coefficients)


def test_nothing_to_learn_from_changes_nothing() -> None:
    calibration = fit_calibration(np.full((3, 2), 0.4), np.full((3, 2), np.nan))
    np.testing.assert_allclose(calibration.applied(np.full((1, 2), 0.4)), 0.4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.tuples(*[st.floats(-3, 3)] * 4))
@settings(max_examples=50)
def test_answers_are_probabilities(said: list[float], coefficients: tuple[float, ...]) -> None:
    answers = Calibration(np.array(coefficients)).applied(np.array([said]))
    assert ((answers >= 0) & (answers <= 1)).all()


@pytest.mark.parametrize("extreme", [0.0, 1.0])
def test_a_certain_forecast_that_failed_is_survived(extreme: float) -> None:
    calibration = fit_calibration(np.full((100, 1), extreme), np.full((100, 1), 1 - extreme))
    assert np.isfinite(calibration.applied(np.array([[extreme]]))).all()
