"""Forecast layer: live forecasts from the newest reading, and honest replays of the past."""

from datetime import timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.curve import forecast_curve
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.features import features_daily, features_hourly
from weather_assets.assets.models import models_trained
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, window_of
from weather_assets.forecasting.attempt import Failure
from weather_assets.forecasting.issue import LIVE, REPLAY, issue_live, keep
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.replay import replay
from weather_assets.forecasting.targets import Kind
from weather_assets.tables import FORECAST_DAILY, FORECAST_HOURLY, FORECAST_RAIN


class ForecastConfig(dg.Config):
    """Configuration of the forecasts of a run."""

    replay: bool = False
    """Issue the forecasts of every hour of the days anew, with models trained only before them, marked replay."""
    retrain_every_days: int = 90
    """In a replay: how long a model is used before the next is trained."""


@dg.asset(
    key=asset_key(FORECAST_HOURLY),
    deps=[features_hourly, dg.AssetDep(models_trained, partition_mapping=dg.AllPartitionMapping())],
    group_name="forecast",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "lightgbm"},
    metadata=table_metadata(FORECAST_HOURLY),
)
def forecast_hourly(
    context: dg.AssetExecutionContext,
    config: ForecastConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """Quantiles of each target for the next 48 hours, issued from the newest hour, if it lies in the days of the run.

    A live forecast once issued never changes. Hours that have passed are forecast only by a replay.
    """
    return _issue(context, config, "hourly", lake, readings, tracking)


@dg.asset(
    key=asset_key(FORECAST_RAIN),
    deps=[features_hourly, dg.AssetDep(models_trained, partition_mapping=dg.AllPartitionMapping())],
    group_name="forecast",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "lightgbm"},
    metadata=table_metadata(FORECAST_RAIN),
)
def forecast_rain(
    context: dg.AssetExecutionContext,
    config: ForecastConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """Probability of rain in each 3-hour block of the next 48 hours; issued, kept and replayed as forecast/hourly."""
    return _issue(context, config, "rain", lake, readings, tracking)


@dg.asset(
    key=asset_key(FORECAST_DAILY),
    deps=[features_daily, dg.AssetDep(models_trained, partition_mapping=dg.AllPartitionMapping())],
    group_name="forecast",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "lightgbm"},
    metadata=table_metadata(FORECAST_DAILY),
)
def forecast_daily(
    context: dg.AssetExecutionContext,
    config: ForecastConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """Temperatures and PM10 of the next three days, issued at 05:10 KST; kept and replayed as forecast/hourly."""
    return _issue(context, config, "daily", lake, readings, tracking)


def _issue(
    context: dg.AssetExecutionContext,
    config: ForecastConfig,
    kind: Kind,
    lake: LakeStore,
    readings: Readings,
    tracking: MlflowTracking,
) -> dg.MaterializeResult[None]:
    """Issue the forecasts of a kind: of the newest row in the days of the run, or in a replay of every row."""
    start, end = window_of(context)
    with lake.writer() as opened:
        if config.replay:
            every = timedelta(days=config.retrain_every_days)
            rows = replay(opened, kind, readings.station_ids, start, end, every, context.log.info)
            return dg.MaterializeResult(metadata=row_metadata(rows, opened.snapshot(), kind=REPLAY))
        failures: list[Failure] = []
        issued = issue_live(opened, tracking.registry(), kind, readings.station_ids, start, end, failures.append)
        rows = keep(opened, issued, PRODUCTS[kind].forecast) if issued is not None else 0
        metadata = row_metadata(rows, opened.snapshot(), kind=LIVE)
    if failures:
        metadata["failed"] = "; ".join(map(str, failures))
        context.log.error(metadata["failed"])
    if kind == "hourly" and rows and issued is not None and end - start <= clock.DAY:
        metadata["curve"] = dg.MetadataValue.md(forecast_curve(issued))
    return dg.MaterializeResult(metadata=metadata)
