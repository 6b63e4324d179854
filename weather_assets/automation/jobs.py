"""Named parts of the graph: one job per partition scheme and purpose, for the UI, the command line and schedules."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily, raw_asos_daily, raw_pm10_hourly
from weather_assets.assets.features import features_hourly
from weather_assets.assets.forecasts import forecast_hourly
from weather_assets.assets.models import models_trained
from weather_assets.assets.monitoring import monitor_verification
from weather_assets.assets.raw import raw_asos_hourly

READING_LAYERS = {"raw": raw_asos_hourly, "clean": clean_asos_hourly, "features": features_hourly}
"""The layers from readings to features, in order; the command line runs them up to the one that is asked."""

LOAD_JOBS = {
    "raw": "load_raw",
    "clean": "load_through_clean",
    "features": "load_through_features",
}
TRAIN_JOB, FORECAST_JOB, VERIFY_JOB, REPLAY_JOB, HOURLY_JOB = "train", "forecast", "verify", "replay", "hourly_cycle"
DAILY_JOB, PM10_JOB = "load_daily", "load_pm10"


def all_jobs() -> list[UnresolvedAssetJobDefinition]:
    """Every named job on assets."""
    layers = list(READING_LAYERS.values())
    loads = [
        dg.define_asset_job(name, selection=layers[: number + 1], description=f"Readings up to {layer}, days as given")
        for number, (layer, name) in enumerate(LOAD_JOBS.items())
    ]
    return [
        *loads,
        dg.define_asset_job(TRAIN_JOB, selection=[models_trained], description="Train, gate and register a target"),
        dg.define_asset_job(FORECAST_JOB, selection=[forecast_hourly], description="Forecast from the newest hour"),
        dg.define_asset_job(VERIFY_JOB, selection=[monitor_verification], description="Score forecasts of the days"),
        dg.define_asset_job(
            REPLAY_JOB,
            selection=[forecast_hourly, monitor_verification],
            description="Forecast past days honestly and score them",
        ),
        dg.define_asset_job(
            HOURLY_JOB,
            selection=[*layers, forecast_hourly, monitor_verification],
            description="Readings of today, features, forecast and scores",
        ),
        dg.define_asset_job(
            DAILY_JOB, selection=[raw_asos_daily, clean_asos_daily], description="Daily values, years as given"
        ),
        dg.define_asset_job(
            PM10_JOB,
            selection=[raw_pm10_hourly, clean_pm10_daily],
            description="PM10 and its daily means, days as given",
        ),
    ]
