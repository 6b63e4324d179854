"""The integer clock against pandas."""

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.hours import hour_of_day, hours_of, season_angle, times_of


def test_hours_and_back() -> None:
    times = pd.Series(pd.to_datetime(["2021-01-01T09:10+09:00", "1999-12-31T23:59Z"], utc=True, format="ISO8601"))
    assert list(times_of(hours_of(times))) == list(times.dt.floor("h"))


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        hours_of(pd.Series(pd.to_datetime(["2021-01-01"]), name="issued_at"))


def test_hour_of_day_is_that_of_seoul() -> None:
    times = pd.Series(pd.date_range("2021-01-01", periods=100, freq="7h", tz="UTC"))
    assert list(hour_of_day(hours_of(times))) == list(times.dt.tz_convert("Asia/Seoul").dt.hour)


def test_the_year_is_one_turn_from_new_year_in_seoul() -> None:
    times = pd.Series(pd.to_datetime(["2020-12-31T15:00Z", "2021-07-02T15:00Z", "2021-12-31T14:00Z"], utc=True))
    np.testing.assert_allclose(season_angle(hours_of(times)), [0, np.pi, 2 * np.pi], atol=0.02)
