"""The table of targets against the tables of elements and features."""

import pytest

from weather_assets.elements import BY_NAME
from weather_assets.features.daily import DAILY_FEATURE_NAMES
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.forecasting.targets import TARGETS, Target, targets_of


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_target_has_bounds_leads_and_words(target: Target) -> None:
    assert target.lower < target.upper
    assert list(target.leads) == sorted(set(target.leads))
    assert target.label_ko
    assert target.label_en


@pytest.mark.parametrize("target", targets_of("hourly").values(), ids=list(targets_of("hourly")))
def test_an_hourly_target_is_an_element_that_is_also_a_feature(target: Target) -> None:
    assert target.element in BY_NAME
    assert target.element in HOURLY_FEATURES.feature_names()
    assert target.leads == tuple(range(1, 49))
    assert target.longest_lead_days == 2


@pytest.mark.parametrize("target", targets_of("daily").values(), ids=list(targets_of("daily")))
def test_a_daily_target_has_the_day_before_among_its_features(target: Target) -> None:
    assert f"{target.element}_lag_1d" in DAILY_FEATURE_NAMES
    assert (target.leads, target.longest_lead_days, target.lead_unit) == ((1, 2, 3), 3, "d")


def test_the_targets_are_those_of_the_contract() -> None:
    assert list(targets_of("hourly")) == ["air_temperature_c", "relative_humidity_pct"]
    assert list(targets_of("daily")) == [
        "mean_temperature_c",
        "max_temperature_c",
        "min_temperature_c",
        "mean_pm10_ugm3",
    ]
    (rain,) = targets_of("rain").values()
    assert rain.leads == tuple(range(3, 49, 3))
    assert (TARGETS["relative_humidity_pct"].lower, TARGETS["relative_humidity_pct"].upper) == (0, 100)
