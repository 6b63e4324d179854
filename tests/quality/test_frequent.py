"""Frequent value: 24 equal temperatures within 72 hours, though never in a row."""

from quality.conftest import rejected, wave


def flickering(times: int) -> list[float]:
    """Every other hour the default, so often, among ordinary values near it."""
    ordinary = wave(2 * times, 15, 2)
    return [14.7 if hour % 2 else value for hour, value in enumerate(ordinary)]


def test_the_twenty_fourth_of_three_days_is_found() -> None:
    assert rejected("air_temperature_c", flickering(26)) == {
        (2 * times - 1, "frequent value", "causal") for times in (24, 25, 26)
    }


def test_the_same_spread_over_more_days_is_not() -> None:
    spread = [14.7 if hour % 4 == 0 else value for hour, value in enumerate(wave(120, 15, 2))]
    assert "frequent value" not in {test for _, test, _ in rejected("air_temperature_c", spread)}
