"""The schedule of the daily forecasts, tick by tick."""

from datetime import date

import pytest
from small_world import World, at

from weather_assets.tables import CLEAN_ASOS_DAILY, FEATURES_HOURLY, FORECAST_DAILY


def have(world: World, hour: int = 5, *, yesterday: bool = True, day: int = 20) -> None:
    """Features of an hour of a day and, if asked, the daily values of the day before it."""
    blanks = ", ".join(f"NULL AS {name}" for name in FEATURES_HOURLY.column_names[2:])
    daily = ", ".join(f"NULL AS {name}" for name in CLEAN_ASOS_DAILY.column_names[2:])
    with world.store.writer() as lake:
        lake.append(
            FEATURES_HOURLY, f"SELECT 108 AS station_id, TIMESTAMPTZ '{at(day, hour, 10)}' AS issued_at, {blanks}"
        )
        if yesterday:
            lake.append(
                CLEAN_ASOS_DAILY, f"SELECT 108 AS station_id, DATE '{date(2021, 3, day - 1)}' AS observed_on, {daily}"
            )


def tick(world: World, hour: int) -> object:
    world.now = at(20, hour, 20)
    return world.schedule("daily_forecast")


def asked(answer: object) -> tuple[str, str]:
    assert isinstance(answer, list), answer
    (request,) = answer
    tags = request.tags
    return tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"]


def test_the_morning_is_forecast_from_and_the_last_month_is_brought_up_to_date(world: World) -> None:
    have(world)
    assert asked(tick(world, 5)) == ("2021-02-17", "2021-03-20")


def test_a_late_load_is_waited_for_and_then_not(world: World) -> None:
    have(world, yesterday=False)
    for hour in (5, 8, 10):
        assert tick(world, hour) == "yesterday's daily values have not come yet; they are waited for until 11:20"
    assert asked(tick(world, 11)) == ("2021-02-17", "2021-03-20")


def test_a_load_that_came_late_is_followed(world: World) -> None:
    have(world, yesterday=False)
    assert "have not come yet" in str(tick(world, 8))
    have(world, hour=6)
    assert asked(tick(world, 9)) == ("2021-02-17", "2021-03-20")


def test_what_is_issued_is_not_issued_again(world: World) -> None:
    have(world)
    blanks = dict.fromkeys(FORECAST_DAILY.column_names, "NULL") | {
        "target": "'mean_temperature_c'",
        "station_id": "108",
        "issued_at": f"TIMESTAMPTZ '{at(20, 5, 10)}'",
        "valid_on": "DATE '2021-03-21'",
        "role": "'champion'",
        "kind": "'live'",
    }
    with world.store.writer() as lake:
        lake.append(FORECAST_DAILY, "SELECT " + ", ".join(f"{value} AS {name}" for name, value in blanks.items()))
    assert tick(world, 6) == "this morning's forecast is issued"


@pytest.mark.parametrize("day", [19, None])
def test_without_a_reading_of_this_morning_there_is_nothing_to_forecast_from(world: World, day: int | None) -> None:
    if day is not None:
        have(world, day=day)
    else:
        with world.store.writer():
            pass
    assert tick(world, 6) == "no reading of this morning has come yet"


def test_before_anything_was_loaded_it_says_so(world: World) -> None:
    assert tick(world, 6) == "there is no lake yet"


def test_its_run_makes_features_forecast_and_scores(world: World) -> None:
    world.now = at(20, 12, 30)
    world.run_days("load_through_features", 19, 20)
    world.now = at(20, 11, 20)
    request = world.schedule("daily_forecast")
    assert isinstance(request, list), request
    built = world.built(world.run("daily_forecast", request[0]))
    assert set(built) == {"features/daily", "forecast/daily", "monitor/verification_daily"}
    issued = world.rows("SELECT DISTINCT strftime(issued_at, '%d %H:%M') FROM lake.features.daily ORDER BY 1")
    assert issued == [("19 05:10",), ("20 05:10",)]
    assert "no daily target has a champion" in str(world.schedule("daily_forecast"))
