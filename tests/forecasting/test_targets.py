"""The table of targets against the table of elements."""

import pytest

from weather_assets.elements import BY_NAME
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.forecasting.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_target_is_an_element_that_is_also_a_feature(target: Target) -> None:
    assert target.element in BY_NAME
    assert target.element in HOURLY_FEATURES.feature_names()
    assert target.leads == tuple(range(1, 49))
    assert target.lower < target.upper


def test_the_targets_are_those_of_the_contract() -> None:
    assert list(TARGETS) == ["air_temperature_c", "relative_humidity_pct"]
    assert (TARGETS["relative_humidity_pct"].lower, TARGETS["relative_humidity_pct"].upper) == (0, 100)
