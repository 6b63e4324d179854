"""Scores of daily forecasts, against numbers worked out by hand and an independent CRPS."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
import scoringrules

from weather_assets.daily_elements import DAILY_TEMPERATURES
from weather_assets.monitoring.verification_daily import verification_daily_sql

ISSUED = datetime(2021, 2, 28, 20, 10, tzinfo=UTC)
"""2021-03-01 05:10 in Korea."""

FIRST = date(2021, 3, 1)
LEVELS = np.arange(1, 20) * 0.05
QUANTILES = np.linspace(8.0, 11.6, 19)
TODAY = date(2021, 3, 4)


def verified(target: str, values: dict[int, float], flag: str = "ok", today: date = TODAY) -> list[dict[str, object]]:
    """Rows of the verification of leads 1 to 3, given the values of days after the day of issue."""
    days = [FIRST + timedelta(days=lead) for lead in values]
    temperatures = pd.DataFrame({"station_id": 108, "observed_on": days})
    for element in DAILY_TEMPERATURES:
        temperatures[element.name], temperatures[f"{element.name}_flag"] = list(values.values()), flag
    dust = pd.DataFrame({"station_id": 108, "observed_on": days, "mean_pm10_ugm3": [v + 50 for v in values.values()]})
    forecasts = pd.DataFrame(
        {
            "target": target,
            "station_id": 108,
            "issued_at": ISSUED,
            "valid_on": [FIRST + timedelta(days=lead) for lead in (1, 2, 3)],
            "lead_days": [1, 2, 3],
            "quantiles": [QUANTILES.tolist()] * 3,
            **dict(zip(("p10", "p25", "p50", "p75", "p90"), QUANTILES[[1, 4, 9, 14, 17]], strict=True)),
            "model_version": "1",
            "role": "champion",
            "kind": "live",
            "persistence": 7.0,
            "climatology": 4.0,
        }
    )
    with duckdb.connect() as connection:
        for name, table in {"issued": forecasts, "temperatures": temperatures, "dust": dust}.items():
            connection.register(name, table)
        query = verification_daily_sql("FROM issued", "FROM temperatures", "FROM dust", today)
        return connection.execute(f"{query} ORDER BY lead_days").df().to_dict("records")


@pytest.mark.parametrize("observed", [-3.0, 9.5, 9.8, 17.0])
def test_errors_and_crps_of_one_forecast(observed: float) -> None:
    (row,) = verified("max_temperature_c", {2: observed})
    assert (row["lead_days"], row["observed"], row["persistence"], row["climatology"]) == (2, observed, 7.0, 4.0)
    assert row["absolute_error"] == pytest.approx(abs(9.8 - observed))
    expected = scoringrules.crps_quantile(observed, QUANTILES, LEVELS)
    assert row["crps"] == pytest.approx(float(expected), abs=1e-5)


def test_dust_is_scored_against_dust() -> None:
    (row,) = verified("mean_pm10_ugm3", {1: 9.0})
    assert row["observed"] == 59.0


@pytest.mark.parametrize("flag", ["filled", "range", "missing"])
def test_only_trusted_temperatures_count(flag: str) -> None:
    assert verified("mean_temperature_c", {1: 9.0}, flag=flag) == []


def test_a_day_that_is_not_over_is_not_scored() -> None:
    rows = verified("mean_pm10_ugm3", {1: 9.0, 2: 9.0, 3: 9.0}, today=FIRST + timedelta(days=2))
    assert [row["lead_days"] for row in rows] == [1]
