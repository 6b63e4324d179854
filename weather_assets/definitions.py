"""The single point of assembly: Dagster, the command line and the tests all take the graph from here."""

import dagster as dg

from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily, raw_asos_daily, raw_pm10_hourly
from weather_assets.assets.features import features_hourly
from weather_assets.assets.forecasts import forecast_hourly
from weather_assets.assets.models import models_trained
from weather_assets.assets.monitoring import monitor_verification
from weather_assets.assets.raw import raw_asos_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.corrections import corrections
from weather_assets.automation.jobs import all_jobs
from weather_assets.automation.loading import complete_yesterday, daily_load, hourly_cycle, pm10_load
from weather_assets.automation.rebuild import rebuild
from weather_assets.automation.sweep import sweep
from weather_assets.automation.training_check import training_check
from weather_assets.settings import Settings, load_settings

ASSETS = (
    raw_asos_hourly,
    clean_asos_hourly,
    features_hourly,
    models_trained,
    forecast_hourly,
    monitor_verification,
    raw_asos_daily,
    clean_asos_daily,
    raw_pm10_hourly,
    clean_pm10_daily,
)
SCHEDULES = (hourly_cycle, training_check, sweep, daily_load, pm10_load, complete_yesterday)
SENSORS = (corrections,)


def build_definitions(settings: Settings) -> dg.Definitions:
    """The graph, with what the settings name behind it.

    Steps of a run share one process: importing a model library costs more than an hour's work on one station.
    """
    return dg.Definitions(
        assets=ASSETS,
        jobs=[*all_jobs(), rebuild],
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={
            "lake": LakeStore(settings),
            "readings": Readings(settings),
            "tracking": MlflowTracking(settings),
        },
        executor=dg.in_process_executor,
    )


defs = build_definitions(load_settings())
