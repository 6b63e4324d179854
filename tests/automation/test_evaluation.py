"""The monthly evaluation: whose recipe is backtested, and the words where none is."""

from datetime import UTC, datetime

from small_world import World, at

from weather_assets.forecasting.registry import Version


def have_version(world: World, target: str, *aliases: str) -> None:
    world.registry.of[target] = [Version(target, 1, aliases, "run", datetime(2021, 1, 1, tzinfo=UTC), {})]


def test_before_the_first_training_there_is_no_recipe(world: World) -> None:
    assert world.schedule("monthly_evaluation") == "no model was trained yet: there is no recipe to evaluate"


def test_targets_that_have_a_champion_are_evaluated_one_run_each(world: World) -> None:
    have_version(world, "air_temperature_c", "champion")
    have_version(world, "relative_humidity_pct", "challenger")
    (request,) = world.schedule("monthly_evaluation")
    assert (request.partition_key, request.run_key) == ("air_temperature_c", "air_temperature_c:2021-03")


def test_without_any_champion_it_says_what_makes_one(world: World) -> None:
    have_version(world, "air_temperature_c")
    assert "weather train makes one" in world.schedule("monthly_evaluation")


def test_of_months_that_a_pause_has_left_out_only_the_last_is_made_up_for(world: World) -> None:
    have_version(world, "air_temperature_c", "champion")
    assert "a later one does its work" in world.schedule("monthly_evaluation", at(-30))
