"""Forecasts of one model with their truth and their baselines beside them, the same arrays for every kind of target."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting import scores
from weather_assets.forecasting.estimators import TrainedModel
from weather_assets.forecasting.hours import Floats, Hours
from weather_assets.forecasting.inputs import Integers, issues_of
from weather_assets.forecasting.series import ObservedSeries, observed_series
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import Kind

if TYPE_CHECKING:
    from weather_assets.forecasting.daily.model import DailyModel
    from weather_assets.forecasting.forecaster import Forecaster
    from weather_assets.forecasting.rain.model import RainModel


@dataclass(frozen=True)
class Scored:
    """`quantiles` (N, L, 19), `observed`, `valid_hours` and each of `baselines` (N, L), issued at `issue_hours` (N,).

    Of a probability the one "quantile" (N, L, 1) is the probability, and `observed` is 1 or 0. `valid_hours` are the
    hour, the first hour of the day, or the end of the block. `observed` is NaN where nothing was read or a baseline has
    no answer, so that all are scored on one set. `leads` (L,) are in the unit of the target.
    """

    station_ids: Integers
    issue_hours: Hours
    leads: Integers
    valid_hours: Hours
    quantiles: Floats
    observed: Floats
    baselines: Mapping[str, Floats]
    trained_through: tuple[datetime, ...]

    @property
    def is_probability(self) -> bool:
        """Whether it is an event that is forecast."""
        return bool(self.quantiles.shape[2] == 1)

    @property
    def expected(self) -> Floats:
        """Mean of the predictive distribution (N, L)."""
        return np.asarray(self.quantiles.mean(axis=2))

    @property
    def loss(self) -> Floats:
        """CRPS (N, L); of a probability the Brier score, which is the CRPS of an event."""
        if self.is_probability:
            return np.square(self.expected - self.observed)
        return scores.crps(self.quantiles, LEVELS, self.observed)

    def quantile(self, level: float) -> Floats:
        """Return the quantile (N, L) of a level; NaN of a probability."""
        if self.is_probability:
            return np.full(self.observed.shape, np.nan)
        return self.quantiles[:, :, LEVELS.index(level)]


def score_span(model: TrainedModel, before: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame) -> Scored:
    """Forecast the rows `wanted` and set truth and baselines beside them.

    `before` are the rows issued before those: baselines are fitted on what the model was trained on, too, and what
    steers the width of its bands are the errors of the last days.
    """
    return _SCORED[model.target.kind](model, before, wanted, observations)


def joined(parts: Sequence[Scored]) -> Scored:
    """Put the rows of several models together."""
    return Scored(
        station_ids=np.concatenate([part.station_ids for part in parts]),
        issue_hours=np.concatenate([part.issue_hours for part in parts]),
        leads=parts[0].leads,
        valid_hours=np.concatenate([part.valid_hours for part in parts]),
        quantiles=np.concatenate([part.quantiles for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
        baselines={name: np.concatenate([part.baselines[name] for part in parts]) for name in parts[0].baselines},
        trained_through=tuple(through for part in parts for through in part.trained_through),
    )


def _score_hourly(
    model: "Forecaster", before: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame
) -> Scored:
    from weather_assets.forecasting.baselines import fit_baselines
    from weather_assets.forecasting.model import training_issues
    from weather_assets.forecasting.width import HISTORY

    issued, series = before["issued_at"], observed_series(observations)
    known, recent = before[issued <= model.trained_through], before[issued >= wanted["issued_at"].min() - HISTORY]
    forecast = model.informed(recent).predict(wanted)
    issues, names = issues_of(wanted, model.feature_names), model.feature_names
    past = series.through(int(model.trained_through.timestamp()) // 3600)
    training = training_issues(model.target, issues_of(known, names), past, model.trained_through)
    fitted = fit_baselines(model.distribution.mean.background, training, past)
    baselines = {name: fitted[name].forecast(issues) for name in ("persistence", "climatology", "ridge")}
    valid = issues.valid_hours(forecast.leads)
    return _scored(model, issues.station_ids, issues.issue_hours, valid, forecast.quantiles, baselines, series)


def _score_daily(model: "DailyModel", _: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame) -> Scored:
    forecast = model.predict(wanted)
    midnights = forecast.valid_days * 24 - STAMP_OFFSET_H
    return _scored(
        model,
        forecast.station_ids,
        forecast.issue_hours,
        midnights,
        forecast.quantiles,
        forecast.references,
        observed_series(observations),
    )


def _score_rain(model: "RainModel", _: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame) -> Scored:
    forecast = model.predict(wanted)
    return _scored(
        model,
        forecast.station_ids,
        forecast.issue_hours,
        forecast.ends,
        forecast.probability[:, :, None],
        forecast.references,
        observed_series(observations),
    )


def _scored(
    model: TrainedModel,
    station_ids: Integers,
    issue_hours: Hours,
    valid_hours: Hours,
    quantiles: Floats,
    baselines: Mapping[str, Floats],
    series: ObservedSeries,
) -> Scored:
    observed = series.at(station_ids, valid_hours)
    comparable = np.isfinite(np.stack(list(baselines.values()))).all(axis=0)
    return Scored(
        station_ids=station_ids,
        issue_hours=issue_hours,
        leads=np.array(model.target.leads),
        valid_hours=valid_hours,
        quantiles=quantiles,
        observed=np.where(comparable, observed, np.nan),
        baselines=baselines,
        trained_through=(model.trained_through,),
    )


_SCORED: Mapping[Kind, Callable[..., Scored]] = {"hourly": _score_hourly, "daily": _score_daily, "rain": _score_rain}
