"""The arrays against the query, whose own tests say that it is right: the same rows and the same bits."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.features.readings import START, computed, readings
from weather_assets.clock import DAY, kst_midnight
from weather_assets.features.arrays import feature_table
from weather_assets.features.signals import FeatureSpecification, Signal
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import calendar_sql, readings_sql


def hour(count: int) -> datetime:
    return START + timedelta(hours=count)


def as_arrays(specification: FeatureSpecification, clean: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """Features from the arrays, in the order of station and time, as `computed` gives those of the query."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.register("clean", clean)
        in_order = f"{readings_sql(specification, 'clean', start, end)} ORDER BY station_id, observed_at"
        calendar = connection.execute(calendar_sql(specification, start, end)).to_arrow_table()
        connection.register(
            "made",
            feature_table(specification, connection.execute(in_order).to_arrow_table(), calendar, start),
        )
        rows = connection.execute("FROM made ORDER BY station_id, issued_at").df()
    rows["issued_at"] = rows["issued_at"].dt.tz_convert("UTC")
    return rows


@pytest.mark.parametrize("hours_at_once", [1, 97, 100_000])
@pytest.mark.parametrize(("first", "last"), [(0, 700), (300, 700), (699, 700), (0, 30)])
def test_bits_are_those_of_the_query(
    first: int, last: int, hours_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weather_assets.features.arrays._HOURS_OF_A_STRETCH", hours_at_once)
    clean = readings(700, stations=(108, 129, 133))
    expected = computed(HOURLY_FEATURES, clean, hour(first), hour(last))
    found = as_arrays(HOURLY_FEATURES, clean, hour(first), hour(last))
    assert len(found) > 0
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("day", [date(1955, 6, 15), date(1988, 6, 15), date(1969, 12, 31)])
def test_bits_are_those_of_the_query_whatever_the_civil_clock_was(day: date) -> None:
    """A midnight of 1955 is at half past by the stamps, and 1988 had a summer time."""
    start, clean = kst_midnight(day), readings(500, stations=(108,))
    begin = start.astimezone(UTC).replace(minute=0) - timedelta(hours=300)
    moved = clean.assign(observed_at=clean["observed_at"] + (begin - START))
    end = start + 2 * DAY
    found = as_arrays(HOURLY_FEATURES, moved, start, end)
    assert len(found) > 0
    pd.testing.assert_frame_equal(found, computed(HOURLY_FEATURES, moved, start, end), check_exact=True)


def test_a_calendar_that_lacks_hours_is_refused() -> None:
    clean = readings(50, stations=(108,))
    with duckdb.connect() as connection:
        connection.register("clean", clean)
        rows = connection.execute(f"{readings_sql(HOURLY_FEATURES, 'clean', START, hour(50))} ORDER BY ALL")
        table = rows.to_arrow_table()
        for span in ((hour(10), hour(50)), (START, hour(40))):
            calendar = connection.execute(calendar_sql(HOURLY_FEATURES, *span)).to_arrow_table()
            with pytest.raises(ValueError, match="of a calendar of"):
                feature_table(HOURLY_FEATURES, table, calendar, START)


def test_stations_do_not_see_each_other() -> None:
    clean = readings(400, stations=(108, 129))
    alone = as_arrays(HOURLY_FEATURES, clean[clean["station_id"] == 129], START, hour(400))
    both = as_arrays(HOURLY_FEATURES, clean, START, hour(400))
    pd.testing.assert_frame_equal(both[both["station_id"] == 129].reset_index(drop=True), alone, check_exact=True)


def test_later_readings_change_no_earlier_feature() -> None:
    clean = readings(300)
    changed = clean.copy()
    changed.loc[changed["observed_at"] > hour(200), "air_temperature_c"] += 7
    before, then = (as_arrays(HOURLY_FEATURES, one, START, hour(300)) for one in (clean, changed))
    known = hour(200) + timedelta(minutes=10)
    pd.testing.assert_frame_equal(before[before["issued_at"] <= known], then[then["issued_at"] <= known])
    assert not before.equals(then)


def test_no_reading_gives_no_row_and_all_columns() -> None:
    found = as_arrays(HOURLY_FEATURES, readings(10).iloc[:0], START, hour(10))
    assert list(found.columns) == ["station_id", "issued_at", *HOURLY_FEATURES.feature_names()]
    assert found.empty


def test_a_window_longer_than_all_readings_holds_them_all() -> None:
    clean = readings(5, stations=(108,)).assign(air_temperature_c_flag="ok")
    signal = Signal("air_temperature_c", mean_h=(240,), min_h=(72,), max_h=(7,), changes_h=(48,))
    row = as_arrays(FeatureSpecification((), (signal,)), clean, START, hour(5)).iloc[-1]
    air = clean["air_temperature_c"]
    assert row["air_temperature_c_mean_240h"] == pytest.approx(air.mean(), rel=1e-6)
    assert row["air_temperature_c_min_72h"] == np.float32(air.min())
    assert row["air_temperature_c_max_7h"] == np.float32(air.max())
    assert pd.isna(row["air_temperature_c_change_48h"])
