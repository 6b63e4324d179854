"""The Dagster instance of one home: where it lies, and how to open it from a command or a test."""

import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster_shared.yaml_utils import dump_run_config_yaml, safe_load_yaml

from weather_assets.errors import WeatherError

PROJECT_CONFIG = Path(__file__).parents[2] / "dagster.yaml"
PROJECT_FOLDER = Path(".weather/dagster")
"""What the project's dagster.yaml, which holds for the default home, calls the Dagster folder."""

HEADER = "# Written by the weather command from the dagster.yaml of the project: change that one.\n"


def dagster_home(settings_home: Path) -> Path:
    """Bring `<settings_home>/dagster/dagster.yaml` up to date with the project's and return its folder, absolute.

    The copy differs only in its folders, so that two homes share nothing. It is left untouched when nothing changed.
    Raises WeatherError when the project's dagster.yaml is missing.
    """
    folder = settings_home.resolve() / "dagster"
    copy = folder / "dagster.yaml"
    text = HEADER + dump_run_config_yaml(_moved(_project_config(), folder), sort_keys=False)
    if not copy.exists() or copy.read_text(encoding="utf-8") != text:
        folder.mkdir(parents=True, exist_ok=True)
        # Renamed into place: a Dagster process starting now reads the old file or the new one, never half of it.
        draft = copy.with_name(f"dagster.yaml.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(copy)
    return folder


def open_instance(home: Path) -> dg.DagsterInstance:
    """Open the Dagster instance of a home (WEATHER_HOME), for a `with` block.

    Sets DAGSTER_HOME for this process and those it starts; opening the event log turns event batches on (event_log.py).
    """
    os.environ["DAGSTER_HOME"] = str(dagster_home(home))
    return dg.DagsterInstance.get()


def _project_config() -> dict[str, object]:
    if not PROJECT_CONFIG.exists():
        raise WeatherError(
            f"{PROJECT_CONFIG} is missing: the Dagster instance is made from it. "
            "Run from a checkout of the project, or restore the file."
        )
    return dict(safe_load_yaml(PROJECT_CONFIG.read_text(encoding="utf-8")))


def _moved(config: Mapping[str, object], folder: Path) -> dict[str, object]:
    """The configuration with every path inside PROJECT_FOLDER moved to the same place inside `folder`."""
    return {key: _moved_value(value, folder) for key, value in config.items()}


def _moved_value(value: object, folder: Path) -> object:
    if isinstance(value, dict):
        return _moved(value, folder)
    if isinstance(value, str) and Path(value).is_relative_to(PROJECT_FOLDER):
        return str(folder / Path(value).relative_to(PROJECT_FOLDER))
    return value
