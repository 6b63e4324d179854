"""The specification of features.hourly against the table of elements."""

from weather_assets.elements import BY_NAME
from weather_assets.features.specification import HOURLY_FEATURES


def test_every_signal_reads_known_elements() -> None:
    assert set(HOURLY_FEATURES.elements) <= set(BY_NAME)


def test_every_informative_element_is_used() -> None:
    left_out = {"sea_level_pressure_hpa", "new_snow_3h_cm"}
    assert set(HOURLY_FEATURES.elements) == set(BY_NAME) - left_out


def test_ten_days_of_history_are_enough() -> None:
    assert HOURLY_FEATURES.lookback_hours == 239


def test_no_feature_is_a_climatology() -> None:
    assert not [name for name in HOURLY_FEATURES.feature_names() if "climat" in name or "anomal" in name]
