"""The expected value of a day: climatology, the linear part, and a boosted correction of what the linear part misses.

A multiplicative target is worked on as its fourth root: nearly as even as its logarithm, and dust storms keep weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.errors import WeatherError
from weather_assets.features.daily import lag_name
from weather_assets.forecasting.boosting import boost
from weather_assets.forecasting.daily.climatology import DailyClimatology, fit_climatology
from weather_assets.forecasting.daily.days import days_of, year_angle
from weather_assets.forecasting.daily.linear import SeasonalRidge, fit_ridge
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Issues, Scaler, Singles, fit_scaler
from weather_assets.forecasting.series import ObservedSeries
from weather_assets.forecasting.targets import Target

if TYPE_CHECKING:
    from lightgbm import Booster

CORRECTION_ROUNDS = 120
CORRECTION_PARAMETERS: dict[str, object] = {
    "objective": "regression",
    "learning_rate": 0.03,
    "num_leaves": 7,
    "min_data_in_leaf": 150,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.5,
    "lambda_l2": 5.0,
}
EXTRA_INPUTS = ("lead_days", "climatology", "linear_anomaly")
# Larger than its companions, so that the ridge penalty hardly touches the one that matters most.
ANOMALY_WEIGHT = 3.0
_POWER = 0.25
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class DailyBackground:
    """What turns issue times into predictors; `column` is the feature with the target's value of the day before.

    `rooted` says whether climatology and anomalies are those of roots.
    """

    leads: Integers
    column: int
    rooted: bool
    climatology: DailyClimatology
    scaler: Scaler
    anomaly_spread: float

    def valid_days(self, issues: Issues) -> Integers:
        """Return the days (N, L) that forecasts are for."""
        return np.asarray(days_of(issues.issue_hours)[:, None] + self.leads)

    def usual(self, issues: Issues) -> Floats:
        """Return the climatology (N, L) of the valid days."""
        return self.climatology.at(issues.station_ids, self.valid_days(issues))

    def yesterday(self, issues: Issues) -> Floats:
        """Return the target's value of the day before issue (N,), NaN where unknown."""
        return issues.features[:, self.column].astype(np.float64)

    def predictors(self, issues: Issues) -> Singles:
        """Return the predictors (N, P + 1) of the linear part; 0, the mean, where unknown."""
        usual = self.climatology.at(issues.station_ids, days_of(issues.issue_hours) - 1)
        anomaly = np.nan_to_num(transformed(self.yesterday(issues), rooted=self.rooted) - usual) / self.anomaly_spread
        return np.column_stack([self.scaler.scaled(issues), (ANOMALY_WEIGHT * anomaly).astype(np.float32)])


@dataclass(frozen=True)
class DailyMean:
    """`linear` + `correction`, both about the climatology and on the transformed scale."""

    background: DailyBackground
    ridge: SeasonalRidge
    correction: "Booster"

    def linear(self, issues: Issues) -> Floats:
        """Return the anomaly (N, L) that the linear part expects."""
        return self.ridge.predict(self.background.predictors(issues), angle_of(issues))

    def corrections(self, issues: Issues, linear: Floats) -> Floats:
        """Return what the booster would add to the linear part (N, L)."""
        inputs = _pairs(issues, self.background, linear)
        return np.asarray(self.correction.predict(inputs, num_threads=1)).reshape(linear.shape)


def fit_mean(target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries) -> DailyMean:
    """Fit on issue times in the order of station and time, and a series in days that ends where training ends."""
    rooted = target.multiplicative
    background = fit_background(target, issues, names, series, rooted=rooted)
    observed = transformed(series.at(issues.station_ids, background.valid_days(issues)), rooted=rooted)
    anomalies = observed - background.usual(issues)
    ordered = np.argsort(issues.issue_hours, kind="stable")
    ridge, held_out = fit_ridge(background.predictors(issues)[ordered], angle_of(issues)[ordered], anomalies[ordered])
    linear = np.empty_like(held_out)
    linear[ordered] = held_out
    # The correction learns from what the linear part missed where it had not been fitted.
    missed = (anomalies - linear).ravel()
    known = np.isfinite(missed)
    inputs = _pairs(issues, background, linear)[known]
    booster = boost(inputs, missed[known], [*names, *EXTRA_INPUTS], CORRECTION_PARAMETERS, CORRECTION_ROUNDS)
    return DailyMean(background, ridge, booster)


def fit_background(
    target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries, *, rooted: bool
) -> DailyBackground:
    """Fit climatology and scaling; the series is in the unit of the target.

    Raises WeatherError where the features lack the target's value of the day before.
    """
    yesterday = lag_name(target.element, 1)
    if yesterday not in names:
        raise WeatherError(f"the features lack {yesterday}: take rows of features.daily")
    axes = {station: (first, transformed(axis, rooted=rooted)) for station, (first, axis) in series.axes.items()}
    climatology = fit_climatology(ObservedSeries(axes))
    spread = _anomaly_spread(ObservedSeries(axes), climatology)
    column = list(names).index(yesterday)
    return DailyBackground(np.array(target.leads), column, rooted, climatology, fit_scaler(issues), spread)


def _anomaly_spread(series: ObservedSeries, climatology: DailyClimatology) -> float:
    anomalies = [
        values - climatology.at(np.full(len(days), station), days)
        for station, (days, values) in ((station, series.readings(station)) for station in series.station_ids)
    ]
    return max(float(np.concatenate(anomalies).std()), _LEAST_SPREAD)


def transformed(values: Floats, *, rooted: bool) -> Floats:
    """Return the values on the scale that errors add on."""
    return np.maximum(values, 0.0) ** _POWER if rooted else values


def restored(values: Floats, target: Target) -> Floats:
    """Return transformed values in the unit of the target, within its bounds."""
    plain = np.maximum(values, 0.0) ** (1 / _POWER) if target.multiplicative else values
    return np.clip(plain, target.lower, target.upper)


def angle_of(issues: Issues) -> Floats:
    """Return the angle of the year at issue (N,)."""
    return year_angle(days_of(issues.issue_hours))


def _pairs(issues: Issues, background: DailyBackground, linear: Floats) -> Singles:
    """Return the booster's inputs (N x L, P + 3), lead by lead within an issue time."""
    count, leads = linear.shape
    beside = (np.tile(background.leads, count), background.usual(issues).ravel(), linear.ravel())
    return np.column_stack(
        [np.repeat(issues.features, leads, axis=0), *(column.astype(np.float32) for column in beside)]
    )
