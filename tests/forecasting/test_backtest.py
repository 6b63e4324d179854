"""Evaluation rows against numbers worked out apart, and the honesty of rolling origins."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weather_assets.errors import WeatherError
from weather_assets.forecasting import backtest as module
from weather_assets.forecasting.backtest import backtest
from weather_assets.forecasting.evaluation import (
    comparison_table,
    evaluation_rows,
    monthly_rows,
    pair_table,
    score_table,
)
from weather_assets.forecasting.model import Forecaster
from weather_assets.forecasting.scored import Scored, score_span
from weather_assets.forecasting.targets import TARGETS

TARGET = TARGETS["air_temperature_c"]
CONTRACT = {
    "target", "station_id", "lead_hours", "n", "rmse", "mae", "bias", "crps", "coverage_50", "coverage_80",
    "rmse_persistence", "rmse_climatology", "rmse_ridge", "crps_persistence", "skill_vs_persistence",
    "skill_vs_climatology", "train_through", "from", "to",
}  # fmt: skip


@pytest.fixture(scope="module")
def end(through: datetime) -> datetime:
    return through + timedelta(days=60)


@pytest.fixture(scope="module")
def scored(
    forecaster: Forecaster, table: pd.DataFrame, observations: pd.DataFrame, through: datetime, end: datetime
) -> Scored:
    issued = table["issued_at"]
    return score_span(forecaster, table[issued <= through], table[(issued > through) & (issued < end)], observations)


def test_rows_have_the_columns_of_the_contract(scored: Scored, through: datetime, end: datetime) -> None:
    rows = evaluation_rows(TARGET, scored, (1, 24), through, end)
    assert [(row["station_id"], row["lead_hours"]) for row in rows] == [
        (108, 1), (108, 24), (108, None), (129, 1), (129, 24), (129, None)
    ]  # fmt: skip
    assert all(set(row) == CONTRACT for row in rows)


def test_persistence_is_the_reading_a_lead_before(
    scored: Scored, observations: pd.DataFrame, through: datetime, end: datetime
) -> None:
    value = observations[observations["station_id"] == 108].set_index("observed_at")["value"]
    errors = (value.shift(24) - value)[through + timedelta(days=1) : end + timedelta(hours=23)]
    row = evaluation_rows(TARGET, scored, (24,), through, end)[0]
    assert row["n"] == errors.notna().sum()
    assert row["rmse_persistence"] == pytest.approx(np.sqrt((errors**2).mean()), rel=1e-5)
    assert row["crps_persistence"] == pytest.approx(errors.abs().mean(), rel=1e-5)
    assert row["skill_vs_persistence"] == pytest.approx(1 - row["rmse"] / row["rmse_persistence"])


def test_the_mean_row_is_of_all_leads_whatever_was_asked(scored: Scored, through: datetime, end: datetime) -> None:
    every = evaluation_rows(TARGET, scored, TARGET.leads, through, end)
    few = evaluation_rows(TARGET, scored, (1,), through, end)
    of_leads = [row["rmse"] for row in every if row["station_id"] == 108 and row["lead_hours"] is not None]
    assert few[1]["rmse"] == pytest.approx(np.mean(of_leads))
    assert few[1] == next(row for row in every if row["lead_hours"] is None)


def test_scoring_hours_that_were_trained_on_is_refused(
    table: pd.DataFrame, observations: pd.DataFrame, through: datetime, end: datetime
) -> None:
    with pytest.raises(WeatherError, match="not before the first hour scored"):
        backtest(TARGET, table, observations, through, end, train_through=through)


def test_each_block_is_scored_by_a_model_trained_only_before_it(
    forecaster: Forecaster,
    table: pd.DataFrame,
    observations: pd.DataFrame,
    through: datetime,
    end: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[datetime, datetime]] = []

    def fake_train(_: object, known: pd.DataFrame, __: object, until: datetime, **___: object) -> Forecaster:
        calls.append((until, known["issued_at"].max().to_pydatetime()))
        return forecaster

    estimator = SimpleNamespace(train=lambda: fake_train)
    monkeypatch.setattr(module, "estimator_for", lambda _: estimator)
    monkeypatch.setattr(module, "BLOCK_DAYS", 25)
    start = through + timedelta(hours=1)
    backtest(TARGET, table, observations, start, end)
    # 60 days: two blocks of 30 are nearer to 25 than three of 20.
    assert [until for until, _ in calls] == [start + timedelta(days=30 * n) - timedelta(hours=1) for n in range(2)]
    assert all(newest <= until for until, newest in calls)


def test_a_year_is_two_equal_blocks_and_no_rest_of_a_few_days() -> None:
    start = datetime(2021, 1, 1, tzinfo=UTC)
    blocks = list(module._blocks(start, start + timedelta(days=365)))
    assert blocks == [
        (start, start + timedelta(days=183)),
        (start + timedelta(days=183), start + timedelta(days=365)),
    ]
    assert list(module._blocks(start, start + timedelta(days=5))) == [(start, start + timedelta(days=5))]


def test_monthly_rows_put_together_are_the_rows_of_the_span(scored: Scored, through: datetime, end: datetime) -> None:
    monthly = monthly_rows(TARGET, scored)
    whole = evaluation_rows(TARGET, scored, (24,), through, end)[0]
    of_cell = monthly[(monthly["station_id"] == whole["station_id"]) & (monthly["lead"] == 24)]
    weights = of_cell["n"] / of_cell["n"].sum()
    assert of_cell["n"].sum() == whole["n"]
    for name in ("mae", "bias", "crps", "coverage_80"):
        assert (of_cell[name] * weights).sum() == pytest.approx(whole[name])
    for name in ("rmse", "rmse_ridge"):
        assert np.sqrt((of_cell[name] ** 2 * weights).sum()) == pytest.approx(whole[name])
    assert [month.day for month in of_cell["month"]] == [1] * len(of_cell)


def test_the_model_is_compared_with_each_baseline_over_the_lead(scored: Scored) -> None:
    table = comparison_table(scored, (1, 24)).set_index(["station_id", "lead", "baseline"])
    of_station = scored.station_ids == 129
    place = list(scored.leads).index(24)
    truth = scored.observed[of_station, place]
    difference = (scored.expected[of_station, place] - truth) ** 2 - (
        scored.baselines["climatology"][of_station, place] - truth
    ) ** 2
    row = table.loc[(129, 24, "climatology")]
    assert row["mean_difference"] == pytest.approx(np.nanmean(difference))
    assert 0 <= row["p_value"] <= 1
    assert len(table) == 2 * 2 * 3


def test_hours_of_the_day_are_those_of_korea(scored: Scored) -> None:
    pairs = pair_table(scored)
    first = np.flatnonzero(np.isfinite(scored.observed[0]))[0]
    utc = pd.Timestamp(scored.valid_hours[0, first], unit="h", tz="UTC")
    assert pairs["hour"].iloc[0] == utc.tz_convert("Asia/Seoul").hour
    assert score_table(pairs, ["hour"])["n"].sum() == np.isfinite(scored.observed).sum()


def test_a_probability_is_scored_by_brier() -> None:
    happened = np.array([[1.0], [0.0], [np.nan], [0.0]])
    said, usual = np.array([0.8, 0.1, 0.5, 0.3])[:, None], np.full((4, 1), 0.25)
    rain = Scored(
        station_ids=np.full(4, 108),
        issue_hours=np.arange(4),
        leads=np.array([3]),
        valid_hours=np.arange(4)[:, None] + 3,
        quantiles=said[:, :, None],
        observed=happened,
        baselines={"persistence": usual, "climatology": usual},
        trained_through=(datetime(2021, 1, 1, tzinfo=UTC),),
    )
    row = evaluation_rows(TARGETS["rain_probability"], rain, (3,), rain.trained_through[0], rain.trained_through[0])[0]
    brier = (0.2**2 + 0.1**2 + 0.3**2) / 3
    assert row["n"] == 3
    assert row["crps"] == pytest.approx(brier)
    assert row["rmse"] == pytest.approx(brier**0.5)
    assert row["crps_persistence"] == pytest.approx((0.75**2 + 2 * 0.25**2) / 3)
    assert np.isnan(row["coverage_80"])
    assert np.isnan(row["rmse_ridge"])
