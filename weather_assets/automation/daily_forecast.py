"""The schedule of the daily forecasts: after five in the morning, once yesterday's daily values are there.

A load that is late is waited for until eleven; then the forecast is made of what there is, so that there is one.
"""

from datetime import date

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.days import days_request
from weather_assets.automation.jobs import DAILY_FORECAST_JOB
from weather_assets.automation.loading import CATCH_UP
from weather_assets.automation.ticks import overtaken
from weather_assets.clock import DAY, HOUR
from weather_assets.forecasting.issue import LIVE
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.forecasting.targets import targets_of
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import stations_sql
from weather_assets.tables import CLEAN_ASOS_DAILY, FEATURES_DAILY, FEATURES_HOURLY, FORECAST_DAILY

LATEST_HOUR = 11
"""KST hour at which the forecast waits no longer for yesterday's daily values."""


@dg.schedule(
    cron_schedule=f"20 5-{LATEST_HOUR} * * *",
    job_name=DAILY_FORECAST_JOB,
    execution_timezone=str(clock.KST),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_forecast(
    context: dg.ScheduleEvaluationContext,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.RunRequest | dg.SkipReason:
    """This morning's forecast of the next days; features and scores of the last month are brought up to date too."""
    late = overtaken(context, HOUR)
    if late is not None:
        return dg.SkipReason(late)
    now = clock.now().astimezone(clock.KST)
    with lake.reader() as opened:
        stations = readings.station_ids
        reason = _reason_to_wait(opened, stations, now.date(), now.hour) if opened else "there is no lake yet"
        built = opened is not None and _built(opened, stations, now.date())
    if reason is None and built and not _has_champion(tracking):
        reason = "this morning is brought up to date, and no daily target has a champion to forecast with yet"
    return dg.SkipReason(reason) if reason else days_request(now.date() - CATCH_UP, now.date())


def _reason_to_wait(lake: Lake, station_ids: tuple[int, ...], today: date, hour: int) -> str | None:
    among = f"station_id IN ({stations_sql(station_ids)})"
    read = f"{among} AND CAST(issued_at AS DATE) = DATE '{today}'"
    if not _exists(lake, FEATURES_HOURLY.qualified_name, read):
        return "no reading of this morning has come yet"
    issued = f"SELECT station_id FROM lake.{FORECAST_DAILY.qualified_name} WHERE {read} AND kind = '{LIVE}'"
    if not _exists(lake, FEATURES_HOURLY.qualified_name, f"{read} AND station_id NOT IN ({issued})"):
        return "this morning's forecast is issued"
    known = f"{among} AND observed_on = DATE '{today - DAY}'"
    if hour < LATEST_HOUR and not _exists(lake, CLEAN_ASOS_DAILY.qualified_name, known):
        return f"yesterday's daily values have not come yet; they are waited for until {LATEST_HOUR}:20"
    return None


def _built(lake: Lake, station_ids: tuple[int, ...], today: date) -> bool:
    condition = f"station_id IN ({stations_sql(station_ids)}) AND CAST(issued_at AS DATE) = DATE '{today}'"
    return _exists(lake, FEATURES_DAILY.qualified_name, condition)


def _has_champion(tracking: MlflowTracking) -> bool:
    registry = tracking.registry()
    return registry.exists() and any(registry.with_alias(name, CHAMPION) for name in targets_of("daily"))


def _exists(lake: Lake, table: str, condition: str) -> bool:
    return lake.first_row(f"SELECT 1 FROM lake.{table} WHERE {condition} LIMIT 1") is not None
