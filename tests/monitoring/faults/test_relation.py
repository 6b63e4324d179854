"""Linear relations against closed forms."""

import numpy as np
import pytest

from weather_assets.monitoring.faults.relation import fitted

ROWS = 200


@pytest.fixture
def predictors() -> np.ndarray:
    """Three predictors of different sizes, independent of each other."""
    return np.random.default_rng(1).normal(size=(ROWS, 3)) * [1.0, 10.0, 0.1] + [5.0, 0.0, -3.0]


def test_without_penalty_a_linear_relation_is_recovered(predictors: np.ndarray) -> None:
    relation = fitted(predictors, 4.0 + predictors @ [2.0, -1.0, 7.0], penalty=0.0, least_rows=ROWS)
    assert relation is not None
    np.testing.assert_allclose(relation.slopes, [2.0, -1.0, 7.0])
    np.testing.assert_allclose(relation.of(np.array([[1.0, 2.0, 3.0]])), [4.0 + 2.0 - 2.0 + 21.0])


def test_a_penalty_of_one_halves_the_slope_of_a_lone_predictor(predictors: np.ndarray) -> None:
    lone = predictors[:, [1]]
    relation = fitted(lone, 3.0 * lone[:, 0], penalty=1.0, least_rows=ROWS)
    assert relation is not None
    np.testing.assert_allclose(relation.slopes, [1.5])


def test_what_is_not_measured_takes_no_part_and_need_not_be_known(predictors: np.ndarray) -> None:
    target = predictors[:, 0].copy()
    predictors[: ROWS // 5, 2] = np.nan
    relation = fitted(predictors, target, penalty=0.0, least_rows=ROWS)
    assert relation is not None
    assert relation.used.tolist() == [True, True, False]
    np.testing.assert_allclose(
        relation.of(np.array([[1.0, 2.0, np.nan], [np.nan, 2.0, 3.0]])), [1.0, np.nan], atol=1e-9
    )


def test_too_few_complete_rows_make_no_relation(predictors: np.ndarray) -> None:
    target = predictors[:, 0].copy()
    target[3] = np.nan
    assert fitted(predictors, target, penalty=0.0, least_rows=ROWS) is None
    assert fitted(predictors, target, penalty=0.0, least_rows=ROWS - 1) is not None
    assert fitted(predictors, np.full(ROWS, np.nan), penalty=0.0, least_rows=1) is None
