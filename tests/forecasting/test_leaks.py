"""A reading of the future under another name is found, whatever was done to it; honest features are not."""

from datetime import timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.leaks import leaking_features
from weather_assets.forecasting.targets import TARGETS

LEADS = TARGETS["air_temperature_c"].leads
HONEST = ("air_temperature_c", "air_temperature_c_change_3h", "air_temperature_c_mean_24h")


def with_leak(table: pd.DataFrame, observations: pd.DataFrame, values: pd.Series, hours_ahead: int) -> pd.DataFrame:
    """The features and one more, `pressure_trend`, that is made of the readings of some hours later."""
    issued_at = observations["observed_at"] - timedelta(hours=hours_ahead) + timedelta(minutes=10)
    later = observations.assign(issued_at=issued_at, pressure_trend=values.astype("float32"))
    return table.merge(later[["station_id", "issued_at", "pressure_trend"]], on=["station_id", "issued_at"])


@pytest.mark.parametrize(
    ("hours_ahead", "disguise"),
    [
        *product([1, 3, 24, 48], ["as it is", "in Fahrenheit", "upside down", "with noise"]),
        # One that ends an hour ahead is two thirds past.
        *product([3, 24, 48], ["mean of 3 h"]),
    ],
)
def test_a_future_reading_is_found(table, observations, hours_ahead, disguise):
    reading = observations["value"]
    noise = np.random.default_rng(5).normal(0, 0.3, len(reading))
    values = {
        "as it is": reading,
        "in Fahrenheit": 1.8 * reading + 32,
        "upside down": -reading,
        "with noise": reading + noise,
        "mean of 3 h": reading.rolling(3).mean(),
    }[disguise]
    leaky = with_leak(table, observations, values, hours_ahead)
    found = leaking_features(leaky, observations, (*HONEST, "pressure_trend"), LEADS)
    assert len(found) == 1
    assert "pressure_trend knows the reading" in found[0]


def test_the_lead_of_the_leak_is_named(table, observations):
    leaky = with_leak(table, observations, observations["value"], 7)
    assert leaking_features(leaky, observations, ("pressure_trend",), LEADS) == [
        "feature pressure_trend knows the reading 7 h ahead"
    ]


def test_honest_features_are_not_accused(table, observations):
    past = with_leak(table, observations, observations["value"], -1)
    assert leaking_features(past, observations, (*HONEST, "pressure_trend"), LEADS) == []
