"""What schedules ask before they do anything, each with the words for its answer."""

from datetime import timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.failures import QUOTA_TAG
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.sources.choice import is_simulated


def overtaken(context: dg.ScheduleEvaluationContext, period: timedelta) -> str | None:
    """After a pause Dagster makes up for several missed ticks at once; the last one does the work of all."""
    due = context.scheduled_execution_time
    if due + period > clock.now():
        return None
    return f"the tick of {due.astimezone(clock.KST):%Y-%m-%d %H:%M} was missed and a later one does its work"


def nothing_to_fetch(context: dg.ScheduleEvaluationContext, readings: Readings, job_name: str) -> str | None:
    """Why a load need not be tried now: the source is a folder, of the wrong kind, or its quota is spent."""
    if readings.settings.source.startswith("csv:"):
        return "the source is a folder of files, in which no readings arrive: load new files with weather backfill"
    with LakeStore(readings.settings).reader() as lake:
        held = lake.is_simulated() if lake is not None else None
    if held is not None and held != is_simulated(readings.settings):
        return f"the lake holds {'simulated' if held else 'real'} readings and WEATHER_SOURCE brings the other kind"
    today = clock.kst_date(clock.now())
    spent = context.instance.get_runs(dg.RunsFilter(job_name=job_name, tags={QUOTA_TAG: str(today)}), limit=1)
    if spent:
        return f"run {spent[0].run_id[:8]} met the end of today's quota of calls: it goes on after midnight in Korea"
    return None
