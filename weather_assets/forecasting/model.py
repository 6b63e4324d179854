"""Training a target's forecaster. Nothing after the end of training is looked at, and nothing is tuned outside it.

The mean model is fitted at rolling origins inside the span; what it then gets wrong in the part after each origin
teaches the blend of its members and the spread. The last such part is the hold-out: it is scored by a
distribution made of the parts before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting import (
    boosting,
    gaps,
    holdout,
    linear,
    mean,
    neighbours,
    network,
    selection,
    spread,
    width,
)
from weather_assets.forecasting.baselines import fit_baselines
from weather_assets.forecasting.blend import fit_blend
from weather_assets.forecasting.boosting import Situations
from weather_assets.forecasting.climatology import knowing_seasons
from weather_assets.forecasting.distribution import Distribution, blended, made_again
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.holdout import Holdout, origins, score_holdout
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import MIN_TRAINING_DAYS, Issues, feature_names_of, issues_of
from weather_assets.forecasting.mean import MeanModel, fit_mean
from weather_assets.forecasting.neighbours import neighbour_names, with_neighbours
from weather_assets.forecasting.series import ObservedSeries, observed_series
from weather_assets.forecasting.spread import Errors, fit_scale, fit_spread
from weather_assets.forecasting.targets import Target
from weather_assets.forecasting.width import widths

__all__ = ["Forecaster", "train"]

MAX_TRAINING_ROWS = 400_000
MAX_FOLD_ROWS = 6_000

RECIPE: dict[str, object] = {
    "correction": mean.CORRECTION_PARAMETERS,
    "correction_rounds": mean.CORRECTION_ROUNDS,
    "correction_pairs": mean.CORRECTION_PAIRS,
    "correction_pairs_per_row": mean.CORRECTION_PAIRS_PER_ROW,
    "network": network.NETWORK_PARAMETERS,
    "spread": spread.SPREAD_PARAMETERS,
    "spread_rounds": spread.SPREAD_ROUNDS,
    "spread_pairs": spread.SPREAD_PAIRS,
    "ridge_penalties": linear.PENALTIES,
    "ridge_common_penalty": linear.COMMON_PENALTY,
    "ridge_blocks": linear.BLOCKS,
    "anomaly_weight": mean.ANOMALY_WEIGHT,
    "width_window_hours": width.WINDOW_H,
    "tolerated_unknown": selection.TOLERATED_UNKNOWN,
    "filled_when_known": gaps.USUALLY_KNOWN,
    "neighbours_within_km": neighbours.FARTHEST_KM,
    "rolling_origins": holdout.FOLDS,
    "seed": boosting.SEED,
}
"""What a model is made with, besides its features: two models of the same recipe differ by their data only."""


@dataclass(frozen=True)
class _Fold:
    """What a model trained before an origin expected after it.

    `after` are all issue times of that part; for a sample of them `corrections` (3, N, L) and the truth (N, L).
    """

    model: MeanModel
    origin: int
    after: Issues
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
    names = feature_names_of(features)
    series = knowing_seasons(observed_series(observations).through(_hour(through)))
    everywhere = issues_of(features, names)
    columns = names
    if len(series.station_ids) > 1:
        everywhere, columns = with_neighbours(everywhere, names), (*names, *neighbour_names(names))
    issues = training_issues(target, everywhere, series, through)
    folds = []
    for number, (start, end) in enumerate(origins(issues.issue_hours), start=1):
        say(f"{target.name}: rolling origin {number} of {holdout.FOLDS}")
        folds.append(_fold(target, issues, columns, series, start, end))
    say(f"{target.name}: hold-out")
    scored = _score(issues, series, folds[-1], _distribution(folds[-1].model, folds[:-1], columns), target)
    say(f"{target.name}: final model")
    model = fit_mean(issues, columns, series, target.element, np.array(target.leads))
    return Forecaster(
        target=target,
        trained_through=through,
        feature_names=names,
        parameters={
            **RECIPE,
            "training_rows": len(issues),
            "left_out": model.background.selection.names(columns),
        },
        distribution=_distribution(model, folds, columns),
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
        raise TooFewReadingsError(
            f"{target.name}: {days:.0f} days of readings up to {through.isoformat()} are too few to train on, "
            f"{MIN_TRAINING_DAYS} are needed: load more with weather backfill"
        )
    return issues[usable[boosting.sample_rows(usable.size, MAX_TRAINING_ROWS)]]


def _fold(target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries, start: int, end: int) -> _Fold:
    past = knowing_seasons(series.through(start - 1))
    # A station that joined later is unknown to this model: what it says there would teach nothing of the final one.
    issues = issues[np.isin(issues.station_ids, past.station_ids)]
    model = fit_mean(issues[issues.issue_hours < start], names, past, target.element, np.array(target.leads))
    after = issues[(issues.issue_hours >= start) & (issues.issue_hours < end)]
    sample = after[boosting.sample_rows(len(after), MAX_FOLD_ROWS)]
    situations = model.situations(sample)
    observed = series.at(sample.station_ids, sample.valid_hours(model.background.leads))
    return _Fold(model, start, after, situations, model.corrections(situations), observed)


def _distribution(model: MeanModel, folds: Sequence[_Fold], names: Sequence[str]) -> Distribution:
    """Give a model the blend of its members and the spread that the folds teach."""
    corrections = np.concatenate([fold.corrections for fold in folds], axis=1)
    missed = np.concatenate([f.observed - f.situations.climatology - f.situations.linear for f in folds])
    blend = fit_blend(corrections, missed, model.lead_scale)
    errors = []
    for fold in folds:
        expected = blended(fold.situations, fold.corrections, blend)
        errors.append(Errors(fold.situations, expected, fold.observed - expected))
    scale = fit_scale(errors, names)
    factors = [
        widths(fold.situations.issues, made_again(fold.model, blend, scale, fold.after), model.background.leads)
        for fold in folds
    ]
    return Distribution(model, blend, fit_spread(scale, errors, factors))


def _score(issues: Issues, series: ObservedSeries, fold: _Fold, distribution: Distribution, target: Target) -> Holdout:
    before = issues[issues.issue_hours < fold.origin]
    baselines = fit_baselines(fold.model.background, before, series.through(fold.origin - 1))
    answers = {name: baseline.forecast(fold.situations.issues) for name, baseline in baselines.items()}
    quantiles = distribution.quantiles(fold.situations, fold.after, target)
    return score_holdout(target.leads, quantiles, fold.observed, answers)
