"""What becomes of a version: written down case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from weather_assets.forecasting.promotion import REFRESH_MARGIN, Evidence, decide

THROUGH = datetime(2021, 1, 1, tzinfo=UTC)
CHAMPION = Evidence("recipe", 0.60, THROUGH)


def later(recipe: str, skill: float) -> Evidence:
    return Evidence(recipe, skill, THROUGH + timedelta(days=30))


@pytest.mark.parametrize(
    ("new", "failures", "champion", "alias", "words"),
    [
        (later("recipe", 0.9), ["too wide"], None, None, "too wide"),
        (later("recipe", 0.1), [], None, "champion", "first version"),
        (later("recipe", 0.60), [], CHAMPION, "champion", "not worse"),
        (later("recipe", 0.60 - REFRESH_MARGIN / 2), [], CHAMPION, "champion", "not worse"),
        (later("recipe", 0.60 - 2 * REFRESH_MARGIN), [], CHAMPION, "challenger", "looks worse"),
        (later("other", 0.99), [], CHAMPION, "challenger", "new recipe"),
        (Evidence("recipe", 0.99, THROUGH - timedelta(days=1)), [], CHAMPION, None, "less than the champion"),
    ],
)
def test_the_alias_follows_from_gate_recipe_skill_and_age(new, failures, champion, alias, words):
    decision = decide(new, failures, champion)
    assert decision.alias == alias
    assert words in decision.reason
