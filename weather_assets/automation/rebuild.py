"""The job that builds days again whose readings have changed: just these days, and no forecast.

An asset job covers a range of days and so would touch those in between; this one runs the assets' own builds and tells
Dagster of the partitions that it built.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from weather_assets import clock
from weather_assets.assets.builds import BUILD_ORDER, Build
from weather_assets.assets.describe import asset_key, row_metadata
from weather_assets.assets.resources import LakeStore
from weather_assets.assets.upkeep import Rebuild
from weather_assets.clock import DAY, kst_midnight
from weather_assets.errors import UsageError

REBUILD_JOB, REBUILD_OP = "rebuild", "rebuild_days"
REASON_TAG = "weather/reason"
MOST_NAMED = 8

LONGEST_WAIT = timedelta(hours=3)
"""A run that has been unfinished for longer was probably killed and is waited for no more."""


class RebuildDays(dg.Config):
    """Days of a table (schema.name) to build again, YYYY-MM-DD, both included, for some stations."""

    table: str
    first: str
    last: str
    station_ids: list[int]


class RebuildConfig(dg.Config):
    """Configuration of a rebuild."""

    rebuilds: list[RebuildDays]


@dg.op(name=REBUILD_OP)
def rebuild_days(context: dg.OpExecutionContext, config: RebuildConfig, lake: dg.ResourceParam[LakeStore]) -> None:
    """Build the given days of clean, features and verification again, table by table in the order of the graph."""
    names = [build.name for build in BUILD_ORDER]
    for one in config.rebuilds:
        if one.table not in names:
            raise UsageError(f"rebuild: there is no table {one.table} to build again; name one of {', '.join(names)}")
    for build in BUILD_ORDER:
        chosen = [_parsed(one) for one in config.rebuilds if one.table == build.name]
        if chosen:
            _rebuild_table(context, lake, build, chosen)


@dg.job(name=REBUILD_JOB)
def rebuild() -> None:
    """Days whose readings have changed since they were built, and no others."""
    rebuild_days()


def _parsed(one: RebuildDays) -> Rebuild:
    return Rebuild(one.table, clock.parse_day(one.first), clock.parse_day(one.last), tuple(one.station_ids))


def _rebuild_table(context: dg.OpExecutionContext, lake: LakeStore, build: Build, chosen: Sequence[Rebuild]) -> None:
    with lake.writer() as opened:
        rows = [build.run(opened, r.station_ids, kst_midnight(r.first), kst_midnight(r.last + DAY)) for r in chosen]
        snapshot = opened.snapshot()
    days = sorted({r.first + n * DAY for r in chosen for n in range((r.last - r.first).days + 1)})
    context.log.info(f"{build.name}: {sum(rows)} rows of {len(days)} days built again")
    for day in days:
        metadata = row_metadata(sum(rows), snapshot)
        context.log_event(dg.AssetMaterialization(asset_key(build.table), partition=str(day), metadata=metadata))


def rebuild_config(rebuilds: Sequence[Rebuild]) -> Mapping[str, Any]:
    """Configuration of REBUILD_OP for these days."""
    return {
        "rebuilds": [
            {"table": r.table, "first": str(r.first), "last": str(r.last), "station_ids": list(r.station_ids)}
            for r in rebuilds
        ]
    }


def rebuild_request(rebuilds: Sequence[Rebuild], reason: str, run_key: str | None = None) -> dg.RunRequest:
    """A run of REBUILD_JOB over these days."""
    config = {"ops": {REBUILD_OP: {"config": rebuild_config(rebuilds)}}}
    return dg.RunRequest(run_key=run_key, run_config=config, tags={REASON_TAG: reason})


def described(rebuilds: Sequence[Rebuild]) -> str:
    """Tables and days in words, the first few of very many."""
    named = [f"{r.table} {_span(r.first, r.last)}" for r in rebuilds[:MOST_NAMED]]
    more = len(rebuilds) - len(named)
    return ", ".join([*named, f"and {more} more"] if more else named)


def _span(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} .. {last}"


def rebuilds_at_work(instance: dg.DagsterInstance) -> Sequence[str]:
    """Ids of rebuild runs that are queued or running: what they will have built cannot be known yet."""
    return unfinished(instance, dg.RunsFilter(job_name=REBUILD_JOB, statuses=list(NOT_FINISHED_STATUSES)))


def unfinished(instance: dg.DagsterInstance, chosen: dg.RunsFilter) -> Sequence[str]:
    """Ids of the chosen runs that have not ended and still may."""
    begun_after = clock.now() - LONGEST_WAIT
    records = instance.get_run_records(chosen)
    return [
        record.dagster_run.run_id
        for record in records
        if not record.dagster_run.is_finished and record.create_timestamp > begun_after
    ]
