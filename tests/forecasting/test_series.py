"""Looking up observed values."""

import numpy as np
import pandas as pd

from tests.forecasting.synthetic import climate, features
from weather_assets.forecasting.hours import hours_of
from weather_assets.forecasting.inputs import issues_of
from weather_assets.forecasting.series import observed_series, readings_of


def test_every_reading_is_found_and_every_gap_is_nan() -> None:
    observations = climate(5)
    series = observed_series(observations.sample(frac=1, random_state=0))
    found = series.at(observations["station_id"].to_numpy(), hours_of(observations["observed_at"]))
    np.testing.assert_array_equal(found, observations["value"].to_numpy())


def test_outside_the_axis_and_unknown_stations_are_nan() -> None:
    observations = climate(2, stations=(108,))
    series = observed_series(observations)
    first = hours_of(observations["observed_at"])[0]
    hours = np.array([[first - 1, first + 48], [first, first]])
    assert np.isnan(series.at(np.array([108, 999]), hours)).all()


def test_through_keeps_the_hour_itself_and_nothing_later() -> None:
    observations = climate(2, stations=(108,)).dropna()
    hours = hours_of(observations["observed_at"])
    kept, _ = observed_series(observations).through(int(hours[10])).readings(108)
    assert list(kept) == list(hours[:11])


def test_a_station_without_readings_before_the_end_is_left_out() -> None:
    observations = pd.concat([climate(2, stations=(108,)), climate(2, stations=(129,)).tail(1)])
    series = observed_series(observations)
    last = int(hours_of(observations["observed_at"]).max())
    assert series.through(last - 1).station_ids == (108,)


def test_readings_of_features_are_those_of_their_hours() -> None:
    observations = climate(5)
    table = features(observations)
    issues = issues_of(table, ["air_temperature_c_change_3h", "air_temperature_c"])
    found = readings_of(issues, 1).at(observations["station_id"].to_numpy(), hours_of(observations["observed_at"]))
    np.testing.assert_allclose(found, observations["value"].to_numpy(), rtol=1e-6)
