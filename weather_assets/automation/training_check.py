"""The nightly look whether a target is to be trained: it never was, its model has aged, or none was good enough yet."""

from datetime import datetime, timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.jobs import TRAIN_JOB
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY
from weather_assets.forecasting.registry import CHAMPION, THROUGH_TAG, Registry, Version
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.tables import FEATURES_HOURLY

REFRESH_AFTER = timedelta(days=30)
"""Age, in readings, at which a champion's successor is trained."""

ANOTHER_TRY_AFTER = timedelta(days=7)
"""Age, in readings, after which a target without a champion is tried again: one more night hardly changes the gate."""


@dg.schedule(
    cron_schedule="0 2 * * *",
    job_name=TRAIN_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def training_check(
    context: dg.ScheduleEvaluationContext,
    lake: dg.ResourceParam[LakeStore],
    tracking: dg.ResourceParam[MlflowTracking],
) -> list[dg.RunRequest] | dg.SkipReason:
    """Train the targets that are due, one run each."""
    late = overtaken(context, DAY)
    if late is not None:
        return dg.SkipReason(late)
    with lake.reader() as opened:
        known = _known(opened) if opened else None
    registry = tracking.registry()
    reasons = {target: _reason_to_wait(registry, target, known) for target in TARGETS}
    due = [target for target, reason in reasons.items() if reason is None]
    if not due:
        return dg.SkipReason("; ".join(f"{target}: {reason}" for target, reason in reasons.items()))
    return [dg.RunRequest(run_key=target, partition_key=target) for target in due]


def _known(lake: Lake) -> tuple[datetime, datetime] | None:
    """First and newest hour that has features, None where none has."""
    row = lake.query(f"SELECT min(issued_at), max(issued_at) FROM lake.{FEATURES_HOURLY.qualified_name}").fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def _reason_to_wait(registry: Registry, target: str, known: tuple[datetime, datetime] | None) -> str | None:
    from weather_assets.forecasting.model import MIN_TRAINING_DAYS

    days = (known[1] - known[0]).days if known else 0
    if known is None or days < MIN_TRAINING_DAYS:
        return f"{days} days of readings are there, {MIN_TRAINING_DAYS} are needed to train on"
    versions = registry.versions(target) if registry.exists() else []
    return _not_yet(versions[0], known[1], has_champion=_any_champion(versions)) if versions else None


def _any_champion(versions: list[Version]) -> bool:
    return any(CHAMPION in version.aliases for version in versions)


def _not_yet(newest: Version, newest_hour: datetime, *, has_champion: bool) -> str | None:
    """Why the newest version is young enough, or None where it is not."""
    through = clock.parse_instant(newest.tags[THROUGH_TAG])
    wait = REFRESH_AFTER if has_champion else ANOTHER_TRY_AFTER
    if newest_hour - through > wait:
        return None
    what = "trained again" if has_champion else "tried again, for none passed the gate yet,"
    return f"version {newest.number} knows the readings through {through:%Y-%m-%d}; {what} {wait.days} days after that"
