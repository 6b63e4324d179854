"""The batching event log under a run over a range of days: Dagster gets the same answers, from far fewer commits."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterEventType, EventLogEntry
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE, BatchingSqliteEventLogStorage

FIRST_DAY, LAST_DAY, DAYS = "2024-02-26", "2024-03-06", 10
RUN_ID = "11111111-2222-4333-8444-555555555555"
UP, DOWN, FAILING = dg.AssetKey(["raw", "up"]), dg.AssetKey(["clean", "down"]), dg.AssetKey("failing")
BATCH_SIZE = "4"
"""Several batches per asset, the last one short."""

Both = tuple[dg.DagsterInstance, dg.DagsterInstance]
"""Dagster's storage and ours."""

days = dg.DailyPartitionsDefinition(start_date="2024-01-01", timezone="Asia/Seoul", end_offset=1)


@dg.asset(key=UP, partitions_def=days, backfill_policy=dg.BackfillPolicy.single_run())
def up(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"days": len(context.partition_keys)}, tags={"source": "test"})


@dg.asset(key=DOWN, deps=[UP], partitions_def=days, backfill_policy=dg.BackfillPolicy.single_run())
def down(context: dg.AssetExecutionContext) -> None:
    context.log_event(dg.AssetObservation(UP, partition=context.partition_keys[0]))


@dg.asset(deps=[DOWN], partitions_def=days, backfill_policy=dg.BackfillPolicy.single_run())
def failing() -> None:
    raise RuntimeError("on purpose")


JOB = dg.Definitions(
    assets=[up, down, failing], jobs=[dg.define_asset_job("every_day", selection="*")]
).resolve_job_def("every_day")


def run_over_the_range(instance: dg.DagsterInstance) -> None:
    result = JOB.execute_in_process(
        instance=instance,
        run_id=RUN_ID,
        raise_on_error=False,
        tags={"dagster/asset_partition_range_start": FIRST_DAY, "dagster/asset_partition_range_end": LAST_DAY},
    )
    assert not result.success


def open_instance(home: Path, storage: type[SqliteEventLogStorage]) -> dg.DagsterInstance:
    log = {"module": storage.__module__, "class": storage.__name__, "config": {"base_dir": str(home / "log")}}
    return dg.DagsterInstance.local_temp(str(home), overrides={"event_log_storage": log})


@pytest.fixture(scope="module")
def instances(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The same run on Dagster's storage, event by event, and on ours, in batches."""
    stock = open_instance(tmp_path_factory.mktemp("stock"), SqliteEventLogStorage)
    ours = open_instance(tmp_path_factory.mktemp("ours"), BatchingSqliteEventLogStorage)
    with stock, ours, pytest.MonkeyPatch.context() as patch:
        for instance, batch_size in ((stock, "0"), (ours, BATCH_SIZE)):
            patch.setenv(BATCH_SIZE_VARIABLE, batch_size)
            run_over_the_range(instance)
        yield stock, ours


def answers(instance: dg.DagsterInstance) -> dict[str, object]:
    """What Dagster and its UI ask an event log, without what differs from run to run (clock, process number)."""
    log = instance.event_log_storage
    stats = instance.get_run_stats(RUN_ID)
    found: dict[str, object] = {
        "records": [
            (record.storage_id, event.event_type_value, event.step_key, event.asset_key, event.partition)
            for record in log.get_records_for_run(RUN_ID).records
            if (event := record.event_log_entry.dagster_event)
        ],
        "logs": len(log.get_logs_for_run(RUN_ID)),
        "stats": (stats.steps_succeeded, stats.steps_failed, stats.materializations),
        "partitions of the run": log.get_asset_partitions_for_run(RUN_ID),
        "keys": log.all_asset_keys(),
    }
    for key in (UP, DOWN, FAILING):
        found |= {f"{what} of {key}": answer for what, answer in answers_on(instance, key).items()}
    return found


def answers_on(instance: dg.DagsterInstance, key: dg.AssetKey) -> dict[str, object]:
    log = instance.event_log_storage
    done, planned = DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_MATERIALIZATION_PLANNED
    latest = instance.get_latest_materialization_event(key)
    return {
        "record": [
            (record.storage_id, record.asset_entry.last_materialization_storage_id, record.asset_entry.last_run_id)
            for record in log.get_asset_records([key])
        ],
        "latest": latest and latest.asset_materialization,
        "materialised": log.get_materialized_partitions(key),
        "ids": log.get_latest_storage_id_by_partition(key, done),
        "planned ids": log.get_latest_storage_id_by_partition(key, planned),
        "tags": log.get_event_tags_for_asset(key),
        "tags by partition": log.get_latest_tags_by_partition(key, done, ["dagster/data_version"]),
        "attempts": log.get_latest_asset_partition_materialization_attempts_without_materializations(key),
        "planned": log.get_latest_planned_materialization_info(key),
        "materialisations": [record.storage_id for record in instance.fetch_materializations(key, limit=100).records],
        "observations": [record.partition_key for record in instance.fetch_observations(key, limit=100).records],
    }


def test_a_run_over_a_range_gets_the_same_answers(instances: Both) -> None:
    stock, ours = (answers(instance) for instance in instances)
    for question, answer in stock.items():
        assert ours[question] == answer, question


def test_the_answers_are_those_of_the_run(instances: Both) -> None:
    log = instances[1].event_log_storage
    assert len(log.get_materialized_partitions(UP)) == DAYS
    assert log.get_materialized_partitions(UP) >= {FIRST_DAY, "2024-02-29", LAST_DAY}
    assert log.get_materialized_partitions(FAILING) == set()
    assert len(log.get_latest_asset_partition_materialization_attempts_without_materializations(FAILING)) == DAYS


def test_wiping_gets_the_same_answers(instances: Both) -> None:
    for instance in instances:
        instance.event_log_storage.wipe_asset(UP)
    stock, ours = instances
    assert answers(ours) == answers(stock)
    assert ours.event_log_storage.get_materialized_partitions(UP) == set()
    ours.event_log_storage.wipe()
    assert ours.event_log_storage.all_asset_keys() == []


def test_a_run_over_a_range_stores_no_day_on_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "1000")
    alone: list[str | None] = []
    store_event = SqliteEventLogStorage.store_event

    def noted(self: SqliteEventLogStorage, event: EventLogEntry) -> None:
        alone.append(event.dagster_event and event.dagster_event.event_type_value)
        store_event(self, event)

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", noted)
    with open_instance(tmp_path, BatchingSqliteEventLogStorage) as instance:
        run_over_the_range(instance)
    assert alone.count("STEP_SUCCESS") == 2
    assert not {"ASSET_MATERIALIZATION", "ASSET_MATERIALIZATION_PLANNED"} & set(alone)
