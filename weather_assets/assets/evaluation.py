"""The rolling-origin backtest of each target: scores in the lake and in MLflow, and a page to read."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg
import pyarrow as pa

from weather_assets import clock
from weather_assets.artifacts import write_artifact
from weather_assets.assets.describe import OWNERS, TRAINING_POOL, asset_key, link, row_metadata, table_metadata
from weather_assets.assets.models import models_trained
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.partitions import TARGET_PARTITIONS
from weather_assets.clock import DAY, kst_date, kst_midnight
from weather_assets.errors import TooFewReadingsError, UsageError
from weather_assets.forecasting.dataset import newest_reading
from weather_assets.forecasting.estimators import TrainedModel
from weather_assets.forecasting.targets import TARGETS, Target
from weather_assets.lake.lake import Lake
from weather_assets.tables import EVALUATION

if TYPE_CHECKING:
    import pandas as pd

EVALUATED_DAYS = 365


class EvaluationConfig(dg.Config):
    """KST days of issue to score (YYYY-MM-DD, both included); by default the last year of readings."""

    first: str | None = None
    last: str | None = None


@dg.asset(
    key=asset_key(EVALUATION),
    deps=[models_trained],
    group_name="models",
    partitions_def=TARGET_PARTITIONS,
    pool=TRAINING_POOL,
    owners=OWNERS,
    kinds={"lightgbm", "mlflow"},
    metadata=table_metadata(EVALUATION),
)
def models_evaluation(
    context: dg.AssetExecutionContext,
    config: EvaluationConfig,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """The recipe of a target scored on days that none of its models had seen, beside the baselines."""
    from weather_assets.forecasting.backtest import backtest, backtest_data
    from weather_assets.forecasting.evaluation import monthly_rows, pair_table, score_table
    from weather_assets.forecasting.report import evaluation_page

    target, models = TARGETS[context.partition_key], list[TrainedModel]()
    with lake.writer() as opened:
        first, last = _days(config, newest_reading(opened))
        features, observations = backtest_data(opened, target, kst_midnight(last + DAY))
        snapshot = opened.snapshot()
    span = (kst_midnight(first), kst_midnight(last + DAY))
    try:
        scored = backtest(target, features, observations, *span, progress=context.log.info, on_model=models.append)
    except TooFewReadingsError as error:
        return dg.MaterializeResult(metadata=row_metadata(0, snapshot, decision=f"not evaluated: {error}"))
    with tracking.run(context, f"{target.name} evaluated {first} .. {last}", {"target": target.name}) as mlflow:
        by_lead = score_table(pair_table(scored), ["lead"]).dropna(axis="columns", how="all")
        page = evaluation_page(target, scored, models[-1].importance(), first, last)
        _log(mlflow, by_lead, page)
    where = write_artifact(readings.settings, f"evaluation/{target.name}/{first}_{last}.html", page.encode())
    with lake.writer() as opened:
        rows = _keep(opened, target, monthly_rows(target, scored))
        metadata = row_metadata(rows, opened.snapshot(), first=str(first), last=str(last), **_skill(by_lead))
    return dg.MaterializeResult(metadata={**metadata, "report": link(where)})


def _days(config: EvaluationConfig, newest: datetime) -> tuple[date, date]:
    """First and last day to score; by default a year that ends with the day before that of the newest reading."""
    try:
        last = clock.parse_day(config.last) if config.last else kst_date(newest) - DAY
        first = clock.parse_day(config.first) if config.first else last - (EVALUATED_DAYS - 1) * DAY
    except ValueError as error:
        raise UsageError(f"evaluation: {error}") from None
    if first > last:
        raise UsageError(f"evaluation: the first day, {first}, is after the last, {last}")
    return first, last


def _keep(lake: Lake, target: Target, rows: "pd.DataFrame") -> int:
    """Put the rows in the place of earlier ones of the same months and stations."""
    start, end = rows["month"].min(), rows["month"].max() + DAY
    stations = [int(station) for station in rows["station_id"].unique()]
    with lake.registered("evaluated", pa.Table.from_pandas(rows, preserve_index=False)):
        return lake.replace_window(
            EVALUATION,
            "SELECT * FROM evaluated",
            stations,
            kst_midnight(start),
            kst_midnight(end),
            among=f"target = '{target.name}'",
        )


def _skill(by_lead: "pd.DataFrame") -> dict[str, float]:
    """Mean share of the RMSE of two baselines that is saved."""
    return {
        f"skill_vs_{name}": float((1 - by_lead["rmse"] / by_lead[f"rmse_{name}"]).mean())
        for name in ("persistence", "climatology")
    }


def _log(mlflow: Any, by_lead: "pd.DataFrame", page: str) -> None:
    """Scores with the lead as MLflow's step, and the page."""
    for lead, row in zip(by_lead.index.to_list(), by_lead.to_dict("records"), strict=True):
        mlflow.log_metrics({f"evaluation_{name}": float(value) for name, value in row.items()}, step=int(lead))
    mlflow.log_text(page, "evaluation.html")
