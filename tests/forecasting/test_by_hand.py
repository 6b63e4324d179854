"""Moves by hand: what is refused, and that a refusal changes nothing."""

import pytest

from tests.forecasting.shelf import TARGET, Shelf
from weather_assets.errors import UsageError
from weather_assets.forecasting.by_hand import promote_by_hand


def test_who_is_champion_already_is_not_promoted_again() -> None:
    shelf = Shelf(2)
    promote_by_hand(shelf, TARGET, 2)
    before = dict(shelf.shelf)
    with pytest.raises(UsageError, match="version 2 is champion already"):
        promote_by_hand(shelf, TARGET, 2)
    assert shelf.shelf == before
