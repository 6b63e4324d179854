"""Versions of trained models in MLflow: registering, aliases, loading. Knows MLflow, not Dagster.

A target is one registered model. Aliases: `champion` issues the forecasts, `challenger` forecasts beside it until it is
shown to be as good or not, `previous` is what a roll-back returns to. Who gets which is decided elsewhere (promotion,
review, succession).
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.estimators import TrainedModel, load_model, save_model
from weather_assets.forecasting.mlflow_access import MlflowError, mlflow_answering
from weather_assets.settings import Settings

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel
    from mlflow.entities.model_registry import ModelVersion

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
THROUGH_TAG, DATA_TAG, RECIPE_TAG = "trained_through", "data_fingerprint", "recipe"
SKILL_TAG, SCORE_TAG = "holdout_skill", "holdout_score"
DECISION_TAG, SNAPSHOT_TAG = "decision", "lake_snapshot"
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


class Registry:
    """The registered models of one MLflow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _client(self) -> "MlflowClient":
        from mlflow import MlflowClient

        return MlflowClient(self._settings.tracking_uri, registry_uri=self._settings.tracking_uri)

    @contextmanager
    def _mlflow(self) -> Iterator["MlflowClient"]:
        """The client; raises WeatherError where MLflow does not answer."""
        with mlflow_answering(self._settings):
            yield self._client

    def exists(self) -> bool:
        """Whether there may be a registry: opening the default database would make it, which a reader must not."""
        scheme, separator, path = self._settings.tracking_uri.partition(":///")
        return not (scheme == "sqlite" and separator) or Path(path).exists()

    def register(self, model: TrainedModel, tags: Mapping[str, str]) -> Version:
        """Log a trained model of the active MLflow run and register it as the target's newest version.

        The files are LightGBM's text, JSON and NumPy arrays, nothing pickled: loading a version runs no foreign code.
        """
        with tempfile.TemporaryDirectory() as scratch, self._mlflow() as client:
            import mlflow

            target, folder = model.target.name, Path(scratch) / _MODEL_NAME
            save_model(model, folder)
            logged = mlflow.pyfunc.log_model(
                name=_MODEL_NAME,
                loader_module="weather_assets.forecasting.pyfunc",
                data_path=str(folder),
                pip_requirements=[f"{name}=={package_version(name)}" for name in _REQUIRED_PACKAGES],
            )
            if not client.search_registered_models(f"name = '{target}'"):
                client.create_registered_model(target)
            created = client.create_model_version(
                target, logged.model_uri, run_id=logged.run_id, tags=dict(tags), model_id=logged.model_id
            )
        return self.version(target, int(created.version))

    def versions(self, target: str) -> list[Version]:
        """All versions of a target, newest first; none where it was never trained."""
        with self._mlflow() as client:
            aliases = _aliases(client, target)
            found = client.search_model_versions(f"name = '{target}'")
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

    def load(self, version: Version) -> TrainedModel:
        """The model of a version."""
        with tempfile.TemporaryDirectory() as scratch, self._mlflow() as client:
            from mlflow.artifacts import download_artifacts
            from mlflow.exceptions import MlflowException

            source = client.get_model_version(version.target, str(version.number)).source or ""
            scheme, _, model_id = source.partition("models:/")
            if scheme or not model_id:
                message = f"version {version.number} of {version.target} was not registered by weather train"
                raise WeatherError(message)
            # Asked of our own client: the address that mlflow keeps for the process may be another home's.
            where = self._files_of(client.get_logged_model(model_id), client)
            try:
                local = download_artifacts(artifact_uri=where, dst_path=scratch, tracking_uri=client.tracking_uri)
            except (MlflowException, OSError) as error:
                if "://" in where:
                    # A store that does not answer for a moment is no fault of the version: it must not cost its place.
                    message = f"the files of version {version.number} of {version.target} in {where} are not reached"
                    remedy = "weather doctor tries their store"
                    raise MlflowError(f"{message} ({type(error).__name__}); {remedy}") from error
                local = scratch
            try:
                return load_model(Path(local) / "data" / _MODEL_NAME)  # where pyfunc keeps the data of a model
            except (WeatherError, OSError, ValueError) as error:
                # The files came, so it is they that are not as they should be.
                message = f"the files of version {version.number} of {version.target} in {where} are damaged or missing"
                raise WeatherError(f"{message} ({error}); weather rollback {version.target}, or train again") from error

    def _files_of(self, model: "LoggedModel", client: "MlflowClient") -> str:
        """Where the files of a model lie; in a home that was moved or restored, beside its lake."""
        where, root = str(model.artifact_location), str(client.get_experiment(model.experiment_id).artifact_location)
        if "://" in where or Path(where).exists() or not where.startswith(root):
            return where
        return self._settings.models_root + where.removeprefix(root)

    def snapshots(self, targets: Iterable[str]) -> set[int]:
        """Snapshots of the lake that versions of these targets were trained on: maintenance must keep them."""
        versions = (version for target in targets for version in self.versions(target))
        return {int(version.tags[SNAPSHOT_TAG]) for version in versions if SNAPSHOT_TAG in version.tags}

    def set_alias(self, version: Version, alias: str) -> None:
        """Move an alias to a version."""
        with self._mlflow() as client:
            client.set_registered_model_alias(version.target, alias, str(version.number))

    def remove_alias(self, target: str, alias: str) -> None:
        """Take an alias away; no error where nobody bears it."""
        with self._mlflow() as client:
            if alias in _aliases(client, target):
                client.delete_registered_model_alias(target, alias)

    def tag(self, version: Version, tags: Mapping[str, str]) -> None:
        """Write tags of a version, in place of those of the same name."""
        with self._mlflow() as client:
            for name, value in tags.items():
                client.set_model_version_tag(version.target, str(version.number), name, value)


def _aliases(client: "MlflowClient", target: str) -> Mapping[str, str]:
    """Alias -> version number, as MLflow keeps them with the registered model."""
    from mlflow.exceptions import MlflowException

    try:
        return {k: str(v) for k, v in client.get_registered_model(target).aliases.items()}
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
