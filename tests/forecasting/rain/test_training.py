"""The rain model on made-up showers whose rule is known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weather_assets.clock import KST
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting.rain.model import RainModel
from weather_assets.forecasting.rain.situations import NOW_FEATURE
from weather_assets.forecasting.rain.training import train_rain
from weather_assets.forecasting.scores_events import brier
from weather_assets.forecasting.series import observed_series
from weather_assets.forecasting.targets import TARGETS

TARGET = TARGETS["rain_probability"]
START = datetime(2019, 1, 1, tzinfo=UTC)
DAYS, TRAINED = 1700, 1500
THROUGH = START + timedelta(days=TRAINED)


@pytest.fixture(scope="module")
def blocks() -> pd.DataFrame:
    """Blocks that stay wet 7 times in 10 and turn wet once in 20; in the evening four times as often."""
    generator = np.random.default_rng(2)
    ends = pd.date_range(START, periods=DAYS * 8, freq="3h", unit="us")
    evening = ends.tz_convert(KST).hour == 21
    wet = np.zeros(len(ends))
    for place in range(1, len(ends)):
        chance = 0.7 if wet[place - 1] else 0.05 * (1 + 3 * evening[place])
        wet[place] = generator.random() < chance
    return pd.DataFrame({"station_id": 108, "observed_at": ends, "value": wet})


@pytest.fixture(scope="module")
def table(blocks: pd.DataFrame) -> pd.DataFrame:
    """Rows as of features.hourly: the rain of the last three hours and a feature that says nothing."""
    hours = pd.date_range(START, periods=DAYS * 24, freq="h", unit="us")
    now = np.repeat(blocks["value"].to_numpy(), 3)[: len(hours)]
    noise = np.random.default_rng(3).normal(size=len(hours)).astype(np.float32)
    rows = {"station_id": 108, "issued_at": hours + timedelta(minutes=10), NOW_FEATURE: now.astype(np.float32)}
    return pd.DataFrame({**rows, "visibility_m": noise})


@pytest.fixture(scope="module")
def model(table: pd.DataFrame, blocks: pd.DataFrame) -> RainModel:
    return train_rain(TARGET, table, blocks, THROUGH)


def later(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["issued_at"] > THROUGH]


def test_the_next_block_follows_the_rule(model: RainModel, table: pd.DataFrame) -> None:
    """At an hour divisible by 3 the state of the block that just ended is known: 0.7 after rain, 0.05 after none."""
    on_end = later(table)[lambda rows: rows["issued_at"].dt.hour % 3 == 0]
    on_end = on_end[on_end["issued_at"].dt.tz_convert(KST).dt.hour != 18]
    first = model.predict(on_end).probability[:, 0]
    rains = on_end[NOW_FEATURE].to_numpy() > 0
    assert first[rains].mean() == pytest.approx(0.7, abs=0.08)
    assert first[~rains].mean() == pytest.approx(0.05, abs=0.03)


def test_it_beats_both_references_and_passes_the_gate(
    model: RainModel, table: pd.DataFrame, blocks: pd.DataFrame
) -> None:
    forecast = model.predict(later(table))
    wet = observed_series(blocks).at(forecast.station_ids, forecast.ends)
    ours = brier(forecast.probability[:, :3], wet[:, :3])
    assert all(ours < brier(values[:, :3], wet[:, :3]) for values in forecast.references.values())
    assert model.gate.passes, model.gate.reasons


def test_climatology_knows_the_evening(model: RainModel, table: pd.DataFrame) -> None:
    forecast = model.predict(later(table))
    usual = forecast.references["climatology"]
    evening = (forecast.ends + 9) % 24 == 21
    assert usual[evening].mean() > 1.1 * usual[~evening].mean()


def test_nothing_after_the_end_of_training_is_looked_at(
    model: RainModel, table: pd.DataFrame, blocks: pd.DataFrame
) -> None:
    other = blocks.assign(value=blocks["value"].where(blocks["observed_at"] <= THROUGH, 1.0))
    rows = table.copy()
    rows.loc[rows["issued_at"] > THROUGH + timedelta(hours=1), NOW_FEATURE] = 9.0
    again = train_rain(TARGET, rows, other, THROUGH)
    assert model.predict(later(table)).probability.tobytes() == again.predict(later(table)).probability.tobytes()


def test_rows_are_blocks_ahead_of_the_hour_of_issue(model: RainModel, table: pd.DataFrame) -> None:
    row = table[table["issued_at"] == datetime(2020, 3, 1, 7, 10, tzinfo=KST)]
    frame = model.predict(row).to_frame()
    assert len(frame) == 16
    assert frame["valid_to"].iloc[0] == datetime(2020, 3, 1, 9, tzinfo=KST)
    assert frame["valid_from"].iloc[0] == datetime(2020, 3, 1, 6, tzinfo=KST)
    assert frame["lead_hours"].tolist() == list(range(2, 48, 3))
    assert frame["probability"].between(0, 1).all()
    assert (frame["valid_to"].dt.tz_convert(KST).dt.hour % 3 == 0).all()


def test_an_hour_that_ends_a_block_starts_with_the_next(model: RainModel, table: pd.DataFrame) -> None:
    row = table[table["issued_at"] == datetime(2020, 3, 1, 9, 10, tzinfo=KST)]
    assert model.predict(row).to_frame()["lead_hours"].tolist() == list(range(3, 49, 3))


def test_without_the_rain_of_now_there_is_an_answer(model: RainModel, table: pd.DataFrame) -> None:
    row = later(table).head(1).drop(columns=NOW_FEATURE)
    assert np.isfinite(model.predict(row).probability).all()


def test_a_saved_model_answers_the_same(model: RainModel, table: pd.DataFrame, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = RainModel.load(tmp_path / "model")
    assert loaded.predict(later(table)).to_arrow().equals(model.predict(later(table)).to_arrow())
    assert loaded.holdout.crps == model.holdout.crps
    assert loaded.gate == model.gate


def test_too_few_readings_are_refused(table: pd.DataFrame, blocks: pd.DataFrame) -> None:
    with pytest.raises(TooFewReadingsError, match=r"rain_probability: .* 60 are needed"):
        train_rain(TARGET, table, blocks, START + timedelta(days=30))
