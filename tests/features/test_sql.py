"""The feature query against an independent pandas computation, and its promise never to look ahead."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.readings import START, computed, readings
from weather_assets.elements import ELEMENTS
from weather_assets.features.signals import CalendarCycle, FeatureSpecification, Signal
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import features_sql

HOURS = 400
SHORT = FeatureSpecification(
    (CalendarCycle("hour_of_day", "hour(local_time)", period=24, harmonics=1),),
    (
        Signal("air_temperature_c", changes_h=(1, 24), mean_h=(3, 24), min_h=(24,), max_h=(6,)),
        Signal(
            "wind_eastward_ms",
            ("wind_speed_ms", "wind_direction_deg"),
            "-wind_speed_ms * sin(radians(wind_direction_deg))",
            mean_h=(12,),
        ),
        Signal("precipitation_mm", level=False, sum_h=(3, 24)),
        Signal("snow_depth_cm", blank_value=0.0, level=False, max_h=(24,)),
    ),
)


def hour(count: int) -> datetime:
    return START + timedelta(hours=count)


def trusted(clean: pd.DataFrame, element: str) -> pd.Series:
    return clean[element].where(clean[f"{element}_flag"] == "ok")


def oracle(clean: pd.DataFrame) -> pd.DataFrame:
    """The features of SHORT for one station, by pandas' own time windows."""
    rows = clean.set_index("observed_at")
    air = trusted(rows, "air_temperature_c")
    east = -trusted(rows, "wind_speed_ms") * np.sin(np.deg2rad(trusted(rows, "wind_direction_deg")))
    rain = trusted(rows, "precipitation_mm")
    snow = trusted(rows, "snow_depth_cm").mask(rows["snow_depth_cm_flag"] == "missing", 0.0)

    def change(hours: int) -> pd.Series:
        return air - air.reindex(air.index - pd.Timedelta(hours=hours)).set_axis(air.index)

    local_hour = rows.index.tz_convert("Asia/Seoul").hour
    features = pd.DataFrame(
        {
            "hour_of_day": local_hour.astype(float),
            "hour_of_day_sin_1": np.sin(2 * np.pi * local_hour / 24),
            "hour_of_day_cos_1": np.cos(2 * np.pi * local_hour / 24),
            "air_temperature_c": air,
            "air_temperature_c_change_1h": change(1),
            "air_temperature_c_change_24h": change(24),
            "air_temperature_c_mean_3h": air.rolling("3h", min_periods=1).mean(),
            "air_temperature_c_mean_24h": air.rolling("24h", min_periods=1).mean(),
            "air_temperature_c_min_24h": air.rolling("24h", min_periods=1).min(),
            "air_temperature_c_max_6h": air.rolling("6h", min_periods=1).max(),
            "wind_eastward_ms": east,
            "wind_eastward_ms_mean_12h": east.rolling("12h", min_periods=1).mean(),
            "precipitation_mm_sum_3h": rain.rolling("3h", min_periods=1).sum(),
            "precipitation_mm_sum_24h": rain.rolling("24h", min_periods=1).sum(),
            "snow_depth_cm_max_24h": snow.rolling("24h", min_periods=1).max(),
        }
    )
    # An hour in which nothing but rain or snow was read has no level to forecast from.
    return features[air.notna() | east.notna()]


def test_the_query_agrees_with_pandas_time_windows() -> None:
    clean = readings(HOURS)
    rows = computed(SHORT, clean, START, hour(HOURS))
    for station, mine in rows.groupby("station_id"):
        expected = oracle(clean[clean["station_id"] == station])
        assert list(mine["issued_at"]) == list(expected.index + pd.Timedelta(minutes=10))
        np.testing.assert_allclose(mine[SHORT.feature_names()], expected[SHORT.feature_names()], rtol=2e-6, atol=2e-5)


