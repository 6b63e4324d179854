"""The query of daily features against an independent pandas computation, and its promise never to look ahead."""

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from weather_assets.features.daily import (
    DAILY_FEATURE_NAMES,
    DAILY_SERIES,
    HOURLY_PART,
    LOOKBACK_DAYS,
    daily_features_sql,
)

FIRST = date(2020, 3, 1)
DAYS = 50
STATIONS = (108, 129)


def hourly_rows(seed: int = 1) -> pd.DataFrame:
    """Rows of features.hourly at 01:10 .. 05:10 KST and later of every day; a tenth is absent."""
    generator = np.random.default_rng(seed)
    times = pd.date_range(f"{FIRST} 00:10", periods=DAYS * 24, freq="h", tz="Asia/Seoul", unit="us")
    frames = []
    for station in STATIONS:
        values = generator.normal(size=(len(times), len(HOURLY_PART))).astype(np.float32)
        frame = pd.DataFrame(values, columns=list(HOURLY_PART))
        frame.insert(0, "issued_at", times)
        frame.insert(0, "station_id", station)
        frames.append(frame[generator.random(len(times)) > 0.1])
    return pd.concat(frames, ignore_index=True)


def daily_rows(seed: int = 2) -> pd.DataFrame:
    """Rows of clean.asos_daily and clean.pm10_daily in one; some days absent, some values not trusted."""
    generator = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(-LOOKBACK_DAYS, DAYS)]
    frames = []
    for station in STATIONS:
        frame = pd.DataFrame({"station_id": station, "observed_on": days})
        for series in DAILY_SERIES:
            frame[series.name] = generator.normal(20, 5, len(days)).round(1)
            frame[f"{series.name}_flag"] = generator.choice(["ok", "filled", "range"], len(days), p=[0.8, 0.1, 0.1])
        frames.append(frame[generator.random(len(days)) > 0.1])
    return pd.concat(frames, ignore_index=True)


def computed(hourly: pd.DataFrame, daily: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Seoul'")
        connection.register("hourly", hourly)
        connection.register("daily", daily)
        query = daily_features_sql("hourly", "daily", "daily", first, last)
        return connection.execute(f"{query} ORDER BY station_id, issued_at").df()


@pytest.fixture(scope="module")
def hourly() -> pd.DataFrame:
    return hourly_rows()


@pytest.fixture(scope="module")
def daily() -> pd.DataFrame:
    return daily_rows()


@pytest.fixture(scope="module")
def features(hourly: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    return computed(hourly, daily, FIRST, FIRST + timedelta(days=DAYS - 1))


def test_a_day_is_issued_at_ten_past_five_from_the_newest_hour_since_three(
    features: pd.DataFrame, hourly: pd.DataFrame
) -> None:
    local = features["issued_at"].dt.tz_convert("Asia/Seoul")
    assert set(local.dt.strftime("%H:%M")) == {"05:10"}
    times = hourly["issued_at"].dt.tz_convert("Asia/Seoul")
    usable = hourly[times.dt.hour.between(3, 5)].assign(day=times.dt.date)
    newest = usable.sort_values("issued_at").groupby(["station_id", "day"]).tail(1).sort_values(["station_id", "day"])
    assert local.dt.date.tolist() == newest["day"].tolist()
    np.testing.assert_array_equal(features[list(HOURLY_PART)].to_numpy(), newest[list(HOURLY_PART)].to_numpy())


@pytest.mark.parametrize("station", STATIONS)
def test_lags_and_means_are_those_of_the_days_before(features: pd.DataFrame, daily: pd.DataFrame, station: int) -> None:
    rows = features[features["station_id"] == station].set_index("issued_at")
    grid = pd.date_range(FIRST - timedelta(days=LOOKBACK_DAYS), periods=LOOKBACK_DAYS + DAYS, freq="D")
    own = daily[daily["station_id"] == station].set_index("observed_on")
    days = pd.DatetimeIndex(rows.index.tz_convert("Asia/Seoul").tz_localize(None).normalize())
    for series in DAILY_SERIES:
        values = own[series.name].where(own[f"{series.name}_flag"] == "ok") if series.flagged else own[series.name]
        complete = values.set_axis(pd.DatetimeIndex(values.index)).reindex(grid)
        for lag in series.lags_d:
            expected = complete.shift(lag).reindex(days).to_numpy()
            np.testing.assert_allclose(rows[f"{series.name}_lag_{lag}d"], expected, atol=1e-4)
        for count in series.means_d:
            expected = complete.shift(1).rolling(count, min_periods=1).mean().reindex(days).to_numpy()
            np.testing.assert_allclose(rows[f"{series.name}_mean_{count}d"], expected, atol=1e-4)


@pytest.mark.parametrize("cut", [1, 20, 37])
def test_what_comes_after_the_hour_of_issue_changes_no_bit(
    hourly: pd.DataFrame, daily: pd.DataFrame, features: pd.DataFrame, cut: int
) -> None:
    """Every later value is replaced: the hours after 05:10 of the day, the values of that day and of those after it."""
    day = FIRST + timedelta(days=cut)
    issued = pd.Timestamp(f"{day} 05:10", tz="Asia/Seoul")
    other_hours, other_days = hourly_rows(seed=8), daily_rows(seed=9)
    mixed = pd.concat([hourly[hourly["issued_at"] <= issued], other_hours[other_hours["issued_at"] > issued]])
    known = pd.concat([daily[daily["observed_on"] < day], other_days[other_days["observed_on"] >= day]])
    perturbed = computed(mixed, known, FIRST, FIRST + timedelta(days=DAYS - 1))

    def up_to(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["issued_at"] <= issued].reset_index(drop=True)

    pd.testing.assert_frame_equal(up_to(features), up_to(perturbed), check_exact=True)
    later = perturbed[perturbed["issued_at"] > issued]
    theirs = features[features["issued_at"] > issued]
    for name in DAILY_FEATURE_NAMES:
        assert not np.array_equal(later[name].to_numpy(), theirs[name].to_numpy(), equal_nan=True), name


def test_a_day_built_alone_has_the_bits_it_has_in_a_backfill(
    hourly: pd.DataFrame, daily: pd.DataFrame, features: pd.DataFrame
) -> None:
    day = FIRST + timedelta(days=33)
    alone = computed(hourly, daily, day, day)
    of_day = features[features["issued_at"].dt.tz_convert("Asia/Seoul").dt.date == day].reset_index(drop=True)
    assert len(alone) == len(STATIONS)
    pd.testing.assert_frame_equal(alone, of_day, check_exact=True)
