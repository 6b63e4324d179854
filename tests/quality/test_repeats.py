"""Repeats: a day copied from the day before, and a value that comes back at the same hour of each day."""

from quality.conftest import rejected, wave


def test_a_copied_day_is_found_from_its_twelfth_hour_on() -> None:
    day = wave(24)
    later = [value + 0.3 for value in wave(48)[24:]]
    found = rejected("air_temperature_c", [*day, *day, *later])
    assert found == {(hour, "copied day", "causal") for hour in range(35, 48)}


def test_days_that_are_alike_but_for_a_tenth_are_not() -> None:
    day = wave(24)
    assert rejected("air_temperature_c", [*day, *(round(value + 0.1, 1) for value in day)]) == set()


def test_the_same_hour_of_the_fourth_day_is_found() -> None:
    days = wave(120)
    for day in range(5):
        days[day * 24 + 12] = 20.0
        days[day * 24 + 11] = 16.5 + day / 10
    assert rejected("air_temperature_c", days) == {(hour, "same hour", "causal") for hour in (84, 108)}
