"""An API over a small lake whose newest reading is that of the past hour."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from forecast_lake import NEWEST, TOKEN, fill
from mlflow import MlflowClient

from weather_assets.api.app import build_app
from weather_assets.forecasting.mlflow_access import prepare_mlflow
from weather_assets.forecasting.registry import THROUGH_TAG
from weather_assets.settings import Settings


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a lake, to be copied."""
    home = tmp_path_factory.mktemp("filled") / "home"
    fill(Settings(_env_file=None, home=home), NEWEST)
    return home


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a home with nothing in it."""
    return Settings(_env_file=None, home=tmp_path / "home", api_token=TOKEN, api_requests_per_minute=1_000_000)


@pytest.fixture
def filled(settings: Settings, filled_home: Path) -> Settings:
    """Of a home with a lake."""
    shutil.copytree(filled_home, settings.home)
    return settings


@pytest.fixture(scope="session")
def registered_home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a target without files: version 2 is champion and 1 was before it."""
    home = tmp_path_factory.mktemp("registered") / "home"
    shutil.copytree(filled_home, home)
    settings = Settings(_env_file=None, home=home)
    prepare_mlflow(settings)
    mlflow = MlflowClient(settings.tracking_uri, registry_uri=settings.tracking_uri)
    mlflow.create_registered_model("air_temperature_c")
    for version in ("1", "2"):
        tags = {THROUGH_TAG: "2026-03-01T00:00:00+00:00", "status": "promoted", "promoted_at": f"2026-03-0{version}"}
        mlflow.create_model_version("air_temperature_c", "runs:/none", tags=tags)
    mlflow.set_registered_model_alias("air_temperature_c", "champion", "2")
    mlflow.set_registered_model_alias("air_temperature_c", "previous", "1")
    return home


@pytest.fixture
def registered(settings: Settings, registered_home: Path) -> Settings:
    """Of a home with a lake and two versions of a target."""
    shutil.copytree(registered_home, settings.home)
    return settings


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch):
    """Set what time it is."""

    def to(instant: datetime) -> None:
        monkeypatch.setattr("weather_assets.clock.now", lambda: instant)

    return to


@pytest.fixture
def client(filled: Settings, set_clock) -> Iterator[TestClient]:
    """The API at 12:30 KST."""
    set_clock(NEWEST.replace(minute=30))
    with TestClient(build_app(filled), raise_server_exceptions=False) as client:
        yield client
