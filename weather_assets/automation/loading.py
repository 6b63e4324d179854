"""Schedules that fetch readings: this hour's, the last days' once they are complete, daily values and PM10.

Each asks the lake, not Dagster, what is missing; so a pause of any kind heals at the next tick.
"""

from datetime import date, timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.upkeep import unfinished_since
from weather_assets.automation.days import days_request, refetch, years_request
from weather_assets.automation.jobs import DAILY_JOB, HOURLY_JOB, LOAD_JOBS, PM10_JOB
from weather_assets.automation.ticks import nothing_to_fetch, overtaken
from weather_assets.clock import DAY, HOUR
from weather_assets.tables import RAW_ASOS_DAILY, RAW_ASOS_HOURLY, RAW_PM10_HOURLY

CATCH_UP = timedelta(days=31)
"""How far back the hourly cycle makes up for a pause by itself: one window of the KMA API hub. Beyond: backfill."""

REFETCHED_DAYS = 10
"""KMA completes and corrects the readings of the last days."""

Tick = dg.RunRequest | dg.SkipReason
_TIMEZONE = str(clock.KST)
_ON = dg.DefaultScheduleStatus.RUNNING


@dg.schedule(cron_schedule="12 * * * *", job_name=HOURLY_JOB, execution_timezone=_TIMEZONE, default_status=_ON)
def hourly_cycle(
    context: dg.ScheduleEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> Tick:
    """From readings to forecasts for today, and for the days before that a pause has left unfinished."""
    reason = overtaken(context, HOUR) or nothing_to_fetch(context, readings, HOURLY_JOB)
    if reason is not None:
        return dg.SkipReason(reason)
    today = _today()
    first = max(today - CATCH_UP, readings.settings.start or date.min)
    with lake.reader() as opened:
        return days_request(unfinished_since(opened, readings.station_ids, first, today) if opened else today, today)


@dg.schedule(cron_schedule="0 11 * * *", job_name=LOAD_JOBS["raw"], execution_timezone=_TIMEZONE, default_status=_ON)
def complete_yesterday(context: dg.ScheduleEvaluationContext, readings: dg.ResourceParam[Readings]) -> Tick:
    """The last ten days fetched again; what changed is appended, and `corrections` builds what depends on it."""
    reason = overtaken(context, DAY) or nothing_to_fetch(context, readings, LOAD_JOBS["raw"])
    if reason is not None:
        return dg.SkipReason(reason)
    return days_request(_today() - REFETCHED_DAYS * DAY, _today() - DAY, refetch(RAW_ASOS_HOURLY))


@dg.schedule(cron_schedule="0 4 * * *", job_name=DAILY_JOB, execution_timezone=_TIMEZONE, default_status=_ON)
def daily_load(context: dg.ScheduleEvaluationContext, readings: dg.ResourceParam[Readings]) -> Tick:
    """Daily values of this year; in January also of the last, whose December is still being completed."""
    reason = overtaken(context, DAY) or nothing_to_fetch(context, readings, DAILY_JOB)
    if reason is not None:
        return dg.SkipReason(reason)
    return years_request(_today() - CATCH_UP, _today(), refetch(RAW_ASOS_DAILY))


@dg.schedule(cron_schedule="5 4 * * *", job_name=PM10_JOB, execution_timezone=_TIMEZONE, default_status=_ON)
def pm10_load(context: dg.ScheduleEvaluationContext, readings: dg.ResourceParam[Readings]) -> Tick:
    """PM10 of the last ten days and of today so far."""
    reason = overtaken(context, DAY) or nothing_to_fetch(context, readings, PM10_JOB)
    if reason is not None:
        return dg.SkipReason(reason)
    return days_request(_today() - REFETCHED_DAYS * DAY, _today(), refetch(RAW_PM10_HOURLY))


def _today() -> date:
    return clock.kst_date(clock.now())
