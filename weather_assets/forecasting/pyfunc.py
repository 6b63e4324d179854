"""How MLflow loads a registered forecaster as a generic model: mlflow.pyfunc.load_model("models:/NAME@champion")."""

from pathlib import Path

import pandas as pd

from weather_assets.forecasting.forecaster import Forecaster


class PyfuncForecaster:
    """A forecaster with the one method that MLflow asks for."""

    def __init__(self, forecaster: Forecaster) -> None:
        self._forecaster = forecaster

    def predict(self, features: pd.DataFrame) -> pd.DataFrame:
        """Forecast every lead from rows of features.hourly (station_id, issued_at, features)."""
        return self._forecaster.predict(features).to_frame()


def _load_pyfunc(path: str) -> PyfuncForecaster:
    """MLflow's entry point: `path` is the folder that Forecaster.save wrote."""
    return PyfuncForecaster(Forecaster.load(Path(path)))
