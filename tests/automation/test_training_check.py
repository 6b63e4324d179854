"""The nightly training check: which target is trained when, and the words for those that wait."""

from datetime import UTC, datetime, timedelta

import pytest
from small_world import World, at

from weather_assets.automation import training_check as module
from weather_assets.forecasting.registry import Version
from weather_assets.forecasting.targets import TARGETS
from weather_assets.tables import FEATURES_HOURLY

TEMPERATURE, HUMIDITY = "air_temperature_c", "relative_humidity_pct"


@pytest.fixture(autouse=True)
def two_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nothing else were forecast."""
    monkeypatch.setattr(module, "TARGETS", {name: TARGETS[name] for name in (TEMPERATURE, HUMIDITY)})


def have_features(world: World, days: int) -> None:
    """Features of the hours 00 of a number of days up to 20 March, which is all that the check looks at."""
    blanks = ", ".join(f"NULL AS {name}" for name in FEATURES_HOURLY.column_names[2:])
    first = at(20) - timedelta(days=days)
    with world.store.writer() as lake:
        times = f"generate_series(TIMESTAMPTZ '{first}', TIMESTAMPTZ '{at(20)}', INTERVAL 1 DAY)"
        lake.append(FEATURES_HOURLY, f"SELECT 108 AS station_id, unnest({times}) AS issued_at, {blanks}")


def have_version(world: World, target: str, through: datetime, *aliases: str) -> None:
    version = Version(
        target, 3, aliases, "run", datetime(2021, 1, 1, tzinfo=UTC), {"trained_through": through.isoformat()}
    )
    world.registry.of[target] = [version]


def due(world: World) -> list[str | None]:
    requests = world.schedule("training_check")
    return [request.partition_key for request in requests] if isinstance(requests, list) else []


def test_nothing_was_ever_loaded(world: World) -> None:
    assert f"{TEMPERATURE}: 0 days of readings are there, 60 are needed" in world.schedule("training_check")


def test_too_few_days_wait(world: World) -> None:
    have_features(world, 59)
    assert f"{HUMIDITY}: 59 days of readings are there" in world.schedule("training_check")


def test_a_target_that_was_never_trained_is_trained(world: World) -> None:
    have_features(world, 60)
    assert due(world) == [TEMPERATURE, HUMIDITY]


@pytest.mark.parametrize(("age_days", "expected"), [(30, [HUMIDITY]), (31, [TEMPERATURE, HUMIDITY])])
def test_a_champion_has_a_successor_after_30_days(world: World, age_days: int, expected: list[str]) -> None:
    have_features(world, 90)
    have_version(world, TEMPERATURE, at(20) - timedelta(days=age_days), "champion")
    assert due(world) == expected


@pytest.mark.parametrize(("age_days", "expected"), [(7, [HUMIDITY]), (8, [TEMPERATURE, HUMIDITY])])
def test_a_target_that_passed_no_gate_is_tried_again_after_a_week(
    world: World, age_days: int, expected: list[str]
) -> None:
    have_features(world, 90)
    have_version(world, TEMPERATURE, at(20) - timedelta(days=age_days))
    assert due(world) == expected


def test_while_a_challenger_is_on_trial_no_other_is_trained(world: World) -> None:
    have_features(world, 90)
    have_version(world, TEMPERATURE, at(20) - timedelta(days=80), "challenger")
    assert TEMPERATURE not in due(world)
    have_version(world, HUMIDITY, at(20), "champion")
    assert f"{TEMPERATURE}: version 3 is on trial" in str(world.schedule("training_check"))


def test_all_that_wait_say_why(world: World) -> None:
    have_features(world, 90)
    have_version(world, TEMPERATURE, at(10), "champion")
    have_version(world, HUMIDITY, at(18))
    said = world.schedule("training_check")
    assert f"{TEMPERATURE}: version 3 knows the readings through 2021-03-10; trained again 30 days after that" in said
    assert f"{HUMIDITY}: version 3 knows the readings through 2021-03-18; tried again" in said


def test_a_station_without_new_readings_is_not_trained_again(world: World) -> None:
    have_features(world, 90)
    have_version(world, TEMPERATURE, at(20), "champion")
    have_version(world, HUMIDITY, at(20), "champion")
    world.now = at(20) + timedelta(days=400)
    assert due(world) == []
