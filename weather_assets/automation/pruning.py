"""Forgetting old runs without forgetting what they made.

Deleting a run deletes its events, the materialisations of its partitions among them. So a run is deleted only when each
partition that it made was made again by a later one; of the others only the log goes.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from sqlalchemy import select

RUNS_KEPT = timedelta(days=30)
RUNS_PER_PAGE = 500
_LARGEST_QUERY = 500


@dataclass(frozen=True)
class Pruned:
    """How many runs were forgotten, and of how many others the log."""

    runs: int
    logs: int


def prune_runs(instance: dg.DagsterInstance, now: datetime) -> Pruned:
    """Forget finished runs older than RUNS_KEPT that made nothing that still counts, and the logs of the others."""
    needed = _runs_that_count(instance)
    old = list(_old_runs(instance, now - RUNS_KEPT))
    forgotten = [run_id for run_id in old if run_id not in needed]
    for run_id in forgotten:
        instance.delete_run(run_id)
        for file in _databases(instance, run_id):
            file.unlink()
        shutil.rmtree(Path(instance.storage_directory()) / run_id, ignore_errors=True)
    emptied = [run_id for run_id in old if run_id in needed and _empty_log(instance, run_id)]
    return Pruned(len(forgotten), len(emptied))


def _old_runs(instance: dg.DagsterInstance, before: datetime) -> Iterator[str]:
    chosen = dg.RunsFilter(statuses=FINISHED_STATUSES, created_before=before)
    cursor: str | None = None
    while True:
        records = instance.get_run_records(chosen, limit=RUNS_PER_PAGE, cursor=cursor)
        yield from (record.dagster_run.run_id for record in records)
        if len(records) < RUNS_PER_PAGE:
            return
        cursor = records[-1].dagster_run.run_id


def _runs_that_count(instance: dg.DagsterInstance) -> set[str]:
    """Runs that made the newest state of any partition, or of an asset without partitions."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"the event log {type(storage).__name__} is none of SQL, so its runs cannot be pruned")
    counting: set[int] = set()
    runs: set[str] = set()
    for record in instance.get_asset_records(instance.get_asset_keys()):
        key = record.asset_entry.asset_key
        for event in (DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_OBSERVATION):
            counting.update(storage.get_latest_storage_id_by_partition(key, event).values())
        if record.asset_entry.last_materialization is not None:
            runs.add(record.asset_entry.last_materialization.run_id)
    return runs | _runs_of(storage, sorted(counting))


def _runs_of(storage: SqlEventLogStorage, event_ids: list[int]) -> set[str]:
    runs: set[str] = set()
    with storage.index_connection() as index:
        for start in range(0, len(event_ids), _LARGEST_QUERY):
            some = event_ids[start : start + _LARGEST_QUERY]
            chosen = select(SqlEventLogStorageTable.c.run_id).where(SqlEventLogStorageTable.c.id.in_(some)).distinct()
            runs.update(index.scalars(chosen))
    return runs


def _databases(instance: dg.DagsterInstance, run_id: str) -> Iterable[Path]:
    """Files of a run's own database, where runs have one."""
    if not isinstance(instance.event_log_storage, SqliteEventLogStorage):
        return []
    database = Path(instance.event_log_storage.path_for_shard(run_id))
    return database.parent.glob(f"{run_id}.db*")


def _empty_log(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Empty a run's own database, where it has one; whether there was anything. Its partitions are in the index too.

    The file stays: a server that has read from it before expects its tables.
    """
    database = next((file for file in _databases(instance, run_id) if file.suffix == ".db"), None)
    if database is None:
        return False
    with closing(sqlite3.connect(database)) as log:
        deleted = log.execute("DELETE FROM event_logs").rowcount
        log.commit()
        log.execute("VACUUM")
    return deleted > 0
