"""The weights of the members against SciPy's non-negative least squares."""

import numpy as np
import pytest
from scipy.optimize import nnls

from weather_assets.forecasting import blend
from weather_assets.forecasting.blend import fit_blend

ROWS, LEADS = 4000, 6
SCALE = np.linspace(1, 3, LEADS)


@pytest.fixture
def corrections() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(3, ROWS, LEADS)) * SCALE


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lead for itself and without the ridge: plain non-negative least squares."""
    monkeypatch.setattr(blend, "_LEADS_BESIDE", 0)
    monkeypatch.setattr(blend, "_RIDGE", 0.0)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("shares", [(0.3, 0.0, 0.6), (0.5, -0.4, 0.2), (-0.3, -0.2, -0.1)])
def test_weights_are_those_of_scipy(corrections: np.ndarray, shares: tuple[float, ...]) -> None:
    missed = np.einsum("m,mnl->nl", shares, corrections) + np.random.default_rng(3).normal(size=(ROWS, LEADS))
    weights = fit_blend(corrections, missed, SCALE)
    for lead in range(LEADS):
        expected, _ = nnls(corrections[:, :, lead].T, missed[:, lead])
        np.testing.assert_allclose(weights[:, lead], expected, atol=1e-8)


def test_known_shares_are_found_despite_gaps(corrections: np.ndarray) -> None:
    missed = 0.3 * corrections[0] + 0.6 * corrections[2]
    missed[::3, 1] = np.nan
    weights = fit_blend(corrections, missed, SCALE)
    np.testing.assert_allclose(weights, np.repeat([[0.3], [0.0], [0.6]], LEADS, axis=1), atol=0.02)


def test_a_member_that_says_nothing_gets_no_weight(corrections: np.ndarray) -> None:
    corrections[1] = 0.0
    weights = fit_blend(corrections, corrections[0], SCALE)
    assert (weights[1] == 0).all()
    assert weights[0].min() > 0.95
