"""Sunshine and radiation against the sun over Seoul; its times are those of the Korea Astronomy and Space Institute."""

from datetime import datetime

import pytest
from quality.conftest import raw_table, run_clean


def found(stamp: str, station_id: int = 108, **texts: str) -> list[tuple[str, str]]:
    row = {
        "station_id": station_id,
        "observed_at": datetime.fromisoformat(f"{stamp}+09:00"),
        "source": "kma_csv",
        **texts,
    }
    rejections = run_clean(raw_table([row])).execute("SELECT element, test FROM rejections ORDER BY 1")
    return rejections.fetchall()


@pytest.mark.parametrize(
    ("stamp", "is_night"),
    [
        # Summer solstice: sun from 05:11 to 19:57.
        ("2021-06-21 06:00", False),
        ("2021-06-21 20:00", False),
        ("2021-06-21 22:00", True),
        ("2021-06-21 04:00", True),
        # Winter solstice: sun from 07:43 to 17:17.
        ("2021-12-22 07:00", True),
        ("2021-12-22 08:00", False),
        ("2021-12-22 18:00", False),
        ("2021-12-22 19:00", True),
        ("2021-12-22 00:00", True),
    ],
)
def test_sunshine_at_night(stamp: str, is_night: bool) -> None:
    assert found(stamp, ss="0.4") == ([("sunshine_h", "sun")] if is_night else [])


@pytest.mark.parametrize(
    ("stamp", "radiation", "is_wrong"),
    [
        # Largest of 12 years at Seoul and at Seosan in their hours, and what no June sky lets through.
        ("2021-06-21 13:00", "3.78", False),
        ("2021-06-21 13:00", "4.85", False),
        ("2021-12-22 13:00", "3.80", True),
        ("2021-06-21 02:00", "0.10", False),
        ("2021-06-21 02:00", "0.30", True),
        ("2021-06-21 08:00", "3.70", True),
    ],
)
def test_radiation_beyond_the_sun(stamp: str, radiation: str, is_wrong: bool) -> None:
    assert found(stamp, icsr=radiation) == ([("solar_radiation_mj_m2", "sun")] if is_wrong else [])


@pytest.mark.parametrize(
    ("texts", "is_wrong"),
    [
        ({"ss": "0.7"}, True),
        ({"ss": "0.0", "dc10_tca": "2"}, True),
        ({"ss": "0.0", "dc10_tca": "10"}, False),
        ({}, False),
    ],
)
def test_no_light_by_day_is_believed_under_closed_clouds_only(texts: dict[str, str], is_wrong: bool) -> None:
    assert found("2021-08-06 13:00", icsr="0.00", **texts) == (
        [("solar_radiation_mj_m2", "zero coding")] if is_wrong else []
    )


def test_a_station_whose_place_is_unknown_is_not_judged() -> None:
    assert found("2021-12-22 00:00", station_id=9999, ss="0.4", icsr="1.0") == []
