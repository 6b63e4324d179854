"""Named parts of the graph: one job per partition scheme and purpose, for the UI, the command line and schedules."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily, raw_asos_daily, raw_pm10_hourly
from weather_assets.assets.data_quality import monitor_data_quality
from weather_assets.assets.drift import monitor_drift
from weather_assets.assets.evaluation import models_evaluation
from weather_assets.assets.features import features_daily, features_hourly
from weather_assets.assets.forecasts import forecast_daily, forecast_hourly, forecast_rain
from weather_assets.assets.models import models_trained
from weather_assets.assets.monitoring import monitor_verification
from weather_assets.assets.outlook import forecast_outlook
from weather_assets.assets.predictions import predictions_latest
from weather_assets.assets.promotion import monitor_promotion
from weather_assets.assets.raw import raw_asos_hourly
from weather_assets.assets.sensor_faults import monitor_sensor_faults
from weather_assets.assets.verification import monitor_verification_daily, monitor_verification_rain

READING_LAYERS = {"raw": raw_asos_hourly, "clean": clean_asos_hourly, "features": features_hourly}
"""The layers from readings to features, in order; the command line runs them up to the one that is asked."""

LOAD_JOBS = {
    "raw": "load_raw",
    "clean": "load_through_clean",
    "features": "load_through_features",
}
TRAIN_JOB, FORECAST_JOB, VERIFY_JOB, REPLAY_JOB, HOURLY_JOB = "train", "forecast", "verify", "replay", "hourly_cycle"
DAILY_JOB, PM10_JOB = "load_daily", "load_pm10"
DAILY_FEATURES_JOB, DAILY_FORECAST_JOB = "build_daily_features", "daily_forecast"
REVIEW_JOB, DRIFT_JOB, EVALUATE_JOB = "review", "drift", "evaluate"


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
        dg.define_asset_job(
            EVALUATE_JOB, selection=[models_evaluation], description="Backtest a target and write its report"
        ),
        dg.define_asset_job(
            REVIEW_JOB, selection=[monitor_promotion], description="Review champions and challengers of the targets"
        ),
        dg.define_asset_job(DRIFT_JOB, selection=[monitor_drift], description="Weeks against those of earlier years"),
        dg.define_asset_job(
            FORECAST_JOB,
            selection=[forecast_hourly, forecast_rain, forecast_outlook, predictions_latest],
            description="Forecast from the newest hour, and what it means for a day",
        ),
        dg.define_asset_job(
            VERIFY_JOB,
            selection=[
                monitor_data_quality,
                monitor_verification,
                monitor_verification_rain,
                monitor_verification_daily,
                monitor_sensor_faults,
            ],
            description="Count what is missing and rejected, score forecasts of the days, look for sensor faults",
        ),
        dg.define_asset_job(
            REPLAY_JOB,
            selection=[
                forecast_hourly,
                forecast_rain,
                forecast_daily,
                monitor_verification,
                monitor_verification_rain,
                monitor_verification_daily,
            ],
            description="Forecast past days honestly and score them",
        ),
        dg.define_asset_job(
            HOURLY_JOB,
            # Of the checks those that guard what models eat; the others cost more than they tell within an hour.
            selection=dg.AssetSelection.assets(
                *layers,
                monitor_data_quality,
                forecast_hourly,
                forecast_rain,
                forecast_outlook,
                predictions_latest,
                monitor_verification,
                monitor_verification_rain,
                monitor_sensor_faults,
            ).without_checks()
            | dg.AssetSelection.checks_for_assets(clean_asos_hourly, features_hourly),
            description="Readings of today, features, forecast, outlook and scores",
        ),
        dg.define_asset_job(
            DAILY_JOB, selection=[raw_asos_daily, clean_asos_daily], description="Daily values, years as given"
        ),
        dg.define_asset_job(
            PM10_JOB,
            selection=[raw_pm10_hourly, clean_pm10_daily],
            description="PM10 and its daily means, days as given",
        ),
        dg.define_asset_job(
            DAILY_FEATURES_JOB, selection=[features_daily], description="Features of the mornings of the days"
        ),
        dg.define_asset_job(
            DAILY_FORECAST_JOB,
            selection=[features_daily, forecast_daily, monitor_verification_daily],
            description="Forecast of the next three days from this morning, and scores of the last ones",
        ),
    ]
