"""The weekly look for drift, and the job it runs."""

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore
from weather_assets.automation.jobs import DRIFT_JOB
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY


@dg.schedule(
    cron_schedule="30 5 * * 1",
    job_name=DRIFT_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def drift_report(
    context: dg.ScheduleEvaluationContext, lake: dg.ResourceParam[LakeStore]
) -> dg.RunRequest | dg.SkipReason:
    """Every Monday morning: the week that ended."""
    late = overtaken(context, 7 * DAY)
    if late is not None:
        return dg.SkipReason(late)
    with lake.reader() as opened:
        if opened is None:
            return dg.SkipReason("there is no lake yet: load readings with weather backfill")
    today = clock.kst_date(clock.now())
    return dg.RunRequest(partition_key=str(today - (7 + today.weekday()) * DAY))
