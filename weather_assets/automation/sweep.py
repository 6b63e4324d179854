"""The nightly look at everything that was built: what is behind its readings, for whatever reason, is built again."""

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.upkeep import behind
from weather_assets.automation.rebuild import REBUILD_JOB, described, rebuild_request, rebuilds_at_work
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY


@dg.schedule(
    cron_schedule="30 3 * * *",
    job_name=REBUILD_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def sweep(
    context: dg.ScheduleEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.RunRequest | dg.SkipReason:
    """Rebuild what `corrections` missed or could not finish. Days that were never built are not its business."""
    late = overtaken(context, DAY)
    if late is not None:
        return dg.SkipReason(late)
    at_work = rebuilds_at_work(context.instance)
    if at_work:
        return dg.SkipReason(f"rebuild run {at_work[0][:8]} has not ended yet: the next sweep looks at what it left")
    with lake.reader() as opened:
        found = behind(opened, readings.station_ids) if opened else []
    if not found:
        return dg.SkipReason("every day that was built is built of the readings that are there")
    return rebuild_request(found, f"sweep: {described(found)}")
