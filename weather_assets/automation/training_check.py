"""The nightly look whether a target is to be trained: it never was, its model has aged, or none was good enough yet."""

from datetime import datetime, timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.jobs import TRAIN_JOB
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY
from weather_assets.forecasting.products import truth_of
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, THROUGH_TAG, Registry, Version
from weather_assets.forecasting.targets import TARGETS, Target
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
        known = {name: _known(opened, target) for name, target in TARGETS.items()} if opened else {}
    registry = tracking.registry()
    reasons = {target: _reason_to_wait(registry, target, known.get(target)) for target in TARGETS}
    due = [target for target, reason in reasons.items() if reason is None]
    if not due:
        return dg.SkipReason("; ".join(f"{target}: {reason}" for target, reason in reasons.items()))
    return [dg.RunRequest(run_key=target, partition_key=target) for target in due]


def _known(lake: Lake, target: Target) -> tuple[datetime, datetime] | None:
    """First and newest hour that has features, or day that has a value of a daily target; None where none has."""
    query = f"SELECT issued_at AS time FROM lake.{FEATURES_HOURLY.qualified_name}"
    if target.kind == "daily":
        # Not every station measures dust.
        query = (
            f"SELECT CAST(observed_on AS TIMESTAMPTZ) AS time FROM lake.{truth_of(target).qualified_name} "
            f"WHERE {target.element} IS NOT NULL"
        )
    row = lake.first_row(f"SELECT min(time), max(time) FROM ({query})")
    return None if row is None or row[0] is None else (row[0], row[1])


def _reason_to_wait(registry: Registry, target: str, known: tuple[datetime, datetime] | None) -> str | None:
    from weather_assets.forecasting.inputs import MIN_TRAINING_DAYS

    days = (known[1] - known[0]).days if known else 0
    if known is None or days < MIN_TRAINING_DAYS:
        return f"{days} days of readings are there, {MIN_TRAINING_DAYS} are needed to train on"
    versions = registry.versions(target) if registry.exists() else []
    on_trial = _bearer(versions, CHALLENGER)
    if on_trial is not None:
        return f"version {on_trial.number} is on trial: a newer one would only wait until it is decided on"
    has_champion = _bearer(versions, CHAMPION) is not None
    return _not_yet(versions[0], known[1], has_champion=has_champion) if versions else None


def _bearer(versions: list[Version], alias: str) -> Version | None:
    return next((version for version in versions if alias in version.aliases), None)


def _not_yet(newest: Version, newest_hour: datetime, *, has_champion: bool) -> str | None:
    """Why the newest version is young enough, or None where it is not."""
    through = clock.parse_instant(newest.tags[THROUGH_TAG])
    wait = REFRESH_AFTER if has_champion else ANOTHER_TRY_AFTER
    if newest_hour - through > wait:
        return None
    what = "trained again" if has_champion else "tried again, for none passed the gate yet,"
    return f"version {newest.number} knows the readings through {through:%Y-%m-%d}; {what} {wait.days} days after that"
