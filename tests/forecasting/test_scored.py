"""Forecasts of days and of blocks meet the truth of just that day, or of the block that ends then."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.daily.forecast import DailyForecast
from weather_assets.forecasting.hours import times_of
from weather_assets.forecasting.rain.forecast import RainForecast
from weather_assets.forecasting.scored import Scored, score_span
from weather_assets.forecasting.targets import TARGETS

ISSUED = pd.Timestamp("2021-03-10 05:00", tz="Asia/Seoul")
ISSUE_HOUR = np.array([int(ISSUED.timestamp()) // 3600])
STATION = np.array([108])
THROUGH = datetime(2021, 3, 1, tzinfo=UTC)


def scored(target: str, forecast: object, observed_at: pd.DatetimeIndex, values: list[float]) -> Scored:
    model = SimpleNamespace(target=TARGETS[target], trained_through=THROUGH, predict=lambda _: forecast)
    observations = pd.DataFrame({"station_id": 108, "observed_at": observed_at.tz_convert("UTC"), "value": values})
    nothing = pd.DataFrame()
    return score_span(model, nothing, nothing, observations)


def test_a_day_is_met_by_its_own_value() -> None:
    unknown = np.array([[1.0, 2.0, np.nan]])
    forecast = DailyForecast(
        station_ids=STATION,
        issue_hours=ISSUE_HOUR,
        leads=np.array([1, 2, 3]),
        quantiles=np.zeros((1, 3, 19)),
        references={"persistence": unknown, "climatology": np.zeros((1, 3)), "ridge": np.zeros((1, 3))},
    )
    days = pd.date_range("2021-03-10", periods=4, freq="D", tz="Asia/Seoul")
    met = scored("mean_temperature_c", forecast, days, [10.0, 11.0, 12.0, 13.0])
    # The third has no persistence, so it counts for nobody.
    np.testing.assert_array_equal(met.observed, [[11.0, 12.0, np.nan]])
    assert list(times_of(met.valid_hours[0])) == list(days[1:].tz_convert("UTC"))
    assert not met.is_probability


def test_a_block_is_met_by_what_fell_until_its_end() -> None:
    ends = ISSUE_HOUR[:, None] + np.arange(1, 47, 3)
    said = np.linspace(0.1, 0.9, ends.shape[1])[None]
    forecast = RainForecast(
        station_ids=STATION,
        issue_hours=ISSUE_HOUR,
        ends=ends,
        probability=said,
        references={"persistence": said, "climatology": said},
    )
    blocks = pd.date_range("2021-03-10 06:00", periods=3, freq="3h", tz="Asia/Seoul")
    met = scored("rain_probability", forecast, blocks, [0.0, 1.0, 1.0])
    np.testing.assert_array_equal(met.observed[0, :4], [0.0, 1.0, 1.0, np.nan])
    assert met.is_probability
    assert met.loss[0, 1] == pytest.approx((said[0, 1] - 1) ** 2)
    assert np.isnan(met.quantile(0.1)).all()
