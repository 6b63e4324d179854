"""Running part of the graph in this process, as the command line does; the run is in the Dagster UI like any other."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

Listener = Callable[[dg.EventLogEntry], None]

_TAGS = {"weather/launched_by": "command line"}
# The command line shows its own progress; the run's log is in the UI.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Runner:
    """Runs jobs of the graph on an instance and tells the listener of every event as it happens."""

    definitions: dg.Definitions
    instance: dg.DagsterInstance
    listener: Listener | None = None

    def days(self, job_name: str, first: date, last: date, config: Mapping[str, Any] | None = None) -> str:
        """Run a job over the days first..last in one run; returns its id. Errors of assets are raised as they are."""
        tags = {ASSET_PARTITION_RANGE_START_TAG: first.isoformat(), ASSET_PARTITION_RANGE_END_TAG: last.isoformat()}
        return self._run(job_name, tags=tags, config=config)

    def partition(self, job_name: str, partition_key: str, config: Mapping[str, Any] | None = None) -> str:
        """Run a job for one partition; returns the run's id."""
        return self._run(job_name, partition_key=partition_key, config=config)

    def _run(
        self,
        job_name: str,
        *,
        tags: Mapping[str, str] | None = None,
        partition_key: str | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> str:
        """`config` maps an asset's op name to its configuration."""
        run_id = str(uuid.uuid4())
        if self.listener is not None:
            self.instance.add_event_listener(run_id, self.listener)
        ops = {name: {"config": values} for name, values in (config or {}).items()}
        self.definitions.resolve_job_def(job_name).execute_in_process(
            instance=self.instance,
            run_id=run_id,
            partition_key=partition_key,
            tags={**_TAGS, **(tags or {})},
            run_config={**_QUIET, "ops": ops},
        )
        return run_id
