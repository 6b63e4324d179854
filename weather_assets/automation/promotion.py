"""When champions and challengers are reviewed, and the jobs by which a person promotes a version or rolls one back."""

from collections.abc import Mapping

import dagster as dg

from weather_assets import clock
from weather_assets.assets.describe import asset_key
from weather_assets.assets.resources import LakeStore
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.days import range_tags
from weather_assets.automation.jobs import REVIEW_JOB
from weather_assets.automation.partitions import TARGET_PARTITIONS
from weather_assets.automation.rebuild import REASON_TAG
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY
from weather_assets.tables import FORECAST_DAILY, FORECAST_HOURLY, FORECAST_RAIN

FORECASTS = (FORECAST_HOURLY, FORECAST_DAILY, FORECAST_RAIN)
MOST_TOLD = 200
"""Letters of a reason that stand in a run's tag."""


@dg.schedule(
    cron_schedule="30 6 * * *",
    job_name=REVIEW_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def promotion_review(
    context: dg.ScheduleEvaluationContext, tracking: dg.ResourceParam[MlflowTracking]
) -> dg.RunRequest | dg.SkipReason:
    """Every morning, when yesterday is verified: all targets in one run."""
    late = overtaken(context, DAY)
    if late is not None:
        return dg.SkipReason(late)
    if not tracking.registry().exists():
        return dg.SkipReason("no model was trained yet: there is nobody to review")
    return dg.RunRequest(tags=_all_targets())


@dg.sensor(job_name=REVIEW_JOB, minimum_interval_seconds=120, default_status=dg.DefaultSensorStatus.RUNNING)
def broken_version(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """When a version could not forecast just now: the review at once, and once a day for one failure."""
    newest = (context.instance.get_latest_materialization_event(asset_key(table)) for table in FORECASTS)
    events = (entry.asset_materialization for entry in newest if entry is not None)
    failed = [
        str(event.metadata["failed"].value) for event in events if event is not None and "failed" in event.metadata
    ]
    if not failed:
        return dg.SkipReason("every version that was asked for a forecast gave one")
    reason = "; ".join(failed)
    return dg.RunRequest(
        run_key=f"{clock.kst_date(clock.now())}:{reason}", tags={**_all_targets(), REASON_TAG: reason[:MOST_TOLD]}
    )


def _all_targets() -> Mapping[str, str]:
    names = TARGET_PARTITIONS.get_partition_keys()
    return range_tags(names[0], names[-1])


class PromoteConfig(dg.Config):
    """Which version to promote."""

    target: str
    version: int


class RollBackConfig(dg.Config):
    """Of which target to bring the former champion back."""

    target: str


@dg.op
def promote_version(
    context: dg.OpExecutionContext,
    config: PromoteConfig,
    lake: dg.ResourceParam[LakeStore],
    tracking: dg.ResourceParam[MlflowTracking],
) -> None:
    """Make a registered version the champion of its target."""
    from weather_assets.forecasting.by_hand import promote_by_hand
    from weather_assets.forecasting.review import record

    made = promote_by_hand(tracking.registry(), config.target, config.version)
    with lake.writer() as opened:
        record(opened, made)
    context.add_output_metadata({"target": made.target, "former_champion": made.champion or 0, "reason": made.reason})


@dg.op
def roll_back_target(
    context: dg.OpExecutionContext,
    config: RollBackConfig,
    lake: dg.ResourceParam[LakeStore],
    tracking: dg.ResourceParam[MlflowTracking],
) -> None:
    """Make the former champion of a target champion again."""
    from weather_assets.forecasting.by_hand import roll_back_by_hand
    from weather_assets.forecasting.review import record

    made = roll_back_by_hand(tracking.registry(), config.target)
    with lake.writer() as opened:
        record(opened, made)
    context.add_output_metadata({"target": made.target, "former_champion": made.champion or 0, "reason": made.reason})


@dg.job(name="promote")
def promote_job() -> None:
    """Make a registered version champion: `weather promote` for the UI."""
    promote_version()


@dg.job(name="roll_back")
def roll_back_job() -> None:
    """Make the former champion champion again: `weather rollback` for the UI."""
    roll_back_target()
