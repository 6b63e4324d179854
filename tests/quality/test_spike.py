"""Spike: known only from the hours after it, so always of the later pass. Limit of the temperature: 6 °C."""

import pytest
from quality.conftest import rejected, wave

FLAT = [10.0, 10.1, 9.9, 10.2, 10.0]


@pytest.mark.parametrize(
    ("middle", "found"),
    [
        ([15.9], set()),
        ([16.5], {5}),
        ([2.5], {5}),
        ([17.4, 17.0], set()),
        ([19.6, 19.5], {5, 6}),
        ([19.6, 19.4, 19.7], set()),
        # Three hours stand out by 14 degrees: the first is a step already.
        ([24.0, 24.1, 24.3], {6, 7}),
        ([17.0, 17.1, 17.0, 17.2], set()),
    ],
)
def test_up_to_three_hours_stand_out(middle: list[float], found: set[int]) -> None:
    spikes = {
        (hour, test, when)
        for hour, test, when in rejected("air_temperature_c", [*FLAT, *middle, *FLAT])
        if test == "spike"
    }
    assert spikes == {(hour, "spike", "later") for hour in found}


def test_at_the_end_of_the_readings_nothing_can_be_said_yet() -> None:
    assert rejected("air_temperature_c", [*FLAT, 17.0]) == set()


def test_both_sides_must_agree() -> None:
    # A warm hour on the way down a cold front.
    assert rejected("air_temperature_c", [14.0, 14.1, 14.0, 20.6, 10.4, 10.3]) == set()


def test_ordinary_days_have_none() -> None:
    assert rejected("air_temperature_c", wave(200)) == set()
