"""The distribution around the expected value: a learnt scale times an empirical shape, so quantiles cannot cross.

Error = scale x shape. The scale (the expected absolute error, by boosting with a gamma likelihood) depends on lead,
season, hour and weather; the shape is the distribution of errors divided by their scale, which leans the other way on
a humid day than on a dry one: it is kept by lead and by the level expected. Both come from errors of forecasts made at
rolling origins, never from errors on rows that were fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.forecasting.boosting import PAIR_INPUTS, Situations, boost, boosted, sample_pairs
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Singles

if TYPE_CHECKING:
    from lightgbm import Booster

LEVELS: tuple[float, ...] = tuple(step / 20 for step in range(1, 20))
"""Levels of the predictive quantiles: 0.05, 0.10 .. 0.95."""

SPREAD_PAIRS = 150_000
SPREAD_ROUNDS = 100
SPREAD_PARAMETERS: dict[str, object] = {
    "objective": "gamma",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 3000,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.5,
    "lambda_l2": 5.0,
}
# A gamma likelihood takes no zeros; a hundredth of the usual error is far below what matters.
_LEAST_ERROR = 0.01
# Last lead of each group that shares shapes; those beyond the last entry form one more group.
_GROUP_ENDS = (2, 4, 6, 9, 12, 18, 24, 36)
_BINS = 5


@dataclass(frozen=True)
class Errors:
    """Forecasts and what became of them: `expected` (N, L) and `errors` (N, L), observed less expected, NaN unknown."""

    situations: Situations
    expected: Floats
    errors: Floats


@dataclass(frozen=True)
class Spread:
    """`shape` (groups of leads, bins, levels): quantiles of error / scale where `centres` (bins,) is expected."""

    scale: "Booster"
    centres: Floats
    shape: Floats

    def quantiles(self, situations: Situations, expected: Floats) -> Floats:
        """Return quantiles (N, L, levels) about the expected values (N, L), ascending along the last axis."""
        scale = boosted(self.scale, situations) * situations.lead_scale
        position = np.interp(expected, self.centres, np.arange(len(self.centres)))
        below = np.minimum(position.astype(np.int64), len(self.centres) - 2)
        share = (position - below)[:, :, None]
        groups = np.broadcast_to(_groups(situations.leads), expected.shape)
        shape = self.shape[groups, below] * (1 - share) + self.shape[groups, below + 1] * share
        return np.asarray(expected[:, :, None] + scale[:, :, None] * shape)


def fit_spread(folds: Sequence[Errors], names: Sequence[str]) -> Spread:
    """Fit on forecasts of rows that their models had not seen."""
    parts = [_pairs(fold, SPREAD_PAIRS // len(folds)) for fold in folds]
    inputs, scaled_errors, expected, leads = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    wanted = np.maximum(np.abs(scaled_errors), _LEAST_ERROR)
    scale = boost(inputs, wanted, [*names, *PAIR_INPUTS], SPREAD_PARAMETERS, SPREAD_ROUNDS)
    standardised = scaled_errors / np.asarray(scale.predict(inputs, num_threads=1))
    bins = np.searchsorted(np.quantile(expected, np.arange(1, _BINS) / _BINS), expected)
    centres = np.array([np.median(expected[bins == place]) for place in range(_BINS)])
    return Spread(scale, centres, _shapes(standardised, _groups(leads), bins))


def _pairs(fold: Errors, size: int) -> tuple[Singles, Floats, Floats, Integers]:
    rows, places = sample_pairs(np.isfinite(fold.errors), size)
    scaled_errors = fold.errors[rows, places] / fold.situations.lead_scale[places]
    return (
        fold.situations.pairs(rows, places),
        scaled_errors,
        fold.expected[rows, places],
        fold.situations.leads[places],
    )


def _shapes(standardised: Floats, groups: Integers, bins: Integers) -> Floats:
    shapes = np.array(
        [
            [np.quantile(standardised[(groups == group) & (bins == place)], LEVELS) for place in range(_BINS)]
            for group in range(len(_GROUP_ENDS) + 1)
        ]
    )
    # A shape says how errors scatter, not where they lie: what the models of the rolling origins missed on the whole
    # came of the few years that they knew, and the final model knows more.
    return np.asarray(shapes - shapes.mean(axis=2, keepdims=True))


def _groups(leads: Integers) -> Integers:
    return np.searchsorted(_GROUP_ENDS, leads)
