"""A registry with versions that have no files, for what only moves aliases."""

from mlflow import MlflowClient

from weather_assets.forecasting.mlflow_access import prepare_mlflow
from weather_assets.forecasting.registry import THROUGH_TAG
from weather_assets.settings import Settings

TARGET = "air_temperature_c"


def two_versions(settings: Settings) -> None:
    """Register versions 1 and 2 of a target: 2 is champion and 1 was before it."""
    prepare_mlflow(settings)
    mlflow = MlflowClient(settings.tracking_uri, registry_uri=settings.tracking_uri)
    mlflow.create_registered_model(TARGET)
    for version in ("1", "2"):
        tags = {THROUGH_TAG: "2026-03-01T00:00:00+00:00", "status": "promoted", "promoted_at": f"2026-03-0{version}"}
        mlflow.create_model_version(TARGET, "runs:/none", tags=tags)
    mlflow.set_registered_model_alias(TARGET, "champion", "2")
    mlflow.set_registered_model_alias(TARGET, "previous", "1")
