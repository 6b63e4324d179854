"""A target's forecaster: it answers any issue time of any station with quantiles for every lead."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting import storage
from weather_assets.forecasting.climatology import Climatology
from weather_assets.forecasting.distribution import Distribution
from weather_assets.forecasting.forecast import Forecast
from weather_assets.forecasting.gaps import Gaps
from weather_assets.forecasting.holdout import Gate, Holdout, judge
from weather_assets.forecasting.hours import Hours
from weather_assets.forecasting.inputs import Issues, Scaler, issues_of
from weather_assets.forecasting.linear import SeasonalRidge
from weather_assets.forecasting.mean import Background, MeanModel
from weather_assets.forecasting.neighbours import with_neighbours
from weather_assets.forecasting.network import Network
from weather_assets.forecasting.selection import Selection
from weather_assets.forecasting.spread import Spread
from weather_assets.forecasting.targets import TARGETS, Target


@dataclass(frozen=True)
class Forecaster:
    """A trained model of one target; `holdout` are its scores on the last rolling origin of its training span.

    A station that was not in training gets the mean climatology and scaling of those that were: sensible for a
    neighbour, poor for a mountain, until the next training includes it.
    """

    estimator: ClassVar[str] = "hourly_blend"
    target: Target
    trained_through: datetime
    feature_names: tuple[str, ...]
    parameters: Mapping[str, object]
    distribution: Distribution
    holdout: Holdout
    history: pd.DataFrame | None = field(default=None, compare=False, repr=False)

    @property
    def gate(self) -> Gate:
        """Whether the model may be used, judged on its hold-out."""
        return judge(self.holdout)

    def informed(self, history: pd.DataFrame) -> "Forecaster":
        """Return the forecaster with rows of features.hourly of the 12 days (`width.HISTORY`) before those it will get.

        The errors of forecasts from them, as far as each hour of issue could know them, steer the width of its bands.
        """
        return replace(self, history=history)

    def predict(self, features: pd.DataFrame, leads: Sequence[int] | None = None) -> Forecast:
        """Forecast from rows of features.hourly (station_id, issued_at, features; NaN or absent where unknown).

        The rows given tell of each other's errors too (see `informed`); without any before it, a row's bands are of
        usual width. Rows of stations near by are predictors where the model was trained on several stations.
        `leads` are hours ahead among those of the target, by default all. Raises WeatherError for a table without any
        of the model's features, ValueError for a lead that the model does not give.
        """
        asked, context = issues_of(features, self.feature_names), self._context(features)
        issues = context[np.isin(_keys(context), _keys(asked))]
        situations = self.distribution.mean.situations(issues)
        quantiles = self.distribution.quantiles(situations, context, self.target)
        places = [self.target.leads.index(lead) for lead in leads or self.target.leads]
        return Forecast(
            station_ids=issues.station_ids,
            issue_hours=issues.issue_hours,
            leads=np.array(self.target.leads)[places],
            quantiles=quantiles[:, places],
            climatology=situations.climatology[:, places],
        )

    def _context(self, features: pd.DataFrame) -> Issues:
        """Return the rows and those before them, with their neighbours where the model looks at them."""
        table = features if self.history is None else pd.concat([self.history, features])
        issues = issues_of(table.drop_duplicates(["station_id", "issued_at"], keep="last"), self.feature_names)
        wide = self.distribution.mean.background.selection.left_out.shape[1] > len(self.feature_names)
        return with_neighbours(issues, self.feature_names) if wide else issues

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


def _keys(issues: Issues) -> Hours:
    """Return one number per station and hour."""
    return issues.station_ids * 10_000_000 + issues.issue_hours


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
        "selection_stations": background.selection.station_ids,
        "left_out": background.selection.left_out,
        "scaler_stations": background.scaler.station_ids,
        "scaler_means": background.scaler.means,
        "scaler_deviations": background.scaler.deviations,
        "gaps_usual": background.gaps.usual,
        "gaps_moments": background.gaps.moments,
        "ridge": mean.ridge.coefficients,
        "ridge_penalties": mean.ridge.penalties,
        "lead_scale": mean.lead_scale,
        "blend": forecaster.distribution.blend,
        "spread_centres": spread.centres,
        "spread_shape": spread.shape,
        **_layers("residual", mean.residual),
        **_layers("direct", mean.direct),
    }
    return storage.Parts(facts, arrays, {"correction": mean.correction, "scale": spread.scale})


def _forecaster(parts: storage.Parts) -> Forecaster:
    facts, arrays = parts.facts, parts.arrays
    background = Background(
        leads=arrays["leads"],
        column=facts["column"],
        climatology=Climatology(arrays["climatology_stations"], arrays["climatology"]),
        selection=Selection(arrays["selection_stations"], arrays["left_out"]),
        scaler=Scaler(arrays["scaler_stations"], arrays["scaler_means"], arrays["scaler_deviations"]),
        anomaly_spread=facts["anomaly_spread"],
        gaps=Gaps(arrays["gaps_usual"], arrays["gaps_moments"]),
    )
    ridge = SeasonalRidge(arrays["ridge"], arrays["ridge_penalties"])
    mean = MeanModel(
        background=background,
        ridge=ridge,
        lead_scale=arrays["lead_scale"],
        correction=parts.boosters["correction"],
        residual=_network("residual", arrays),
        direct=_network("direct", arrays),
    )
    spread = Spread(parts.boosters["scale"], arrays["spread_centres"], arrays["spread_shape"])
    return Forecaster(
        target=TARGETS[facts["target"]],
        trained_through=datetime.fromisoformat(facts["trained_through"]),
        feature_names=tuple(facts["feature_names"]),
        parameters=facts["parameters"],
        distribution=Distribution(mean, arrays["blend"], spread),
        holdout=Holdout.from_facts(facts["holdout"]),
    )


def _layers(name: str, network: Network) -> dict[str, NDArray[Any]]:
    weights = {f"{name}_weights_{layer}": values for layer, values in enumerate(network.weights)}
    biases = {f"{name}_biases_{layer}": values for layer, values in enumerate(network.biases)}
    return weights | biases


def _network(name: str, arrays: Mapping[str, NDArray[Any]]) -> Network:
    layers = range(sum(stored.startswith(f"{name}_weights_") for stored in arrays))
    return Network(
        tuple(arrays[f"{name}_weights_{layer}"] for layer in layers),
        tuple(arrays[f"{name}_biases_{layer}"] for layer in layers),
    )
