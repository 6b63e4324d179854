"""Pools are known to Dagster's storage before its queue first runs.

The queue reads the pools it knows at the start of an iteration and adds those that runs bring along only then: in a new
storage every training that waits in the first iteration would start at once.
"""

from pathlib import Path

import dagster as dg

from weather_assets.assets.describe import TRAINING_POOL


def register_pools(folder: Path) -> None:
    """Give the pools of the graph the limit that the dagster.yaml in `folder` sets, where they have none yet."""
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        instance.event_log_storage.initialize_concurrency_limit_to_default(TRAINING_POOL)
