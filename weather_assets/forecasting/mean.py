"""The expected value: climatology, the linear part, and what three members would add to the linear part.

The members are a booster and a neural network that learnt what the linear part gets wrong, and a network that learnt
the anomaly itself, without the linear part. Which is right how far depends on the lead: see `blend`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from weather_assets.errors import WeatherError
from weather_assets.forecasting.boosting import PAIR_INPUTS, SEED, Situations, boost, boosted, sample_pairs
from weather_assets.forecasting.climatology import Climatology, fit_climatology
from weather_assets.forecasting.gaps import NOTHING_FILLED, Gaps, fit_gaps
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers, Issues, Scaler, Singles, fit_scaler
from weather_assets.forecasting.linear import SeasonalRidge, fit_linear
from weather_assets.forecasting.neighbours import PREFIX
from weather_assets.forecasting.network import Network, fit_network
from weather_assets.forecasting.selection import Selection, select
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
    selection: Selection
    scaler: Scaler
    anomaly_spread: float
    gaps: Gaps = NOTHING_FILLED

    def anomaly_now(self, issues: Issues) -> Floats:
        """Return how far the reading of the hour of issue lies from climatology (N,); 0 where it is unknown."""
        usual = self.climatology.at(issues.station_ids, issues.issue_hours)
        return np.nan_to_num(issues.features[:, self.column].astype(np.float64) - usual, nan=0.0)

    def predictors(self, issues: Issues) -> Singles:
        """Return the predictors (N, P + 1) of the linear part and the networks."""
        # Larger than its companions, so that the ridge penalty hardly touches the one that matters most at short leads.
        anomaly = ANOMALY_WEIGHT * self.anomaly_now(issues) / self.anomaly_spread
        predictors = np.column_stack([self.scaler.scaled(issues), anomaly.astype(np.float32)])
        return self.gaps.filled(predictors, self.known(issues))

    def known(self, issues: Issues) -> NDArray[np.bool_]:
        """Return which of the predictors (N, P + 1) are known."""
        own = np.isfinite(issues.features[:, : self.scaler.means.shape[1]])
        return np.column_stack([own, own[:, self.column]])

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
    """`lead_scale` (L,) is the usual error of the linear part, the unit in which the members answer.

    `residual` adds to the linear part, `direct` stands in its place.
    """

    background: Background
    ridge: SeasonalRidge
    lead_scale: Floats
    correction: "Booster"
    residual: Network
    direct: Network

    def situations(self, issues: Issues) -> Situations:
        """Return what the boosters look at for these issue times, the linear expectation included."""
        used = self.background.selection.applied(issues)
        linear = self.ridge.predict(self.background.predictors(used), used.issue_hours)
        return self.background.situations(used, linear, self.lead_scale)

    def corrections(self, situations: Situations) -> Floats:
        """Return what each member would add to the linear expectation (3, N, L), in the unit of the target."""
        predictors = self.background.predictors(situations.issues)
        places = np.flatnonzero(np.isin(self.background.leads, situations.leads))
        scale = situations.lead_scale
        return np.stack(
            [
                boosted(self.correction, situations) * scale,
                self.residual.predict(predictors)[:, places] * scale,
                self.direct.predict(predictors)[:, places] * scale - situations.linear,
            ]
        )


def fit_mean(issues: Issues, names: Sequence[str], series: ObservedSeries, element: str, leads: Integers) -> MeanModel:
    """Fit on the issue times (N rows) and all that had been observed; the series ends where training ends.

    `names` are those of the features, neighbours' columns last. Raises WeatherError where `element`, the reading of the
    hour of issue, is not among them.
    """
    if element not in names:
        raise WeatherError(f"the features lack {element}, the reading that is forecast: take rows of features.hourly")
    climatology, column = fit_climatology(series), list(names).index(element)
    valid = issues.valid_hours(leads)
    usual = climatology.at(issues.station_ids, valid)
    anomalies = (series.at(issues.station_ids, valid) - usual).astype(np.float32)
    selection = select(issues, anomalies, column)
    issues = selection.applied(issues)
    scaler = fit_scaler(issues, sum(not name.startswith(PREFIX) for name in names))
    background = Background(leads, column, climatology, selection, scaler, _anomaly_spread(series, climatology))
    background = replace(background, gaps=fit_gaps(background.predictors(issues), background.known(issues)))
    predictors = background.predictors(issues)
    ridge, held_out = fit_linear(predictors, issues.issue_hours, anomalies)
    # The members learn from what the linear part missed where it had not been fitted.
    errors = anomalies - held_out
    lead_scale = np.sqrt(np.nanmean(np.square(errors), axis=0, dtype=np.float64))
    situations = background.situations(issues, held_out, lead_scale)
    unit = lead_scale.astype(np.float32)
    return MeanModel(
        background=background,
        ridge=ridge,
        lead_scale=lead_scale,
        correction=_fit_correction(situations, errors, names),
        residual=fit_network(predictors, errors / unit, SEED),
        direct=fit_network(predictors, anomalies / unit, SEED + 1),
    )


def _fit_correction(situations: Situations, errors: Singles, names: Sequence[str]) -> "Booster":
    size = min(CORRECTION_PAIRS, CORRECTION_PAIRS_PER_ROW * len(errors))
    # The weather of the next hours has more to teach than that of the day after tomorrow.
    rows, places = sample_pairs(np.isfinite(errors), size, 1 / np.sqrt(situations.leads))
    return boost(
        situations.pairs(rows, places),
        errors[rows, places] / situations.lead_scale[places],
        [*names, *PAIR_INPUTS],
        CORRECTION_PARAMETERS,
        CORRECTION_ROUNDS,
    )


def _anomaly_spread(series: ObservedSeries, climatology: Climatology) -> float:
    squares = [
        np.square(values - climatology.at(np.full(len(hours), station), hours))
        for station, (hours, values) in ((station, series.readings(station)) for station in series.station_ids)
    ]
    return float(np.sqrt(np.concatenate(squares).mean()))
