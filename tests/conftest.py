"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytest_plugins = ["services"]

# Settings of the developer's shell must not decide what a test sees.
for _name in [name for name in os.environ if name.startswith("WEATHER_")] + ["DAGSTER_HOME", "MLFLOW_TRACKING_URI"]:
    os.environ.pop(_name, None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real observations, kept outside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            "real observations are not here: they are expected in ../shared/data and are never copied into the project"
        )
    return folder
