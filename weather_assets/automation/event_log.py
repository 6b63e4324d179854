"""The Dagster event log, made fit for one run over thousands of daily partitions.

Dagster records one planned and one materialised event per partition and asset. On SQLite each has a commit of its own
in the run's database and in the index over all runs: minutes for ten years of days. Here a batch is one commit.
"""

import os
import sqlite3
import threading
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar, cast

from dagster import DagsterEventType, EventLogEntry
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.event import listen
from sqlalchemy.pool import NullPool, Pool, QueuePool

EVENTS_PER_BATCH = 1000
ENGINES_KEPT = 4
"""Of the index and of the runs last written."""
BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"


def collect_event_batches() -> None:
    """Make Dagster hand over events in batches, which it does only where this variable says how many (0: one by one).

    It is read at every event, so setting it when the storage opens reaches each process that records events.
    """
    os.environ.setdefault(BATCH_SIZE_VARIABLE, str(EVENTS_PER_BATCH))


class TransactionalBatches(SqlEventLogStorage):
    """An SQL event log that stores the asset events of a batch together, and any other event as Dagster does."""

    batched_event_types: ClassVar[frozenset[DagsterEventType]]

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store a batch; an error while its asset events are written leaves none of them behind."""
        asset_events = [event for event in events if self._is_batched(event)]
        if len({event.run_id for event in asset_events}) != 1:
            super().store_event_batch(events)
            return
        self._store_in_one_transaction(asset_events)
        super().store_event_batch([event for event in events if not self._is_batched(event)])

    @abstractmethod
    def _store_in_one_transaction(self, events: Sequence[EventLogEntry]) -> None:
        """Store asset events of one run, at least one."""

    def _is_batched(self, event: EventLogEntry) -> bool:
        dagster_event = event.dagster_event
        return (
            dagster_event is not None
            and dagster_event.event_type in self.batched_event_types
            and dagster_event.asset_key is not None
        )

    def _store_in_index(
        self, index: Connection, rows: Sequence[Mapping[str, Any]], events: Sequence[EventLogEntry]
    ) -> None:
        """Write rows (those of `events`, in order), asset tags and asset records in the caller's transaction."""
        insert = SqlEventLogStorageTable.insert().returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
        event_ids = index.scalars(insert, rows).all()
        self._store_asset_event_tags(index, events, event_ids)
        for event, event_id in _last_of_each_asset(events, event_ids):
            self._store_asset_event(index, event, event_id)


class BatchingSqliteEventLogStorage(TransactionalBatches, SqliteEventLogStorage):
    """Dagster's SQLite event log with transactional batches: same files, same tables, same answers.

    Set as `event_log_storage` in dagster.yaml.
    """

    batched_event_types = frozenset(
        {
            DagsterEventType.ASSET_MATERIALIZATION,
            DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
            DagsterEventType.ASSET_OBSERVATION,
        }
    )

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Before Dagster's own part, which opens the index.
        self._engine = lru_cache(ENGINES_KEPT)(self._new_engine)
        super().__init__(base_dir, inst_data)
        # A batch keeps the run's database open while it writes to the index: its thread takes this lock twice.
        self._db_lock = cast("Any", threading.RLock())
        collect_event_batches()

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "BatchingSqliteEventLogStorage":
        """Make the storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)

    def dispose(self) -> None:
        """Close the connection that stays open, too."""
        super().dispose()
        self._engine(INDEX_SHARD_NAME).dispose()

    def _new_engine(self, shard: str) -> Engine:
        """To the index one connection that stays open, for closing the last one writes the journal back to the file.

        Just that tells whoever watches a run that it has news, so the connections to its database are closed.
        """
        pool: type[Pool] = QueuePool if shard == INDEX_SHARD_NAME else NullPool
        patience = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        engine = create_engine(self.conn_string_for_shard(shard), poolclass=pool, connect_args=patience)
        listen(engine, "connect", _need_not_wait_for_the_disk)
        return engine

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction in the database of a run, or of the index.

        Dagster opens and closes the file for each, and compiles every statement anew.
        """
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _store_in_one_transaction(self, events: Sequence[EventLogEntry]) -> None:
        rows = [self._event_to_row(event) for event in events]
        # The index commits first: an error before that undoes both.
        with self.run_connection(events[0].run_id) as run_log, self.index_connection() as index:
            run_log.execute(SqlEventLogStorageTable.insert(), rows)
            self._store_in_index(index, rows, events)


def _need_not_wait_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    """With a write-ahead journal a killed process loses nothing so; a power cut may lose the last events, no more."""
    connection.execute("PRAGMA synchronous = NORMAL")


def _last_of_each_asset(
    events: Sequence[EventLogEntry], event_ids: Sequence[int]
) -> Collection[tuple[EventLogEntry, int]]:
    """The events that decide what an asset's record says after a batch: its last of each type, in their order."""
    last: dict[tuple[str, str], tuple[EventLogEntry, int]] = {}
    for event, event_id in zip(events, event_ids, strict=True):
        dagster_event = event.get_dagster_event()
        key = (str(dagster_event.asset_key), dagster_event.event_type_value)
        last.pop(key, None)
        last[key] = (event, event_id)
    return last.values()
