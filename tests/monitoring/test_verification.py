"""Scores of issued forecasts, against numbers worked out by hand and an independent CRPS."""

from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
import scoringrules

from weather_assets.forecasting.targets import targets_of
from weather_assets.monitoring.verification import verification_sql

ISSUED = datetime(2021, 3, 1, 0, 10, tzinfo=UTC)
LEVELS = np.arange(1, 20) * 0.05


def clean(hours: dict[int, tuple[float | None, str]]) -> pd.DataFrame:
    """Clean rows of station 108 at hours after the hour of issue."""
    rows = []
    for hour, (value, flag) in hours.items():
        row = {"station_id": 108, "observed_at": ISSUED - timedelta(minutes=10) + timedelta(hours=hour)}
        for target in targets_of("hourly").values():
            row |= {target.element: value, f"{target.element}_flag": flag}
        rows.append(row)
    return pd.DataFrame(rows)


def forecasts(leads: list[int], quantiles: np.ndarray) -> pd.DataFrame:
    p = dict(zip(("p10", "p25", "p50", "p75", "p90"), quantiles[[1, 4, 9, 14, 17]], strict=True))
    labels = {"model_version": "1", "role": "champion", "kind": "live", "climatology": 4.0}
    return pd.DataFrame(
        {
            "target": "air_temperature_c",
            "station_id": 108,
            "issued_at": ISSUED,
            "valid_at": ISSUED - timedelta(minutes=10) + timedelta(hours=lead),
            "lead_hours": lead,
            "quantiles": quantiles.tolist(),
            **p,
            **labels,
        }
        for lead in leads
    )


def verified(leads: list[int], quantiles: np.ndarray, hours: dict[int, tuple[float | None, str]]) -> pd.DataFrame:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    connection.register("issued", forecasts(leads, quantiles))
    connection.register("readings", clean(hours))
    return connection.execute(
        verification_sql("SELECT * FROM issued", "SELECT * FROM readings", targets_of("hourly"))
    ).df()


@pytest.mark.parametrize("observed", [-3.0, 9.5, 9.9, 10.0, 17.0])
def test_errors_and_crps_of_one_forecast(observed):
    quantiles = np.linspace(8.0, 11.6, 19)
    (row,) = verified([6], quantiles, {0: (7.0, "ok"), 6: (observed, "ok")}).to_dict("records")
    assert row["observed"] == observed
    assert row["persistence"] == 7.0
    assert row["climatology"] == 4.0
    assert row["absolute_error"] == pytest.approx(abs(9.8 - observed))
    expected = scoringrules.crps_quantile(observed, quantiles, LEVELS)
    assert row["crps"] == pytest.approx(float(expected), abs=1e-5)


def test_only_trusted_readings_count():
    quantiles = np.linspace(8.0, 11.6, 19)
    hours = {0: (None, "missing"), 1: (9.0, "ok"), 2: (9.0, "filled"), 3: (None, "range")}
    rows = verified([1, 2, 3, 4], quantiles, hours)
    assert rows["lead_hours"].tolist() == [1]
    assert rows["persistence"].isna().all()
