"""The expected value: climatology, the linear part, and a boosted correction of what the linear part gets wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.errors import WeatherError
from weather_assets.forecasting.boosting import PAIR_INPUTS, Situations, boost, boosted, sample_pairs
from weather_assets.forecasting.climatology import Climatology, fit_climatology
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Issues, Scaler, Singles, fit_scaler
from weather_assets.forecasting.linear import SeasonalRidge, fit_linear
from weather_assets.forecasting.series import ObservedSeries

if TYPE_CHECKING:
    from lightgbm import Booster

ANOMALY_WEIGHT = 5.0
# Neighbouring hours and leads say nearly the same: a few pairs of each issue time are enough.
CORRECTION_PAIRS_PER_ROW = 3
CORRECTION_PAIRS = 400_000
CORRECTION_ROUNDS = 120
CORRECTION_PARAMETERS: dict[str, object] = {
    "objective": "regression",
    "learning_rate": 0.04,
    "num_leaves": 31,
    "min_data_in_leaf": 2000,
    "feature_fraction": 0.15,
    "bagging_fraction": 0.5,
    "lambda_l2": 5.0,
}


@dataclass(frozen=True)
class Background:
    """What turns issue times into predictors.

    `column` is the feature with the target's reading of the hour of issue, `anomaly_spread` the standard deviation of
    that reading about climatology.
    """

    leads: Integers
    column: int
    climatology: Climatology
    scaler: Scaler
    anomaly_spread: float

    def anomaly_now(self, issues: Issues) -> Floats:
        """Return how far the reading of the hour of issue lies from climatology (N,); 0 where it is unknown."""
        usual = self.climatology.at(issues.station_ids, issues.issue_hours)
        return np.nan_to_num(issues.features[:, self.column].astype(np.float64) - usual, nan=0.0)

    def predictors(self, issues: Issues) -> Singles:
        """Return the predictors (N, P + 1) of the linear part."""
        # Larger than its companions, so that the ridge penalty hardly touches the one that matters most at short leads.
        anomaly = ANOMALY_WEIGHT * self.anomaly_now(issues) / self.anomaly_spread
        return np.column_stack([self.scaler.scaled(issues), anomaly.astype(np.float32)])

    def situations(self, issues: Issues, linear: Singles, lead_scale: Floats) -> Situations:
        """Return what the boosters look at, given what the linear part expects (N, L)."""
        return Situations(
            issues=issues,
            leads=self.leads,
            anomaly_now=self.anomaly_now(issues),
            climatology_now=self.climatology.at(issues.station_ids, issues.issue_hours),
            climatology=self.climatology.at(issues.station_ids, issues.valid_hours(self.leads)),
            linear=linear,
            lead_scale=lead_scale,
        )


@dataclass(frozen=True)
class MeanModel:
    """`lead_scale` (L,) is the usual error of the linear part, the unit in which the booster answers."""

    background: Background
    ridge: SeasonalRidge
    lead_scale: Floats
    correction: "Booster"

    def situations(self, issues: Issues) -> Situations:
        """Return what the boosters look at for these issue times, the linear expectation included."""
        linear = self.ridge.predict(self.background.predictors(issues), issues.issue_hours)
        return self.background.situations(issues, linear, self.lead_scale)

    def corrections(self, situations: Situations) -> Floats:
        """Return what the booster would add to the linear expectation (N, L), in the unit of the target."""
        return boosted(self.correction, situations) * self.lead_scale


def fit_mean(issues: Issues, names: Sequence[str], series: ObservedSeries, element: str, leads: Integers) -> MeanModel:
    """Fit on the issue times (N rows) and all that had been observed; the series ends where training ends.

    Raises WeatherError where `element`, the reading of the hour of issue, is not among the features.
    """
    if element not in names:
        raise WeatherError(f"the features lack {element}, the reading that is forecast: take rows of features.hourly")
    climatology, column = fit_climatology(series), list(names).index(element)
    spread = _anomaly_spread(series, climatology)
    background = Background(leads, column, climatology, fit_scaler(issues), spread)
    usual = background.climatology.at(issues.station_ids, issues.valid_hours(leads))
    anomalies = (series.at(issues.station_ids, issues.valid_hours(leads)) - usual).astype(np.float32)
    ridge, held_out = fit_linear(background.predictors(issues), issues.issue_hours, anomalies)
    errors = anomalies - held_out
    lead_scale = np.sqrt(np.nanmean(np.square(errors), axis=0, dtype=np.float64))
    # The correction learns from what the linear part missed where it had not been fitted.
    situations = background.situations(issues, held_out, lead_scale)
    rows, places = sample_pairs(np.isfinite(errors), min(CORRECTION_PAIRS, CORRECTION_PAIRS_PER_ROW * len(issues)))
    correction = boost(
        situations.pairs(rows, places),
        errors[rows, places] / lead_scale[places],
        [*names, *PAIR_INPUTS],
        CORRECTION_PARAMETERS,
        CORRECTION_ROUNDS,
    )
    return MeanModel(background, ridge, lead_scale, correction)


def _anomaly_spread(series: ObservedSeries, climatology: Climatology) -> float:
    squares = [
        np.square(values - climatology.at(np.full(len(hours), station), hours))
        for station, (hours, values) in ((station, series.readings(station)) for station in series.station_ids)
    ]
    return float(np.sqrt(np.concatenate(squares).mean()))
