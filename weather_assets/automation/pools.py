"""Pools are known to Dagster's storage before its queue first runs.

The queue reads the pools it knows at the start of an iteration and adds those that runs bring along only then: in a new
storage every training that waits in the first iteration would start at once.
"""

from pathlib import Path

from weather_assets.assets.describe import TRAINING_POOL
from weather_assets.automation.instance import open_instance
from weather_assets.settings import Settings


def register_pools(place: Settings | Path) -> None:
    """Give the pools of the graph the limit that the dagster.yaml of the settings, or of a home, sets for new ones.

    Raises WeatherError where Dagster's database does not answer.
    """
    with open_instance(place) as instance:
        instance.event_log_storage.initialize_concurrency_limit_to_default(TRAINING_POOL)
