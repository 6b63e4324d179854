"""Named parts of the graph: one job per partition scheme and purpose, for the UI, the command line and schedules."""

from collections.abc import Sequence

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


_LAYERS = tuple(READING_LAYERS.values())
_ISSUED_HOURLY = (forecast_hourly, forecast_rain)
_SCORED_HOURLY = (monitor_verification, monitor_verification_rain)
# Of the checks those that guard what models eat; the others cost more than they tell within an hour.
_OF_THE_HOUR = dg.AssetSelection.assets(
    *_LAYERS,
    monitor_data_quality,
    *_ISSUED_HOURLY,
    forecast_outlook,
    predictions_latest,
    *_SCORED_HOURLY,
    monitor_sensor_faults,
).without_checks() | dg.AssetSelection.checks_for_assets(clean_asos_hourly, features_hourly)

_Job = tuple[str, Sequence[dg.AssetsDefinition] | dg.AssetSelection, str]
_LOADS: tuple[_Job, ...] = tuple(
    (name, dg.AssetSelection.assets(*_LAYERS[: number + 1]), f"Readings up to {layer}, days as given")
    for number, (layer, name) in enumerate(LOAD_JOBS.items())
)
_JOBS: tuple[_Job, ...] = (
    *_LOADS,
    (TRAIN_JOB, [models_trained], "Train, gate and register a target"),
    (EVALUATE_JOB, [models_evaluation], "Backtest a target and write its report"),
    (REVIEW_JOB, [monitor_promotion], "Review champions and challengers of the targets"),
    (DRIFT_JOB, [monitor_drift], "Weeks against those of earlier years"),
    (
        FORECAST_JOB,
        [*_ISSUED_HOURLY, forecast_outlook, predictions_latest],
        "Forecast from the newest hour, and what it means for a day",
    ),
    (
        VERIFY_JOB,
        [monitor_data_quality, *_SCORED_HOURLY, monitor_verification_daily, monitor_sensor_faults],
        "Count what is missing and rejected, score forecasts of the days, look for sensor faults",
    ),
    (
        REPLAY_JOB,
        [*_ISSUED_HOURLY, forecast_daily, *_SCORED_HOURLY, monitor_verification_daily],
        "Forecast past days honestly and score them",
    ),
    (HOURLY_JOB, _OF_THE_HOUR, "Readings of today, features, forecast, outlook and scores"),
    (DAILY_JOB, [raw_asos_daily, clean_asos_daily], "Daily values, years as given"),
    (PM10_JOB, [raw_pm10_hourly, clean_pm10_daily], "PM10 and its daily means, days as given"),
    (DAILY_FEATURES_JOB, [features_daily], "Features of the mornings of the days"),
    (
        DAILY_FORECAST_JOB,
        [features_daily, forecast_daily, monitor_verification_daily],
        "Forecast of the next three days from this morning, and scores of the last ones",
    ),
)
"""Name, selection and description of each."""
_FIRST_IN_THE_QUEUE = {"dagster/priority": "10"}
_LIVE = {HOURLY_JOB, DAILY_FORECAST_JOB}


def all_jobs() -> list[UnresolvedAssetJobDefinition]:
    """Every named job on assets."""
    return [
        dg.define_asset_job(
            name, selection=chosen, description=text, tags=_FIRST_IN_THE_QUEUE if name in _LIVE else None
        )
        for name, chosen, text in _JOBS
    ]
