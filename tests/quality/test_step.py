"""Step: a jump that nothing before supports, and what clears it. Limits of the temperature: 8, 10, 12 and 20, 26 °C."""

import pytest
from quality.conftest import rejected, wave

TEMPERATURE = "air_temperature_c"


@pytest.mark.parametrize(("jump", "found"), [(8.5, False), (13.0, True), (-13.0, True)])
def test_a_lasting_jump_is_found_in_its_first_hour(jump: float, found: bool) -> None:
    values = [10.0, 10.3, 10.1, 9.8, *(round(9.9 + jump + n / 10, 1) for n in range(5))]
    assert rejected(TEMPERATURE, values) == ({(4, "step", "causal")} if found else set())


def test_the_hour_after_a_wrong_one_is_cleared_by_those_before() -> None:
    values = [10.0, 10.3, 10.1, 30.0, 10.2, 10.4, 10.0]
    assert rejected(TEMPERATURE, values) == {(3, "step", "causal")}


@pytest.mark.parametrize(("after_gap", "found"), [(29.0, False), (38.5, True)])
def test_after_a_gap_the_wider_limits_of_half_a_day_hold(after_gap: float, found: bool) -> None:
    values = [10.0, 10.1, 10.2, 10.3, 10.0, 9.9, 10.1, None, None, None, after_gap]
    assert rejected(TEMPERATURE, values) == ({(10, "step", "causal")} if found else set())


def test_the_steepest_real_front_is_no_step() -> None:
    # Seosan's largest change of an hour, 9.4 degrees, amid ordinary weather.
    assert rejected(TEMPERATURE, [24.0, 24.2, 23.8, 14.4, 13.9, 13.7]) == set()


def test_a_first_reading_has_nothing_to_be_compared_with() -> None:
    assert rejected(TEMPERATURE, [35.0, *wave(3, 33, 1)]) == set()
