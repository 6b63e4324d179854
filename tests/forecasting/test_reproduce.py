"""Making a version again from its snapshot: what came later does not matter, and what differs is told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest

from weather_assets.assets.builds import CLEAN, FEATURES
from weather_assets.clock import KST
from weather_assets.errors import WeatherError
from weather_assets.forecasting import reproduce as module
from weather_assets.forecasting.dataset import stations_of, training_data
from weather_assets.forecasting.provenance import provenance
from weather_assets.forecasting.registry import DATA_TAG, THROUGH_TAG, Version
from weather_assets.forecasting.reproduce import reproduce, snapshot_of
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.errors import LakeError
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.simulator import SimulatorSource

TARGET, STATION = TARGETS["air_temperature_c"], [108]
START = datetime(2021, 1, 1, tzinfo=KST)
THROUGH = START + timedelta(days=4, hours=23)


@dataclass
class Mean:
    """A model that has learnt one number from all it was given."""

    learnt: float

    def predict(self, features: pd.DataFrame) -> "Mean":
        self.asked = len(features)
        return self

    def to_arrow(self) -> pa.Table:
        return pa.table({"station_id": [108] * self.asked, "p50": [self.learnt] * self.asked})


def train(_: object, features: pd.DataFrame, observations: pd.DataFrame, __: datetime, **___: object) -> Mean:
    return Mean(float(features["air_temperature_c"].sum() + observations["value"].sum()))


def load_days(settings: Settings, first: int, last: int, seed: int = 3) -> None:
    start, end = START + timedelta(days=first), START + timedelta(days=last)
    with open_lake(settings, simulated=True) as lake:
        readings = pa.concat_tables(SimulatorSource(seed=seed).asos_hourly(STATION, start, end))
        append_readings(lake, "simulator", readings, STATION, start, end, fetched_at=end)
        for build in (CLEAN, FEATURES):
            build.run(lake, STATION, start, end)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(module, "estimator_for", lambda *_: SimpleNamespace(train=lambda: train))
    made = Settings(_env_file=None, home=tmp_path)
    load_days(made, 0, 5)
    return made


@pytest.fixture
def version(settings: Settings) -> Version:
    """Registered as a training would, before more readings and corrections come."""
    with open_lake(settings, read_only=True) as lake:
        snapshot, known_at = lake.snapshot(), START + timedelta(days=5)
        data = training_data(lake, TARGET, stations_of(lake), THROUGH, known_at)
    tags = provenance(
        fingerprint=data.fingerprint, snapshot=snapshot, known_at=known_at, stations=STATION, estimator="mean"
    )
    return Version(TARGET.name, 1, (), "run", datetime(2021, 1, 6, tzinfo=UTC), {**tags, THROUGH_TAG: str(THROUGH)})


def registered(settings: Settings, version: Version) -> SimpleNamespace:
    """A registry with the model that was trained at first."""
    with open_lake(settings, read_only=True, snapshot=snapshot_of(version)) as lake:
        data = training_data(lake, TARGET, STATION, THROUGH, START + timedelta(days=5))
    model = train(TARGET, data.features, data.observations, THROUGH)
    return SimpleNamespace(load=lambda _: model)


def made_again(settings: Settings, version: Version, registry: SimpleNamespace):
    with open_lake(settings, read_only=True, snapshot=snapshot_of(version)) as lake:
        return reproduce(lake, registry, version, lambda _: None)


def test_readings_and_corrections_that_came_later_change_nothing(settings, version):
    registry = registered(settings, version)
    load_days(settings, 0, 10, seed=4)
    made = made_again(settings, version, registry)
    assert made.identical
    assert made.largest_difference == 0.0
    assert made.rows > 100
    assert made.differences == ()


def test_another_model_is_told_apart(settings, version):
    made = made_again(settings, version, SimpleNamespace(load=lambda _: Mean(0.0)))
    assert not made.identical
    assert made.largest_difference > 0


def test_what_is_not_as_recorded_is_named(settings, version):
    registry = registered(settings, version)
    other = replace(
        version, tags={**version.tags, DATA_TAG: "other", "code_version": "0.0.1", "libraries": '{"numpy": "1.0"}'}
    )
    said = " / ".join(made_again(settings, other, registry).differences)
    assert "the readings of the snapshot are not those" in said
    assert "code: 0.0.1 then" in said
    assert "numpy: 1.0 then" in said


def test_a_version_without_its_record_and_a_snapshot_that_is_gone_say_what_to_do(settings, version):
    with pytest.raises(WeatherError, match=r"records no lake_snapshot, .*: train it anew"):
        snapshot_of(replace(version, tags={}))
    with pytest.raises(LakeError, match="No snapshot found"):
        open_lake(settings, read_only=True, snapshot=999)
