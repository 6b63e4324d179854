"""Versions in a real MLflow: registered inside a tracked run, found again with fresh eyes, moved by aliases."""

import logging
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import SecretStr

from weather_assets.assets.tracking import EXPERIMENT, MlflowTracking
from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.mlflow_access import MlflowError
from weather_assets.forecasting.registry import CHAMPION, DATA_TAG, PREVIOUS, RECIPE_TAG, SNAPSHOT_TAG, Registry
from weather_assets.forecasting.succession import challenge, promote, retire, roll_back
from weather_assets.settings import Settings

TARGET = "air_temperature_c"
TAGS = {DATA_TAG: "data", RECIPE_TAG: "recipe", SNAPSHOT_TAG: "41"}


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
        promote(tracking.registry(), version, "by a test")
        numbers.append(version.number)
    registry = Registry(settings)
    assert numbers == [1, 2]
    assert {v.number: v.aliases for v in registry.versions(TARGET)} == {1: (PREVIOUS,), 2: (CHAMPION,)}
    loaded, later = registry.load(registry.version(TARGET, 2)), table.tail(5)
    assert np.array_equal(loaded.predict(later).quantiles, forecaster.predict(later).quantiles)
    assert registry.trained_on(TARGET, "data", "recipe").number == 2
    assert registry.trained_on(TARGET, "other data", "recipe") is None
    assert registry.snapshots([TARGET, "never_trained"]) == {41}
    assert roll_back(registry, TARGET, "by a test").number == 1
    assert registry.with_alias(TARGET, CHAMPION).number == 1
    challenge(registry, registry.version(TARGET, 2), "by a test")
    assert registry.version(TARGET, 2).aliases == ("challenger",)
    retire(registry, registry.version(TARGET, 2), "lost")
    assert registry.version(TARGET, 2).aliases == ()
    assert registry.version(TARGET, 2).tags["decision"] == "lost"
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


def test_a_server_that_is_down_is_one_clear_error(settings, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    down = settings.model_copy(update={"mlflow_tracking_uri": "http://user:word@127.0.0.1:9"})
    with pytest.raises(WeatherError, match=r"MLflow at http://127\.0\.0\.1:9 .* check MLFLOW_TRACKING_URI") as caught:
        Registry(down).versions(TARGET)
    assert "word" not in str(caught.value)


@pytest.mark.slow
def test_keys_that_only_the_settings_know_reach_the_store_of_the_models(
    settings, s3_server, s3_prefix, forecaster: Forecaster, monkeypatch
):
    for name in [name for name in os.environ if name.startswith(("AWS_", "MLFLOW_S3"))]:
        monkeypatch.delenv(name)
    on_s3 = settings.model_copy(
        update={
            "lake_data": s3_prefix,
            "aws_access_key_id": s3_server.key_id,
            "aws_secret_access_key": SecretStr(s3_server.secret),
            "aws_endpoint_url_s3": s3_server.endpoint_url,
        }
    )
    tracking = MlflowTracking(on_s3)
    with tracking.run(context(), "training", {"target": TARGET}):
        version = tracking.registry().register(forecaster, TAGS)
    loaded = Registry(on_s3).load(version)
    assert loaded.trained_through == forecaster.trained_through
    assert not [name for name in os.environ if name.startswith("AWS_")]


@pytest.mark.slow
def test_damaged_files_are_told_apart_from_an_mlflow_that_is_down(settings, forecaster: Forecaster):
    tracking = MlflowTracking(settings)
    with tracking.run(context(), "training", {"target": TARGET}):
        version = tracking.registry().register(forecaster, TAGS)
    for file in Path(settings.models_root).rglob("arrays.npz"):
        file.write_bytes(b"not a file of arrays")
    with pytest.raises(WeatherError, match="damaged or missing") as caught:
        Registry(settings).load(version)
    assert not isinstance(caught.value, MlflowError)


@pytest.mark.slow
def test_models_are_found_in_a_home_that_was_moved(settings, forecaster: Forecaster, tmp_path):
    tracking = MlflowTracking(settings)
    with tracking.run(context(), "training", {"target": TARGET}):
        version = tracking.registry().register(forecaster, TAGS)
    moved = settings.home.rename(tmp_path / "moved")
    loaded = Registry(Settings(_env_file=None, home=moved)).load(version)
    assert loaded.trained_through == forecaster.trained_through
