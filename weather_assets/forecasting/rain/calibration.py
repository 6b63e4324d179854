"""Making probabilities mean what they say: a logistic regression of what happened on the log-odds of what was said.

Platt (1999), Probabilistic outputs for support vector machines, fitted by Newton's method. A forecast of the
next block errs in another way than one of the day after: both coefficients may differ with how near a block is.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.hours import Floats

_STEPS = 25
_BLOCKS_PER_FOLD = 3.0
_UNCHANGED = np.array([0.0, 1.0, 0.0, 0.0])
# A prior that pulls towards leaving probabilities as they are; matters only for a handful of forecasts.
_PRIOR = 1.0
_LEAST = 1e-4


@dataclass(frozen=True)
class Calibration:
    """`coefficients` (4,): intercept and slope on the log-odds, then both again for how near a block is."""

    coefficients: Floats

    def applied(self, probability: Floats) -> Floats:
        """Return calibrated probabilities of the same shape (N, L), block by block from the nearest."""
        nearness = np.broadcast_to(nearness_of(probability.shape[1]), probability.shape)
        return _probability(_terms(probability, nearness) @ self.coefficients)


def nearness_of(blocks: int) -> Floats:
    """Return how near each block is (L,): 1 for the first, falling to a third within 9 hours."""
    return np.asarray(np.exp(-np.arange(blocks) / _BLOCKS_PER_FOLD))


def fit_calibration(probability: Floats, happened: Floats) -> Calibration:
    """Fit on probabilities (N, L) of forecasts that were not learnt from and what happened (N, L): 1, 0 or NaN."""
    known = np.isfinite(happened)
    nearness = np.broadcast_to(nearness_of(probability.shape[1]), probability.shape)
    terms, wet = _terms(probability[known], nearness[known]), happened[known]
    coefficients = _UNCHANGED.copy()
    for _ in range(_STEPS):
        said = _probability(terms @ coefficients)
        gradient = terms.T @ (wet - said) - _PRIOR * (coefficients - _UNCHANGED)
        curvature = (terms * (said * (1 - said))[:, None]).T @ terms + _PRIOR * np.eye(len(coefficients))
        coefficients = coefficients + np.linalg.solve(curvature, gradient)
    return Calibration(coefficients)


def _terms(probability: Floats, nearness: Floats) -> Floats:
    odds = _log_odds(probability)
    return np.stack([np.ones_like(odds), odds, nearness, nearness * odds], axis=-1)


def _log_odds(probability: Floats) -> Floats:
    inside = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside / (1 - inside)))


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))
