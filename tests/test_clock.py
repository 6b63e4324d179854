"""Time rules: KST days and instants as people write them."""

from datetime import UTC, date, datetime

import pytest

from weather_assets import clock


def test_a_kst_day_begins_nine_hours_before_utc_midnight():
    assert clock.kst_midnight(date(2021, 1, 1)) == datetime(2020, 12, 31, 15, tzinfo=UTC)
    assert clock.kst_date(datetime(2020, 12, 31, 15, tzinfo=UTC)) == date(2021, 1, 1)
    assert clock.kst_date(datetime(2020, 12, 31, 14, 59, tzinfo=UTC)) == date(2020, 12, 31)


def test_an_instant_without_offset_is_kst():
    assert clock.parse_instant("2021-12-31T23:00") == datetime(2021, 12, 31, 14, tzinfo=UTC)
    assert clock.parse_instant("2021-12-31T23:00+00:00") == datetime(2021, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2021-13-01", "31.12.2021", "", "2021-02-29"])
def test_a_bad_day_says_how_to_write_one(text):
    with pytest.raises(ValueError, match="write it as YYYY-MM-DD"):
        clock.parse_day(text)


def test_a_bad_instant_says_how_to_write_one():
    with pytest.raises(ValueError, match="ISO 8601"):
        clock.parse_instant("noon")


@pytest.mark.parametrize("year", [1907, 1911, 1955, 1988, 2021])
def test_a_stamp_is_nine_hours_ahead_whatever_the_civil_clock(year: int) -> None:
    assert clock.stamp_midnight(date(year, 7, 2)) == datetime(year, 7, 1, 15, tzinfo=UTC)
