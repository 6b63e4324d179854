"""Scores against analytic values and an independent library."""

import numpy as np
import pytest
import scoringrules
from scipy.stats import norm

from weather_assets.forecasting import scores
from weather_assets.forecasting.spread import LEVELS


def test_point_scores_of_a_worked_example() -> None:
    # Errors 1, -3 and 2; the pair without truth does not count.
    forecast, observed = np.array([1.0, 0.0, 4.0, 9.0]), np.array([0.0, 3.0, 2.0, np.nan])
    assert scores.bias(forecast, observed) == pytest.approx(0.0)
    assert scores.mae(forecast, observed) == pytest.approx(2.0)
    assert scores.rmse(forecast, observed) == pytest.approx((14 / 3) ** 0.5)


def test_coverage_counts_bounds_and_leaves_unknown_out() -> None:
    low, high = np.zeros(4), np.ones(4)
    assert scores.coverage(low, high, np.array([0.0, 1.0, 2.0, np.nan])) == pytest.approx(2 / 3)
    assert np.isnan(scores.coverage(low, high, np.full(4, np.nan)))


def test_skill_is_the_share_of_error_saved() -> None:
    assert scores.skill(1.0, 4.0) == pytest.approx(0.75)
    assert np.isnan(scores.skill(1.0, 0.0))


def test_crps_of_a_certain_forecast_is_its_absolute_error() -> None:
    certain = np.full((1, len(LEVELS)), 3.0)
    assert scores.crps(certain, LEVELS, np.array([5.0])) == pytest.approx([2.0])


@pytest.mark.parametrize("observed", [-2.5, -0.3, 0.0, 1.7])
def test_crps_tends_to_the_closed_form_of_the_normal_distribution(observed: float) -> None:
    # Gneiting and Raftery (2007), eq. 5: z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi).
    closed = observed * (2 * norm.cdf(observed) - 1) + 2 * norm.pdf(observed) - 1 / np.sqrt(np.pi)
    levels = tuple((np.arange(1000) + 0.5) / 1000)
    fine = scores.crps(norm.ppf(levels)[None, :], levels, np.array([observed]))[0]
    coarse = scores.crps(norm.ppf(LEVELS)[None, :], LEVELS, np.array([observed]))[0]
    assert fine == pytest.approx(closed, abs=1e-3)
    # Nineteen levels cut the tails off: 5 % too much far out is what the coarse rule costs.
    assert coarse == pytest.approx(closed, abs=0.02, rel=0.05)


def test_crps_agrees_with_scoringrules() -> None:
    generator = np.random.default_rng(1)
    quantiles = np.sort(generator.normal(size=(50, len(LEVELS))), axis=1)
    observed = generator.normal(size=50)
    theirs = scoringrules.crps_quantile(observed, quantiles, np.array(LEVELS))
    np.testing.assert_allclose(scores.crps(quantiles, LEVELS, observed), theirs, rtol=1e-12)


def test_diebold_mariano_without_lags_is_the_test_of_a_mean() -> None:
    difference = np.random.default_rng(2).normal(0.1, 1.0, 400)
    found = scores.diebold_mariano(difference, np.zeros(400), lags=0)
    z = difference.mean() / (difference.std() / np.sqrt(400))
    assert found.mean_difference == pytest.approx(difference.mean())
    assert found.p_value == pytest.approx(2 * norm.sf(abs(z)))


def test_diebold_mariano_weighs_lags_as_newey_and_west_do() -> None:
    # Differences 1, 3, 2 and 6 about their mean, 3; the hour without a loss does not count.
    loss = np.array([1.0, np.nan, 3.0, 2.0, 6.0])
    found = scores.diebold_mariano(loss, np.zeros(5), lags=2)
    apart = np.array([-2.0, 0.0, -1.0, 3.0])
    products = [sum(apart[lag:] * apart[: 4 - lag]) for lag in range(3)]
    variance = products[0] + 2 * (2 / 3 * products[1] + 1 / 3 * products[2])
    assert found.standard_error == pytest.approx(np.sqrt(variance) / 4)


def test_diebold_mariano_holds_its_level_when_differences_last() -> None:
    """Ordinary standard errors would call nearly half of such pairs different."""
    generator, memory = np.random.default_rng(3), 0.9
    false = 0
    for _ in range(300):
        noise = generator.normal(size=2500)
        difference = np.empty(2500)
        difference[0] = noise[0] / np.sqrt(1 - memory**2)
        for hour in range(1, 2500):
            difference[hour] = memory * difference[hour - 1] + noise[hour]
        false += scores.diebold_mariano(difference, np.zeros(2500), lags=48).p_value < 0.05
    assert false / 300 < 0.10
