"""Streak: 14 equal temperatures are a stuck sensor; the first 13 are known as such only later."""

import pytest
from quality.conftest import rejected, wave


@pytest.mark.parametrize("length", [13, 14, 20])
def test_the_fourteenth_equal_hour_is_found_at_once_and_the_others_later(length: int) -> None:
    around = wave(20)
    found = rejected("air_temperature_c", [*around, *[around[-1] + 1.0] * length, *[v + 0.5 for v in around]])
    stuck = set() if length < 14 else {(20 + n, "streak", "later" if n < 13 else "causal") for n in range(length)}
    assert found == stuck


def test_an_hour_without_a_reading_ends_the_row() -> None:
    assert rejected("air_temperature_c", [10.0, *[11.3] * 11, None, *[11.3] * 12]) == set()


def test_a_row_that_has_not_ended_counts_as_far_as_it_is_seen() -> None:
    found = rejected("air_temperature_c", [10.0, *[11.3] * 15])
    assert {hour for hour, _, when in found if when == "causal"} == {14, 15}
    assert {hour for hour, _, when in found if when == "later"} == set(range(1, 14))


@pytest.mark.parametrize(
    ("element", "steady", "stuck"),
    [
        ("relative_humidity_pct", 100.0, 62.0),
        ("wind_speed_ms", 0.0, 2.3),
        ("ground_temperature_c", -0.1, 7.3),
        ("soil_temperature_20cm_c", 0.6, 9.4),
        ("sunshine_h", 1.0, None),
    ],
)
def test_what_real_weather_keeps_up_is_no_streak(element: str, steady: float, stuck: float | None) -> None:
    assert not {test for _, test, _ in rejected(element, [steady] * 60)} & {"streak", "frequent value"}
    if stuck is not None:
        assert {test for _, test, _ in rejected(element, [stuck] * 60)} >= {"streak"}
