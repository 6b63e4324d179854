"""Issuing forecasts: the rows of the forecast tables, live from champion and challenger, kept as they were issued."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import product

import pandas as pd
import pyarrow as pa

from weather_assets.forecasting.attempt import Failure, attempt
from weather_assets.forecasting.estimators import TrainedModel, answer
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, THROUGH_TAG, Registry
from weather_assets.forecasting.targets import Kind, Target, targets_of
from weather_assets.forecasting.width import HISTORY
from weather_assets.lake.contracts import TableContract, arrow_schema
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import instant_sql, stations_sql
from weather_assets.tables import FORECAST_HOURLY

LIVE, REPLAY = "live", "replay"


def issue(
    forecaster: TrainedModel,
    features: pd.DataFrame,
    *,
    history: pd.DataFrame | None,
    model_version: str,
    role: str,
    kind: str,
) -> pa.Table:
    """Forecast every lead for each row of `features`, given the rows of the days before.

    The columns are those of the kind's forecast table.
    """
    table = answer(forecaster, features, history)
    return _labelled(table, forecaster.target, model_version=model_version, role=role, kind=kind)


def _labelled(table: pa.Table, target: Target, *, model_version: str, role: str, kind: str) -> pa.Table:
    labels = {"target": target.name, "model_version": model_version, "role": role, "kind": kind}
    for name, value in labels.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    schema = arrow_schema(PRODUCTS[target.kind].forecast)
    return table.select(schema.names).cast(schema)


def newest_features(lake: Lake, kind: Kind, station_ids: Sequence[int]) -> pd.DataFrame:
    """The newest row of each station that has any in the feature table of a kind."""
    table = PRODUCTS[kind].features.qualified_name
    return lake.query(
        f"SELECT * FROM lake.{table} WHERE (station_id, issued_at) IN (SELECT station_id, max(issued_at) "
        f"FROM lake.{table} WHERE station_id IN ({stations_sql(station_ids)}) GROUP BY station_id) ORDER BY station_id"
    ).df()


def recent_features(lake: Lake, kind: Kind, newest: pd.DataFrame) -> pd.DataFrame:
    """The rows of all stations from twelve days before the newest ones on, for models that follow their errors."""
    start, end = newest["issued_at"].min() - HISTORY, newest["issued_at"].max()
    window = f"issued_at >= {instant_sql(start)} AND issued_at <= {instant_sql(end)}"
    return lake.query(f"SELECT * FROM lake.{PRODUCTS[kind].features.qualified_name} WHERE {window}").df()


def issue_live(
    lake: Lake,
    registry: Registry,
    kind: Kind,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    on_failure: Callable[[Failure], None] = lambda _: None,
) -> pa.Table | None:
    """Forecasts of a kind by champion and challenger from each station's newest row, if start <= issued_at < end.

    None where nothing is due or no version bears an alias yet. A version that learnt from readings after the hour (of
    other stations, or of a lake that reaches further) does not forecast from it. One that cannot forecast is told to
    `on_failure`, and the others forecast none the less.
    """
    newest = newest_features(lake, kind, station_ids)
    due = newest[(newest["issued_at"] >= start) & (newest["issued_at"] < end)]
    if due.empty or not registry.exists():
        return None
    # Models of the other kinds do not follow their errors.
    history = recent_features(lake, kind, due) if kind == "hourly" else None
    tables = []
    for target, role in product(targets_of(kind).values(), (CHAMPION, CHALLENGER)):
        version = registry.with_alias(target.name, role)
        if version is None:
            continue
        honest = due[due["issued_at"] >= datetime.fromisoformat(version.tags[THROUGH_TAG])]
        label = partial(_labelled, target=target, model_version=str(version.number), role=role, kind=LIVE)
        made = None if honest.empty else attempt(registry, version, honest, history, label)
        if isinstance(made, Failure):
            on_failure(made)
        elif made is not None:
            tables.append(made)
    return pa.concat_tables(tables) if tables else None


def keep(lake: Lake, issued: pa.Table, table: TableContract = FORECAST_HOURLY) -> int:
    """Append to their table the forecasts that were not issued before: one issued once never changes.

    Returns the rows appended.
    """
    key = ", ".join(table.key)
    new = f"SELECT * FROM issued_forecasts ANTI JOIN lake.{table.qualified_name} USING ({key})"
    with lake.registered("issued_forecasts", issued):
        return lake.append(table, new)
