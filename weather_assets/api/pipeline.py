"""Launching a run: asked of Dagster's webserver, which queues it for the daemon and answers at once."""

from collections.abc import Mapping
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field

from weather_assets import clock
from weather_assets.api.problems import Problem
from weather_assets.api.replies import Launched
from weather_assets.settings import Settings

Job = Literal["hourly_cycle", "load_daily", "load_pm10"]

_LOCATION, _REPOSITORY = "weather_assets", "__repository__"
_TIMEOUT = httpx.Timeout(15.0, connect=2.0)
_LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
  }
}"""


class Trigger(BaseModel):
    """A job to run for today (load_daily: this year)."""

    model_config = ConfigDict(extra="forbid")

    job: Job = Field("hourly_cycle", examples=["hourly_cycle"])


def launch(settings: Settings, job: Job) -> Launched:
    """Queue a run of a job over today's partition; raises Problem (503) where Dagster does not take it."""
    today = clock.kst_date(clock.now())
    key = f"{today.year}" if job == "load_daily" else today.isoformat()
    address = settings.dagster_api_url or settings.dagster_url
    try:
        reply = httpx.post(
            f"{address.rstrip('/')}/graphql",
            json={"query": _LAUNCH, "variables": {"params": _parameters(job, key)}},
            timeout=_TIMEOUT,
        )
        launched = reply.raise_for_status().json()["data"]["launchRun"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        raise _unavailable(
            "Dagster does not answer; weather up starts it, WEATHER_DAGSTER_API_URL (or _URL) says where it is"
        ) from None
    if launched["__typename"] != "LaunchRunSuccess":
        raise _unavailable(f"Dagster refused the run ({launched['__typename']}); its page says more")
    return Launched(run_id=launched["run"]["runId"], job=job, partitions=key)


def _parameters(job: Job, key: str) -> Mapping[str, Any]:
    from weather_assets.automation.days import range_tags

    tags = {**range_tags(key, key), "weather/launched_by": "HTTP API"}
    return {
        "selector": {"repositoryLocationName": _LOCATION, "repositoryName": _REPOSITORY, "jobName": job},
        "runConfigData": {},
        "executionMetadata": {"tags": [{"key": name, "value": value} for name, value in tags.items()]},
    }


def _unavailable(detail: str) -> Problem:
    return Problem(503, "dagster-unavailable", detail, {"Retry-After": "10"})
