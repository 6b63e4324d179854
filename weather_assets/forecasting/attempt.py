"""Forecasting with a version that may be broken: its failure is an answer, and harms no other version's forecast."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
import pyarrow as pa

from weather_assets.forecasting.estimators import TrainedModel, answer
from weather_assets.forecasting.mlflow_access import MlflowError
from weather_assets.forecasting.registry import Version

_LOG = logging.getLogger(__name__)


class Loader(Protocol):
    """The part of a registry that an attempt needs."""

    def load(self, version: Version) -> TrainedModel:
        """The model of a version."""


@dataclass(frozen=True)
class Failure:
    """A version that could not forecast, and the first line of why."""

    target: str
    version: int
    reason: str

    def __str__(self) -> str:
        return f"{self.target} version {self.version} cannot forecast: {self.reason}"


def attempt(
    registry: Loader,
    version: Version,
    features: pd.DataFrame,
    history: pd.DataFrame | None = None,
    finish: Callable[[pa.Table], pa.Table] = lambda table: table,
) -> pa.Table | Failure:
    """Load a version and forecast from rows of its kind's feature table, given those of the days before.

    `finish` makes of the table what the caller wants; what fails there is a failure of the version too.
    That MLflow does not answer is no fault of a version: its error is raised.
    """
    try:
        return finish(answer(registry.load(version), features, history))
    except MlflowError:
        raise
    except Exception as error:  # noqa: BLE001  # an estimator of any kind may fail in any way, and nobody else for it
        _LOG.warning("%s version %s cannot forecast", version.target, version.number, exc_info=True)
        return Failure(version.target, version.number, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
