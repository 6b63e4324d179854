"""Schedules and sensors that would bring an asset up to date, and do not since somebody or nobody runs them."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import InstigatorStatus
from dagster._daemon.types import DaemonStatus

from weather_assets.assets.builds import BUILD_ORDER
from weather_assets.assets.describe import asset_key
from weather_assets.automation.rebuild import REBUILD_JOB
from weather_assets.commands.finding import Finding, State

_KINDS = {InstigatorType.SCHEDULE: "schedule", InstigatorType.SENSOR: "sensor"}


def switched_off(
    definitions: dg.Definitions, instance: dg.DagsterInstance, key: dg.AssetKey, *, waits: bool
) -> Iterator[Finding]:
    """What was switched off of that which launches jobs that make the asset.

    Where something `waits` to be made, also that nothing ticks because no daemon runs.
    """
    stopped = {
        (state.instigator_type, state.instigator_name)
        for state in instance.all_instigator_state()
        if state.status is InstigatorStatus.STOPPED
    }
    for kind, name in _makers(definitions.get_repository_def(), key):
        if (kind, name) in stopped:
            text = f"the {_KINDS[kind]} {name}, which brings it up to date, is switched off"
            yield Finding(State.OFF, text, f"in Dagster: Automation, {name}, switch it on")
    if waits and not any(_ticks(status) for status in instance.get_daemon_statuses().values()):
        yield Finding(State.OFF, "Dagster's daemon is not running: no schedule or sensor ticks", "weather up")


def _makers(repository: dg.RepositoryDefinition, key: dg.AssetKey) -> Iterator[tuple[InstigatorType, str]]:
    for schedule in repository.schedule_defs:
        if _makes(repository, schedule.job_name, key):
            yield InstigatorType.SCHEDULE, schedule.name
    for sensor in repository.sensor_defs:
        if any(_makes(repository, target.job_name, key) for target in sensor.targets):
            yield InstigatorType.SENSOR, sensor.name


def _makes(repository: dg.RepositoryDefinition, job_name: str, key: dg.AssetKey) -> bool:
    if job_name == REBUILD_JOB:
        return any(asset_key(build.table) == key for build in BUILD_ORDER)
    return key in repository.get_job(job_name).asset_layer.executable_asset_keys


def _ticks(status: DaemonStatus) -> bool:
    return bool(status.healthy)
