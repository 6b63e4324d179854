"""Made-up clean readings for feature tests: every element, with gaps and values that were judged wrong."""

from datetime import UTC, datetime

import duckdb
import numpy as np
import pandas as pd

from weather_assets.elements import ELEMENTS
from weather_assets.features.signals import FeatureSpecification
from weather_assets.features.sql import features_sql

START = datetime(2020, 3, 1, tzinfo=UTC)


def readings(hours: int, stations: tuple[int, ...] = (108, 129), seed: int = 7) -> pd.DataFrame:
    """Rows of clean.asos_hourly from START on; a tenth of the hours is absent, a tenth of the values not ok."""
    generator = np.random.default_rng(seed)
    frames = [_station(station, hours, generator) for station in stations]
    return pd.concat(frames, ignore_index=True)


def _station(station: int, hours: int, generator: np.random.Generator) -> pd.DataFrame:
    columns: dict[str, object] = {
        "station_id": station,
        "observed_at": pd.date_range(START, periods=hours, freq="h", unit="us"),
    }
    for element in ELEMENTS:
        low, high = max(element.limits[0], -50), min(element.limits[1], 1000)
        values = generator.uniform(low, high, hours).round(1)
        columns[element.name] = values
        columns[f"{element.name}_flag"] = generator.choice(
            ["ok", "missing", "range", "filled"], hours, p=[0.9, 0.04, 0.03, 0.03]
        )
    frame = pd.DataFrame(columns)
    return frame[generator.random(hours) > 0.1]


def computed(specification: FeatureSpecification, clean: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """Features from the SQL, in the order of station and time."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.register("clean", clean)
        rows = connection.execute(
            features_sql(specification, "clean", start, end) + " ORDER BY station_id, issued_at"
        ).df()
    rows["issued_at"] = rows["issued_at"].dt.tz_convert("UTC")
    return rows
