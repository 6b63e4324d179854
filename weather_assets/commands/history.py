"""What Dagster remembers of the partitions of an asset: made when, tried when, failed why. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import dagster as dg
from dagster import DagsterEventType, DagsterRunStatus

_WAITING = {DagsterRunStatus.NOT_STARTED, DagsterRunStatus.QUEUED}
_AT_WORK = {DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING}


@dataclass(frozen=True)
class Made:
    """The last materialisation of a partition."""

    at: datetime
    run_id: str


@dataclass(frozen=True)
class Attempt:
    """A run that set out to make partitions."""

    run_id: str
    status: DagsterRunStatus | None
    began_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether the run has not begun."""
        return self.status in _WAITING

    @property
    def is_running(self) -> bool:
        """Whether the run is at work."""
        return self.status in _AT_WORK


@dataclass(frozen=True)
class Failure:
    """A step that failed, or a whole run (step None), and the first line of its error."""

    step: str | None
    reason: str

    def is_of(self, key: dg.AssetKey) -> bool:
        """Whether it befell the step of an asset."""
        return self.step == key.to_python_identifier()


@dataclass(frozen=True)
class FailedCheck:
    """A blocking check that a run's table did not pass, and the first rows it named."""

    key: dg.AssetKey
    name: str
    offenders: str

    @property
    def words(self) -> str:
        """The check and what it found."""
        return f"the check {self.name} of {self.key.to_user_string()}, which found: {self.offenders}"


class History:
    """Partitions of assets as the event log of an instance tells them."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self.orders = cache(self._orders)
        self.tried = cache(self._tried)

    def _orders(self, key: dg.AssetKey) -> Mapping[str, int]:
        """When each partition was last made, as a number that grows with time and compares across assets."""
        return self._instance.get_latest_storage_id_by_partition(key, DagsterEventType.ASSET_MATERIALIZATION)

    def _tried(self, key: dg.AssetKey) -> Mapping[str, str]:
        """Run that set out to make a partition after it was last made and has not made it (yet), by partition."""
        log = self._instance.event_log_storage
        attempts = log.get_latest_asset_partition_materialization_attempts_without_materializations(key)
        return {partition: run_id for partition, (run_id, _) in attempts.items()}

    def made(self, key: dg.AssetKey, partition: str) -> Made | None:
        """The last materialisation of a partition."""
        chosen = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[partition])
        records = self._instance.fetch_materializations(chosen, limit=1).records
        if not records:
            return None
        return Made(datetime.fromtimestamp(records[0].timestamp, tz=UTC), records[0].run_id)

    def attempt(self, run_id: str) -> Attempt:
        """What became of a run; without a status where Dagster has forgotten it."""
        record = self._instance.get_run_record_by_id(run_id)
        if record is None:
            return Attempt(run_id, None, None)
        began = datetime.fromtimestamp(record.start_time, tz=UTC) if record.start_time else None
        return Attempt(run_id, record.dagster_run.status, began)

    def failures(self, run_id: str) -> Sequence[Failure]:
        """Steps that failed in a run; the run itself where none did."""
        steps = self._instance.all_logs(run_id, of_type=DagsterEventType.STEP_FAILURE)
        if steps:
            return [_step_failure(entry) for entry in steps]
        ends = self._instance.all_logs(run_id, of_type=DagsterEventType.RUN_FAILURE)
        return [Failure(None, _first_line(entry.get_dagster_event().message or "no message")) for entry in ends]

    def failed_checks(self, run_id: str) -> Sequence[FailedCheck]:
        """Blocking checks that failed in a run, in the order of the graph."""
        entries = self._instance.all_logs(run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
        made = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
        return [
            FailedCheck(one.asset_key, one.check_name, _offenders(one))
            for one in made
            if one.blocking and not one.passed and one.severity is dg.AssetCheckSeverity.ERROR
        ]


def _offenders(evaluation: dg.AssetCheckEvaluation) -> str:
    told = evaluation.metadata.get("offenders")
    lines = str(told.value).splitlines() if told is not None else []
    return "; ".join(line.removeprefix("* ") for line in lines) or "no word on what"


def _step_failure(entry: dg.EventLogEntry) -> Failure:
    data = entry.get_dagster_event().step_failure_data
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return Failure(entry.step_key, _first_line(error.message) if error is not None else "no message")


def _first_line(message: str) -> str:
    """First line of an error, without the module that Dagster writes before the name of its class."""
    lines = message.strip().splitlines()
    name, colon, rest = (lines[0] if lines else "no message").partition(": ")
    return f"{name.rpartition('.')[2]}{colon}{rest}"
