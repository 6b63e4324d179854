"""Daily values and PM10 of the simulator: what they follow from, that a span does not matter, what the air is like."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.clock import HOUR, KST
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA
from weather_assets.sources.simulator import SimulatorSource

SEOUL, SEOSAN, ULLEUNGDO = 108, 129, 115
FIRST, DAYS = date(2019, 6, 1), 600
KST_OFFSET = timedelta(hours=9)


def days(station_ids: list[int], start: date, count: int) -> pa.Table:
    tables = SimulatorSource().asos_daily(station_ids, start, start + timedelta(days=count))
    return pa.concat_tables([RAW_DAILY_SCHEMA.empty_table(), *tables])


def dust(station_ids: list[int], start: datetime, hours: int) -> pa.Table:
    tables = SimulatorSource().pm10_hourly(station_ids, start, start + hours * HOUR)
    return pa.concat_tables([RAW_PM10_SCHEMA.empty_table(), *tables])


def hours_of(source: pa.Table) -> pd.DataFrame:
    """Rows with the stamp of standard time as a naive index."""
    frame = source.to_pandas()
    return frame.set_index(frame["observed_at"].dt.tz_localize(None) + KST_OFFSET)


@pytest.fixture(scope="module")
def whole() -> pa.Table:
    return days([SEOUL], FIRST, DAYS)


@pytest.fixture(scope="module")
def decade() -> pd.Series:
    """Ten years of PM10 in Seoul by KST hour, NaN where there is none."""
    start = datetime(2010, 1, 1, tzinfo=KST)
    frame = hours_of(dust([SEOUL], start, 3652 * 24))
    grid = pd.date_range("2010-01-01", periods=3652 * 24, freq="h")
    return pd.to_numeric(frame["pm10"]).reindex(grid)


def test_a_day_is_the_mean_lowest_and_highest_of_its_24_hours(whole: pa.Table) -> None:
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=KST)
    hourly = SimulatorSource().asos_hourly([SEOUL], start, start + DAYS * 24 * HOUR)
    frame = hours_of(pa.concat_tables([RAW_HOURLY_SCHEMA.empty_table(), *hourly]))
    trusted = pd.to_numeric(frame["ta"]).where(frame["ta_qc"].isna())
    by_day = trusted.groupby(trusted.index.date)
    complete = by_day.count() == 24
    expected = by_day.agg(["mean", "min", "max"])[complete]
    assert DAYS - 30 < len(expected) < DAYS, "some days lack an hour, and most do not"
    found = whole.to_pandas().set_index("observed_on")
    assert list(found.index) == list(expected.index)
    assert np.abs(found["avg_ta"].astype(float) - expected["mean"]).max() <= 0.05 + 1e-9
    np.testing.assert_allclose(found["min_ta"].astype(float), expected["min"], atol=1e-9)
    np.testing.assert_allclose(found["max_ta"].astype(float), expected["max"], atol=1e-9)
    assert found.drop(columns=["station_id", "avg_ta", "min_ta", "max_ta"]).isna().all(axis=None)


@settings(max_examples=25, deadline=None)
@given(offset=st.integers(0, DAYS - 1), length=st.integers(0, 400))
def test_a_day_is_the_same_in_any_span(whole: pa.Table, offset: int, length: int) -> None:
    first = FIRST + timedelta(days=offset)
    count = min(length, DAYS - offset)
    expected = [row for row in whole.to_pylist() if first <= row["observed_on"] < first + timedelta(days=count)]
    assert days([SEOUL], first, count).to_pylist() == expected


@pytest.mark.parametrize("year", [1907, 1908, 1912, 1954, 1955, 1960, 1961, 1988])
def test_the_civil_clock_of_the_year_loses_no_day(year: int) -> None:
    found = days([SEOUL, ULLEUNGDO], date(year - 1, 12, 1), 62)["observed_on"].to_pylist()
    assert len(found) >= 2 * 62 - 6
    assert date(year, 1, 1) in found or date(year, 1, 2) in found


@settings(max_examples=25, deadline=None)
@given(offset=st.integers(0, 5000), length=st.integers(0, 700))
def test_dust_is_the_same_in_any_span_and_company(offset: int, length: int) -> None:
    start = datetime(2020, 12, 1, tzinfo=KST) + offset * HOUR
    around = dust([SEOUL], start - 50 * HOUR, length + 100).to_pylist()
    inside = [row for row in around if start <= row["observed_at"] < start + length * HOUR]
    found = dust([ULLEUNGDO, SEOUL], start, length).to_pylist()
    assert [row for row in found if row["station_id"] == SEOUL] == inside


def test_dust_is_written_as_whole_numbers(decade: pd.Series) -> None:
    texts = dust([SEOUL], datetime(2020, 3, 1, tzinfo=KST), 2000)["pm10"].drop_null().to_pylist()
    assert all(str(int(text)) == text for text in texts)
    assert decade.min() >= 1
    assert 300 < decade.max() < 2500


def test_some_hours_are_absent_or_blank(decade: pd.Series) -> None:
    assert 0.05 < decade.isna().mean() < 0.07
    rows = dust([SEOUL], datetime(2010, 1, 1, tzinfo=KST), 3652 * 24)
    assert 0.01 < 1 - rows.num_rows / len(decade) < 0.03
    enough = decade.groupby(decade.index.date).count() >= 18
    assert 0.90 < enough.mean() < 0.99


def test_the_air_of_seoul_is_as_bad_as_it_is(decade: pd.Series) -> None:
    """In 2016-2021 Seoul had 42.5 ug/m3, 11 to 39 days a year above 81 and 0 to 6 above 150."""
    mean = decade.groupby(decade.index.date).mean()
    mean.index = pd.to_datetime(mean.index)
    assert 40 < decade.mean() < 50
    assert (mean > 81).groupby(mean.index.year).sum().between(5, 45).all()
    very_bad = (mean > 150).groupby(mean.index.year).sum()
    assert 1 <= very_bad.mean() <= 6
    monthly = mean.groupby(mean.index.month).mean()
    assert monthly.idxmax() in {2, 3, 4}
    assert monthly.idxmin() in {7, 8, 9}
    assert monthly.max() > 1.8 * monthly.min()


def test_it_has_a_memory_and_a_long_tail(decade: pd.Series) -> None:
    logarithm = np.log(decade)
    assert logarithm.autocorr(1) == pytest.approx(0.90, abs=0.05)
    assert logarithm.autocorr(24) == pytest.approx(0.55, abs=0.12)
    assert abs(logarithm.skew()) < 0.6, "about log-normal"
    assert decade.skew() > 3


def test_dust_comes_from_the_west() -> None:
    start = datetime(2015, 1, 1, tzinfo=KST)
    frame = hours_of(dust([SEOSAN, ULLEUNGDO], start, 1461 * 24))
    wide = frame.assign(value=np.log(pd.to_numeric(frame["pm10"]))).pivot_table("value", frame.index, "station_id")
    west, east = wide[SEOSAN], wide[ULLEUNGDO]
    by_lag = {lag: west.corr(east.shift(-lag)) for lag in range(-12, 25, 2)}
    # 4.4 degrees of longitude at 37 N are 391 km, which weather at 36 km/h covers in 10.9 hours.
    assert max(by_lag, key=lambda lag: by_lag[lag]) == pytest.approx(10.9, abs=3.1)


def test_yellow_dust_comes_in_the_cold_season_with_the_north_west_wind_behind_a_front() -> None:
    start = datetime(2010, 1, 1, tzinfo=KST)
    hours = 3652 * 24
    air = SimulatorSource().asos_hourly([SEOUL], start, start + hours * HOUR)
    direction = pd.to_numeric(hours_of(pa.concat_tables(air))["wd"])
    value = pd.to_numeric(hours_of(dust([SEOUL], start, hours))["pm10"]).reindex(direction.index)
    heavy = value > 250
    assert heavy.sum() > 50
    assert set(value.index.month[heavy]).isdisjoint({6, 7, 8, 9})
    in_season = value.index.month.isin([2, 3, 4, 5])
    north_west = direction.between(270, 360)
    assert north_west[heavy].mean() > 1.5 * north_west[in_season].mean()
