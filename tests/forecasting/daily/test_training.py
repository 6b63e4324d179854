"""The daily model on made-up days, whose best forecast is known, and what it promises of itself."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.forecasting.made_up_days import FIRST, ISSUED, MEMORY, NOISE, days, features
from weather_assets.clock import KST
from weather_assets.errors import TooFewReadingsError, WeatherError
from weather_assets.forecasting.daily.days import day_series
from weather_assets.forecasting.daily.model import DailyModel
from weather_assets.forecasting.daily.training import train_daily
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import TARGETS

TARGET = TARGETS["mean_temperature_c"]
TRAINED, COUNT = 1300, 1700
THROUGH = FIRST + timedelta(days=TRAINED, hours=13)


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return days(COUNT)


@pytest.fixture(scope="module")
def table(observations: pd.DataFrame) -> pd.DataFrame:
    return features(observations, TARGET.element)


@pytest.fixture(scope="module")
def model(table: pd.DataFrame, observations: pd.DataFrame) -> DailyModel:
    return train_daily(TARGET, table, observations, THROUGH)


def later(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["issued_at"] > THROUGH]


def test_errors_are_near_the_least_that_is_possible(
    model: DailyModel, table: pd.DataFrame, observations: pd.DataFrame
) -> None:
    """Of the anomaly of n + 1 days ago MEMORY^(n + 1) is left; the rest is noise that nobody can know."""
    forecast = model.predict(later(table))
    truth = day_series(observations).at(forecast.station_ids, forecast.valid_days)
    errors = np.sqrt(np.nanmean((forecast.quantiles.mean(axis=2) - truth) ** 2, axis=0))
    for place, lead in enumerate(TARGET.leads):
        least = NOISE * np.sqrt(sum(MEMORY ** (2 * step) for step in range(lead + 1)))
        assert least * 0.9 < errors[place] < least * 1.1


def test_bands_hold_what_they_say(model: DailyModel, table: pd.DataFrame, observations: pd.DataFrame) -> None:
    forecast = model.predict(later(table))
    truth = day_series(observations).at(forecast.station_ids, forecast.valid_days)
    low, high = (forecast.quantiles[..., LEVELS.index(level)] for level in (0.1, 0.9))
    inside = ((truth >= low) & (truth <= high))[np.isfinite(truth)]
    assert inside.mean() == pytest.approx(0.8, abs=0.05)


def test_quantiles_never_cross_and_stay_within_bounds(model: DailyModel, table: pd.DataFrame) -> None:
    wild = later(table).copy()
    wild[f"{TARGET.element}_lag_1d"] = np.linspace(-2000, 2000, len(wild))
    quantiles = model.predict(wild).quantiles
    assert (np.diff(quantiles, axis=2) >= 0).all()
    assert quantiles.min() >= TARGET.lower
    assert quantiles.max() <= TARGET.upper


def test_references_are_yesterday_and_the_usual(model: DailyModel, table: pd.DataFrame) -> None:
    rows = later(table).sort_values(["station_id", "issued_at"])
    references = model.predict(rows).references
    yesterday = rows[f"{TARGET.element}_lag_1d"].to_numpy()
    np.testing.assert_array_equal(references["persistence"], np.repeat(yesterday[:, None], 3, axis=1))
    july = rows["issued_at"].dt.tz_convert(KST).dt.month.to_numpy() == 7
    of_first = rows["station_id"].to_numpy() == 108
    assert references["climatology"][july & of_first].mean() == pytest.approx(25, abs=1.0)


def test_the_hold_out_beats_what_it_should_and_ties_with_the_best(model: DailyModel) -> None:
    """Here one regression for all seasons is the best there can be, and nothing else comes near it."""
    means = {name: np.mean(values) for name, values in model.holdout.baseline_rmse.items()}
    assert model.holdout.mean_rmse < 0.95 * min(means["persistence"], means["climatology"])
    assert model.holdout.mean_rmse == pytest.approx(means["ridge"], rel=0.02)
    assert all("of ridge" in reason for reason in model.gate.reasons)


def test_training_ends_with_the_newest_issue(model: DailyModel) -> None:
    assert model.trained_through == FIRST + timedelta(days=TRAINED, hours=5)


def test_nothing_after_the_end_of_training_is_looked_at(
    model: DailyModel, table: pd.DataFrame, observations: pd.DataFrame
) -> None:
    end = model.trained_through
    over = observations["observed_at"] + timedelta(days=1) <= end
    changed = observations.assign(value=observations["value"].where(over, -observations["value"]))
    shuffled = table.copy()
    shuffled.loc[shuffled["issued_at"] > end + timedelta(minutes=10), f"{TARGET.element}_lag_1d"] = 0.0
    again = train_daily(TARGET, shuffled, changed, THROUGH)
    rows = later(table)
    assert model.predict(rows).quantiles.tobytes() == again.predict(rows).quantiles.tobytes()
    assert model.holdout == again.holdout


def test_a_saved_model_answers_the_same(model: DailyModel, table: pd.DataFrame, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = DailyModel.load(tmp_path / "model")
    rows = later(table)
    assert loaded.predict(rows).to_arrow().equals(model.predict(rows).to_arrow())
    assert loaded.holdout == model.holdout
    assert loaded.trained_through == model.trained_through


def test_unknown_features_and_stations_get_an_answer(model: DailyModel, table: pd.DataFrame) -> None:
    rows = later(table).head(3).assign(station_id=95)
    rows[f"{TARGET.element}_lag_1d"] = np.nan
    forecast = model.predict(rows[["station_id", "issued_at", f"{TARGET.element}_lag_1d"]])
    assert np.isfinite(forecast.quantiles).all()
    assert np.isnan(forecast.references["persistence"]).all()


def test_rows_are_those_of_the_forecast_table(model: DailyModel, table: pd.DataFrame) -> None:
    frame = model.predict(later(table).head(1)).to_frame()
    issued = pd.Timestamp(later(table)["issued_at"].iloc[0])
    day = issued.tz_convert(KST).date()
    assert frame["lead_days"].tolist() == [1, 2, 3]
    assert frame["valid_on"].tolist() == [day + timedelta(days=lead) for lead in (1, 2, 3)]
    assert (frame["issued_at"] == issued).all()
    assert issued == datetime.combine(day, datetime.min.time(), tzinfo=KST) + ISSUED
    assert (frame["p10"] < frame["p90"]).all()


def test_dust_is_never_negative_and_leans_upwards() -> None:
    generator = np.random.default_rng(1)
    dust = days(900, stations=(108,))
    dust["value"] = np.exp(3.5 + 0.05 * (dust["value"] - 12) + generator.normal(0, 0.3, len(dust)))
    target = TARGETS["mean_pm10_ugm3"]
    model = train_daily(target, features(dust, target.element), dust, FIRST + timedelta(days=880))
    quantiles = model.predict(features(dust, target.element).tail(15)).quantiles
    assert quantiles.min() >= 0
    upper, lower = quantiles[..., -1] - quantiles[..., 9], quantiles[..., 9] - quantiles[..., 0]
    assert (upper > lower).mean() > 0.9


def test_too_few_days_are_refused(table: pd.DataFrame, observations: pd.DataFrame) -> None:
    with pytest.raises(TooFewReadingsError, match=r"mean_temperature_c: .* days .* 60 are needed"):
        train_daily(TARGET, table, observations, FIRST + timedelta(days=40))


def test_without_any_observation_there_is_nothing_to_learn(table: pd.DataFrame, observations: pd.DataFrame) -> None:
    with pytest.raises(TooFewReadingsError, match="0 days with observations are too few"):
        train_daily(TARGET, table, observations.iloc[:0], THROUGH)


def test_other_features_are_refused(table: pd.DataFrame, observations: pd.DataFrame) -> None:
    with pytest.raises(WeatherError, match=r"lack mean_temperature_c_lag_1d: take rows of features\.daily"):
        train_daily(TARGET, table.drop(columns=f"{TARGET.element}_lag_1d"), observations, THROUGH)
