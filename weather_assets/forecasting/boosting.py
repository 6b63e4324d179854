"""Gradient boosting over pairs of an issue time and a lead: one model for all leads, the lead being an input.

LightGBM is run so that the same pairs give the same bits: fixed seed, column-wise histograms, one thread. Two threads
are little faster on these small samples, and many times slower where they have to share their cores.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats, hour_of_day
from weather_assets.forecasting.inputs import Integers, Issues, Singles

if TYPE_CHECKING:
    from lightgbm import Booster

PAIR_INPUTS = (
    "anomaly_now",
    "lead_hours",
    "valid_hour_of_day",
    "climatology_at_valid",
    "climatology_change",
    "linear_anomaly",
    "linear_anomaly_scaled",
)
SEED = 20100101
_CHUNK_ROWS = 4_000
_FIXED: dict[str, object] = {
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "seed": SEED,
    "verbose": -1,
}


@dataclass(frozen=True)
class Situations:
    """What is known of N issue times beside their features, for L leads.

    `anomaly_now` and `climatology_now` (N,) at the hour of issue; `climatology` (N, L) at the valid hours; `linear`
    (N, L) the anomaly that the linear part expects; `lead_scale` (L,) its usual error at a lead.
    """

    issues: Issues
    leads: Integers
    anomaly_now: Floats
    climatology_now: Floats
    climatology: Floats
    linear: Singles
    lead_scale: Floats

    def at(self, places: Integers) -> "Situations":
        """Return the same issue times for some of the leads."""
        return replace(
            self,
            leads=self.leads[places],
            climatology=self.climatology[:, places],
            linear=self.linear[:, places],
            lead_scale=self.lead_scale[places],
        )

    def pairs(self, rows: Integers, places: Integers) -> Singles:
        """Return the inputs (M, P + 7) of pairs of a row and a place in `leads`."""
        usual = self.climatology[rows, places]
        linear = self.linear[rows, places]
        valid = self.issues.issue_hours[rows] + self.leads[places]
        beside = (
            self.anomaly_now[rows],
            self.leads[places],
            hour_of_day(valid),
            usual,
            usual - self.climatology_now[rows],
            linear,
            linear / self.lead_scale[places],
        )
        return np.column_stack([self.issues.features[rows], *(column.astype(np.float32) for column in beside)])


def sample_rows(count: int, size: int, *, seed: int = SEED) -> Integers:
    """Draw up to `size` distinct rows out of `count`; the same for the same seed, in order."""
    if count <= size:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, size, replace=False))


def sample_pairs(known: NDArray[np.bool_], size: int, weights: Floats | None = None) -> tuple[Integers, Integers]:
    """Draw about `size` distinct pairs (row, place) where `known` (N, L) holds; always the same, ordered by place.

    `weights` (L,) say how the pairs are shared out among the places, by default evenly.
    """
    shares = np.ones(known.shape[1]) if weights is None else weights
    sizes = np.round(size * shares / shares.sum()).astype(np.int64)
    rows = [
        np.flatnonzero(column)[sample_rows(int(column.sum()), int(wanted), seed=SEED + place)]
        for place, (column, wanted) in enumerate(zip(known.T, sizes, strict=True))
    ]
    return np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(drawn) for drawn in rows])


def boost(
    inputs: Singles, wanted: Floats, names: Sequence[str], parameters: dict[str, object], rounds: int
) -> "Booster":
    """Fit LightGBM on inputs (M, P) and what is wanted of each (M,)."""
    import lightgbm

    data = lightgbm.Dataset(inputs, wanted, feature_name=list(names), params=_FIXED, free_raw_data=True)
    return lightgbm.train({**_FIXED, **parameters}, data, num_boost_round=rounds)


def boosted(booster: "Booster", situations: Situations) -> Floats:
    """Return the booster's answer (N, L) for every issue time and lead."""
    answers = np.empty(situations.climatology.shape)
    places = np.arange(len(situations.leads))
    for start in range(0, len(answers), _CHUNK_ROWS):
        rows = np.arange(start, min(start + _CHUNK_ROWS, len(answers)))
        inputs = situations.pairs(np.repeat(rows, len(places)), np.tile(places, len(rows)))
        answers[rows] = np.asarray(booster.predict(inputs, num_threads=1)).reshape(len(rows), -1)
    return answers
