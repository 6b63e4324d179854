"""Zero coding: a missing value written as 0."""

import pytest
from quality.conftest import rejected


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([7.2, 6.9, 0.0, 7.0], {2}),
        ([7.2, 6.9, 0.0, 0.0, 0.0, 7.0], {2, 3, 4}),
        ([1.9, 1.1, 0.4, 0.0, 0.0, -0.3], set()),
        ([5.8, 0.0, 0.0], set()),
        ([0.0, 0.0, 0.0], set()),
    ],
)
def test_zeros_far_from_the_last_other_value(values: list[float], found: set[int]) -> None:
    assert {hour for hour, test, _ in rejected("air_temperature_c", values) if test == "zero coding"} == found
