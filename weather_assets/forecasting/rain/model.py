"""The model of the probability of rain: boosting over pairs of an issue time and a block, then calibrated."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.forecasting import storage
from weather_assets.forecasting.holdout import Gate, Holdout, judge
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import issues_of
from weather_assets.forecasting.rain.calibration import Calibration
from weather_assets.forecasting.rain.forecast import RainForecast
from weather_assets.forecasting.rain.references import RainReferences
from weather_assets.forecasting.rain.situations import Situations, situations_of
from weather_assets.forecasting.targets import TARGETS, Target

if TYPE_CHECKING:
    from lightgbm import Booster

_CHUNK_ROWS = 10_000


@dataclass(frozen=True)
class RainModel:
    """A trained model; `holdout` are its scores on the last rolling origin of its training span.

    There the CRPS is the Brier score and the RMSE its root: of an event that happens (1) or not (0) they are the same.
    """

    estimator: ClassVar[str] = "rain_boosting"
    target: Target
    trained_through: datetime
    feature_names: tuple[str, ...]
    parameters: Mapping[str, object]
    booster: "Booster"
    calibration: Calibration
    references: RainReferences
    holdout: Holdout

    @property
    def gate(self) -> Gate:
        """Whether the model may be used, judged on its hold-out."""
        return judge(self.holdout)

    def predict(self, features: pd.DataFrame) -> RainForecast:
        """Forecast from rows of features.hourly (station_id, issued_at, features; NaN or absent where unknown).

        Raises WeatherError for a table without any of the model's features.
        """
        situations = situations_of(issues_of(features, self.feature_names), self.feature_names)
        answers = self.references.forecast(situations)
        return RainForecast(
            station_ids=situations.issues.station_ids,
            issue_hours=situations.issues.issue_hours,
            ends=situations.ends,
            probability=self.calibration.applied(boosted(self.booster, situations, answers)),
            references=answers,
        )

    def importance(self, count: int = 25) -> dict[str, float]:
        """Return the features by the share of the booster's gain in likelihood that is theirs, largest first."""
        gains = np.asarray(self.booster.feature_importance("gain"), dtype=np.float64)[: len(self.feature_names)]
        order = np.argsort(-gains, kind="stable")[:count]
        return {self.feature_names[place]: float(gains[place] / max(gains.sum(), 1.0)) for place in order}

    def save(self, folder: Path) -> None:
        """Write the model into a folder as LightGBM text, JSON and NumPy arrays."""
        facts = {
            "target": self.target.name,
            "trained_through": self.trained_through.isoformat(),
            "feature_names": self.feature_names,
            "parameters": dict(self.parameters),
            "holdout": asdict(self.holdout),
        }
        arrays: dict[str, NDArray[Any]] = {
            "calibration": self.calibration.coefficients,
            "stations": self.references.station_ids,
            "climatology": self.references.climatology,
            "persistence": self.references.persistence,
        }
        storage.write(folder, storage.Parts(facts, arrays, {"rain": self.booster}))

    @staticmethod
    def load(folder: Path) -> "RainModel":
        """Read a model that `save` wrote; raises WeatherError where a file is missing or of another layout."""
        parts = storage.read(folder)
        facts, arrays = parts.facts, parts.arrays
        return RainModel(
            target=TARGETS[facts["target"]],
            trained_through=datetime.fromisoformat(facts["trained_through"]),
            feature_names=tuple(facts["feature_names"]),
            parameters=facts["parameters"],
            booster=parts.boosters["rain"],
            calibration=Calibration(arrays["calibration"]),
            references=RainReferences(arrays["stations"], arrays["climatology"], arrays["persistence"]),
            holdout=Holdout.from_facts(facts["holdout"]),
        )


def boosted(booster: "Booster", situations: Situations, references: Mapping[str, Floats]) -> Floats:
    """Return the booster's probability (N, L) of every block."""
    count, blocks = situations.ends.shape
    answers, places = np.empty((count, blocks)), np.arange(blocks)
    for rows in _chunks(count):
        inputs = situations.pairs(np.repeat(rows, len(places)), np.tile(places, len(rows)), references)
        answers[rows] = np.asarray(booster.predict(inputs, num_threads=1)).reshape(len(rows), blocks)
    return answers


def _chunks(count: int) -> Sequence[NDArray[np.int64]]:
    return [np.arange(start, min(start + _CHUNK_ROWS, count)) for start in range(0, count, _CHUNK_ROWS)]
