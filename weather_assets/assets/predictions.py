"""Forecast layer: the newest forecast as JSON and Parquet in predictions/, for programs without the API or the lake."""

import dagster as dg

from weather_assets.assets.describe import OWNERS
from weather_assets.assets.forecasts import forecast_hourly
from weather_assets.assets.outlook import forecast_outlook
from weather_assets.assets.resources import LakeStore
from weather_assets.automation.partitions import DAYS, SINGLE_RUN
from weather_assets.publication.files import publish
from weather_assets.publication.latest import latest_document
from weather_assets.publication.newest import HOURLY, newest, newest_issue


@dg.asset(
    key=dg.AssetKey(["predictions", "latest"]),
    deps=[forecast_hourly, forecast_outlook],
    group_name="forecast",
    partitions_def=DAYS,
    backfill_policy=SINGLE_RUN,
    owners=OWNERS,
    kinds={"parquet"},
)
def predictions_latest(lake: dg.ResourceParam[LakeStore]) -> dg.MaterializeResult[None]:
    """The forecasts that are newest in the lake, whichever day was built; nothing while none was issued."""
    with lake.writer() as opened:
        issued_at = newest_issue(opened)
        if issued_at is None:
            return dg.MaterializeResult(metadata={"rows": 0})
        document = latest_document(opened, issued_at)
        rows = newest(opened, HOURLY, issued_at)
    where = publish(lake.settings, document, rows)
    return dg.MaterializeResult(metadata={"rows": len(rows), "where": where})
