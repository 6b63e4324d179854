"""Gauges of the Dagster runs of a home. Reads only."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg
from dagster import RunRecord
from prometheus_client.core import GaugeMetricFamily

from weather_assets import clock
from weather_assets.commands.reading import instance_for_reading
from weather_assets.settings import Settings

LOOKED_BACK = timedelta(days=1)
_MOST_RUNS = 500
_WAITING = {dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING}


def run_families(settings: Settings) -> Iterator[GaugeMetricFamily]:
    """Runs of the last day by job and status, how long each job took last, and how many wait; none of a new home."""
    with instance_for_reading(settings) as instance:
        if instance is None:
            return
        recent = dg.RunsFilter(created_after=clock.now() - LOOKED_BACK)
        records = instance.get_run_records(recent, limit=_MOST_RUNS)
        waiting = instance.get_runs_count(dg.RunsFilter(statuses=list(_WAITING)))
        beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    yield _counts(records)
    yield _durations(records)
    yield GaugeMetricFamily("weather_runs_waiting", "Runs that wait for the daemon", float(waiting))
    if beats:
        yield GaugeMetricFamily(
            "weather_daemon_heartbeat_timestamp_seconds", "Last sign of life of Dagster's daemon", max(beats)
        )


def _counts(records: Sequence[RunRecord]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("weather_runs_last_day", "Runs created in the last 24 h", labels=["job", "status"])
    counted = Counter((record.dagster_run.job_name, record.dagster_run.status.value.lower()) for record in records)
    for labels, count in counted.items():
        family.add_metric(labels, count)
    return family


def _durations(records: Sequence[RunRecord]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("weather_run_seconds", "Duration of the newest finished run of a job", labels=["job"])
    newest: dict[str, float] = {}
    for record in records:  # newest first
        if record.start_time is not None and record.end_time is not None:
            newest.setdefault(record.dagster_run.job_name, record.end_time - record.start_time)
    for job, seconds in newest.items():
        family.add_metric([job], seconds)
    return family
