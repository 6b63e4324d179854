"""MLflow runs of Dagster steps, through dagster-mlflow, imported only when a model is trained.

dagster-mlflow by itself leaves a run open unless a hook ends it, and gives two partitions of one process the same run.
Here each training has a run of its own that ends FINISHED or FAILED however the step was launched.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import dagster as dg

from weather_assets.forecasting.mlflow_access import mlflow_answering
from weather_assets.forecasting.registry import Registry
from weather_assets.settings import Settings

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "weather-assets"
_TRACKING_VARIABLE = "MLFLOW_TRACKING_URI"
_DAGSTER_RUN_TAG = "dagster_run_id"


@dataclass(frozen=True)
class MlflowTracking:
    """MLflow of the settings: one run per training, and the registry of versions."""

    settings: Settings = field(repr=False)

    def registry(self) -> Registry:
        """Versions and aliases of the trained models."""
        return self._registry

    @cached_property
    def _registry(self) -> Registry:
        """One per process: opening MLflow's database costs more than a forecast."""
        return Registry(self.settings)

    @contextmanager
    def run(self, context: dg.AssetExecutionContext, run_name: str, tags: Mapping[str, str]) -> Iterator[Any]:
        """A new active MLflow run, yielded as dagster-mlflow's resource; it ends FINISHED, or FAILED on any error.

        Raises WeatherError where MLflow does not answer.
        """
        with mlflow_answering(self.settings), self._run(context, run_name, tags) as mlflow:
            yield mlflow

    @contextmanager
    def _run(self, context: dg.AssetExecutionContext, run_name: str, tags: Mapping[str, str]) -> Iterator[Any]:
        import mlflow
        from dagster_mlflow.resources import MlFlow
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=self.settings.tracking_uri)
        experiment_id = self._experiment(client)
        _fail_abandoned_runs(client, experiment_id, context.instance)
        run = client.create_run(experiment_id, run_name=run_name, tags={**tags, _DAGSTER_RUN_TAG: context.run_id})
        # The parts of Dagster's resource context that MlFlow reads.
        resource_context = SimpleNamespace(
            log=context.log,
            dagster_run=SimpleNamespace(job_name=run_name),  # MlFlow names the run after the job
            run_id=context.run_id,
            resource_config={
                "experiment_name": EXPERIMENT,
                "mlflow_tracking_uri": self.settings.tracking_uri,
                "mlflow_run_id": run.info.run_id,
            },
        )
        status = "FAILED"
        with _environment_kept():
            try:
                yield MlFlow(resource_context)
                status = "FINISHED"
            finally:
                mlflow.end_run(status)
                client.set_terminated(run.info.run_id, status)

    def _experiment(self, client: "MlflowClient") -> str:
        """Id of the experiment; its artifacts lie in models/ under the data root."""
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        return str(client.create_experiment(EXPERIMENT, artifact_location=self.settings.models_root))


@contextmanager
def _environment_kept() -> Iterator[None]:
    """MLflow writes its address into the environment, where the settings of another home would find it."""
    before = os.environ.get(_TRACKING_VARIABLE)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_TRACKING_VARIABLE, None)
        else:
            os.environ[_TRACKING_VARIABLE] = before


def _fail_abandoned_runs(client: "MlflowClient", experiment_id: str, instance: dg.DagsterInstance) -> None:
    """End the MLflow runs whose run on this Dagster instance is over: a killed process could not do it itself."""
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        dagster_run = instance.get_run_by_id(run.data.tags.get(_DAGSTER_RUN_TAG, ""))
        if dagster_run is not None and dagster_run.is_finished:
            client.set_terminated(run.info.run_id, status="FAILED")
