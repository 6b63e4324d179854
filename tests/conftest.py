"""Fixtures that every test may use."""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytest_plugins = ["services"]

# Settings of the developer's shell must not decide what a test sees.
for _name in [name for name in os.environ if name.startswith("WEATHER_")] + ["DAGSTER_HOME", "MLFLOW_TRACKING_URI"]:
    os.environ.pop(_name, None)
_ENVIRONMENT = dict(os.environ)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """What opening instances and clients leaves behind must not reach the tests of the next file.

    That is variables, and boto3's session, which keeps the keys of whoever asked first in a process.
    """
    done = yield
    if nextitem is None or nextitem.path != item.path:
        os.environ.clear()
        os.environ.update(_ENVIRONMENT)
        if "boto3" in sys.modules:
            sys.modules["boto3"].DEFAULT_SESSION = None  # type: ignore[attr-defined]
    return done


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real observations, kept outside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            "real observations are not here: they are expected in ../shared/data and are never copied into the project"
        )
    return folder
