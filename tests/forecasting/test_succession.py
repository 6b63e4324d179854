"""Who is champion after what: promotions, trials and roll-backs one after another, on versions kept in memory."""

from datetime import timedelta

import pytest

from tests.forecasting.shelf import NOW, TARGET, Shelf
from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, PREVIOUS
from weather_assets.forecasting.succession import (
    STATUS_TAG,
    WAITING,
    challenge,
    next_in_line,
    promote,
    retire,
    roll_back,
)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Four versions; the clock goes a day on with every question."""
    days = iter(range(1000))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=next(days)))
    return Shelf(4)


def promote_in_turn(shelf: Shelf, *numbers: int) -> None:
    for number in numbers:
        promote(shelf, shelf.shelf[number], "test")


def test_the_former_champion_becomes_previous(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1, 2)
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}


def test_promoting_the_champion_changes_nothing(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1, 2, 2)
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}


def test_a_challenger_that_is_promoted_is_challenger_no_more(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1)
    challenge(shelf, shelf.shelf[2], "test")
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}
    promote_in_turn(shelf, 2)
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}


def test_each_roll_back_goes_further_into_the_past(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1, 2, 3)
    assert roll_back(shelf, TARGET, "test").number == 2
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}
    assert roll_back(shelf, TARGET, "test").number == 1
    assert shelf.borne() == {CHAMPION: 1}
    with pytest.raises(UsageError, match="no previous champion"):
        roll_back(shelf, TARGET, "test")


def test_after_a_roll_back_and_a_new_champion_the_one_rolled_back_to_is_previous(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1, 2, 3)
    roll_back(shelf, TARGET, "test")
    promote_in_turn(shelf, 4)
    assert shelf.borne() == {CHAMPION: 4, PREVIOUS: 2}
    assert roll_back(shelf, TARGET, "test").number == 2
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}


def test_the_newest_that_waits_is_next_but_nobody_older_than_the_champion(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1)
    challenge(shelf, shelf.shelf[2], "test")
    for number in (3, 4):
        shelf.tag(shelf.shelf[number], {STATUS_TAG: WAITING})
    assert next_in_line(shelf.versions(TARGET)).number == 4
    promote_in_turn(shelf, 4)
    assert next_in_line(shelf.versions(TARGET)) is None


def test_what_was_retired_is_not_next(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1)
    challenge(shelf, shelf.shelf[2], "test")
    retire(shelf, shelf.shelf[2], "test")
    assert shelf.borne() == {CHAMPION: 1}
    assert next_in_line(shelf.versions(TARGET)) is None


def test_a_broken_champion_is_nobodys_way_back(shelf: Shelf) -> None:
    promote_in_turn(shelf, 1, 2)
    promote(shelf, shelf.shelf[3], "test", champion_is_broken=True)
    assert shelf.borne() == {CHAMPION: 3, PREVIOUS: 1}
    roll_back(shelf, TARGET, "test")
    assert shelf.borne() == {CHAMPION: 1}
