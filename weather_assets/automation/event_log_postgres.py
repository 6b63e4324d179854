"""The same for a Dagster event log on PostgreSQL; a module of its own because dagster-postgres is needed only there."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster import DagsterEventType, EventLogEntry
from dagster._serdes import ConfigurableClassData
from dagster_postgres.event_log.event_log import PostgresEventLogStorage
from dagster_postgres.utils import get_token_provider_from_config, pg_url_from_config

from weather_assets.automation.event_log import TransactionalBatches, collect_event_batches


class BatchingPostgresEventLogStorage(TransactionalBatches, PostgresEventLogStorage):
    """Dagster's PostgreSQL event log, which batches materialisations well but still stores planned ones one by one.

    Only those are taken over: a materialisation must become visible in the order of its id, or a sensor that keeps a
    cursor over ids could pass it, and Dagster's single INSERT keeps that window shorter than a transaction here would.
    """

    batched_event_types = frozenset({DagsterEventType.ASSET_MATERIALIZATION_PLANNED})

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "BatchingPostgresEventLogStorage":
        """Make the storage that dagster.yaml describes."""
        collect_event_batches()
        return cls(
            postgres_url=pg_url_from_config(config_value),
            should_autocreate_tables=config_value.get("should_autocreate_tables", True),
            inst_data=inst_data,
            token_provider=get_token_provider_from_config(config_value),
        )

    def _store_in_one_transaction(self, events: Sequence[EventLogEntry]) -> None:
        with self.index_transaction() as index:
            self._store_in_index(index, [self._event_to_row(event) for event in events], events)
