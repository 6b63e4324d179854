"""The place of a newly trained version: written down case by case."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from weather_assets.forecasting.estimators import ESTIMATORS
from weather_assets.forecasting.promotion import Origin, decide, recipe_id

THROUGH = datetime(2021, 1, 1, tzinfo=UTC)
CHAMPION = Origin("recipe", THROUGH)
REFRESH, RECIPE = (Origin(recipe, THROUGH + timedelta(days=30)) for recipe in ("recipe", "other"))
OLDER = Origin("recipe", THROUGH - timedelta(days=1))


@pytest.mark.parametrize(
    ("new", "failures", "champion", "on_trial", "place", "words"),
    [
        (REFRESH, ["too wide", "a leak"], None, False, "none", "too wide; a leak"),
        (REFRESH, ["too wide"], CHAMPION, False, "none", "gate not passed"),
        (REFRESH, [], None, False, "champion", "first version"),
        (REFRESH, [], CHAMPION, False, "challenger", "a refresh: forecasts beside the champion until it is shown not"),
        (RECIPE, [], CHAMPION, False, "challenger", "a new recipe: .* until it is shown to be better"),
        (REFRESH, [], CHAMPION, True, "waiting", "waits until the challenger on trial is decided on"),
        (RECIPE, [], CHAMPION, True, "waiting", "waits"),
        (OLDER, [], CHAMPION, False, "none", "less than the champion"),
    ],
)
def test_the_place_follows_from_gate_recipe_age_and_who_is_there(new, failures, champion, on_trial, place, words):
    decision = decide(new, failures, champion, on_trial=on_trial)
    assert decision.place == place
    assert re.search(words, decision.reason)


def test_a_recipe_is_told_from_another_by_its_features():
    estimator = ESTIMATORS["hourly_blend"]
    assert recipe_id(estimator, ["a", "b"]) == recipe_id(estimator, ("a", "b"))
    assert recipe_id(estimator, ["a", "b"]) != recipe_id(estimator, ["a", "c"])
