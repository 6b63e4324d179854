"""PM10 grades by the ministry's limits."""

import pytest

from weather_assets.outlook.air import pm10_grade


@pytest.mark.parametrize(
    ("mean_ugm3", "grade"),
    [
        (0.0, "good"),
        (30.0, "good"),
        (30.4, "good"),
        (30.6, "moderate"),
        (31.0, "moderate"),
        (80.0, "moderate"),
        (81.0, "bad"),
        (150.0, "bad"),
        (151.0, "very_bad"),
        (600.0, "very_bad"),
        (float("nan"), None),
    ],
)
def test_grade(mean_ugm3: float, grade: str | None) -> None:
    assert pm10_grade(mean_ugm3) == grade
