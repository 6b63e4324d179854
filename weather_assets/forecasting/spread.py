"""The distribution around the expected value: a learnt scale times an empirical shape, so quantiles cannot cross.

Error = scale x width x shape. The scale (the expected absolute error, by boosting with a gamma likelihood) depends on
lead, season, hour and weather; the width follows the errors of the last days (see `width`); the shape is what remains.
It leans the other way on a humid day than on a dry one: it is kept by lead and by the level expected. All come from
errors of forecasts made at rolling origins, never from errors on rows that were fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.forecasting.boosting import PAIR_INPUTS, Situations, boost, boosted, sample_pairs
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers

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

    def quantiles(self, situations: Situations, expected: Floats, widths: Floats) -> Floats:
        """Return quantiles (N, L, levels) about the expected values (N, L), ascending along the last axis."""
        scale = scales(self.scale, situations) * widths
        position = np.interp(expected, self.centres, np.arange(len(self.centres)))
        below = np.minimum(position.astype(np.int64), len(self.centres) - 2)
        share = (position - below)[:, :, None]
        groups = np.broadcast_to(_groups(situations.leads), expected.shape)
        shape = self.shape[groups, below] * (1 - share) + self.shape[groups, below + 1] * share
        return np.asarray(expected[:, :, None] + scale[:, :, None] * shape)


def scales(scale: "Booster", situations: Situations) -> Floats:
    """Return the expected absolute error (N, L) in the unit of the target."""
    return boosted(scale, situations) * situations.lead_scale


def fit_scale(folds: Sequence[Errors], names: Sequence[str]) -> "Booster":
    """Fit the expected absolute error, in units of the lead's scale, on rows that the models had not seen."""
    parts = []
    for fold in folds:
        rows, places = _drawn(fold, len(folds))
        size = np.abs(fold.errors[rows, places]) / fold.situations.lead_scale[places]
        parts.append((fold.situations.pairs(rows, places), np.maximum(size, _LEAST_ERROR)))
    inputs, sizes = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return boost(inputs, sizes, [*names, *PAIR_INPUTS], SPREAD_PARAMETERS, SPREAD_ROUNDS)


def fit_spread(scale: "Booster", folds: Sequence[Errors], widths: Sequence[Floats]) -> Spread:
    """Fit the shapes to the same folds, given the scale and the width (N, L) of every forecast in them."""
    parts = []
    for fold, width in zip(folds, widths, strict=True):
        rows, places = _drawn(fold, len(folds))
        standardised = (fold.errors / (scales(scale, fold.situations) * width))[rows, places]
        parts.append((standardised, fold.expected[rows, places], fold.situations.leads[places]))
    standardised, expected, leads = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    bins = np.searchsorted(np.quantile(expected, np.arange(1, _BINS) / _BINS), expected)
    centres = np.array([np.median(expected[bins == place]) for place in range(_BINS)])
    return Spread(scale, centres, _shapes(standardised, _groups(leads), bins))


def _drawn(fold: Errors, folds: int) -> tuple[Integers, Integers]:
    return sample_pairs(np.isfinite(fold.errors), SPREAD_PAIRS // folds)


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
