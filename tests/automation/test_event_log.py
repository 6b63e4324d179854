"""A batch in the event log against Dagster's own storage of its events one by one: same rows, all or nothing."""

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterEventType, EventLogEntry
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.events import (
    AssetMaterializationPlannedData,
    AssetObservationData,
    DagsterEvent,
    StepMaterializationData,
)
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE, BatchingSqliteEventLogStorage

RUN_ID = "11111111-2222-4333-8444-555555555555"
UP, DOWN = dg.AssetKey(["raw", "up"]), dg.AssetKey(["clean", "down"])
DAYS = [f"2024-03-{day:02d}" for day in range(1, 8)]
TABLES = {
    "event_logs": "id, run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition",
    "asset_event_tags": "id, event_id, asset_key, key, value, event_timestamp",
    "asset_keys": "id, asset_key, last_materialization, last_run_id, last_materialization_timestamp",
    "asset_check_executions": "id, asset_key, check_name, partition, run_id, execution_status",
}


@pytest.fixture(autouse=True)
def _batch_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a storage sets the variable: put it back afterwards."""
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "4")


@pytest.fixture
def stock(tmp_path: Path) -> SqliteEventLogStorage:
    return SqliteEventLogStorage(str(tmp_path / "stock"))


@pytest.fixture
def ours(tmp_path: Path) -> BatchingSqliteEventLogStorage:
    return BatchingSqliteEventLogStorage(str(tmp_path / "ours"))


def entry(event: DagsterEvent | None, second: float, run_id: str = RUN_ID) -> EventLogEntry:
    return EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None,
        level=10,
        user_message="",
        run_id=run_id,
        timestamp=1_700_000_000.0 + second,
        step_key="step",
        job_name="job",
        dagster_event=event,
    )


def planned(key: dg.AssetKey, day: str) -> DagsterEvent:
    return DagsterEvent.build_asset_materialization_planned_event(
        "job", "step", AssetMaterializationPlannedData(key, partition=day)
    )


def materialized(key: dg.AssetKey, day: str) -> DagsterEvent:
    tags = {"dagster/data_version": f"{key.path[-1]}-{day}", "dagster/code_version": "1"}
    what = dg.AssetMaterialization(key, partition=day, metadata={"rows": 24}, tags=tags)
    return DagsterEvent(
        DagsterEventType.ASSET_MATERIALIZATION.value, "job", event_specific_data=StepMaterializationData(what)
    )


def observed(key: dg.AssetKey, day: str) -> DagsterEvent:
    what = dg.AssetObservation(key, partition=day, tags={"dagster/data_version": "seen"})
    return DagsterEvent(DagsterEventType.ASSET_OBSERVATION.value, "job", event_specific_data=AssetObservationData(what))


def check_planned(key: dg.AssetKey) -> DagsterEvent:
    return DagsterEvent(
        DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value,
        "job",
        event_specific_data=AssetCheckEvaluationPlanned(asset_key=key, check_name="schema"),
    )


def tables(folder: Path) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """Every row of every database of a storage, as SQLite itself reads them."""
    found = {}
    for database in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(database)) as connection:
            for table, columns in TABLES.items():
                rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
                found[database.name, table] = rows
    return found


BATCHES = {
    "materialised": [materialized(UP, day) for day in DAYS],
    "planned, two assets": [planned(key, day) for key in (DOWN, UP) for day in DAYS],
    "observed": [observed(UP, day) for day in DAYS],
    "all kinds of one asset": [
        event(UP, day) for event in (planned, materialized, observed, materialized, planned) for day in DAYS
    ],
    "with a check at the end": [*(planned(UP, day) for day in DAYS), check_planned(UP)],
    "only a check": [check_planned(UP)],
    "none": [],
}


def test_a_batch_leaves_the_same_rows_as_its_events_one_by_one(
    tmp_path: Path, stock: SqliteEventLogStorage, ours: BatchingSqliteEventLogStorage
) -> None:
    for what, events in BATCHES.items():
        entries = [entry(event, second) for second, event in enumerate(events)]
        for one in entries:
            stock.store_event(one)
        ours.store_event_batch(entries)
        assert tables(tmp_path / "ours") == tables(tmp_path / "stock"), what


def test_events_that_are_not_of_one_run_or_not_of_dagster_are_stored_as_dagster_does(
    tmp_path: Path, stock: SqliteEventLogStorage, ours: BatchingSqliteEventLogStorage
) -> None:
    entries = [entry(materialized(UP, "2024-03-01"), 0), entry(None, 1), entry(planned(UP, "2024-03-02"), 2, "other")]
    stock.store_event_batch(entries)
    ours.store_event_batch(entries)
    assert tables(tmp_path / "ours") == tables(tmp_path / "stock")


@pytest.mark.parametrize("step", ["_store_asset_event_tags", "_store_asset_event"])
def test_a_batch_that_fails_leaves_nothing_in_either_database(
    tmp_path: Path, ours: BatchingSqliteEventLogStorage, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ours.store_event_batch([entry(materialized(UP, day), 0) for day in DAYS])
    before = tables(tmp_path / "ours")

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(ours, step, broken)
    with pytest.raises(OSError, match="disk full"):
        ours.store_event_batch([entry(materialized(DOWN, day), 1) for day in DAYS])
    assert tables(tmp_path / "ours") == before


def test_two_storages_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    runs = [f"run-{number}" for number in range(4)]

    def write(run_id: str) -> None:
        storage = BatchingSqliteEventLogStorage(str(tmp_path / "ours"))
        for _ in range(5):
            storage.store_event_batch([entry(materialized(UP, day), 0, run_id) for day in DAYS])

    BatchingSqliteEventLogStorage(str(tmp_path / "ours"))
    writers = [threading.Thread(target=write, args=(run_id,)) for run_id in runs]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = {name: len(found) for name, found in tables(tmp_path / "ours").items()}
    assert rows["index.db", "event_logs"] == len(runs) * 5 * len(DAYS)
    assert [rows[f"{run_id}.db", "event_logs"] for run_id in runs] == [5 * len(DAYS)] * len(runs)


def test_whoever_watches_a_run_is_told_of_every_event_of_a_batch(ours: BatchingSqliteEventLogStorage) -> None:
    seen: list[str | None] = []
    ours.store_event(entry(materialized(UP, "2024-02-29"), 0))
    ours.watch(RUN_ID, None, lambda event, _cursor: seen.append(event.get_dagster_event().partition))
    try:
        ours.store_event_batch([entry(materialized(UP, day), 1) for day in DAYS])
        deadline = time.monotonic() + 10
        while len(seen) <= len(DAYS) and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        ours.dispose()
    assert seen == ["2024-02-29", *DAYS]


@pytest.mark.parametrize(("before", "after"), [(None, "1000"), ("0", "0"), ("50", "50")])
def test_opening_the_storage_turns_batches_on_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None, after: str
) -> None:
    if before is None:
        monkeypatch.delenv(BATCH_SIZE_VARIABLE)
    else:
        monkeypatch.setenv(BATCH_SIZE_VARIABLE, before)
    BatchingSqliteEventLogStorage(str(tmp_path))
    assert os.environ[BATCH_SIZE_VARIABLE] == after
