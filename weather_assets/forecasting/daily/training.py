"""Training a daily target's model. Nothing after the end of training is looked at, and nothing is tuned outside it.

As the hourly one: the mean is fitted at rolling origins inside the span, what it then gets wrong teaches the share of
the correction and the spread, and the last part is the hold-out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from weather_assets.clock import KST
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting import boosting, holdout
from weather_assets.forecasting.daily import climatology, linear, mean, references, spread
from weather_assets.forecasting.daily.days import day_series, days_of, newest_issue
from weather_assets.forecasting.daily.mean import DailyMean, angle_of, fit_mean, transformed
from weather_assets.forecasting.daily.model import DailyDistribution, DailyModel
from weather_assets.forecasting.daily.references import fit_references
from weather_assets.forecasting.daily.spread import fit_spread
from weather_assets.forecasting.holdout import Holdout, origins, score_holdout
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import MIN_TRAINING_DAYS, Issues, feature_names_of, issues_of
from weather_assets.forecasting.series import ObservedSeries
from weather_assets.forecasting.targets import Target

RECIPE: dict[str, object] = {
    "correction": mean.CORRECTION_PARAMETERS,
    "correction_rounds": mean.CORRECTION_ROUNDS,
    "anomaly_weight": mean.ANOMALY_WEIGHT,
    "ridge_penalties": linear.PENALTIES,
    "ridge_blocks": linear.BLOCKS,
    "spread_harmonics": spread.ORDERS,
    "climatology_harmonics": climatology.ORDERS,
    "climatology_years": climatology.NEWEST_YEARS,
    "reference_penalty": references.RIDGE_PENALTY,
    "rolling_origins": holdout.FOLDS,
    "seed": boosting.SEED,
}
"""What a model is made with, besides its features: two models of the same recipe differ by their data only."""


@dataclass(frozen=True)
class _Fold:
    """What a model trained before an origin expected after it: on the transformed scale, each (N, L)."""

    mean: DailyMean
    origin: int
    issues: Issues
    linear: Floats
    corrections: Floats
    missed: Floats
    """Observed less climatology and linear part; NaN where not observed."""

    def errors(self, weight: Floats) -> Floats:
        return self.missed - weight * self.corrections


def train_daily(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    through: datetime,
    *,
    progress: Callable[[str], None] | None = None,
) -> DailyModel:
    """Train on rows of features.daily and daily observations (station_id, observed_at, value) up to `through`.

    Training ends with the newest hour of issue up to `through`; days that were not over by then are not used. The same
    tables give the same model, bit for bit. Raises TooFewReadingsError where less than 60 days are left to train on.
    """
    say = progress or (lambda _: None)
    last = newest_issue(int(through.timestamp()) // 3600)
    names = feature_names_of(features)
    series = day_series(observations).through(int(days_of(np.array(last))) - 1)
    issues = _usable(target, issues_of(features, names), series, last)
    with threadpool_limits(limits=1, user_api="blas"):
        folds: list[_Fold] = []
        for start, end in origins(issues.issue_hours):
            say(f"{target.name}: rolling origin {len(folds) + 1}")
            folds.append(_fold(target, issues, names, series, start, end))
        checked = _distribution(folds[-1].mean, folds[:-1])
        final = _distribution(fit_mean(target, issues, names, series), folds)
        return DailyModel(
            target=target,
            trained_through=datetime.fromtimestamp(last * 3600, tz=KST),
            feature_names=names,
            parameters={**RECIPE, "ridge_penalties_chosen": [float(p) for p in final.mean.ridge.penalties]},
            distribution=final,
            references=fit_references(target, issues, names, series),
            holdout=_score(target, issues, names, series, folds[-1], checked),
        )


def _usable(target: Target, issues: Issues, series: ObservedSeries, last: int) -> Issues:
    """Return the issue times up to the last hour that have truth, for some lead, by then."""
    truth = series.at(issues.station_ids, days_of(issues.issue_hours)[:, None] + np.array(target.leads))
    usable = np.isfinite(truth).any(axis=1) & (issues.issue_hours <= last)
    days = len(np.unique(issues.issue_hours[usable]))
    if days < MIN_TRAINING_DAYS:
        raise TooFewReadingsError(
            f"{target.name}: {days} days with observations are too few to train on, {MIN_TRAINING_DAYS} are needed: "
            "load more with weather backfill"
        )
    return issues[usable]


def _fold(target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries, start: int, end: int) -> _Fold:
    known = series.through(int(days_of(np.array(start))) - 1)
    model = fit_mean(target, issues[_over_by(target, issues, start)], names, known)
    after = issues[(issues.issue_hours >= start) & (issues.issue_hours < end)]
    expected = model.linear(after)
    truth = series.at(after.station_ids, model.background.valid_days(after))
    observed = transformed(truth, rooted=target.multiplicative)
    missed = observed - model.background.usual(after) - expected
    return _Fold(model, start, after, expected, model.corrections(after, expected), missed)


def _over_by(target: Target, issues: Issues, hour: int) -> NDArray[np.bool_]:
    return np.asarray(days_of(issues.issue_hours) + target.leads[0] < days_of(np.array(hour)))


def _distribution(model: DailyMean, folds: Sequence[_Fold]) -> DailyDistribution:
    """Give a model the share of its correction and the spread that the folds teach."""
    weight = _correction_weight(folds)
    errors = np.concatenate([fold.errors(weight) for fold in folds])
    angle = np.concatenate([angle_of(fold.issues) for fold in folds])
    return DailyDistribution(model, weight, fit_spread(errors, angle))


def _correction_weight(folds: Sequence[_Fold]) -> Floats:
    """Return the least-squares share (L,) of the correction in what the linear part missed, within 0 and 1."""
    missed = np.concatenate([fold.missed for fold in folds])
    corrections = np.where(np.isfinite(missed), np.concatenate([fold.corrections for fold in folds]), 0.0)
    squares = np.square(corrections).sum(axis=0)
    share = (np.nan_to_num(missed) * corrections).sum(axis=0) / np.where(squares > 0, squares, 1.0)
    return np.asarray(np.clip(share, 0.0, 1.0))


def _score(
    target: Target,
    issues: Issues,
    names: Sequence[str],
    series: ObservedSeries,
    fold: _Fold,
    distribution: DailyDistribution,
) -> Holdout:
    known = series.through(int(days_of(np.array(fold.origin))) - 1)
    answers = fit_references(target, issues[_over_by(target, issues, fold.origin)], names, known).forecast(fold.issues)
    observed = series.at(fold.issues.station_ids, fold.mean.background.valid_days(fold.issues))
    return score_holdout(target.leads, distribution.quantiles(fold.issues, target), observed, answers)
