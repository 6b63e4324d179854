"""Issuing forecasts: the rows of forecast.hourly, live from champion and challenger, kept as they were issued."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product

import pandas as pd
import pyarrow as pa

from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, Registry
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.tables import FORECAST_HOURLY

LIVE, REPLAY = "live", "replay"


def issue(forecaster: Forecaster, features: pd.DataFrame, *, model_version: str, role: str, kind: str) -> pa.Table:
    """Forecast every lead for each row of `features`; the columns are those of forecast.hourly."""
    table = forecaster.predict(features).to_arrow()
    labels = {"target": forecaster.target.name, "model_version": model_version, "role": role, "kind": kind}
    for name, value in labels.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table.select(list(FORECAST_HOURLY.column_names))


def newest_features(lake: Lake, station_ids: Sequence[int]) -> pd.DataFrame:
    """The row of features.hourly of the newest hour of each station that has any."""
    stations = ", ".join(str(int(station_id)) for station_id in station_ids)
    return lake.query(
        f"SELECT * FROM lake.features.hourly WHERE station_id IN ({stations}) "
        f"QUALIFY issued_at = max(issued_at) OVER (PARTITION BY station_id) ORDER BY station_id"
    ).df()


def issue_live(
    lake: Lake, registry: Registry, station_ids: Sequence[int], start: datetime, end: datetime
) -> pa.Table | None:
    """Forecasts of champion and challenger from each station's newest hour, if it lies in start <= issued_at < end.

    None where no hour is due or no version bears an alias yet. A version that learnt from readings after the hour (of
    other stations, or of a lake that reaches further) does not forecast from it.
    """
    newest = newest_features(lake, station_ids)
    due = newest[(newest["issued_at"] >= start) & (newest["issued_at"] < end)]
    if due.empty or not registry.exists():
        return None
    tables = []
    for target, role in product(TARGETS, (CHAMPION, CHALLENGER)):
        version = registry.with_alias(target, role)
        if version is None:
            continue
        forecaster = registry.load(version)
        honest = due[due["issued_at"] >= forecaster.trained_through]
        if not honest.empty:
            tables.append(issue(forecaster, honest, model_version=str(version.number), role=role, kind=LIVE))
    return pa.concat_tables(tables) if tables else None


def keep(lake: Lake, issued: pa.Table) -> int:
    """Append forecasts that were not issued before: what was issued once never changes. Returns the rows appended."""
    key = ", ".join(FORECAST_HOURLY.key)
    new = f"SELECT * FROM issued_forecasts ANTI JOIN lake.{FORECAST_HOURLY.qualified_name} USING ({key})"
    with lake.registered("issued_forecasts", issued):
        return lake.append(FORECAST_HOURLY, new)
