"""Wet blocks, worked out by hand: hourly rain in summer, totals of three hours in winter."""

from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest

from weather_assets.clock import KST
from weather_assets.forecasting.rain.blocks import wet_blocks_sql

SUMMER, WINTER = datetime(2021, 7, 1, tzinfo=KST), datetime(2021, 1, 1, tzinfo=KST)


def blocks(start: datetime, rain: dict[int, float | None], period: int) -> dict[int, float]:
    """Hours after `start` at which observed blocks end -> 1 wet, 0 dry; None is a reading that is not trusted."""
    rows = pd.DataFrame(
        {
            "station_id": 108,
            "observed_at": [start + timedelta(hours=hour) for hour in rain],
            "precipitation_mm": [0.0 if amount is None else amount for amount in rain.values()],
            "precipitation_mm_flag": ["range" if amount is None else "ok" for amount in rain.values()],
            "precipitation_period_h": period,
        }
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Seoul'")
        connection.register("clean", rows)
        found = connection.execute(wet_blocks_sql("clean", "precipitation_mm")).df()
    ends = (found["observed_at"] - pd.Timestamp(start)).dt.total_seconds() / 3600
    return dict(zip(ends.astype(int), found["value"], strict=True))


def test_a_block_holds_the_three_hours_up_to_its_end() -> None:
    rain = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0, 5: 0.2, 6: 0.0, 7: 0.0, 8: 0.0, 9: 0.0, 10: 0.1, 11: 0.0, 12: 0.0}
    assert blocks(SUMMER, rain, 1) == {3: 0.0, 6: 1.0, 9: 0.0, 12: 1.0}


def test_rain_of_its_last_hour_belongs_to_a_block() -> None:
    assert blocks(SUMMER, {1: 0.0, 2: 0.0, 3: 5.0, 4: 0.0, 5: 0.0, 6: 0.0}, 1) == {3: 1.0, 6: 0.0}


def test_a_total_of_three_hours_is_a_whole_block() -> None:
    assert blocks(WINTER, {3: 0.0, 6: 0.1, 9: 12.5}, 3) == {3: 0.0, 6: 1.0, 9: 1.0}


def test_a_block_without_all_hours_is_dry_for_nobody() -> None:
    assert blocks(SUMMER, {1: 0.0, 2: None, 3: 0.0, 4: 0.0, 5: 0.0}, 1) == {}


def test_a_block_that_is_wet_already_needs_no_more_hours() -> None:
    assert blocks(SUMMER, {1: 0.4, 2: None, 3: 0.0}, 1) == {3: 1.0}


@pytest.mark.parametrize(("amount", "wet"), [(0.0, 0.0), (0.1, 1.0)])
def test_a_tenth_of_a_millimetre_is_rain(amount: float, wet: float) -> None:
    assert blocks(SUMMER, {1: 0.0, 2: amount, 3: 0.0}, 1) == {3: wet}
