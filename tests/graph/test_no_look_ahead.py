"""Changing the future changes no bit of a feature or a forecast that was issued before it."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from weather_assets.assets.builds import CLEAN, FEATURES
from weather_assets.clock import KST
from weather_assets.elements import ELEMENTS
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.forecasting.dataset import training_data
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.model import train
from weather_assets.forecasting.replay import features_as_issued
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.simulator import SimulatorSource

STATION = [108]
START = datetime(2021, 1, 1, tzinfo=KST)
TRAINED_THROUGH, END = START + timedelta(days=90), START + timedelta(days=100)
CUTS = [TRAINED_THROUGH + timedelta(days=days, hours=hours) for days, hours in ((1, 7), (4, 23), (7, 0))]


@pytest.fixture(scope="module")
def readings() -> pa.Table:
    return pa.concat_tables(SimulatorSource(seed=3).asos_hourly(STATION, START, END))


def lake_of(folder: Path, readings: pa.Table) -> Lake:
    """A lake with these readings as received at once, clean and features built."""
    lake = open_lake(Settings(home=folder), simulated=True)
    append_readings(lake, "simulator", readings, STATION, START, END, fetched_at=START)
    build(lake)
    return lake


def build(lake: Lake) -> None:
    for table in (CLEAN, FEATURES):
        table.run(lake, STATION, START, END)


def altered(readings: pa.Table, hours: Sequence[bool], seed: int) -> pa.Table:
    """The readings with one random element of each chosen hour replaced by another plausible number."""
    generator = random.Random(seed)  # noqa: S311  # a seeded test, nothing secret
    frame = readings.to_pandas()
    for row in np.flatnonzero(hours):
        element = generator.choice(ELEMENTS)
        low, high = element.limits
        frame.loc[row, element.code] = f"{generator.uniform(low, high):.1f}"
    return pa.Table.from_pandas(frame, schema=readings.schema, preserve_index=False)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, readings: pa.Table) -> Lake:
    return lake_of(tmp_path_factory.mktemp("known"), readings)


@pytest.fixture(scope="module")
def forecaster(lake: Lake) -> Forecaster:
    data = training_data(lake, TARGETS["air_temperature_c"], STATION, TRAINED_THROUGH, known_at=TRAINED_THROUGH)
    return train(TARGETS["air_temperature_c"], data.features, data.observations, TRAINED_THROUGH)


def issued(lake: Lake, forecaster: Forecaster, start: datetime, end: datetime) -> tuple[pd.DataFrame, np.ndarray]:
    features = features_as_issued(lake, "hourly", STATION, start, end)
    return features, forecaster.predict(features).quantiles


@pytest.mark.slow
@pytest.mark.parametrize("cut", CUTS)
def test_other_readings_after_an_hour_change_nothing_issued_up_to_it(lake, forecaster, readings, tmp_path, cut):
    later = pc.greater(readings["observed_at"], pa.scalar(cut, readings["observed_at"].type)).to_numpy()
    other = lake_of(tmp_path, altered(readings, later, seed=cut.day))
    features, quantiles = issued(lake, forecaster, TRAINED_THROUGH, END)
    other_features, other_quantiles = issued(other, forecaster, TRAINED_THROUGH, END)
    before = (features["issued_at"] <= cut + timedelta(minutes=10)).to_numpy()
    assert 0 < before.sum() < len(before)
    pd.testing.assert_frame_equal(features[before], other_features[before], check_exact=True)
    assert quantiles[before].tobytes() == other_quantiles[before].tobytes()
    assert not np.array_equal(quantiles[~before], other_quantiles[~before])


def test_other_weather_after_an_hour_changes_every_feature_issued_after_it_and_none_before(lake, readings, tmp_path):
    cut = CUTS[0]
    other_weather = pa.concat_tables(SimulatorSource(seed=4).asos_hourly(STATION, START, END))
    until = pa.scalar(cut, readings["observed_at"].type)
    known = readings.filter(pc.less_equal(readings["observed_at"], until))
    later = other_weather.filter(pc.greater(other_weather["observed_at"], until))
    other = lake_of(tmp_path, pa.concat_tables([known, later]))
    features, other_features = (
        features_as_issued(one, "hourly", STATION, TRAINED_THROUGH, END) for one in (lake, other)
    )
    before = (features["issued_at"] <= cut + timedelta(minutes=10)).to_numpy()
    pd.testing.assert_frame_equal(features[before], other_features[before], check_exact=True)
    same = [name for name in features if features[~before][name].equals(other_features[~before][name])]
    calendar = [name for cycle in HOURLY_FEATURES.cycles for name in cycle.feature_names()]
    # It is April, without snow in either weather.
    assert sorted(same) == sorted(["station_id", "issued_at", "snow_depth_cm_max_24h", *calendar])


@pytest.mark.slow
def test_corrections_count_only_from_the_hour_they_became_available(forecaster, readings, tmp_path):
    lake = lake_of(tmp_path, readings)
    features, quantiles = issued(lake, forecaster, TRAINED_THROUGH, END)
    generator = random.Random(7)  # noqa: S311  # a seeded test, nothing secret
    for number, fetched_at in enumerate(CUTS):
        past = pc.less(readings["observed_at"], pa.scalar(fetched_at, readings["observed_at"].type)).to_numpy()
        chosen = past & np.array([generator.random() < 0.2 for _ in past])
        append_readings(
            lake, "simulator", altered(readings, chosen, seed=number), STATION, START, fetched_at, fetched_at=fetched_at
        )
    build(lake)
    late_features, late_quantiles = issued(lake, forecaster, TRAINED_THROUGH, END)
    before = (features["issued_at"] < CUTS[0]).to_numpy()
    assert 0 < before.sum() < len(before)
    pd.testing.assert_frame_equal(features[before], late_features[before], check_exact=True)
    assert quantiles[before].tobytes() == late_quantiles[before].tobytes()
    assert not np.array_equal(quantiles[~before], late_quantiles[~before])


@pytest.mark.slow
def test_training_data_of_an_instant_do_not_change_with_later_corrections(readings, tmp_path):
    lake = lake_of(tmp_path, readings)
    target = TARGETS["air_temperature_c"]
    known = training_data(lake, target, STATION, TRAINED_THROUGH, known_at=TRAINED_THROUGH)
    append_readings(
        lake,
        "simulator",
        altered(readings, [True] * readings.num_rows, seed=1),
        STATION,
        START,
        END,
        fetched_at=CUTS[0],
    )
    build(lake)
    again = training_data(lake, target, STATION, TRAINED_THROUGH, known_at=TRAINED_THROUGH)
    pd.testing.assert_frame_equal(known.features, again.features, check_exact=True)
    pd.testing.assert_frame_equal(known.observations, again.observations, check_exact=True)
    assert known.fingerprint == again.fingerprint
    later = training_data(lake, target, STATION, TRAINED_THROUGH, known_at=CUTS[0])
    assert not later.observations.head(100).equals(known.observations.head(100))
