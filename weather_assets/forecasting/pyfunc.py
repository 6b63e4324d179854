"""How MLflow loads a registered forecaster as a generic model: mlflow.pyfunc.load_model("models:/NAME@champion")."""

from pathlib import Path

import pandas as pd

from weather_assets.forecasting.estimators import TrainedModel, load_model


class PyfuncForecaster:
    """A forecaster with the one method that MLflow asks for."""

    def __init__(self, model: TrainedModel) -> None:
        self._model = model

    def predict(self, features: pd.DataFrame) -> pd.DataFrame:
        """Forecast every lead from rows of the target's feature table (station_id, issued_at, features)."""
        return self._model.predict(features).to_frame()


def _load_pyfunc(path: str) -> PyfuncForecaster:
    """MLflow's entry point: `path` is the folder that save_model wrote."""
    return PyfuncForecaster(load_model(Path(path)))
