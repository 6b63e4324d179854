"""A daily target's model: it answers any day of any station with quantiles for every lead."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting import storage
from weather_assets.forecasting.daily.climatology import DailyClimatology
from weather_assets.forecasting.daily.forecast import DailyForecast
from weather_assets.forecasting.daily.linear import SeasonalRidge
from weather_assets.forecasting.daily.mean import DailyBackground, DailyMean, angle_of, restored
from weather_assets.forecasting.daily.references import DailyReferences
from weather_assets.forecasting.daily.spread import DailySpread
from weather_assets.forecasting.holdout import Gate, Holdout, judge
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Issues, Scaler, issues_of
from weather_assets.forecasting.targets import TARGETS, Target


@dataclass(frozen=True)
class DailyDistribution:
    """The parts that make quantiles: `correction_weight` (L,) is the share of the booster's correction that is used."""

    mean: DailyMean
    correction_weight: Floats
    spread: DailySpread

    def quantiles(self, issues: Issues, target: Target) -> Floats:
        """Return quantiles (N, L, 19) in the unit and within the bounds of the target."""
        linear, background = self.mean.linear(issues), self.mean.background
        corrected = linear + self.correction_weight * self.mean.corrections(issues, linear)
        quantiles = self.spread.quantiles(background.usual(issues) + corrected, angle_of(issues))
        return restored(quantiles, target)


@dataclass(frozen=True)
class DailyModel:
    """A trained model of one daily target; `holdout` are its scores on the last rolling origin of its span."""

    estimator: ClassVar[str] = "daily_blend"
    target: Target
    trained_through: datetime
    feature_names: tuple[str, ...]
    parameters: Mapping[str, object]
    distribution: DailyDistribution
    references: DailyReferences
    holdout: Holdout

    @property
    def gate(self) -> Gate:
        """Whether the model may be used, judged on its hold-out."""
        return judge(self.holdout)

    def predict(self, features: pd.DataFrame) -> DailyForecast:
        """Forecast from rows of features.daily (station_id, issued_at, features; NaN or absent where unknown).

        Raises WeatherError for a table without any of the model's features.
        """
        issues = issues_of(features, self.feature_names)
        return DailyForecast(
            station_ids=issues.station_ids,
            issue_hours=issues.issue_hours,
            leads=np.array(self.target.leads),
            quantiles=self.distribution.quantiles(issues, self.target),
            references=self.references.forecast(issues),
        )

    def importance(self, count: int = 25) -> dict[str, float]:
        """Return the features that move the linear part most, largest first, as in the hourly model."""
        ridge = self.distribution.mean.ridge.coefficients
        terms = ridge.reshape(3, len(self.feature_names) + 2, -1)[:, 1:-1]
        # Sine and cosine of the year each have a mean square of one half.
        effect = np.sqrt((np.square(terms[0]) + np.square(terms[1:]).sum(axis=0) / 2).mean(axis=1))
        order = np.argsort(-effect, kind="stable")[:count]
        return {self.feature_names[place]: float(effect[place]) for place in order}

    def save(self, folder: Path) -> None:
        """Write the model into a folder as LightGBM text, JSON and NumPy arrays."""
        storage.write(folder, _parts(self))

    @staticmethod
    def load(folder: Path) -> "DailyModel":
        """Read a model that `save` wrote; raises WeatherError where a file is missing or of another layout."""
        return _model(storage.read(folder))


def _parts(model: DailyModel) -> storage.Parts:
    distribution, references = model.distribution, model.references
    mean, spread = distribution.mean, distribution.spread
    scaler = mean.background.scaler
    facts = {
        "target": model.target.name,
        "trained_through": model.trained_through.isoformat(),
        "feature_names": model.feature_names,
        "parameters": dict(model.parameters),
        "column": mean.background.column,
        "anomaly_spread": mean.background.anomaly_spread,
        "reference_anomaly_spread": references.background.anomaly_spread,
        "holdout": asdict(model.holdout),
    }
    arrays: dict[str, NDArray[Any]] = {
        "climatology_stations": mean.background.climatology.station_ids,
        "climatology": mean.background.climatology.coefficients,
        "reference_climatology": references.background.climatology.coefficients,
        "scaler_stations": scaler.station_ids,
        "scaler_means": scaler.means,
        "scaler_deviations": scaler.deviations,
        "ridge": mean.ridge.coefficients,
        "ridge_penalties": mean.ridge.penalties,
        "correction_weight": distribution.correction_weight,
        "spread_scale": spread.scale,
        "spread_shape": spread.shape,
        "reference_ridge": references.coefficients,
    }
    return storage.Parts(facts, arrays, {"correction": mean.correction})


def _model(parts: storage.Parts) -> DailyModel:
    facts, arrays = parts.facts, parts.arrays
    target, stations = TARGETS[facts["target"]], arrays["climatology_stations"]
    scaler = Scaler(arrays["scaler_stations"], arrays["scaler_means"], arrays["scaler_deviations"])
    usual, reference_usual = (DailyClimatology(stations, arrays[k]) for k in ("climatology", "reference_climatology"))
    leads, column = np.array(target.leads), facts["column"]
    background = DailyBackground(leads, column, target.multiplicative, usual, scaler, facts["anomaly_spread"])
    reference = DailyBackground(leads, column, False, reference_usual, scaler, facts["reference_anomaly_spread"])
    ridge = SeasonalRidge(arrays["ridge"], arrays["ridge_penalties"])
    mean = DailyMean(background, ridge, parts.boosters["correction"])
    spread = DailySpread(arrays["spread_scale"], arrays["spread_shape"])
    return DailyModel(
        target=target,
        trained_through=datetime.fromisoformat(facts["trained_through"]),
        feature_names=tuple(facts["feature_names"]),
        parameters=facts["parameters"],
        distribution=DailyDistribution(mean, arrays["correction_weight"], spread),
        references=DailyReferences(reference, arrays["reference_ridge"]),
        holdout=Holdout.from_facts(facts["holdout"]),
    )