def test_columns_are_those_of_the_specification() -> None:
    rows = computed(HOURLY_FEATURES, readings(30), START, hour(30))
    assert list(rows.columns) == ["station_id", "issued_at", *HOURLY_FEATURES.feature_names()]
    assert set(rows.dtypes[2:].astype(str)) == {"float32"}


@settings(max_examples=15, deadline=None)
@given(
    after=st.integers(min_value=50, max_value=290),
    element=st.sampled_from([element.name for element in ELEMENTS]),
    shift=st.floats(min_value=-500, max_value=500).filter(lambda value: value != 0),
    flag=st.sampled_from(["ok", "missing", "range"]),
)
def test_readings_after_the_hour_of_issue_change_no_feature(after: int, element: str, shift: float, flag: str) -> None:
    clean = readings(300)
    changed = clean.copy()
    later = changed["observed_at"] > hour(after)
    changed.loc[later, element] += shift
    changed.loc[later, f"{element}_flag"] = flag
    before = computed(HOURLY_FEATURES, clean, START, hour(300))
    then = computed(HOURLY_FEATURES, changed, START, hour(300))
    known = hour(after) + timedelta(minutes=10)
    pd.testing.assert_frame_equal(
        before[before["issued_at"] <= known].reset_index(drop=True),
        then[then["issued_at"] <= known].reset_index(drop=True),
        check_exact=True,
    )


def test_a_day_built_alone_has_the_bits_of_the_same_day_in_a_backfill() -> None:
    clean = readings(HOURS)
    whole = computed(HOURLY_FEATURES, clean, START, hour(HOURS))
    alone = computed(HOURLY_FEATURES, clean, hour(360), hour(384))
    same = whole[(whole["issued_at"] > hour(360)) & (whole["issued_at"] < hour(384))]
    pd.testing.assert_frame_equal(alone, same.reset_index(drop=True), check_exact=True)


def test_hours_that_nobody_observed_give_no_row_and_widen_no_window() -> None:
    clean = readings(48, stations=(108,)).iloc[:0]
    times = [hour(0), hour(1), hour(30)]
    clean = pd.DataFrame({"station_id": 108, "observed_at": pd.to_datetime(times)}).reindex(columns=clean.columns)
    clean = clean.assign(air_temperature_c=[1.0, 3.0, 5.0], air_temperature_c_flag="ok")
    rows = computed(FeatureSpecification((), (SHORT.signals[0],)), clean, START, hour(48))
    assert list(rows["issued_at"]) == [time + timedelta(minutes=10) for time in times]
    assert rows["air_temperature_c_mean_24h"].tolist() == [1.0, 2.0, 5.0]
    assert rows["air_temperature_c_change_1h"].isna().tolist() == [True, False, True]


def test_three_hour_totals_and_hourly_rain_add_up_alike() -> None:
    # The same steady 1 mm/h, told hourly as in summer and as totals at 0, 3, 6 .. UTC as in winter.
    times = pd.date_range(START, periods=96, freq="h", unit="us")
    hourly = pd.Series(1.0, times)
    totals = pd.Series(np.where(times.hour % 3 == 0, 3.0, 0.0), times)
    sums = []
    for rain in (hourly, totals):
        clean = (
            readings(96, stations=(108,))
            .set_index("observed_at")
            .reindex(times)
            .rename_axis("observed_at")
            .reset_index()
        )
        clean = clean.assign(station_id=108, precipitation_mm=rain.to_numpy(), precipitation_mm_flag="ok")
        clean = clean.assign(air_temperature_c=10.0, air_temperature_c_flag="ok")
        sums.append(computed(SHORT, clean, hour(48), hour(96))[["precipitation_mm_sum_3h", "precipitation_mm_sum_24h"]])
    pd.testing.assert_frame_equal(*sums)
    assert set(sums[0]["precipitation_mm_sum_24h"]) == {24.0}


def test_naive_times_and_empty_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="aware times"):
        features_sql(SHORT, "clean", datetime(2020, 1, 1), hour(1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="start before end"):
        features_sql(SHORT, "clean", hour(1), hour(1))
