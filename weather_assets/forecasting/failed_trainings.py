"""Failed MLflow runs of trainings, deleted after a while with what they left behind."""

from datetime import datetime

from weather_assets.forecasting.mlflow_access import mlflow_answering
from weather_assets.settings import Settings


def delete_failed_trainings(settings: Settings, before: datetime) -> int:
    """Delete runs that failed and ended before an instant; returns how many. Runs of registered versions never fail.

    MLflow keeps what is deleted until its own `mlflow gc`. Raises MlflowError where MLflow does not answer.
    """
    with mlflow_answering(settings):
        from mlflow import MlflowClient

        client = MlflowClient(settings.tracking_uri)
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        limit = int(before.timestamp() * 1000)
        failed = client.search_runs(experiments, f"attributes.status = 'FAILED' AND attributes.end_time < {limit}")
        for run in failed:
            client.delete_run(run.info.run_id)
    return len(failed)
