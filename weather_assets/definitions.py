"""The single point of assembly: Dagster, the command line and the tests all take the graph from here."""

import dagster as dg

from weather_assets.assets.checks import all_checks
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
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.sensor_faults import monitor_sensor_faults
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.assets.verification import monitor_verification_daily, monitor_verification_rain
from weather_assets.automation.alerts import freshness_alert, morning_digest, run_failure_alert, sensor_fault_alert
from weather_assets.automation.corrections import corrections
from weather_assets.automation.daily_forecast import daily_forecast
from weather_assets.automation.drift import drift_report
from weather_assets.automation.evaluation import monthly_evaluation
from weather_assets.automation.executors import executor_of
from weather_assets.automation.jobs import all_jobs
from weather_assets.automation.loading import complete_yesterday, daily_load, hourly_cycle, pm10_load
from weather_assets.automation.maintenance import compaction, maintenance, regular_compaction, weekly_maintenance
from weather_assets.automation.promotion import broken_version, promote_job, promotion_review, roll_back_job
from weather_assets.automation.rebuild import rebuild
from weather_assets.automation.retraining import retrain_on_drift, retrain_on_skill_loss
from weather_assets.automation.sweep import sweep
from weather_assets.automation.training_check import training_check
from weather_assets.settings import Settings, load_settings
from weather_assets.tables import CONTRACTS

ASSETS = (
    raw_asos_hourly,
    clean_asos_hourly,
    monitor_data_quality,
    features_hourly,
    features_daily,
    models_trained,
    models_evaluation,
    forecast_hourly,
    forecast_daily,
    forecast_rain,
    forecast_outlook,
    predictions_latest,
    monitor_verification,
    monitor_verification_daily,
    monitor_verification_rain,
    monitor_sensor_faults,
    monitor_drift,
    monitor_promotion,
    raw_asos_daily,
    clean_asos_daily,
    raw_pm10_hourly,
    clean_pm10_daily,
)
SCHEDULES = (
    hourly_cycle,
    training_check,
    sweep,
    daily_load,
    daily_forecast,
    pm10_load,
    complete_yesterday,
    promotion_review,
    monthly_evaluation,
    drift_report,
    regular_compaction,
    weekly_maintenance,
)
SENSORS = (
    corrections,
    broken_version,
    retrain_on_drift,
    retrain_on_skill_loss,
    run_failure_alert,
    freshness_alert,
    sensor_fault_alert,
    morning_digest,
)


def build_definitions(settings: Settings, store: LakeStore | None = None) -> dg.Definitions:
    """The graph, with what the settings name behind it, and with the lake that the caller has open, if any."""
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=all_checks(ASSETS, CONTRACTS),
        jobs=[*all_jobs(), rebuild, promote_job, roll_back_job, compaction, maintenance],
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={
            "lake": store or LakeStore(settings),
            "readings": Readings(settings),
            "tracking": MlflowTracking(settings),
        },
        executor=executor_of(settings),
    )


defs = build_definitions(load_settings())
