"""The evaluation as an asset: what a backtest found is in the lake, in MLflow and on a page; the days are as asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import numpy as np
import pytest

from weather_assets.assets.evaluation import EvaluationConfig, _days, models_evaluation
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.errors import UsageError
from weather_assets.forecasting import backtest as module
from weather_assets.forecasting.scored import Scored
from weather_assets.settings import Settings

NEWEST = datetime(2021, 3, 15, 3, tzinfo=UTC)
HOURS = 24 * 40


class Tracked:
    """Stands for MLflow: keeps what is logged."""

    def __init__(self) -> None:
        self.steps: dict[int, Mapping[str, float]] = {}
        self.texts: dict[str, str] = {}

    @contextmanager
    def run(self, *_: object) -> Iterator["Tracked"]:
        yield self

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        self.steps[step] = metrics

    def log_text(self, text: str, name: str) -> None:
        self.texts[name] = text


def scored(error: float) -> Scored:
    """Forecasts of 1, 2 and 3 days for 40 days from February 2021 on that miss by a number of degrees."""
    hours = int(datetime(2021, 2, 1, tzinfo=UTC).timestamp()) // 3600 + np.arange(0, HOURS, 24)
    leads = np.array([1, 2, 3])
    observed = np.full((len(hours), 3), 5.0)
    return Scored(
        station_ids=np.full(len(hours), 108),
        issue_hours=hours,
        leads=leads,
        valid_hours=hours[:, None] + 24 * leads,
        quantiles=np.broadcast_to(5 + error + np.linspace(-1, 1, 19), (*observed.shape, 19)),
        observed=observed,
        baselines=dict.fromkeys(("persistence", "climatology", "ridge"), observed + 4.0),
        trained_through=(datetime(2021, 1, 31, tzinfo=UTC),),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LakeStore]:
    made = LakeStore(Settings(_env_file=None, home=tmp_path))
    yield made
    made.close()


def evaluate(store: LakeStore, tracked: Tracked, monkeypatch: pytest.MonkeyPatch, error: float):
    model = SimpleNamespace(importance=lambda: {"air_temperature_c": 1.0})

    def backtest(*_: object, on_model, **__: object) -> Scored:
        on_model(model)
        return scored(error)

    monkeypatch.setattr(module, "backtest_data", lambda *_: (None, None))
    monkeypatch.setattr(module, "backtest", backtest)
    monkeypatch.setattr("weather_assets.assets.evaluation.newest_reading", lambda _: NEWEST)
    result = dg.materialize(
        [models_evaluation],
        partition_key="mean_temperature_c",
        resources={"lake": store, "readings": Readings(store.settings), "tracking": tracked},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return result.asset_materializations_for_node("models__evaluation")[0].metadata


def kept(store: LakeStore) -> list[tuple[object, ...]]:
    with store.reader() as lake:
        return lake.query(
            "SELECT month, lead, n, round(rmse, 3), rmse_ridge FROM lake.models.evaluation ORDER BY 1, 2"
        ).fetchall()


def test_scores_are_kept_by_month_and_lead_logged_and_shown(store, monkeypatch):
    tracked = Tracked()
    metadata = evaluate(store, tracked, monkeypatch, error=1.0)
    # Valid from 2 February, 09:00 KST, on: 27 days of it at a lead of one day, and 13 of March.
    assert kept(store)[:2] == [(date(2021, 2, 1), 1, 27, 1.0, 4.0), (date(2021, 2, 1), 2, 26, 1.0, 4.0)]
    assert [row[2] for row in kept(store)] == [27, 26, 25, 13, 14, 15]
    assert set(tracked.steps) == {1, 2, 3}
    assert tracked.steps[2]["evaluation_rmse"] == pytest.approx(1.0)
    page = Path(metadata["report"].path).read_text()
    assert page == tracked.texts["evaluation.html"]
    assert (
        Path(metadata["report"].path).parent
        == Path(store.settings.data_root).absolute() / "evaluation/mean_temperature_c"
    )
    assert metadata["skill_vs_persistence"].value == pytest.approx(0.75)


def test_another_evaluation_of_the_same_months_takes_the_place_of_the_first(store, monkeypatch):
    for error in (1.0, 2.0):
        evaluate(store, Tracked(), monkeypatch, error)
    assert [row[3] for row in kept(store)] == [2.0] * 6


def test_days_are_the_last_year_or_those_asked_for():
    assert _days(EvaluationConfig(), NEWEST) == (date(2020, 3, 15), date(2021, 3, 14))
    assert _days(EvaluationConfig(first="2021-01-01", last="2021-01-31"), NEWEST)[1] == date(2021, 1, 31)
    with pytest.raises(UsageError, match="is after the last"):
        _days(EvaluationConfig(first="2021-02-01", last="2021-01-31"), NEWEST)
    with pytest.raises(UsageError, match="evaluation: "):
        _days(EvaluationConfig(first="soon"), NEWEST)
