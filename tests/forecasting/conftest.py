"""One small model, trained once for all tests of this folder."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from tests.forecasting.synthetic import START, climate, features
from weather_assets.forecasting.model import Forecaster, train
from weather_assets.forecasting.targets import TARGETS

TRAINING_DAYS = 450
DAYS = 520


@pytest.fixture(scope="session")
def observations() -> pd.DataFrame:
    return climate(DAYS)


@pytest.fixture(scope="session")
def table(observations: pd.DataFrame) -> pd.DataFrame:
    return features(observations)


@pytest.fixture(scope="session")
def through() -> datetime:
    return START + timedelta(days=TRAINING_DAYS)


@pytest.fixture(scope="session")
def forecaster(table: pd.DataFrame, observations: pd.DataFrame, through: datetime) -> Forecaster:
    return train(TARGETS["air_temperature_c"], table, observations, through)
