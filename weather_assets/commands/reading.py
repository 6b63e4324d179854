"""The Dagster instance of a home for commands that only read: nothing is made where nothing is yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.instance import InstanceRef

from weather_assets.automation.instance import PROJECT_CONFIG


@contextmanager
def instance_for_reading(home: Path) -> Iterator[dg.DagsterInstance | None]:
    """The instance of a home (WEATHER_HOME), or None where none was made so far.

    A home first used by plain `dagster dev` has no dagster.yaml of its own: the project's holds for it.
    """
    folder = home.resolve() / "dagster"
    has_config = (folder / "dagster.yaml").exists()
    if not has_config and not (folder / "history").exists():
        yield None
        return
    config_folder = folder if has_config else PROJECT_CONFIG.parent
    reference = InstanceRef.from_dir(str(folder), config_dir=str(config_folder))
    with dg.DagsterInstance.from_ref(reference) as instance:
        yield instance
