"""Keeping things small: the lake four times a day; Dagster's books, MLflow's failed runs, old reports each week."""

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.pruning import prune_runs
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY, HOUR
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.maintenance import tidy
from weather_assets.settings import Settings
from weather_assets.tables import DRIFT

MAINTENANCE_JOB, COMPACTION_JOB = "maintenance", "compaction"
REPORTS_KEPT = timedelta(days=90)
"""Reports of weeks without drift go after this."""
FAILED_TRAININGS_KEPT = timedelta(days=30)
LEAST_DELETED_BETWEEN = 0.05
"""Share of deleted rows below which compaction leaves a file until the week's maintenance.

An hour deletes a day's rows and writes them anew. Of a file of one day compaction leaves nothing deleted, and a year
of many stations is not rewritten for a day of it.
"""
_MIB = 1 << 20


@dg.op
def tidy_lake(
    context: dg.OpExecutionContext, lake: dg.ResourceParam[LakeStore], tracking: dg.ResourceParam[MlflowTracking]
) -> None:
    """Merge files and drop all deleted rows, expire snapshots that no model names, delete files that nothing names."""
    _tidy(context, lake, tracking, least_deleted=0.0)


@dg.op
def compact_lake(
    context: dg.OpExecutionContext, lake: dg.ResourceParam[LakeStore], tracking: dg.ResourceParam[MlflowTracking]
) -> None:
    """Do the same, but leave files of which little is deleted."""
    _tidy(context, lake, tracking, least_deleted=LEAST_DELETED_BETWEEN)


def _tidy(context: dg.OpExecutionContext, lake: LakeStore, tracking: MlflowTracking, *, least_deleted: float) -> None:
    registry = tracking.registry()
    pinned = registry.snapshots(TARGETS) if registry.exists() else set()
    with lake.writer() as opened:
        done = tidy(opened, pinned, clock.now(), least_deleted=least_deleted)
    context.add_output_metadata(
        {
            "lake MiB": round(done.after.bytes / _MIB, 1),
            "lake MiB before": round(done.before.bytes / _MIB, 1),
            "files": done.after.files,
            "files before": done.before.files,
            "snapshots": done.after.snapshots,
            "snapshots expired": done.snapshots_expired,
            "snapshots of models": len(pinned),
            "files deleted": done.files_deleted,
        }
    )


@dg.op(ins={"after": dg.In(dg.Nothing)})
def prune_dagster(context: dg.OpExecutionContext) -> None:
    """Forget runs whose work was done again since, and old logs."""
    done = prune_runs(context.instance, clock.now())
    context.add_output_metadata({"runs forgotten": done.runs, "logs deleted": done.logs})


@dg.op(ins={"after": dg.In(dg.Nothing)})
def prune_files(
    context: dg.OpExecutionContext,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> None:
    """Delete failed trainings from MLflow and drift reports that nobody needs; tell how full the disk is."""
    from weather_assets.forecasting.failed_trainings import delete_failed_trainings

    settings, registry = readings.settings, tracking.registry()
    failed = delete_failed_trainings(settings, clock.now() - FAILED_TRAININGS_KEPT) if registry.exists() else 0
    reports = _delete_reports(lake)
    context.add_output_metadata(
        {"failed trainings deleted": failed, "drift reports deleted": reports, **_disk(settings)}
    )


def _delete_reports(lake: LakeStore) -> int:
    """Reports in a folder of old weeks in which nothing drifted; those in S3 go by a rule of the bucket."""
    before = clock.kst_date(clock.now() - REPORTS_KEPT)
    with lake.writer() as opened:
        rows = opened.query(
            f"SELECT report_uri FROM lake.{DRIFT.qualified_name} WHERE week < ? AND report_uri IS NOT NULL "
            "GROUP BY ALL HAVING NOT bool_or(drifted)",
            [before],
        ).fetchall()
    files = [Path(uri) for (uri,) in rows if "://" not in uri and Path(uri).exists()]
    for file in files:
        file.unlink()
    return len(files)


def _disk(settings: Settings) -> dict[str, Any]:
    home = settings.home.absolute()
    return {
        "home MiB": _size_mib(home),
        "dagster MiB": _size_mib(home / "dagster"),
        "disk free GiB": round(shutil.disk_usage(home).free / (1 << 30), 1),
    }


def _size_mib(folder: Path) -> float:
    size = 0
    for file in folder.rglob("*"):
        # Other runs are at work: a journal may be gone by the time it is asked.
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return round(size / _MIB, 1)


@dg.job(name=MAINTENANCE_JOB)
def maintenance() -> None:
    """Keep lake, Dagster and MLflow small. Nothing that a model or a partition needs is touched."""
    prune_files(prune_dagster(tidy_lake()))


@dg.job(name=COMPACTION_JOB)
def compaction() -> None:
    """Keep the lake small: every hour writes a file or two to each table, and a query reads all of its day."""
    compact_lake()


@dg.schedule(
    cron_schedule="40 4,10,16,22 * * *",
    job_name=COMPACTION_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def regular_compaction(
    context: dg.ScheduleEvaluationContext, lake: dg.ResourceParam[LakeStore]
) -> dg.RunRequest | dg.SkipReason:
    """Every six hours: between two of them the hourly runs must not grow slow."""
    return _due(context, lake, 6 * HOUR)


@dg.schedule(
    cron_schedule="50 4 * * 0",
    job_name=MAINTENANCE_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly_maintenance(
    context: dg.ScheduleEvaluationContext, lake: dg.ResourceParam[LakeStore]
) -> dg.RunRequest | dg.SkipReason:
    """Every Sunday before dawn."""
    return _due(context, lake, 7 * DAY)


def _due(context: dg.ScheduleEvaluationContext, lake: LakeStore, period: timedelta) -> dg.RunRequest | dg.SkipReason:
    late = overtaken(context, period)
    if late is not None:
        return dg.SkipReason(late)
    with lake.reader() as opened:
        return dg.RunRequest() if opened else dg.SkipReason("there is no lake yet: nothing to keep small")
