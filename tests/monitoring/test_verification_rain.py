"""Brier scores of rain probabilities, worked out by hand."""

from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest

from weather_assets.clock import KST
from weather_assets.monitoring.verification_rain import verification_rain_sql

HOUR = datetime(2021, 7, 1, 9, tzinfo=KST)


def verified(rain: dict[int, float], probabilities: dict[int, float]) -> list[dict[str, object]]:
    """Rows for blocks that end so many hours after HOUR, from hourly amounts of rain."""
    clean = pd.DataFrame(
        {
            "station_id": 108,
            "observed_at": [HOUR + timedelta(hours=hour) for hour in rain],
            "precipitation_mm": list(rain.values()),
            "precipitation_mm_flag": "ok",
            "precipitation_period_h": 1,
        }
    )
    forecasts = pd.DataFrame(
        {
            "target": "rain_probability",
            "station_id": 108,
            "issued_at": HOUR + timedelta(minutes=10),
            "valid_from": [HOUR + timedelta(hours=end - 3) for end in probabilities],
            "valid_to": [HOUR + timedelta(hours=end) for end in probabilities],
            "lead_hours": list(probabilities),
            "probability": list(probabilities.values()),
            "model_version": "1",
            "role": "champion",
            "kind": "live",
            "persistence": 0.3,
            "climatology": 0.2,
        }
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Seoul'")
        connection.register("issued", forecasts)
        connection.register("clean", clean)
        query = verification_rain_sql("SELECT * FROM issued", "SELECT * FROM clean")
        return connection.execute(f"SELECT * FROM ({query}) ORDER BY lead_hours").df().to_dict("records")


def test_every_block_has_its_score() -> None:
    rain = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0, 5: 1.5, 6: 0.0}
    dry, wet = verified(rain, {3: 0.1, 6: 0.8})
    assert (dry["observed"], wet["observed"]) == (0.0, 1.0)
    assert dry["brier"] == pytest.approx(0.01)
    assert wet["brier"] == pytest.approx(0.04)
    assert (wet["persistence"], wet["climatology"]) == (0.3, 0.2)


def test_a_block_that_was_not_observed_whole_is_not_scored() -> None:
    assert verified({1: 0.0, 2: 0.0}, {3: 0.1}) == []
