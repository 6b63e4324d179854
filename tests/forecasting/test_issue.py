"""Live forecasts: from the newest hour of the span only, and never by a model that has seen what comes after it."""

from datetime import timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from weather_assets.forecasting import issue as module
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.issue import issue_live
from weather_assets.forecasting.mlflow_access import MlflowError
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, THROUGH_TAG
from weather_assets.tables import FORECAST_HOURLY


def version(forecaster: Forecaster, number: int) -> SimpleNamespace:
    tags = {THROUGH_TAG: forecaster.trained_through.isoformat()}
    return SimpleNamespace(target=forecaster.target.name, number=number, tags=tags)


@pytest.fixture
def registry(forecaster: Forecaster) -> SimpleNamespace:
    """A champion for temperature, nothing else."""

    def with_alias(target: str, role: str) -> SimpleNamespace | None:
        is_it = (target, role) == (forecaster.target.name, CHAMPION)
        return version(forecaster, 3) if is_it else None

    return SimpleNamespace(exists=lambda: True, with_alias=with_alias, load=lambda _: forecaster)


def issued(monkeypatch, registry, newest, *, days=1):
    monkeypatch.setattr(module, "newest_features", lambda *_: newest)
    monkeypatch.setattr(module, "recent_features", lambda *_: newest)
    start = newest["issued_at"].max().floor("D")
    return issue_live(None, registry, "hourly", [108], start, start + timedelta(days=days))


def test_the_newest_hour_is_forecast_at_every_lead(monkeypatch, registry, table):
    rows = issued(monkeypatch, registry, table.tail(1))
    assert rows.column_names == list(FORECAST_HOURLY.column_names)
    assert rows["lead_hours"].to_pylist() == list(range(1, 49))
    assert set(rows["role"].to_pylist()) == {"champion"}
    assert set(rows["kind"].to_pylist()) == {"live"}
    assert set(rows["model_version"].to_pylist()) == {"3"}


def test_a_model_does_not_forecast_from_before_the_end_of_its_training(monkeypatch, registry, table, through):
    seen = table[table["issued_at"] < through].tail(1)
    assert len(seen) == 1
    assert issued(monkeypatch, registry, seen) is None


def test_hours_outside_the_span_are_not_forecast(monkeypatch, registry, table):
    assert issued(monkeypatch, registry, table.tail(1), days=0) is None


@pytest.mark.parametrize("error", [ValueError("shapes differ"), MemoryError(), ZeroDivisionError("by zero")])
def test_a_challenger_that_fails_is_told_and_harms_no_forecast_of_the_champion(
    monkeypatch, registry, forecaster, table, error
):
    def load(wanted: SimpleNamespace) -> Forecaster:
        if wanted.number == 4:
            raise error
        return forecaster

    alone = issued(monkeypatch, registry, table.tail(1))
    both = {CHAMPION: version(forecaster, 3), CHALLENGER: version(forecaster, 4)}
    registry.with_alias = lambda target, role: both[role] if target == forecaster.target.name else None
    registry.load = load
    newest, failures = table.tail(1), []
    monkeypatch.setattr(module, "newest_features", lambda *_: newest)
    monkeypatch.setattr(module, "recent_features", lambda *_: newest)
    start = newest["issued_at"].max().floor("D")
    beside = issue_live(None, registry, "hourly", [108], start, start + timedelta(days=1), failures.append)
    assert beside.equals(alone)
    assert [(failure.target, failure.version) for failure in failures] == [(forecaster.target.name, 4)]
    assert type(error).__name__ in failures[0].reason


def test_mlflow_that_does_not_answer_is_no_fault_of_a_version(monkeypatch, registry, table):
    def load(_: object) -> Forecaster:
        raise MlflowError("MLflow at http://127.0.0.1:5000 does not answer")

    registry.load = load
    with pytest.raises(MlflowError):
        issued(monkeypatch, registry, table.tail(1))


def test_a_challenger_whose_table_is_malformed_harms_no_forecast_of_the_champion(
    monkeypatch, registry, forecaster, table
):
    def predict(_: object) -> SimpleNamespace:
        return SimpleNamespace(to_arrow=lambda: pa.table({"station_id": ["not a number"]}))

    alone = issued(monkeypatch, registry, table.tail(1))
    both = {CHAMPION: version(forecaster, 3), CHALLENGER: version(forecaster, 4)}
    registry.with_alias = lambda target, role: both[role] if target == forecaster.target.name else None
    registry.load = lambda wanted: SimpleNamespace(predict=predict) if wanted.number == 4 else forecaster
    assert issued(monkeypatch, registry, table.tail(1)).equals(alone)
