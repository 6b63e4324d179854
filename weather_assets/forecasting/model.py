"""Training a target's forecaster. Nothing after the end of training is looked at, and nothing is tuned outside it.

The mean model is fitted at rolling origins inside the span; what it then gets wrong in the part after each origin
teaches the share of the correction to use and the spread. The last such part is the hold-out: it is scored by a
distribution made of the parts before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from weather_assets.errors import WeatherError
from weather_assets.forecasting import boosting, holdout, linear, mean, spread
from weather_assets.forecasting.baselines import fit_baselines
from weather_assets.forecasting.boosting import Situations
from weather_assets.forecasting.forecaster import Distribution, Forecaster
from weather_assets.forecasting.holdout import Holdout, origins, score_holdout
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Issues, issues_of
from weather_assets.forecasting.mean import MeanModel, fit_mean
from weather_assets.forecasting.series import ObservedSeries, observed_series
from weather_assets.forecasting.spread import Errors, fit_spread
from weather_assets.forecasting.targets import Target

__all__ = ["Forecaster", "train"]

MIN_TRAINING_DAYS = 60
MAX_TRAINING_ROWS = 400_000
MAX_FOLD_ROWS = 6_000
_NOT_FEATURES = ("station_id", "issued_at")

RECIPE: dict[str, object] = {
    "correction": mean.CORRECTION_PARAMETERS,
    "correction_rounds": mean.CORRECTION_ROUNDS,
    "correction_pairs": mean.CORRECTION_PAIRS,
    "correction_pairs_per_row": mean.CORRECTION_PAIRS_PER_ROW,
    "spread": spread.SPREAD_PARAMETERS,
    "spread_rounds": spread.SPREAD_ROUNDS,
    "spread_pairs": spread.SPREAD_PAIRS,
    "ridge_penalties": linear.PENALTIES,
    "ridge_common_penalty": linear.COMMON_PENALTY,
    "ridge_blocks": linear.BLOCKS,
    "anomaly_weight": mean.ANOMALY_WEIGHT,
    "rolling_origins": holdout.FOLDS,
    "seed": boosting.SEED,
}
"""What a model is made with, besides its features: two models of the same recipe differ by their data only."""


@dataclass(frozen=True)
class _Fold:
    """What a model trained before an origin expected after it: corrections and truth are (N, L)."""

    model: MeanModel
    origin: int
    situations: Situations
    corrections: Floats
    observed: Floats


def train(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    through: datetime,
    *,
    progress: Callable[[str], None] | None = None,
) -> Forecaster:
    """Train on rows of features.hourly and observations (station_id, observed_at, value) up to `through`, inclusive.

    What lies after `through` in either table is not used. The same tables give the same model, bit for bit. Raises
    WeatherError where less than 60 days are left to train on or the target's own element is not among the features.
    """
    # Many small systems are solved: threads inside one cost more than they give, and spin where cores are shared.
    with threadpool_limits(limits=1, user_api="blas"):
        return _train(target, features, observations, through, progress or (lambda _: None))


def _train(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    through: datetime,
    say: Callable[[str], None],
) -> Forecaster:
    names = tuple(name for name in features.columns if name not in _NOT_FEATURES)
    series = observed_series(observations).through(_hour(through))
    issues = training_issues(target, issues_of(features, names), series, through)
    folds = []
    for number, (start, end) in enumerate(origins(issues.issue_hours), start=1):
        say(f"{target.name}: rolling origin {number} of {holdout.FOLDS}")
        folds.append(_fold(target, issues, names, series, start, end))
    say(f"{target.name}: hold-out")
    scored = _score(issues, series, folds[-1], _distribution(folds[-1].model, folds[:-1], names), target)
    say(f"{target.name}: final model")
    model = fit_mean(issues, names, series, target.element, np.array(target.leads))
    return Forecaster(
        target=target,
        trained_through=through,
        feature_names=names,
        parameters={**RECIPE, "training_rows": len(issues)},
        distribution=_distribution(model, folds, names),
        holdout=scored,
    )


def _hour(instant: datetime) -> int:
    return int(instant.timestamp()) // 3600


def training_issues(target: Target, issues: Issues, series: ObservedSeries, through: datetime) -> Issues:
    """Return the issue times that have truth before the end; of very many, a fixed random choice."""
    first_valid = issues.issue_hours + target.leads[0]
    usable = np.flatnonzero((first_valid <= _hour(through)) & np.isin(issues.station_ids, series.station_ids))
    days = np.ptp(issues.issue_hours[usable]) / 24 if usable.size else 0
    if days < MIN_TRAINING_DAYS:
        raise WeatherError(
            f"{target.name}: {days:.0f} days of readings up to {through.isoformat()} are too few to train on, "
            f"{MIN_TRAINING_DAYS} are needed: load more with weather backfill"
        )
    return issues[usable[boosting.sample_rows(usable.size, MAX_TRAINING_ROWS)]]


def _fold(target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries, start: int, end: int) -> _Fold:
    before = issues[issues.issue_hours < start]
    model = fit_mean(before, names, series.through(start - 1), target.element, np.array(target.leads))
    between = np.flatnonzero((issues.issue_hours >= start) & (issues.issue_hours < end))
    after = issues[between[boosting.sample_rows(between.size, MAX_FOLD_ROWS)]]
    situations = model.situations(after)
    observed = series.at(after.station_ids, after.valid_hours(model.background.leads))
    return _Fold(model, start, situations, model.corrections(situations), observed)


def _distribution(model: MeanModel, folds: Sequence[_Fold], names: Sequence[str]) -> Distribution:
    """Give a model the share of its correction and the spread that the folds teach."""
    weight = _correction_weight(folds)
    errors = []
    for fold in folds:
        expected = fold.situations.climatology + fold.situations.linear + weight * fold.corrections
        errors.append(Errors(fold.situations, expected, fold.observed - expected))
    return Distribution(model, weight, fit_spread(errors, names))


def _correction_weight(folds: Sequence[_Fold]) -> Floats:
    """Return the least-squares share (L,) of the correction in what the linear part missed, within 0 and 1."""
    missed = np.concatenate([f.observed - f.situations.climatology - f.situations.linear for f in folds])
    corrections = np.where(np.isfinite(missed), np.concatenate([fold.corrections for fold in folds]), 0.0)
    share = (np.nan_to_num(missed) * corrections).sum(axis=0) / np.square(corrections).sum(axis=0)
    return np.asarray(np.clip(np.nan_to_num(share), 0.0, 1.0))


def _score(issues: Issues, series: ObservedSeries, fold: _Fold, distribution: Distribution, target: Target) -> Holdout:
    before = issues[issues.issue_hours < fold.origin]
    baselines = fit_baselines(fold.model.background, before, series.through(fold.origin - 1))
    answers = {name: baseline.forecast(fold.situations.issues) for name, baseline in baselines.items()}
    quantiles = distribution.quantiles(fold.situations, target)
    return score_holdout(target.leads, quantiles, fold.observed, answers)
