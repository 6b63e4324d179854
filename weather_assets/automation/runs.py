"""Running part of the graph in this process, as the command line does; the run is in the Dagster UI like any other."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import dagster as dg

from weather_assets import clock
from weather_assets.assets.describe import asset_key
from weather_assets.assets.upkeep import Rebuild
from weather_assets.automation.days import OpsConfig, ops_config, range_tags
from weather_assets.automation.rebuild import REBUILD_JOB, REBUILD_OP, rebuild_config
from weather_assets.errors import UsageError, WeatherError
from weather_assets.lake.contracts import TableContract

Listener = Callable[[dg.EventLogEntry], None]

_TAGS = {"weather/launched_by": "command line"}
# The command line shows its own progress; the run's log is in the UI.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Runner:
    """Runs jobs of the graph on an instance and tells the listener of every event as it happens.

    Errors of assets are raised as they are, also where Dagster was told of them as a failure.
    """

    definitions: dg.Definitions
    instance: dg.DagsterInstance
    listener: Listener | None = None

    def days(
        self,
        job_name: str,
        first: date,
        last: date,
        config: OpsConfig | None = None,
        only: Sequence[TableContract] | None = None,
    ) -> str:
        """Run a job, or `only` what makes these tables of it, over the days first..last in one run; returns its id.

        Raises UsageError unless first <= last <= today, which Dagster does not check.
        """
        today = clock.kst_date(clock.now())
        if not first <= last <= today:
            raise UsageError(
                f"no run over {first} .. {last}: give a first and a last day in order, up to today, {today}"
            )
        tags = range_tags(first.isoformat(), last.isoformat())
        return self._run(job_name, tags=tags, config=config, only=[asset_key(table) for table in only or ()])

    def years(self, job_name: str, first: int, last: int, config: OpsConfig | None = None) -> str:
        """Run a job over the years first..last in one run; returns its id."""
        return self._run(job_name, tags=range_tags(f"{first}", f"{last}"), config=config)

    def partition(self, job_name: str, partition_key: str, config: OpsConfig | None = None) -> str:
        """Run a job for one partition; returns the run's id."""
        return self._run(job_name, partition_key=partition_key, config=config)

    def job(self, job_name: str) -> str:
        """Run a job that has no partitions; returns the run's id."""
        return self._run(job_name)

    def rebuild(self, rebuilds: Sequence[Rebuild]) -> str:
        """Build the days again that are named, in one run; returns its id."""
        return self._run(REBUILD_JOB, config={REBUILD_OP: rebuild_config(rebuilds)})

    def materialized(self, run_id: str, name: str) -> list[object]:
        """The values that the assets a run made recorded under a name of their metadata."""
        entries = self.instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
        made = [entry.asset_materialization for entry in entries]
        return [one.metadata[name].value for one in made if one is not None and name in one.metadata]

    def _run(
        self,
        job_name: str,
        *,
        tags: Mapping[str, str] | None = None,
        partition_key: str | None = None,
        config: OpsConfig | None = None,
        only: Sequence[dg.AssetKey] = (),
    ) -> str:
        """`config` maps an asset's op name to its configuration; `only` leaves out the other assets of the job."""
        run_id = str(uuid.uuid4())
        if self.listener is not None:
            self.instance.add_event_listener(run_id, self.listener)
        try:
            self.definitions.resolve_job_def(job_name).execute_in_process(
                instance=self.instance,
                run_id=run_id,
                partition_key=partition_key,
                tags={**_TAGS, **(tags or {})},
                asset_selection=only or None,
                run_config={**_QUIET, **ops_config(config or {})},
            )
        except dg.Failure as failure:
            if isinstance(failure.__cause__, WeatherError):
                raise failure.__cause__ from None
            raise
        return run_id
