"""The linear part: one ridge regression per lead whose coefficients turn with the season.

Every predictor enters thrice: as it is, times the sine and times the cosine of the time of year. The penalty of a lead
is the one with the least error on parts of the span that were left out.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Singles

PENALTIES = (300.0, 1000.0, 3000.0, 10_000.0, 30_000.0, 100_000.0)
BLOCKS = 5


@dataclass(frozen=True)
class SeasonalRidge:
    """`coefficients` (3 (P + 1), L) and the `penalties` (L,) that were chosen for them."""

    coefficients: Floats
    penalties: Floats

    def predict(self, predictors: Singles, angle: Floats) -> Floats:
        """Return anomalies (N, L) from predictors (N, P) and the angle of the year at issue (N,)."""
        return np.asarray(_terms(predictors, angle) @ self.coefficients)


def fit_ridge(predictors: Singles, angle: Floats, anomalies: Floats) -> tuple[SeasonalRidge, Floats]:
    """Fit on predictors (N, P) in the order of time and anomalies (N, L), NaN where there is no truth.

    Returns the ridge, and for the N rows the prediction (N, L) of equations that did not see their part of the span.
    """
    terms = _terms(predictors, angle)
    block = np.arange(len(terms)) * BLOCKS // max(len(terms), 1)
    fits = [_fit_lead(terms, block, column) for column in anomalies.T]
    coefficients, held_out, penalties = (np.stack(part, axis=-1) for part in zip(*fits, strict=True))
    return SeasonalRidge(coefficients, penalties), held_out


def _fit_lead(terms: Floats, block: Integers, wanted: Floats) -> tuple[Floats, Floats, Floats]:
    known = np.isfinite(wanted)
    parts = [known & (block == number) for number in range(BLOCKS)]
    grams = np.stack([terms[part].T @ terms[part] for part in parts])
    crosses = np.stack([terms[part].T @ wanted[part] for part in parts])
    held_out = np.empty((len(PENALTIES), len(terms)))
    for number in range(BLOCKS):
        others = np.arange(BLOCKS) != number
        gram, cross = grams[others].sum(axis=0), crosses[others].sum(axis=0)
        for place, penalty in enumerate(PENALTIES):
            held_out[place, block == number] = terms[block == number] @ _solve(gram, cross, penalty)
    errors = np.square(held_out[:, known] - wanted[known]).mean(axis=1)
    best = int(errors.argmin())
    whole = _solve(grams.sum(axis=0), crosses.sum(axis=0), PENALTIES[best])
    return whole, held_out[best], np.array(PENALTIES[best])


def _solve(gram: Floats, cross: Floats, penalty: float) -> Floats:
    return np.asarray(np.linalg.solve(gram + penalty * np.eye(len(gram)), cross))


def _terms(predictors: Singles, angle: Floats) -> Floats:
    matrix = np.column_stack([np.ones(len(predictors)), predictors.astype(np.float64)])
    return np.hstack([matrix, matrix * np.sin(angle)[:, None], matrix * np.cos(angle)[:, None]])
