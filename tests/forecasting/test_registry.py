"""Versions in a real MLflow: registered inside a tracked run, found again with fresh eyes, moved by aliases."""

import logging
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from weather_assets.assets.tracking import EXPERIMENT, MlflowTracking
from weather_assets.errors import UsageError
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.registry import CHAMPION, DATA_TAG, PREVIOUS, RECIPE_TAG, Registry
from weather_assets.settings import Settings

TARGET = "air_temperature_c"
TAGS = {DATA_TAG: "data", RECIPE_TAG: "recipe"}


def context() -> SimpleNamespace:
    """What a step hands over, as far as tracking looks at it."""
    instance = SimpleNamespace(get_run_by_id=lambda _: SimpleNamespace(is_finished=True))
    run = SimpleNamespace(job_name="train")
    return SimpleNamespace(log=logging.getLogger(__name__), run=run, run_id="dagster-run", instance=instance)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return Settings(_env_file=None, home=tmp_path / "home")


@pytest.mark.slow
def test_a_version_is_registered_loaded_promoted_and_rolled_back(settings, forecaster: Forecaster, table):
    tracking = MlflowTracking(settings)
    numbers = []
    for _ in range(2):
        with tracking.run(context(), "training", {"target": TARGET}):
            version = tracking.registry().register(forecaster, TAGS)
        tracking.registry().promote(version)
        numbers.append(version.number)
    registry = Registry(settings)
    assert numbers == [1, 2]
    assert {v.number: v.aliases for v in registry.versions(TARGET)} == {1: (PREVIOUS,), 2: (CHAMPION,)}
    loaded, later = registry.load(registry.version(TARGET, 2)), table.tail(5)
    assert np.array_equal(loaded.predict(later).quantiles, forecaster.predict(later).quantiles)
    assert registry.trained_on(TARGET, "data", "recipe").number == 2
    assert registry.trained_on(TARGET, "other data", "recipe") is None
    assert registry.roll_back(TARGET).number == 1
    assert registry.with_alias(TARGET, CHAMPION).number == 1
    with pytest.raises(UsageError, match="no version 7"):
        registry.version(TARGET, 7)
    assert list(Path.cwd().iterdir()) == []
    assert "MLFLOW_TRACKING_URI" not in os.environ


@pytest.mark.slow
def test_a_run_ends_finished_or_failed_and_an_abandoned_one_is_closed(settings):
    from mlflow import MlflowClient

    tracking = MlflowTracking(settings)

    def failing() -> None:
        with tracking.run(context(), "breaks", {}):
            raise KeyboardInterrupt

    with tracking.run(context(), "works", {}) as mlflow:
        mlflow.log_params({"a": 1})
    with pytest.raises(KeyboardInterrupt):
        failing()
    client = MlflowClient(settings.tracking_uri)
    experiment = client.get_experiment_by_name(EXPERIMENT).experiment_id
    client.create_run(experiment, run_name="killed", tags={"dagster_run_id": "of-a-killed-process"})
    with tracking.run(context(), "next", {}):
        pass
    statuses = {run.info.run_name: run.info.status for run in client.search_runs([experiment])}
    assert statuses == {"works": "FINISHED", "breaks": "FAILED", "killed": "FAILED", "next": "FINISHED"}


def test_looking_for_models_makes_no_database(settings):
    assert not Registry(settings).exists()
    assert not settings.home.exists()
