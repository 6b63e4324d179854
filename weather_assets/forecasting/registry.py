"""Versions of trained models in MLflow: registering, aliases, loading. Knows MLflow, not Dagster.

A target is one registered model. Aliases: `champion` issues the forecasts, `challenger` is a newer version that has not
been shown to be as good, `previous` is what a roll-back returns to.
"""

import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.settings import Settings

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
THROUGH_TAG, DATA_TAG, RECIPE_TAG, SKILL_TAG = "trained_through", "data_fingerprint", "recipe", "holdout_skill"
DECISION_TAG = "decision"
_MODEL_NAME = "forecaster"
_REQUIRED_PACKAGES = ("lightgbm", "numpy", "pandas")


@dataclass(frozen=True)
class Version:
    """One registered version of a target's model."""

    target: str
    number: int
    aliases: tuple[str, ...]
    run_id: str
    registered_at: datetime
    tags: Mapping[str, str]


def prepare_mlflow(settings: Settings) -> None:
    """Make mlflow quiet, local where nothing else is set; call before its first use in a process."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if settings.mlflow_tracking_uri is None:
        settings.home.mkdir(parents=True, exist_ok=True)


class Registry:
    """The registered models of one MLflow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _client(self) -> "MlflowClient":
        prepare_mlflow(self._settings)
        from mlflow import MlflowClient

        return MlflowClient(self._settings.tracking_uri, registry_uri=self._settings.tracking_uri)

    def exists(self) -> bool:
        """Whether there may be a registry: opening the default database would make it, which a reader must not."""
        scheme, separator, path = self._settings.tracking_uri.partition(":///")
        return not (scheme == "sqlite" and separator) or Path(path).exists()

    def register(self, forecaster: Forecaster, tags: Mapping[str, str]) -> Version:
        """Log the forecaster as a model of the active MLflow run and register it as the target's newest version.

        The files are LightGBM's text, JSON and NumPy arrays, nothing pickled: loading a version runs no foreign code.
        """
        import mlflow

        target = forecaster.target.name
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / _MODEL_NAME
            forecaster.save(folder)
            logged = mlflow.pyfunc.log_model(
                name=_MODEL_NAME,
                loader_module="weather_assets.forecasting.pyfunc",
                data_path=str(folder),
                pip_requirements=[f"{name}=={package_version(name)}" for name in _REQUIRED_PACKAGES],
            )
        if not self._client.search_registered_models(f"name = '{target}'"):
            self._client.create_registered_model(target)
        created = self._client.create_model_version(
            target, logged.model_uri, run_id=logged.run_id, tags=dict(tags), model_id=logged.model_id
        )
        return self.version(target, int(created.version))

    def versions(self, target: str) -> list[Version]:
        """All versions of a target, newest first; none where it was never trained."""
        aliases = self._aliases(target)
        found = self._client.search_model_versions(f"name = '{target}'")
        return sorted((_version(entry, aliases) for entry in found), key=lambda v: v.number, reverse=True)

    def version(self, target: str, number: int) -> Version:
        """One version; raises UsageError where there is none of that number."""
        for version in self.versions(target):
            if version.number == number:
                return version
        message = f"{target} has no version {number}; weather models lists those there are"
        raise UsageError(message)

    def with_alias(self, target: str, alias: str) -> Version | None:
        """The version that bears an alias, if any."""
        return next((version for version in self.versions(target) if alias in version.aliases), None)

    def trained_on(self, target: str, fingerprint: str, recipe: str) -> Version | None:
        """The newest version of the same recipe trained on data of the same fingerprint, if any."""
        wanted = {DATA_TAG: fingerprint, RECIPE_TAG: recipe}
        same = (version for version in self.versions(target) if wanted.items() <= dict(version.tags).items())
        return next(same, None)

    def load(self, version: Version) -> Forecaster:
        """The forecaster of a version."""
        source = self._client.get_model_version(version.target, str(version.number)).source or ""
        scheme, _, model_id = source.partition("models:/")
        if scheme or not model_id:
            message = f"version {version.number} of {version.target} was not registered by weather train"
            raise WeatherError(message)
        from mlflow.artifacts import download_artifacts

        # Asked of our own client: the address that mlflow keeps for the process may be another home's.
        where = self._client.get_logged_model(model_id).artifact_location
        with tempfile.TemporaryDirectory() as scratch:
            local = download_artifacts(artifact_uri=where, dst_path=scratch, tracking_uri=self._settings.tracking_uri)
            return Forecaster.load(Path(local) / "data" / _MODEL_NAME)  # where pyfunc keeps the data of a model

    def set_alias(self, version: Version, alias: str) -> None:
        """Move an alias to a version."""
        self._client.set_registered_model_alias(version.target, alias, str(version.number))

    def remove_alias(self, target: str, alias: str) -> None:
        """Take an alias away; no error where nobody bears it."""
        if alias in self._aliases(target):
            self._client.delete_registered_model_alias(target, alias)

    def promote(self, version: Version) -> None:
        """Make a version champion; the former champion becomes `previous`."""
        champion = self.with_alias(version.target, CHAMPION)
        if champion is not None and champion.number == version.number:
            return
        if champion is not None:
            self.set_alias(champion, PREVIOUS)
        self.set_alias(version, CHAMPION)
        if CHALLENGER in version.aliases:
            self.remove_alias(version.target, CHALLENGER)

    def roll_back(self, target: str) -> Version:
        """Make the previous champion champion again; raises UsageError where there was none."""
        previous = self.with_alias(target, PREVIOUS)
        if previous is None:
            message = f"{target} has no previous champion to return to; weather models lists the versions"
            raise UsageError(message)
        self.promote(previous)
        return previous

    def _aliases(self, target: str) -> Mapping[str, str]:
        """Alias -> version number, as MLflow keeps them with the registered model."""
        from mlflow.exceptions import MlflowException

        try:
            return {k: str(v) for k, v in self._client.get_registered_model(target).aliases.items()}
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return {}
            raise


def _version(entry: "ModelVersion", aliases: Mapping[str, str]) -> Version:
    number = str(entry.version)
    return Version(
        target=entry.name,
        number=int(number),
        aliases=tuple(sorted(alias for alias, bearer in aliases.items() if bearer == number)),
        run_id=entry.run_id or "",
        registered_at=datetime.fromtimestamp(entry.creation_timestamp / 1000, tz=UTC),
        tags=dict(entry.tags),
    )
