"""An API over a small lake whose newest reading is that of the past hour."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from forecast_lake import NEWEST, TOKEN, fill
from registered import two_versions

from weather_assets.api.app import build_app
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
    two_versions(settings)
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
