"""What stands in for a predictor that is unknown: what the others known beside it let one expect.

The reading of the hour of issue says most of the next hours. Where it is missing, dew point and humidity, the ground
and the hours before still tell much of it; its mean tells nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Singles

USUALLY_KNOWN = 0.95
"""Share of the training rows in which a predictor must be known to be filled; what is blank at night stays blank."""
_RIDGE = 0.01


@dataclass(frozen=True)
class Gaps:
    """`usual` (K,) are the predictors that are usually known, `moments` (K, K) their mean products in training."""

    usual: Integers
    moments: Floats

    def filled(self, predictors: Singles, known: NDArray[np.bool_]) -> Singles:
        """Return predictors (N, P), those unknown of the usual ones replaced by the best linear guess from the rest."""
        rows = np.flatnonzero(~known[:, self.usual].all(axis=1))
        if not rows.size:
            return predictors
        result = predictors.copy()
        patterns, of_row = np.unique(known[np.ix_(rows, self.usual)], axis=0, return_inverse=True)
        for place, pattern in enumerate(patterns):
            there, missing = np.flatnonzero(pattern), np.flatnonzero(~pattern)
            alike = rows[of_row.ravel() == place]
            gram = self.moments[np.ix_(there, there)] + _RIDGE * np.eye(len(there))
            weights = np.linalg.solve(gram, self.moments[np.ix_(there, missing)])
            guess = predictors[np.ix_(alike, self.usual[there])] @ weights
            result[np.ix_(alike, self.usual[missing])] = guess
        return result


NOTHING_FILLED = Gaps(np.empty(0, dtype=np.int64), np.empty((0, 0)))


def fit_gaps(predictors: Singles, known: NDArray[np.bool_]) -> Gaps:
    """Measure how the usually known of predictors (N, P), 0 where unknown, go together in training."""
    usual = np.flatnonzero(known.mean(axis=0) >= USUALLY_KNOWN)
    used = predictors[:, usual].astype(np.float64)
    return Gaps(usual, used.T @ used / max(len(used), 1))
