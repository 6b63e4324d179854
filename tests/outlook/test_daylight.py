"""Sunrise and sunset against the almanac."""

from datetime import date, datetime, timedelta

import pytest

from weather_assets.clock import KST
from weather_assets.outlook.daylight import sunrise_and_sunset


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    # Korea Astronomy and Space Science Institute, Seoul.
    [
        (date(2024, 6, 21), "05:11", "19:57"),
        (date(2024, 12, 21), "07:43", "17:17"),
        (date(2024, 3, 20), "06:35", "18:44"),
    ],
)
def test_seoul(day: date, rises: str, sets: str) -> None:
    for found, published in zip(sunrise_and_sunset(day, 37.5714, 126.9658), (rises, sets), strict=True):
        expected = datetime.fromisoformat(f"{day}T{published}").replace(tzinfo=KST)
        assert abs(found - expected) <= timedelta(minutes=3)


def test_polar_night_is_told() -> None:
    with pytest.raises(ValueError, match="does not rise and set"):
        sunrise_and_sunset(date(2024, 12, 21), 80.0, 15.0)
