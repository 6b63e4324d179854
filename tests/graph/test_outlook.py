"""forecast/outlook in the graph: made of what was known, kept as it was issued."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from shown_lake import put_forecast, put_rain, put_readings

from weather_assets.assets.outlook import forecast_outlook
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.clock import KST
from weather_assets.settings import Settings

HOUR = datetime(2021, 3, 1, 5, tzinfo=KST)
AHEAD = [(day, period) for day in (1, 2) for period in ("morning", "evening")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LakeStore]:
    """A lake with readings and a live forecast of 11 °C, which costs 10 points."""
    store = LakeStore(Settings(_env_file=None, home=tmp_path / "home", stations=(108,)))
    with store.writer() as lake:
        put_readings(lake, 108, HOUR)
        put_forecast(lake, 108, HOUR)
    yield store
    store.close()


def issue(store: LakeStore) -> list[tuple[object, ...]]:
    """Materialise the day of issue; the outlook's day of month, period, score and chance of rain."""
    resources = {"lake": store, "readings": Readings(store.settings)}
    assert dg.materialize([forecast_outlook], partition_key="2021-03-01", resources=resources).success
    with store.writer() as lake:
        query = "SELECT day(valid_on), period, round(comfort_score, 6), rain_probability FROM lake.forecast.outlook"
        return lake.query(f"{query} ORDER BY 1, 2 DESC").fetchall()


def test_it_is_made_of_what_was_known_and_never_changes(store: LakeStore) -> None:
    with store.writer() as lake:
        put_rain(lake, 108, HOUR, 0.5)
        put_rain(lake, 108, HOUR + timedelta(hours=1), 0.9)
        put_rain(lake, 108, HOUR, 0.8, kind="replay")
    # Every second trip in the rain costs 15 more.
    expected = [(*period, 75.0, 0.5) for period in AHEAD]
    assert issue(store) == expected
    with store.writer() as lake:
        lake.connection.execute("UPDATE lake.clean.asos_hourly SET wind_speed_ms = 13.0")
    assert issue(store) == expected


def test_without_rain_or_dust_it_is_made_of_the_rest(store: LakeStore) -> None:
    assert issue(store) == [(*period, 90.0, None) for period in AHEAD]


def test_without_a_live_forecast_there_is_none(store: LakeStore) -> None:
    with store.writer() as lake:
        lake.connection.execute("UPDATE lake.forecast.hourly SET kind = 'replay'")
    assert issue(store) == []
