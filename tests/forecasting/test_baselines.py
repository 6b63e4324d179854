"""The baselines against what is known of the made-up weather."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.baselines import PointForecast, fit_baselines
from weather_assets.forecasting.hours import hours_of
from weather_assets.forecasting.inputs import Issues, issues_of
from weather_assets.forecasting.model import Forecaster
from weather_assets.forecasting.series import ObservedSeries, observed_series


@pytest.fixture(scope="module")
def issues(forecaster: Forecaster, table: pd.DataFrame) -> Issues:
    return issues_of(table, forecaster.feature_names)


@pytest.fixture(scope="module")
def series(observations: pd.DataFrame) -> ObservedSeries:
    return observed_series(observations)


@pytest.fixture(scope="module")
def baselines(
    forecaster: Forecaster, issues: Issues, series: ObservedSeries, through: datetime
) -> dict[str, PointForecast]:
    end = int(through.timestamp()) // 3600
    known = issues[issues.issue_hours < end]
    return dict(fit_baselines(forecaster.distribution.mean.background, known, series.through(end)))


def test_persistence_repeats_the_reading(
    baselines: dict[str, PointForecast], issues: Issues, table: pd.DataFrame
) -> None:
    values = baselines["persistence"].forecast(issues)
    ordered = table.sort_values(["station_id", "issued_at"])
    np.testing.assert_array_equal(values[:, 0], ordered["air_temperature_c"].to_numpy(dtype=np.float64))
    np.testing.assert_array_equal(values[:, 47], values[:, 0])


def test_climatology_knows_season_and_hour(baselines: dict[str, PointForecast], issues: Issues) -> None:
    values = baselines["climatology"].forecast(issues[issues.station_ids == 108])
    valid = issues[issues.station_ids == 108].valid_hours(np.arange(1, 49))
    times = pd.Series(pd.to_datetime(valid[:, 23] * 3600, unit="s", utc=True)).dt.tz_convert("Asia/Seoul")
    truth = 12 - 13 * np.cos(2 * np.pi * times.dt.dayofyear / 365) + 4 * np.sin(2 * np.pi * (times.dt.hour - 9) / 24)
    assert np.sqrt(np.mean((values[:, 23] - truth) ** 2)) < 2
    assert hours_of(times)[0] == valid[0, 23]


def test_damped_persistence_forgets_with_lead(baselines: dict[str, PointForecast], issues: Issues) -> None:
    warm = issues[issues.features[:, 0] > 0]
    usual = baselines["climatology"].forecast(warm)
    left = np.abs(baselines["damped_persistence"].forecast(warm) - usual).mean(axis=0)
    # After a day the gain is back where it was, so what remains is the memory of 24 hours alone.
    assert left[23] / left[0] < 0.97**20
    assert left[0] > left[5] > left[23] > left[46]


def test_damped_persistence_and_ridge_beat_the_simple_ones_after_the_end_of_training(
    baselines: dict[str, PointForecast], issues: Issues, series: ObservedSeries, through: datetime
) -> None:
    later = issues[issues.issue_hours > int((through + timedelta(hours=1)).timestamp()) // 3600]
    observed = series.at(later.station_ids, later.valid_hours(np.arange(1, 49)))
    errors = {name: np.nanmean((baseline.forecast(later) - observed) ** 2) for name, baseline in baselines.items()}
    simple = min(errors["persistence"], errors["climatology"])
    assert max(errors["ridge"], errors["damped_persistence"]) < simple
