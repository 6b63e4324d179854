"""What stands in for an unknown predictor, against the regression that defines it."""

import numpy as np
import pytest

from weather_assets.forecasting.gaps import fit_gaps

ROWS = 20_000


@pytest.fixture
def predictors() -> np.ndarray:
    """Two independent signals, their sum with a little noise, and one that is blank half of the time."""
    generator = np.random.default_rng(7)
    first, second, blank = generator.normal(size=(3, ROWS))
    together = (first + second + 0.1 * generator.normal(size=ROWS)) / np.sqrt(2.01)
    blank[::2] = 0
    return np.column_stack([first, second, together, blank]).astype(np.float32)


@pytest.fixture
def known(predictors: np.ndarray) -> np.ndarray:
    known = np.ones_like(predictors, dtype=np.bool_)
    known[::2, 3] = False
    return known


def test_an_unknown_is_the_regression_on_what_is_known(predictors: np.ndarray, known: np.ndarray) -> None:
    gaps = fit_gaps(predictors, known)
    known[:100, 2] = False
    hidden = np.where(known, predictors, 0).astype(np.float32)
    found = gaps.filled(hidden, known)
    expected = np.linalg.lstsq(predictors[:, :2], predictors[:, 2], rcond=None)[0]
    np.testing.assert_allclose(found[:100, 2], predictors[:100, :2] @ expected, atol=0.05)
    np.testing.assert_array_equal(found[100:], hidden[100:])


def test_several_unknowns_are_guessed_from_the_rest(predictors: np.ndarray, known: np.ndarray) -> None:
    gaps = fit_gaps(predictors, known)
    known[:100, 1:3] = False
    hidden = np.where(known, predictors, 0).astype(np.float32)
    found = gaps.filled(hidden, known)[:100]
    # The second signal is independent of the first, the sum is half made of it.
    np.testing.assert_allclose(found[:, 1], 0, atol=0.1)
    np.testing.assert_allclose(found[:, 2], predictors[:100, 0] / np.sqrt(2.01), atol=0.1)


def test_what_is_often_blank_stays_blank(predictors: np.ndarray, known: np.ndarray) -> None:
    np.testing.assert_array_equal(fit_gaps(predictors, known).filled(predictors, known), predictors)
