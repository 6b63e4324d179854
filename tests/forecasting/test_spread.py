"""The spread against errors whose distribution is known: normal, growing with the lead and with the width."""

import numpy as np
import pytest
from scipy.stats import norm

from weather_assets.forecasting.boosting import PAIR_INPUTS, Situations
from weather_assets.forecasting.inputs import Issues
from weather_assets.forecasting.spread import LEVELS, Errors, Spread, fit_scale, fit_spread

ROWS, LEADS = 8_000, np.array([1, 3, 5, 8, 11, 15, 20, 30, 45])
SCALE = np.sqrt(LEADS)


@pytest.fixture(scope="module")
def widths() -> np.ndarray:
    """Weeks of large errors among weeks of small ones, which nothing but the width tells."""
    weeks = np.random.default_rng(3).choice([0.5, 1.0, 1.5], ROWS // 168 + 1)
    return np.repeat(np.repeat(weeks, 168)[:ROWS, None], len(LEADS), axis=1)


@pytest.fixture(scope="module")
def fold(widths: np.ndarray) -> Errors:
    generator = np.random.default_rng(4)
    hours = 400_000 + np.arange(ROWS)
    situations = Situations(
        issues=Issues(np.full(ROWS, 108), hours, generator.normal(size=(ROWS, 2)).astype(np.float32)),
        leads=LEADS,
        anomaly_now=np.zeros(ROWS),
        climatology_now=np.zeros(ROWS),
        climatology=np.zeros((ROWS, len(LEADS))),
        linear=np.zeros((ROWS, len(LEADS)), dtype=np.float32),
        lead_scale=SCALE,
    )
    expected = generator.normal(15, 8, (ROWS, len(LEADS)))
    return Errors(situations, expected, generator.normal(size=expected.shape) * SCALE * widths)


@pytest.fixture(scope="module")
def spread(fold: Errors, widths: np.ndarray) -> Spread:
    return fit_spread(fit_scale([fold], ["first", "second"]), [fold], [widths])


def test_quantiles_are_those_of_the_normal_distribution(spread: Spread, fold: Errors, widths: np.ndarray) -> None:
    found = spread.quantiles(fold.situations, fold.expected, widths) - fold.expected[:, :, None]
    wanted = norm.ppf(LEVELS) * (SCALE * widths)[:, :, None]
    ratio = found[:, :, [1, -2]] / wanted[:, :, [1, -2]]
    assert ratio.mean() == pytest.approx(1, abs=0.05)
    assert ratio.std() < 0.1
    assert len(PAIR_INPUTS) + 2 == spread.scale.num_feature()


def test_bands_hold_their_share_in_quiet_and_in_wild_weeks(spread: Spread, fold: Errors, widths: np.ndarray) -> None:
    quantiles = spread.quantiles(fold.situations, fold.expected, widths)
    truth = fold.expected + fold.errors
    inside = (truth >= quantiles[:, :, 1]) & (truth <= quantiles[:, :, -2])
    for width in (0.5, 1.0, 1.5):
        assert inside[widths == width].mean() == pytest.approx(0.8, abs=0.03)


def test_quantiles_ascend(spread: Spread, fold: Errors, widths: np.ndarray) -> None:
    assert (np.diff(spread.quantiles(fold.situations, fold.expected, widths), axis=2) >= 0).all()
