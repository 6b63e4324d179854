"""Days as whole numbers, against the calendar."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.forecasting.daily.days import day_series, days_of, newest_issue, year_angle


def hour(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 3600


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2021-03-02T05:00+09:00", "2021-03-02T05:00+09:00"),
        ("2021-03-02T04:00+09:00", "2021-03-01T05:00+09:00"),
        ("2021-03-02T23:00+09:00", "2021-03-02T05:00+09:00"),
        ("2021-03-02T00:00+09:00", "2021-03-01T05:00+09:00"),
    ],
)
def test_the_newest_issue_is_five_in_the_morning(now: str, expected: str) -> None:
    assert newest_issue(hour(now)) == hour(expected)


@given(st.integers(262_968, 600_000))
def test_the_newest_issue_is_at_most_a_day_old_and_never_ahead(now: int) -> None:
    issue = newest_issue(now)
    assert now - 24 < issue <= now
    assert datetime.fromtimestamp(issue * 3600, tz=UTC).hour == 20


def test_hours_belong_to_their_korean_day() -> None:
    hours = np.array([hour("2021-03-01T23:00+09:00"), hour("2021-03-02T00:00+09:00")])
    dates = days_of(hours).astype("datetime64[D]").astype(str)
    assert dates.tolist() == ["2021-03-01", "2021-03-02"]


def test_the_angle_of_the_year_turns_once_a_year() -> None:
    days = np.array(["2021-01-01", "2021-07-02", "2022-01-01"], dtype="datetime64[D]").astype(np.int64)
    np.testing.assert_allclose(year_angle(days), [0, np.pi, 0], atol=0.02)


@pytest.mark.parametrize("day", ["1907-10-01", "1955-06-15", "1988-05-08", "2021-01-01"])
def test_a_day_keeps_its_number_whatever_korean_clocks_showed(day: str) -> None:
    """Seoul was at +8:30 from 1954 to 1961 and had summer time in 1988."""
    start = pd.Timestamp(day).tz_localize("Asia/Seoul", nonexistent="shift_forward")
    series = day_series(pd.DataFrame({"station_id": [108], "observed_at": [start], "value": [1.0]}))
    days, values = series.readings(108)
    assert days.astype("datetime64[D]").astype(str).tolist() == [day]
    assert values.tolist() == [1.0]
