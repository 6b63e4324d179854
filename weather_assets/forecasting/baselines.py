"""What a forecast must beat: persistence, climatology, damped persistence and ridge regression.

Each answers `forecast(issues)` with values (N, L) for its leads, like the model; none is tuned on what it is scored on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Issues
from weather_assets.forecasting.mean import Background
from weather_assets.forecasting.series import ObservedSeries

RIDGE_PENALTY = 100.0


class PointForecast(Protocol):
    """Anything that gives a value for every issue time and lead."""

    def forecast(self, issues: Issues) -> Floats:
        """Return values (N, L) in the unit of the target."""
        ...


@dataclass(frozen=True)
class Persistence:
    """The reading of the hour of issue, for every lead; NaN where it is unknown."""

    background: Background

    def forecast(self, issues: Issues) -> Floats:
        """Return values (N, L)."""
        now = issues.features[:, self.background.column].astype(np.float64)
        return np.repeat(now[:, None], len(self.background.leads), axis=1)


@dataclass(frozen=True)
class ClimatologyForecast:
    """The usual value of the valid hour."""

    background: Background

    def forecast(self, issues: Issues) -> Floats:
        """Return values (N, L)."""
        return self.background.climatology.at(issues.station_ids, issues.valid_hours(self.background.leads))


@dataclass(frozen=True)
class DampedPersistence:
    """Climatology plus the share `memory` (L,) of the present anomaly that usually remains after a lead."""

    background: Background
    memory: Floats

    def forecast(self, issues: Issues) -> Floats:
        """Return values (N, L)."""
        usual = ClimatologyForecast(self.background).forecast(issues)
        return usual + self.background.anomaly_now(issues)[:, None] * self.memory


@dataclass(frozen=True)
class Ridge:
    """Climatology plus one regression of standardised predictors; `coefficients` (P + 2, L), intercept first."""

    background: Background
    coefficients: Floats

    def forecast(self, issues: Issues) -> Floats:
        """Return values (N, L)."""
        usual = ClimatologyForecast(self.background).forecast(issues)
        return usual + _with_intercept(self.background, issues) @ self.coefficients


def fit_damped_persistence(background: Background, issues: Issues, series: ObservedSeries) -> DampedPersistence:
    """Regress the anomaly after each lead on the present one, through the origin."""
    anomalies = _anomalies(background, issues, series)
    now = np.where(np.isfinite(anomalies), background.anomaly_now(issues)[:, None], 0.0)
    memory = (now * np.nan_to_num(anomalies)).sum(axis=0) / np.square(now).sum(axis=0)
    return DampedPersistence(background, memory)


def fit_ridge(background: Background, issues: Issues, series: ObservedSeries) -> Ridge:
    """Fit all leads at once in closed form on the issue times whose every lead was observed."""
    anomalies = _anomalies(background, issues, series)
    whole = np.flatnonzero(np.isfinite(anomalies).all(axis=1))
    matrix = _with_intercept(background, issues[whole])
    gram = matrix.T @ matrix + RIDGE_PENALTY * np.eye(matrix.shape[1])
    return Ridge(background, np.asarray(np.linalg.solve(gram, matrix.T @ anomalies[whole])))


def fit_baselines(background: Background, issues: Issues, series: ObservedSeries) -> Mapping[str, PointForecast]:
    """Return every baseline by name; `series` ends where training ends."""
    return {
        "persistence": Persistence(background),
        "climatology": ClimatologyForecast(background),
        "damped_persistence": fit_damped_persistence(background, issues, series),
        "ridge": fit_ridge(background, issues, series),
    }


def _anomalies(background: Background, issues: Issues, series: ObservedSeries) -> Floats:
    valid = issues.valid_hours(background.leads)
    return series.at(issues.station_ids, valid) - background.climatology.at(issues.station_ids, valid)


def _with_intercept(background: Background, issues: Issues) -> Floats:
    predictors = background.predictors(issues)
    return np.column_stack([np.ones(len(predictors)), predictors])
