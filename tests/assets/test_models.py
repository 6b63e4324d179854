"""The training asset where readings are too few: it says so, and neither the run nor anything after it fails."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pandas as pd
import pytest
from rich.console import Console

from weather_assets.assets import models as module
from weather_assets.assets.resources import LakeStore
from weather_assets.automation.jobs import TRAIN_JOB
from weather_assets.automation.runs import Runner
from weather_assets.clock import HOUR
from weather_assets.commands.backfill import _train_all
from weather_assets.commands.span import Span
from weather_assets.forecasting.dataset import TrainingData
from weather_assets.settings import Settings

TARGET, HOURS = "air_temperature_c", 59 * 24
BEGIN = datetime(2021, 1, 1, tzinfo=UTC)


def test_59_days_are_not_trained_on_and_the_command_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    times = pd.date_range(BEGIN, periods=HOURS, freq="h")
    features = pd.DataFrame({"station_id": 108, "issued_at": times + pd.Timedelta(minutes=10), "t_now": 1.0})
    observations = pd.DataFrame({"station_id": 108, "observed_at": times, "value": 1.0})
    data = TrainingData(features, observations, "print", 1)
    monkeypatch.setattr(module, "_read", lambda *_: (data, BEGIN + (HOURS - 1) * HOUR, [108]))
    registry = SimpleNamespace(trained_on=lambda *_: None)
    job = dg.define_asset_job(TRAIN_JOB, selection=[module.models_trained])
    store, said = LakeStore(Settings(_env_file=None, home=tmp_path)), StringIO()
    resources = {"lake": store, "tracking": SimpleNamespace(registry=lambda: registry)}
    definitions = dg.Definitions(assets=[module.models_trained], jobs=[job], resources=resources)
    with dg.DagsterInstance.ephemeral() as instance:
        span = Span(BEGIN.date(), BEGIN.date())
        _train_all(Runner(definitions, instance), [TARGET], span, Console(file=said, width=300))
    assert f"{TARGET}: not trained: " in said.getvalue()
