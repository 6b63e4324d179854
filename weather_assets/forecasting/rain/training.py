"""Training the model of the probability of rain. Nothing after the end of training is looked at.

Boosters of rolling origins inside the span forecast the part after each; what came of it calibrates the final one, and
the last part is the hold-out, scored by what the parts before it calibrate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from weather_assets.clock import KST
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting import boosting, holdout
from weather_assets.forecasting.boosting import boost, sample_pairs, sample_rows
from weather_assets.forecasting.holdout import Holdout, origins
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import MIN_TRAINING_DAYS, Issues, feature_names_of, issues_of
from weather_assets.forecasting.rain.calibration import Calibration, fit_calibration
from weather_assets.forecasting.rain.model import RainModel, boosted
from weather_assets.forecasting.rain.references import RainReferences, fit_references
from weather_assets.forecasting.rain.scores import rain_holdout
from weather_assets.forecasting.rain.situations import PAIR_INPUTS, Situations, situations_of
from weather_assets.forecasting.series import ObservedSeries, observed_series
from weather_assets.forecasting.targets import Target

if TYPE_CHECKING:
    from lightgbm import Booster

MAX_FOLD_ROWS = 6_000
PAIRS, PAIRS_PER_ROW, ROUNDS = 150_000, 2, 120
PARAMETERS: dict[str, object] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 500,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.5,
    "lambda_l2": 5.0,
}

RECIPE: dict[str, object] = {
    "parameters": PARAMETERS,
    "rounds": ROUNDS,
    "pairs": PAIRS,
    "pairs_per_row": PAIRS_PER_ROW,
    "rolling_origins": holdout.FOLDS,
    "seed": boosting.SEED,
}
"""What a model is made with, besides its features: two models of the same recipe differ by their data only."""


@dataclass(frozen=True)
class _Fit:
    booster: "Booster"
    references: RainReferences


@dataclass(frozen=True)
class _Fold:
    """What a model trained before an origin said after it, and what happened: each (N, L)."""

    fit: _Fit
    situations: Situations
    said: Floats
    wet: Floats


def train_rain(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    through: datetime,
    *,
    progress: Callable[[str], None] | None = None,
) -> RainModel:
    """Train on rows of features.hourly and blocks (station_id, observed_at: the end, value: 1 wet, 0 dry) up to an end.

    The same tables give the same model, bit for bit. Raises TooFewReadingsError where less than 60 days are left.
    """
    say = progress or (lambda _: None)
    last = int(through.timestamp()) // 3600
    names = feature_names_of(features)
    series = observed_series(observations).through(last)
    issues = _usable(target, issues_of(features, names), series, last)
    folds: list[_Fold] = []
    for start, end in origins(issues.issue_hours):
        say(f"{target.name}: rolling origin {len(folds) + 1}")
        folds.append(_fold(issues, names, series, start, end))
    final = _fit(issues, names, series)
    return RainModel(
        target=target,
        trained_through=datetime.fromtimestamp(last * 3600, tz=KST),
        feature_names=names,
        parameters=RECIPE,
        booster=final.booster,
        calibration=_calibration(folds),
        references=final.references,
        holdout=_score(target, folds),
    )


def _usable(target: Target, issues: Issues, series: ObservedSeries, last: int) -> Issues:
    usable = np.isin(issues.station_ids, series.station_ids) & (issues.issue_hours + target.leads[0] <= last)
    days = np.ptp(issues.issue_hours[usable]) / 24 if usable.any() else 0
    if days < MIN_TRAINING_DAYS:
        raise TooFewReadingsError(
            f"{target.name}: {days:.0f} days of readings are too few to train on, {MIN_TRAINING_DAYS} are needed: "
            "load more with weather backfill"
        )
    return issues[usable]


def _fit(issues: Issues, names: Sequence[str], series: ObservedSeries) -> _Fit:
    """Fit on issue times and a series that ends where training ends."""
    situations = situations_of(issues, names)
    wet = series.at(issues.station_ids, situations.ends)
    references = fit_references(situations, wet)
    rows, places = sample_pairs(np.isfinite(wet), min(PAIRS, PAIRS_PER_ROW * len(issues)))
    inputs = situations.pairs(rows, places, references.forecast(situations))
    return _Fit(boost(inputs, wet[rows, places], [*names, *PAIR_INPUTS], PARAMETERS, ROUNDS), references)


def _fold(issues: Issues, names: Sequence[str], series: ObservedSeries, start: int, end: int) -> _Fold:
    fitted = _fit(issues[issues.issue_hours < start], names, series.through(start - 1))
    between = np.flatnonzero((issues.issue_hours >= start) & (issues.issue_hours < end))
    after = issues[between[sample_rows(between.size, MAX_FOLD_ROWS)]]
    situations = situations_of(after, names)
    wet = series.at(after.station_ids, situations.ends)
    said = boosted(fitted.booster, situations, fitted.references.forecast(situations))
    return _Fold(fitted, situations, said, wet)


def _calibration(folds: Sequence[_Fold]) -> Calibration:
    return fit_calibration(np.concatenate([fold.said for fold in folds]), np.concatenate([fold.wet for fold in folds]))


def _score(target: Target, folds: Sequence[_Fold]) -> Holdout:
    newest = folds[-1]
    probability = _calibration(folds[:-1]).applied(newest.said)
    return rain_holdout(target.leads, probability, newest.wet, newest.fit.references.forecast(newest.situations))
