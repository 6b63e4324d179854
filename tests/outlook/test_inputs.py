"""What an outlook is made of, out of a lake with several issues."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from shown_lake import put_days, put_forecast, put_rain

from weather_assets.clock import DAY, HOUR, KST
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.outlook.inputs import ingredients
from weather_assets.settings import Settings

MORNING = datetime(2021, 3, 2, 5, tzinfo=KST)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with open_lake(Settings(_env_file=None, home=tmp_path), simulated=True) as lake:
        put_forecast(lake, 108, MORNING)
        yield lake


def test_the_dust_of_today_is_yesterdays_forecast_after_the_issue_of_this_morning(lake: Lake) -> None:
    put_days(lake, 108, MORNING - DAY)
    lake.connection.execute("UPDATE lake.forecast.daily SET p50 = 50")
    put_days(lake, 108, MORNING)
    found = ingredients(lake, [108], MORNING, MORNING + HOUR)
    assert found is not None
    by_day = dict(zip(found.dust["valid_on"], found.dust["p50"], strict=True))
    assert by_day == {date(2021, 3, 2): 50.0, **dict.fromkeys((date(2021, 3, day) for day in (3, 4, 5)), 90.0)}


def test_the_chance_of_a_block_is_of_its_newest_issue(lake: Lake) -> None:
    put_rain(lake, 108, MORNING - 3 * HOUR, 0.2)
    put_rain(lake, 108, MORNING, 0.7)
    found = ingredients(lake, [108], MORNING, MORNING + HOUR)
    assert found is not None
    # The older issue begins with the block that ended at 03:00; every later block is in both, the last in the new one.
    assert found.rain.groupby("valid_to").size().max() == 1
    older = found.rain["valid_to"] <= pd.Timestamp("2021-03-02 03:00", tz=KST)
    assert found.rain.loc[older, "probability"].tolist() == [0.2]
    assert set(found.rain.loc[~older, "probability"]) == {0.7}
