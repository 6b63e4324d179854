"""Training and prediction: honest, repeatable, whole, and quick to ask."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.forecasting.synthetic import GAIN, MEMORY, NOISE
from weather_assets.errors import WeatherError
from weather_assets.forecasting.gaps import NOTHING_FILLED
from weather_assets.forecasting.model import Forecaster, train
from weather_assets.forecasting.series import observed_series
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import TARGETS
from weather_assets.forecasting.width import HISTORY

TARGET = TARGETS["air_temperature_c"]


@pytest.fixture(scope="module")
def later(table: pd.DataFrame, through: datetime) -> pd.DataFrame:
    return table[table["issued_at"] > through]


def test_the_forecast_beats_every_baseline_on_its_hold_out(forecaster: Forecaster) -> None:
    assert forecaster.gate.passes, forecaster.gate.reasons
    assert set(forecaster.holdout.baseline_rmse) == {"persistence", "climatology", "damped_persistence", "ridge"}


def test_the_error_is_near_the_least_possible(
    forecaster: Forecaster, later: pd.DataFrame, observations: pd.DataFrame
) -> None:
    # The made-up weather is AR(1): after L hours its variance about the best forecast is
    # noise^2 (1 - m^2L) / (1 - m^2), times the mean square of the gain, 1 + GAIN^2 / 2, over the hours of a day.
    forecast = forecaster.predict(later)
    valid = forecast.issue_hours[:, None] + forecast.leads
    observed = observed_series(observations).at(forecast.station_ids, valid)
    rmse = np.sqrt(np.nanmean((forecast.expected - observed) ** 2, axis=0))
    variance = NOISE**2 * (1 - MEMORY ** (2 * forecast.leads)) / (1 - MEMORY**2)
    least = np.sqrt(variance * (1 + GAIN**2 / 2))
    assert (rmse[[0, 5, 11]] < 1.25 * least[[0, 5, 11]]).all()
    covered = (observed >= forecast.quantile("p10")) & (observed <= forecast.quantile("p90"))
    assert 0.7 < covered[np.isfinite(observed)].mean() < 0.9


def test_rows_are_those_of_the_contract(forecaster: Forecaster, later: pd.DataFrame) -> None:
    rows = forecaster.predict(later.tail(3), leads=(1, 24)).to_frame()
    columns = ["station_id", "issued_at", "valid_at", "lead_hours", "p10", "p25", "p50", "p75", "p90"]
    assert list(rows.columns) == [*columns, "quantiles", "climatology"]
    assert list(rows["lead_hours"]) == [1, 24] * 3
    hour_of_issue = rows["issued_at"].dt.floor("h")
    assert (rows["issued_at"] - hour_of_issue == timedelta(minutes=10)).all()
    assert (rows["valid_at"] - hour_of_issue == pd.to_timedelta(rows["lead_hours"], unit="h")).all()
    assert rows["quantiles"].map(len).eq(len(LEVELS)).all()


def test_bands_widen_with_lead(forecaster: Forecaster, later: pd.DataFrame) -> None:
    forecast = forecaster.predict(later)
    width = (forecast.quantile("p90") - forecast.quantile("p10")).mean(axis=0)
    assert width[0] < width[5] < width[23]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.floats(min_value=-80, max_value=80) | st.just(float("nan")),
    change=st.floats(min_value=-50, max_value=50) | st.just(float("nan")),
    station=st.sampled_from([108, 129, 999]),
)
def test_quantiles_never_cross_nor_leave_the_bounds(
    forecaster: Forecaster, later: pd.DataFrame, value: float, change: float, station: int
) -> None:
    row = later.tail(1).assign(station_id=station, air_temperature_c=value, air_temperature_c_change_3h=change)
    forecast = forecaster.predict(row)
    assert np.isfinite(forecast.quantiles).all()
    assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    assert forecast.quantiles.min() >= TARGET.lower
    assert forecast.quantiles.max() <= TARGET.upper


def test_a_saved_model_answers_with_the_same_bits(forecaster: Forecaster, later: pd.DataFrame, tmp_path: Path) -> None:
    forecaster.save(tmp_path / "model")
    loaded = Forecaster.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict(later).quantiles, forecaster.predict(later).quantiles)
    assert (loaded.target, loaded.trained_through) == (forecaster.target, forecaster.trained_through)
    assert loaded.holdout == forecaster.holdout
    assert {path.suffix for path in (tmp_path / "model").iterdir()} == {".json", ".npz", ".txt"}


def test_a_folder_without_a_whole_model_is_named(forecaster: Forecaster, tmp_path: Path) -> None:
    forecaster.save(tmp_path)
    (tmp_path / "scale.txt").unlink()
    with pytest.raises(WeatherError, match=r"scale\.txt is missing.*train again"):
        Forecaster.load(tmp_path)


def test_one_row_with_the_days_before_is_answered_as_within_many(forecaster: Forecaster, later: pd.DataFrame) -> None:
    many = forecaster.predict(later)
    newest = later["issued_at"].max()
    recent = later[(later["issued_at"] >= newest - HISTORY) & (later["issued_at"] < newest)]
    alone = forecaster.informed(recent).predict(later[later["issued_at"] == newest])
    last = many.issue_hours == many.issue_hours.max()
    np.testing.assert_allclose(alone.quantiles, many.quantiles[last], atol=1e-4)
    # What the days before tell is the width alone, and it differs from the usual one.
    uninformed = forecaster.predict(later[later["issued_at"] == newest])
    np.testing.assert_allclose(uninformed.quantile("p50"), alone.quantile("p50"), atol=0.5)
    assert np.abs(uninformed.quantile("p90") - alone.quantile("p90")).max() > 1e-3


def test_rows_of_later_hours_change_no_forecast(forecaster: Forecaster, later: pd.DataFrame) -> None:
    early = later[later["issued_at"] < later["issued_at"].min() + timedelta(days=20)]
    known, everything = forecaster.predict(early), forecaster.predict(later)
    same = everything.issue_hours <= known.issue_hours.max()
    np.testing.assert_allclose(known.quantiles, everything.quantiles[same], atol=1e-4)


def test_bands_widen_after_days_of_surprises(forecaster: Forecaster, later: pd.DataFrame) -> None:
    wild = later.copy()
    shaken = np.random.default_rng(1).normal(0, 8, len(wild)).astype(np.float32)
    is_before = wild["issued_at"] < wild["issued_at"].max() - timedelta(hours=72)
    wild[TARGET.element] += np.where(is_before, shaken, 0).astype(np.float32)
    usual, wide = (forecaster.predict(rows).quantiles[-1] for rows in (later, wild))
    assert (wide[23, -1] - wide[23, 0]) > 1.5 * (usual[23, -1] - usual[23, 0])


def test_an_hour_without_the_reading_itself_is_bridged_by_the_rest(
    forecaster: Forecaster, later: pd.DataFrame, observations: pd.DataFrame
) -> None:
    mean = forecaster.distribution.mean
    plain_mean = replace(mean, background=replace(mean.background, gaps=NOTHING_FILLED))
    plain = replace(forecaster, distribution=replace(forecaster.distribution, mean=plain_mean))
    blind = later.assign(**{TARGET.element: np.nan})
    errors = []
    for model in (forecaster, plain):
        forecast = model.predict(blind)
        valid = forecast.issue_hours[:, None] + forecast.leads
        observed = observed_series(observations).at(forecast.station_ids, valid)
        errors.append(float(np.nanmean((forecast.expected - observed)[:, 0] ** 2)))
    assert errors[0] < 0.95 * errors[1]


def test_a_neighbour_is_looked_at_and_not_needed(
    forecaster: Forecaster, later: pd.DataFrame, observations: pd.DataFrame
) -> None:
    alone = forecaster.predict(later[later["station_id"] == 108])
    together = forecaster.predict(later)
    here = together.station_ids == 108
    assert np.isfinite(alone.quantiles).all()
    assert np.abs(alone.expected - together.expected[here]).max() > 0
    # The made-up stations are 98 km apart and independent, so a neighbour must not do harm either.
    observed = observed_series(observations).at(alone.station_ids, alone.issue_hours[:, None] + alone.leads)
    errors = [float(np.nanmean((f - observed) ** 2)) for f in (alone.expected, together.expected[here])]
    assert errors[1] == pytest.approx(errors[0], rel=0.05)


def test_what_lies_after_the_end_of_training_changes_no_bit(
    forecaster: Forecaster, table: pd.DataFrame, observations: pd.DataFrame, through: datetime
) -> None:
    # A reading of the hour `through` is known; one of the hour after is not, nor is a feature row made of it.
    spoiled = observations.copy()
    spoiled.loc[spoiled["observed_at"] > through, "value"] = -40.0
    ruined = table.copy()
    ruined.loc[ruined["issued_at"] > through + timedelta(hours=1), TARGET.element] = -40.0
    again = train(TARGET, ruined.sample(frac=1, random_state=1), spoiled.sample(frac=1, random_state=2), through)
    probe = table[table["issued_at"] <= through].tail(200)
    np.testing.assert_array_equal(again.predict(probe).quantiles, forecaster.predict(probe).quantiles)
    assert again.holdout == forecaster.holdout


def test_too_few_days_are_refused(table: pd.DataFrame, observations: pd.DataFrame) -> None:
    first = table["issued_at"].min().to_pydatetime()
    with pytest.raises(WeatherError, match=r"30 days .* too few"):
        train(TARGET, table, observations, first + timedelta(days=30))


def test_features_of_another_target_are_refused(
    table: pd.DataFrame, observations: pd.DataFrame, through: datetime
) -> None:
    with pytest.raises(WeatherError, match="lack relative_humidity_pct"):
        train(TARGETS["relative_humidity_pct"], table, observations, through)


def test_a_table_without_features_is_refused(forecaster: Forecaster, later: pd.DataFrame) -> None:
    with pytest.raises(WeatherError, match="none of the model's features"):
        forecaster.predict(later[["station_id", "issued_at"]])


def test_importance_names_the_reading_itself_first(forecaster: Forecaster) -> None:
    importance = forecaster.importance(2)
    assert len(importance) == 2
    assert list(importance.values()) == sorted(importance.values(), reverse=True)
    assert set(importance) <= set(forecaster.feature_names)
