"""The Dagster instance of a home for commands that only read: nothing is made where nothing is yet."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster._core.instance import InstanceRef
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunsTable
from sqlalchemy import inspect

from weather_assets.automation.instance import PROJECT_CONFIG, on_servers, storage_answering, tell_dagster
from weather_assets.settings import Settings


@contextmanager
def instance_for_reading(settings: Settings) -> Iterator[dg.DagsterInstance | None]:
    """The instance of the settings, or None where none was made so far.

    A home first used by plain `dagster dev` has no dagster.yaml of its own, nor has one whose runs are all made by
    other machines: the project's holds for it.
    """
    folder = settings.home.resolve() / "dagster"
    has_config = (folder / "dagster.yaml").exists()
    if not (has_config or (folder / "history").exists() or settings.dagster_storage):
        yield None
        return
    tell_dagster(settings)
    config_folder = folder if has_config else PROJECT_CONFIG.parent
    servers = on_servers(settings, create_tables=False)
    reference = InstanceRef.from_dir(str(folder), config_dir=str(config_folder), overrides=servers)
    with storage_answering(settings), dg.DagsterInstance.from_ref(reference) as instance:
        yield instance if _has_tables(instance) else None


def _has_tables(instance: dg.DagsterInstance) -> bool:
    """Whether anything was run yet in a database that may be new; files are made with their tables."""
    storage = instance.run_storage
    if not isinstance(storage, SqlRunStorage):
        return True
    with storage.connect() as connection:
        return inspect(connection).has_table(RunsTable.name)
