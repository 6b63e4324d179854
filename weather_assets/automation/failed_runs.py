"""Jobs whose last run failed, as Dagster remembers them."""

from collections.abc import Iterator

import dagster as dg
from dagster import DagsterEventType, DagsterRun, DagsterRunStatus

from weather_assets.monitoring.alerts.alert import Alert

RUNS_LOOKED_AT = 500
"""Runs of about twelve days: more than a week, in which every job runs."""
_MOST_CHARACTERS = 300


def failed_runs(instance: dg.DagsterInstance, dagster_url: str) -> Iterator[Alert]:
    """One alert per job (and target) whose newest finished run failed."""
    finished = dg.RunsFilter(statuses=[DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE])
    seen: set[str] = set()
    for run in instance.get_runs(finished, limit=RUNS_LOOKED_AT):
        what = _what(run)
        if what not in seen and run.status is DagsterRunStatus.FAILURE:
            where = f"{dagster_url}/runs/{run.run_id}"
            yield Alert(f"run:{what}", f"{what} failed", _reason(instance, run.run_id), where)
        seen.add(what)


def _what(run: DagsterRun) -> str:
    """The job, with its target where it is run for one; days of a job are not told apart."""
    target = run.tags.get("dagster/partition", "")
    return f"{run.job_name} {target}" if target and not target[0].isdigit() else run.job_name


def _reason(instance: dg.DagsterInstance, run_id: str) -> str:
    """The failed step and the first line of the error that began it."""
    for entry in instance.all_logs(run_id, of_type=DagsterEventType.STEP_FAILURE):
        error = entry.get_dagster_event().step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        message = error.message.strip().splitlines()[0] if error else "no message"
        return f"{entry.step_key}: {message}"[:_MOST_CHARACTERS]
    return "the run ended outside its steps: its page tells more"
