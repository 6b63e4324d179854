"""The asset that publishes the newest forecast: what it writes, and that it waits where none was issued."""

import json
from pathlib import Path

import dagster as dg
import pytest
from forecast_lake import NEWEST, fill

from weather_assets.assets.predictions import predictions_latest
from weather_assets.assets.resources import LakeStore
from weather_assets.automation.jobs import FORECAST_JOB, HOURLY_JOB
from weather_assets.definitions import defs
from weather_assets.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path / "home")


def published(settings: Settings) -> Path:
    store = LakeStore(settings)
    dg.materialize([predictions_latest], partition_key="2026-03-10", resources={"lake": store})
    store.close()
    return settings.home / "data" / "predictions" / "latest.json"


def test_the_newest_forecast_is_published(settings):
    fill(settings, NEWEST)
    document = json.loads(published(settings).read_text())
    assert document["issued_at"] == "2026-03-10T12:10:00+09:00"
    assert len(document["hourly"]) == 2 * 2 * 48
    assert document["simulated"] is True


def test_nothing_is_published_before_a_forecast_was_issued(settings):
    assert not published(settings).exists()


@pytest.mark.parametrize("job", [HOURLY_JOB, FORECAST_JOB])
def test_every_run_that_forecasts_publishes(job):
    assert dg.AssetKey(["predictions", "latest"]) in defs.resolve_job_def(job).asset_layer.executable_asset_keys
