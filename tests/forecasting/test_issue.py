"""Live forecasts: from the newest hour of the span only, and never by a model that has seen what comes after it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from weather_assets.forecasting import issue as module
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.issue import issue_live
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.tables import FORECAST_HOURLY


@pytest.fixture
def registry(forecaster: Forecaster) -> SimpleNamespace:
    """A champion for temperature, nothing else."""

    def with_alias(target: str, role: str) -> SimpleNamespace | None:
        is_it = (target, role) == (forecaster.target.name, CHAMPION)
        return SimpleNamespace(number=3) if is_it else None

    return SimpleNamespace(exists=lambda: True, with_alias=with_alias, load=lambda _: forecaster)


def issued(monkeypatch, registry, newest, *, days=1):
    monkeypatch.setattr(module, "newest_features", lambda *_: newest)
    start = newest["issued_at"].max().floor("D")
    return issue_live(None, registry, [108], start, start + timedelta(days=days))


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
