"""What schedules ask before they do anything, each with the words for its answer."""

from datetime import timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.failures import QUOTA_TAG
from weather_assets.assets.resources import Readings


def overtaken(context: dg.ScheduleEvaluationContext, period: timedelta) -> str | None:
    """After a pause Dagster makes up for several missed ticks at once; the last one does the work of all."""
    due = context.scheduled_execution_time
    if due + period > clock.now():
        return None
    return f"the tick of {due.astimezone(clock.KST):%Y-%m-%d %H:%M} was missed and a later one does its work"


def nothing_to_fetch(context: dg.ScheduleEvaluationContext, readings: Readings, job_name: str) -> str | None:
    """Why a load need not be tried now: the source is a folder of files, or the job met the end of a quota today."""
    if readings.settings.source.startswith("csv:"):
        return "the source is a folder of files, in which no readings arrive: load new files with weather backfill"
    today = clock.kst_date(clock.now())
    spent = context.instance.get_runs(dg.RunsFilter(job_name=job_name, tags={QUOTA_TAG: str(today)}), limit=1)
    if spent:
        return f"run {spent[0].run_id[:8]} met the end of today's quota of calls: it goes on after midnight in Korea"
    return None
