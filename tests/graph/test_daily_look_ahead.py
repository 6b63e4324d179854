"""Daily forecasts and what was known when: corrections of days, of dust and of hours count from when they came."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from weather_assets.assets.builds import CLEAN, FEATURES
from weather_assets.clock import KST, kst_date
from weather_assets.features.daily import daily_features_sql
from weather_assets.forecasting.dataset import TrainingData, observations_known_at, training_data
from weather_assets.forecasting.replay import features_as_issued
from weather_assets.forecasting.targets import TARGETS, Target, targets_of
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.lake.versions import newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.quality.daily import clean_daily_sql
from weather_assets.quality.pm10 import pm10_daily_sql
from weather_assets.settings import Settings
from weather_assets.sources.simulator import SimulatorSource
from weather_assets.tables import (
    CLEAN_ASOS_DAILY,
    CLEAN_PM10_DAILY,
    FEATURES_DAILY,
    RAW_ASOS_DAILY,
    RAW_ASOS_HOURLY,
    RAW_PM10_HOURLY,
)

STATION = [108]
START = datetime(2021, 1, 1, tzinfo=KST)
END = START + timedelta(days=20)
CORRECTED = START + timedelta(days=14, hours=9)
"""When corrections of everything before arrive."""

WINDOW = (STATION, START, END)
CHOSEN = {name: TARGETS[name] for name in ("max_temperature_c", "mean_pm10_ugm3")}
RAW = (RAW_ASOS_HOURLY, RAW_ASOS_DAILY, RAW_PM10_HOURLY)


def received() -> tuple[pa.Table, ...]:
    source = SimulatorSource(seed=3)
    return (
        pa.concat_tables(source.asos_hourly(STATION, START, END)),
        pa.concat_tables(source.asos_daily(STATION, kst_date(START), kst_date(END))),
        pa.concat_tables(source.pm10_hourly(STATION, START, END)),
    )


def build(lake: Lake) -> None:
    for table in (CLEAN, FEATURES):
        table.run(lake, *WINDOW)
    days = newest_rows_sql(RAW_ASOS_DAILY, ("station_id", "observed_on"), condition_sql(RAW_ASOS_DAILY, *WINDOW))
    lake.replace_window(CLEAN_ASOS_DAILY, clean_daily_sql(days, kst_date(START), kst_date(END)), *WINDOW)
    dust = newest_rows_sql(RAW_PM10_HOURLY, ("station_id", "observed_at"), condition_sql(RAW_PM10_HOURLY, *WINDOW))
    lake.replace_window(CLEAN_PM10_DAILY, pm10_daily_sql(dust), *WINDOW)
    last = kst_date(END) - timedelta(days=1)
    tables = ("lake.features.hourly", "lake.clean.asos_daily", "lake.clean.pm10_daily")
    lake.replace_window(FEATURES_DAILY, daily_features_sql(*tables, kst_date(START), last), *WINDOW)


def shifted(table: pa.Table, column: str, before: datetime) -> pa.Table:
    """The rows before an instant with a number raised by one."""
    frame = table.to_pandas()
    time = "observed_on" if "observed_on" in frame else "observed_at"
    limit = before.date() if time == "observed_on" else before
    frame = frame[frame[time] < limit]
    frame[column] = [None if text is None else f"{float(text) + 1:.1f}" for text in frame[column]]
    return pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(Settings(_env_file=None, home=tmp_path), simulated=True)
    for table, rows in zip(RAW, received(), strict=True):
        append_readings(lake, "simulator", rows, STATION, START, END, table=table, fetched_at=START)
    build(lake)
    return lake


@pytest.mark.slow
def test_corrections_count_from_when_they_came(lake: Lake) -> None:
    before = features_as_issued(lake, "daily", STATION, START, END)
    known = {name: known_before(lake, target) for name, target in CHOSEN.items()}
    for table, rows, column in zip(RAW, received(), ("ta", "max_ta", "pm10"), strict=True):
        corrected = shifted(rows, column, CORRECTED)
        append_readings(lake, "simulator", corrected, STATION, START, END, table=table, fetched_at=CORRECTED)
    build(lake)
    after = features_as_issued(lake, "daily", STATION, START, END)
    unseen = (before["issued_at"] < CORRECTED).to_numpy()
    assert 0 < unseen.sum() < len(unseen)
    pd.testing.assert_frame_equal(before[unseen], after[unseen], check_exact=True)
    built = lake.query("SELECT * FROM lake.features.daily ORDER BY issued_at").df()
    for name in ("air_temperature_c", "max_temperature_c_lag_1d", "mean_pm10_ugm3_lag_1d"):
        assert not np.array_equal(built[name][unseen], after[name][unseen], equal_nan=True)
    for name, target in CHOSEN.items():
        again = known_before(lake, target)
        pd.testing.assert_frame_equal(known[name].features, again.features, check_exact=True)
        pd.testing.assert_frame_equal(known[name].observations, again.observations, check_exact=True)
        assert known[name].fingerprint == again.fingerprint


def known_before(lake: Lake, target: Target) -> TrainingData:
    """What there was to learn from an hour before the corrections came."""
    return training_data(lake, target, STATION, CORRECTED, known_at=CORRECTED - timedelta(hours=1))


def test_a_day_that_is_not_over_has_no_value_to_learn_from(lake: Lake) -> None:
    noon = START + timedelta(days=10, hours=12)
    for target in targets_of("daily").values():
        days = observations_known_at(lake, target, STATION, START, noon, known_at=noon)["observed_at"]
        assert days.max() == START + timedelta(days=9)
