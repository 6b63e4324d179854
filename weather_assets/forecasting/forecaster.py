"""A target's forecaster: it answers any issue time of any station with quantiles for every lead."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting import storage
from weather_assets.forecasting.boosting import Situations
from weather_assets.forecasting.climatology import Climatology
from weather_assets.forecasting.forecast import Forecast
from weather_assets.forecasting.holdout import Gate, Holdout, judge
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Scaler, issues_of
from weather_assets.forecasting.linear import SeasonalRidge
from weather_assets.forecasting.mean import Background, MeanModel
from weather_assets.forecasting.spread import Spread
from weather_assets.forecasting.targets import TARGETS, Target


@dataclass(frozen=True)
class Distribution:
    """The parts that make quantiles: `correction_weight` (L,) is the share of the booster's correction that is used."""

    mean: MeanModel
    correction_weight: Floats
    spread: Spread

    def quantiles(self, situations: Situations, target: Target) -> Floats:
        """Return quantiles (N, L, 19) within the bounds of the target."""
        correction = self.correction_weight * self.mean.corrections(situations)
        expected = situations.climatology + situations.linear + correction
        return np.clip(self.spread.quantiles(situations, expected), target.lower, target.upper)


@dataclass(frozen=True)
class Forecaster:
    """A trained model of one target; `holdout` are its scores on the last rolling origin of its training span.

    A station that was not in training gets the mean climatology and scaling of those that were: sensible for a
    neighbour, poor for a mountain, until the next training includes it.
    """

    target: Target
    trained_through: datetime
    feature_names: tuple[str, ...]
    parameters: Mapping[str, object]
    distribution: Distribution
    holdout: Holdout

    @property
    def gate(self) -> Gate:
        """Whether the model may be used, judged on its hold-out."""
        return judge(self.holdout)

    def predict(self, features: pd.DataFrame, leads: Sequence[int] | None = None) -> Forecast:
        """Forecast from rows of features.hourly (station_id, issued_at, features; NaN or absent where unknown).

        `leads` are hours ahead among those of the target, by default all. Raises WeatherError for a table without any
        of the model's features, ValueError for a lead that the model does not give.
        """
        issues = issues_of(features, self.feature_names)
        situations = self.distribution.mean.situations(issues)
        quantiles = self.distribution.quantiles(situations, self.target)
        places = [self.target.leads.index(lead) for lead in leads or self.target.leads]
        return Forecast(
            station_ids=issues.station_ids,
            issue_hours=issues.issue_hours,
            leads=np.array(self.target.leads)[places],
            quantiles=quantiles[:, places],
            climatology=situations.climatology[:, places],
        )

    def importance(self, count: int = 25) -> dict[str, float]:
        """Return the features that move the linear part most, largest first.

        The value is the change of the forecast, in the unit of the target, by one standard deviation of the feature:
        root mean square over hours of issue, seasons and leads.
        """
        names = self.feature_names
        ridge = self.distribution.mean.ridge.coefficients.astype(np.float64)
        terms = ridge.reshape(len(ridge), 3, len(names) + 2, -1)[:, :, 1:-1]
        # Sine and cosine of the year each have a mean square of one half.
        squares = np.square(terms[:, 0]) + np.square(terms[:, 1:]).sum(axis=1) / 2
        effect = np.sqrt(squares.mean(axis=(0, 2)))
        return {names[place]: float(effect[place]) for place in np.argsort(-effect, kind="stable")[:count]}

    def save(self, folder: Path) -> None:
        """Write the model into a folder as LightGBM text, JSON and NumPy arrays."""
        storage.write(folder, _parts(self))

    @staticmethod
    def load(folder: Path) -> "Forecaster":
        """Read a model that `save` wrote; raises WeatherError where a file is missing or of another layout."""
        return _forecaster(storage.read(folder))


def _parts(forecaster: Forecaster) -> storage.Parts:
    mean, spread = forecaster.distribution.mean, forecaster.distribution.spread
    background = mean.background
    facts = {
        "target": forecaster.target.name,
        "trained_through": forecaster.trained_through.isoformat(),
        "feature_names": forecaster.feature_names,
        "parameters": dict(forecaster.parameters),
        "holdout": asdict(forecaster.holdout),
        "column": background.column,
        "anomaly_spread": background.anomaly_spread,
    }
    arrays: dict[str, NDArray[Any]] = {
        "leads": background.leads,
        "climatology_stations": background.climatology.station_ids,
        "climatology": background.climatology.coefficients,
        "scaler_stations": background.scaler.station_ids,
        "scaler_means": background.scaler.means,
        "scaler_deviations": background.scaler.deviations,
        "ridge": mean.ridge.coefficients,
        "ridge_penalties": mean.ridge.penalties,
        "lead_scale": mean.lead_scale,
        "correction_weight": forecaster.distribution.correction_weight,
        "spread_centres": spread.centres,
        "spread_shape": spread.shape,
    }
    return storage.Parts(facts, arrays, {"correction": mean.correction, "scale": spread.scale})


def _forecaster(parts: storage.Parts) -> Forecaster:
    facts, arrays = parts.facts, parts.arrays
    background = Background(
        leads=arrays["leads"],
        column=facts["column"],
        climatology=Climatology(arrays["climatology_stations"], arrays["climatology"]),
        scaler=Scaler(arrays["scaler_stations"], arrays["scaler_means"], arrays["scaler_deviations"]),
        anomaly_spread=facts["anomaly_spread"],
    )
    ridge = SeasonalRidge(arrays["ridge"], arrays["ridge_penalties"])
    mean = MeanModel(background, ridge, arrays["lead_scale"], parts.boosters["correction"])
    spread = Spread(parts.boosters["scale"], arrays["spread_centres"], arrays["spread_shape"])
    return Forecaster(
        target=TARGETS[facts["target"]],
        trained_through=datetime.fromisoformat(facts["trained_through"]),
        feature_names=tuple(facts["feature_names"]),
        parameters=facts["parameters"],
        distribution=Distribution(mean, arrays["correction_weight"], spread),
        holdout=Holdout.from_facts(facts["holdout"]),
    )
