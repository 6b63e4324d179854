"""How the model of a target is made and read back: one row per estimator, so that the graph knows none of them.

Another kind of model, a neural net say, is one more row; `weather train --estimator NAME` registers it as a new recipe
that must first be shown to be better than the champion.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import pandas as pd
import pyarrow as pa

from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.holdout import Gate, Holdout
from weather_assets.forecasting.targets import Kind, Target

_LABEL = "estimator.json"


class Prediction(Protocol):
    """What a model answers."""

    def to_arrow(self) -> pa.Table:
        """Return the columns of the kind's forecast table, but target, model_version, role and kind."""
        ...

    def to_frame(self) -> pd.DataFrame:
        """Return the same rows as a DataFrame."""
        ...


class TrainedModel(Protocol):
    """A model of one target, as the graph handles it."""

    @property
    def estimator(self) -> str:
        """Name of the row of ESTIMATORS that made it."""
        ...

    @property
    def target(self) -> Target:
        """What it forecasts."""
        ...

    @property
    def trained_through(self) -> datetime:
        """Newest hour that it may have learnt from."""
        ...

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns of the feature table that it reads."""
        ...

    @property
    def parameters(self) -> Mapping[str, object]:
        """What is worth recording of how it was made."""
        ...

    @property
    def holdout(self) -> Holdout:
        """Scores on the last rolling origin of its training span."""
        ...

    @property
    def gate(self) -> Gate:
        """Whether it may be used, judged on its hold-out."""
        ...

    def predict(self, features: pd.DataFrame) -> Prediction:
        """Forecast every lead from rows of the kind's feature table."""
        ...

    def importance(self, count: int = 25) -> Mapping[str, float]:
        """Return the features that matter most, largest first."""
        ...

    def save(self, folder: Path) -> None:
        """Write it into a folder; nothing pickled."""
        ...


@runtime_checkable
class FollowsErrors(Protocol):
    """A model whose forecast depends on how well its last ones did."""

    def informed(self, history: pd.DataFrame) -> TrainedModel:
        """Return the model with the feature rows of the days before those it will get, of all stations."""
        ...


class Train(Protocol):
    """How an estimator is trained; the same tables give the same model, bit for bit."""

    def __call__(
        self,
        target: Target,
        features: pd.DataFrame,
        observations: pd.DataFrame,
        through: datetime,
        *,
        progress: Callable[[str], None] | None = None,
    ) -> TrainedModel:
        """Train on rows of the kind's feature table and observations (station_id, observed_at, value) up to `through`.

        Raises WeatherError where they are too few.
        """
        ...


@dataclass(frozen=True)
class Estimator:
    """A way of making models for the targets of a kind.

    `recipe()` says what a model is made with, besides its features: two models of the same recipe differ by their data
    only. The three functions import their libraries when they are called.
    """

    name: str
    kind: Kind
    recipe: Callable[[], Mapping[str, object]]
    train: Callable[[], Train]
    load: Callable[[Path], TrainedModel]


def _hourly_recipe() -> Mapping[str, object]:
    from weather_assets.forecasting.model import RECIPE

    return RECIPE


def _hourly_train() -> Train:
    from weather_assets.forecasting.model import train

    return train


def _hourly_load(folder: Path) -> TrainedModel:
    from weather_assets.forecasting.forecaster import Forecaster

    return Forecaster.load(folder)


def _daily_recipe() -> Mapping[str, object]:
    from weather_assets.forecasting.daily.training import RECIPE

    return RECIPE


def _daily_train() -> Train:
    from weather_assets.forecasting.daily.training import train_daily

    return train_daily


def _daily_load(folder: Path) -> TrainedModel:
    from weather_assets.forecasting.daily.model import DailyModel

    return DailyModel.load(folder)


def _rain_recipe() -> Mapping[str, object]:
    from weather_assets.forecasting.rain.training import RECIPE

    return RECIPE


def _rain_train() -> Train:
    from weather_assets.forecasting.rain.training import train_rain

    return train_rain


def _rain_load(folder: Path) -> TrainedModel:
    from weather_assets.forecasting.rain.model import RainModel

    return RainModel.load(folder)


_ROWS: Sequence[Estimator] = (
    Estimator("hourly_blend", "hourly", _hourly_recipe, _hourly_train, _hourly_load),
    Estimator("daily_blend", "daily", _daily_recipe, _daily_train, _daily_load),
    Estimator("rain_boosting", "rain", _rain_recipe, _rain_train, _rain_load),
)

ESTIMATORS: Mapping[str, Estimator] = MappingProxyType({row.name: row for row in _ROWS})


def estimator_for(target: Target, name: str | None = None) -> Estimator:
    """Return the named estimator, or the first of the target's kind; raises UsageError for one that does not fit."""
    fitting = [row for row in ESTIMATORS.values() if row.kind == target.kind and name in {None, row.name}]
    if not fitting:
        known = ", ".join(row.name for row in ESTIMATORS.values() if row.kind == target.kind)
        raise UsageError(f"no estimator {name} for {target.name}; choose among {known}")
    return fitting[0]


def answer(model: TrainedModel, features: pd.DataFrame, history: pd.DataFrame | None) -> pa.Table:
    """Forecast from feature rows; a model that follows its errors is told of the rows of the days before."""
    if history is not None and isinstance(model, FollowsErrors):
        model = model.informed(history)
    return model.predict(features).to_arrow()


def save_model(model: TrainedModel, folder: Path) -> None:
    """Write a model into a folder with the name of its estimator."""
    model.save(folder)
    (folder / _LABEL).write_text(json.dumps({"estimator": model.estimator}), encoding="utf-8")


def load_model(folder: Path) -> TrainedModel:
    """Read a model that `save_model` wrote; raises WeatherError where it is of an estimator that is not there."""
    try:
        name = json.loads((folder / _LABEL).read_text(encoding="utf-8"))["estimator"]
        return ESTIMATORS[name].load(folder)
    except FileNotFoundError as error:
        raise WeatherError(f"{error.filename} is missing, so {folder} holds no whole model: train again") from None
    except KeyError as error:
        raise WeatherError(f"{folder} holds a model of estimator {error}, which is not there: train again") from None
