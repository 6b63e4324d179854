"""When the recipes of the targets are backtested: monthly, for it takes minutes; on demand by the job `evaluate`."""

import dagster as dg

from weather_assets import clock
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.jobs import EVALUATE_JOB
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.forecasting.targets import TARGETS


@dg.schedule(
    cron_schedule="0 3 1 * *",
    job_name=EVALUATE_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def monthly_evaluation(
    context: dg.ScheduleEvaluationContext, tracking: dg.ResourceParam[MlflowTracking]
) -> list[dg.RunRequest] | dg.SkipReason:
    """In the night of the first of the month: each target that has a champion, one run each."""
    late = overtaken(context, 28 * DAY)
    if late is not None:
        return dg.SkipReason(late)
    registry = tracking.registry()
    if not registry.exists():
        return dg.SkipReason("no model was trained yet: there is no recipe to evaluate")
    targets = [target for target in TARGETS if registry.with_alias(target, CHAMPION) is not None]
    if not targets:
        return dg.SkipReason("no target has a champion yet: weather train makes one")
    month = f"{context.scheduled_execution_time.astimezone(clock.KST):%Y-%m}"
    return [dg.RunRequest(run_key=f"{target}:{month}", partition_key=target) for target in targets]
