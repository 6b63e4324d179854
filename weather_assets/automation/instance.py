"""The Dagster instance of one home: where it lies, and how to open it from a command or a test."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster_shared.yaml_utils import dump_run_config_yaml, safe_load_yaml

from weather_assets.errors import WeatherError
from weather_assets.settings import Settings

PROJECT_CONFIG = Path(__file__).parents[2] / "dagster.yaml"
PROJECT_FOLDER = Path(".weather/dagster")
"""What the project's dagster.yaml, which holds for the default home, calls the Dagster folder."""

HEADER = "# Written by the weather command from the dagster.yaml of the project: change that one.\n"


STORAGE_VARIABLE = "WEATHER_DAGSTER_STORAGE"
_ON_POSTGRES = {
    "run_storage": ("dagster_postgres.run_storage", "PostgresRunStorage"),
    "event_log_storage": ("weather_assets.automation.event_log_postgres", "BatchingPostgresEventLogStorage"),
    "schedule_storage": ("dagster_postgres.schedule_storage", "PostgresScheduleStorage"),
}


def dagster_home(place: Settings | Path) -> Path:
    """Bring `<home>/dagster/dagster.yaml` up to date with the project's and return its folder, absolute.

    The copy differs only in its folders, so that two homes share nothing, and in what the settings put on servers
    (`place` as a path is a home with none). No secret is written into it. It is left untouched when nothing changed.
    Raises WeatherError when the project's dagster.yaml is missing.
    """
    folder = (place if isinstance(place, Path) else place.home).resolve() / "dagster"
    copy = folder / "dagster.yaml"
    config = _moved(_project_config(), folder) | (on_servers(place) if isinstance(place, Settings) else {})
    text = HEADER + dump_run_config_yaml(config, sort_keys=False)
    if not copy.exists() or copy.read_text(encoding="utf-8") != text:
        folder.mkdir(parents=True, exist_ok=True)
        # Renamed into place: a Dagster process starting now reads the old file or the new one, never half of it.
        draft = copy.with_name(f"dagster.yaml.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(copy)
    return folder


def open_instance(place: Settings | Path) -> dg.DagsterInstance:
    """Open the Dagster instance of the settings, or of a home (WEATHER_HOME), for a `with` block.

    Sets DAGSTER_HOME, and what else Dagster reads, for this process and those it starts; opening the event log turns
    event batches on (event_log.py).
    """
    os.environ["DAGSTER_HOME"] = str(dagster_home(place))
    if isinstance(place, Settings):
        tell_dagster(place)
    with storage_answering(place):
        return dg.DagsterInstance.get()


@contextmanager
def storage_answering(place: Settings | Path) -> Iterator[None]:
    """Use an instance inside the block. Raises WeatherError where the database of the settings does not answer."""
    if isinstance(place, Path) or place.dagster_storage is None:
        yield
        return
    from dagster_postgres.utils import DagsterPostgresException

    try:
        yield
    except DagsterPostgresException:
        remedy = "check WEATHER_DAGSTER_STORAGE and that its server runs"
        raise WeatherError(f"Dagster's database does not answer; {remedy}") from None


def tell_dagster(settings: Settings) -> None:
    """Set the variables by which Dagster reaches the servers of the settings, where there are any."""
    if settings.dagster_storage:
        os.environ[STORAGE_VARIABLE] = settings.dagster_storage
    if settings.dagster_logs:
        os.environ.update(settings.s3_variables)
        # Not every server of the protocol knows the checksums that AWS itself now takes by default.
        os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")


def on_servers(settings: Settings, *, create_tables: bool = True) -> dict[str, object]:
    """The parts of dagster.yaml that the settings put on servers; passwords and keys come from the environment."""
    parts: dict[str, object] = {}
    if settings.dagster_storage:
        database = {"postgres_url": {"env": STORAGE_VARIABLE}, "should_autocreate_tables": create_tables}
        parts = {
            part: {"module": module, "class": name, "config": database} for part, (module, name) in _ON_POSTGRES.items()
        }
    if settings.dagster_logs:
        bucket, _, prefix = settings.dagster_logs.removeprefix("s3://").partition("/")
        where = {"bucket": bucket, "prefix": prefix, "local_dir": str(settings.home.resolve() / "dagster" / "storage")}
        parts["compute_logs"] = {
            "module": "dagster_aws.s3.compute_log_manager",
            "class": "S3ComputeLogManager",
            "config": {**where, "upload_interval": 30, "skip_empty_files": True},
        }
    return parts


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
