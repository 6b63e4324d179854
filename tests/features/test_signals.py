"""Names, look-back and refusals of the feature declaration."""

import pytest

from weather_assets.features.signals import CalendarCycle, FeatureSpecification, Signal


def test_names_follow_from_the_declaration() -> None:
    signal = Signal("dew_point_c", changes_h=(1, 24), mean_h=(72,), min_h=(24,), max_h=(24,))
    assert signal.feature_names() == [
        "dew_point_c",
        "dew_point_c_change_1h",
        "dew_point_c_change_24h",
        "dew_point_c_mean_72h",
        "dew_point_c_min_24h",
        "dew_point_c_max_24h",
    ]


def test_a_cycle_names_its_phase_and_harmonics() -> None:
    cycle = CalendarCycle("hour_of_day", "hour(local_time)", period=24, harmonics=2)
    assert cycle.feature_names() == [
        "hour_of_day",
        "hour_of_day_sin_1",
        "hour_of_day_cos_1",
        "hour_of_day_sin_2",
        "hour_of_day_cos_2",
    ]


@pytest.mark.parametrize(
    ("signal", "hours"),
    [
        (Signal("dew_point_c"), 0),
        (Signal("dew_point_c", changes_h=(24,)), 24),
        # A mean over 24 h holds the hour of issue and 23 before it.
        (Signal("dew_point_c", mean_h=(24,)), 23),
        (Signal("dew_point_c", mean_h=(24,), changes_h=(12, 3)), 23),
    ],
)
def test_lookback_reaches_the_oldest_hour_that_is_used(signal: Signal, hours: int) -> None:
    assert FeatureSpecification((), (signal,)).lookback_hours == hours


def test_rain_windows_that_are_not_comparable_between_seasons_are_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 3 h"):
        Signal("precipitation_mm", level=False, sum_h=(4,))
    with pytest.raises(ValueError, match="not comparable"):
        Signal("precipitation_mm", sum_h=(3,))


def test_windows_of_no_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Signal("dew_point_c", mean_h=(0,))


def test_a_feature_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"declared twice: dew_point_c$"):
        FeatureSpecification((), (Signal("dew_point_c"), Signal("dew_point_c")))
