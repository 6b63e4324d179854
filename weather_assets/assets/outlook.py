"""Forecast layer: what the newest forecast means for a commute, for plants and for people who mind heat or cold."""

import dagster as dg

from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, asset_key, row_metadata, table_metadata
from weather_assets.assets.forecasts import forecast_daily, forecast_hourly, forecast_rain
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, SINGLE_RUN, days_back, window_of
from weather_assets.outlook.inputs import DUST_DAYS, USUAL_DAYS, ingredients
from weather_assets.outlook.issue import keep_outlook
from weather_assets.outlook.rows import outlook_rows
from weather_assets.tables import FORECAST_OUTLOOK


@dg.asset(
    key=asset_key(FORECAST_OUTLOOK),
    deps=[
        forecast_hourly,
        forecast_rain,
        dg.AssetDep(forecast_daily, partition_mapping=days_back(DUST_DAYS)),
        dg.AssetDep(clean_asos_hourly, partition_mapping=days_back(USUAL_DAYS)),
    ],
    group_name="forecast",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    metadata=table_metadata(FORECAST_OUTLOOK),
)
def forecast_outlook(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.MaterializeResult[None]:
    """Comfort of the mornings and evenings ahead with its range and reasons, dust grade, advisories, plant alert.

    Made of the newest live forecast of the days of the run; like a forecast, what was issued once never changes.
    """
    with lake.writer() as opened:
        found = ingredients(opened, readings.station_ids, *window_of(context))
        rows = keep_outlook(opened, outlook_rows(found)) if found is not None else 0
        snapshot = opened.snapshot()
    return dg.MaterializeResult(metadata=row_metadata(rows, snapshot))
