"""The distribution around the expected value: a scale that turns with the season times an empirical shape.

Both come from errors of forecasts made at rolling origins. One shape per lead, so quantiles cannot cross.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.daily.days import harmonics
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.spread import LEVELS

ORDERS = 1
# A season with few errors must not make its forecasts sure of themselves.
_LEAST_SHARE = 0.3


@dataclass(frozen=True)
class DailySpread:
    """`scale` (1 + 2 ORDERS, L): harmonics of the expected absolute error; `shape` (L, 19) quantiles in it."""

    scale: Floats
    shape: Floats

    def quantiles(self, expected: Floats, angle: Floats) -> Floats:
        """Return quantiles (N, L, 19) about expected values (N, L) issued at angles of the year (N,)."""
        scales = _scales(self.scale, angle)
        return np.asarray(expected[:, :, None] + scales[:, :, None] * self.shape)


def fit_spread(errors: Floats, angle: Floats) -> DailySpread:
    """Fit on errors (N, L), observed less expected, NaN where unknown, of rows that their models had not seen."""
    scale = np.stack([_fit_scale(np.abs(column), angle) for column in errors.T], axis=1)
    standardised = errors / _scales(scale, angle)
    shape = np.stack([np.nanquantile(column, LEVELS) for column in standardised.T])
    # How errors scatter, not where they lie: the models of the rolling origins knew fewer years than the final one.
    return DailySpread(scale, shape - shape.mean(axis=1, keepdims=True))


def _fit_scale(sizes: Floats, angle: Floats) -> Floats:
    known = np.isfinite(sizes)
    terms = harmonics(angle[known], ORDERS)
    return np.asarray(np.linalg.lstsq(terms, sizes[known], rcond=None)[0], dtype=np.float64)


def _scales(scale: Floats, angle: Floats) -> Floats:
    return np.asarray(np.maximum(harmonics(angle, ORDERS) @ scale, _LEAST_SHARE * np.abs(scale[0])))
