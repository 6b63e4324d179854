"""Extraterrestrial radiation against the closed form for whole days and against sunrise and sunset."""

import numpy as np
import pytest

from weather_assets.monitoring.faults.sun import extraterrestrial_mj_m2

SEOUL = (37.5714, 126.9658)


def kst_day(day: str) -> np.ndarray:
    """Hours 01 to 24 of a day in Korea."""
    midnight = np.datetime64(day, "h").astype(np.int64) - 9
    return midnight + np.arange(1, 25)


@pytest.mark.parametrize("day", ["2021-01-15", "2021-03-21", "2021-06-21", "2021-10-01", "2021-12-21"])
def test_the_day_adds_up_to_the_closed_form(day: str) -> None:
    """FAO-56, equations 21, 24 and 25 without the sun's distance; its declination is up to 0.6° off."""
    number = int((np.datetime64(day) - np.datetime64("2021-01-01")).astype(int)) + 1
    latitude, declination = np.radians(SEOUL[0]), 0.409 * np.sin(2 * np.pi * number / 365 - 1.39)
    sunset = np.arccos(-np.tan(latitude) * np.tan(declination))
    expected = (
        24
        / np.pi
        * 4.9
        * (sunset * np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.sin(sunset))
    )
    assert extraterrestrial_mj_m2(kst_day(day), *SEOUL).sum() == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    # Sunrise and sunset in Seoul by the almanac: 05:11 and 19:57 at the summer, 07:43 and 17:17 at the winter solstice.
    [("2021-06-21", 6, 20), ("2021-12-21", 8, 18)],
)
def test_the_hours_with_sun_are_those_of_the_almanac(day: str, first: int, last: int) -> None:
    with_sun = np.flatnonzero(extraterrestrial_mj_m2(kst_day(day), *SEOUL) > 0) + 1
    assert (with_sun[0], with_sun[-1]) == (first, last)
