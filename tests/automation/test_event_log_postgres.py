"""The PostgreSQL event log against Dagster's own: planned events in one transaction, same rows, all or nothing."""

from collections.abc import Iterator, Sequence

import dagster as dg
import pytest
import sqlalchemy as db
from dagster import EventLogEntry
from dagster._core.events import AssetMaterializationPlannedData, DagsterEvent
from dagster_postgres.event_log.event_log import PostgresEventLogStorage

from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE
from weather_assets.automation.event_log_postgres import BatchingPostgresEventLogStorage

SCHEMAS = ("event_log_stock", "event_log_ours")
KEYS = [dg.AssetKey("down"), dg.AssetKey("up")]
DAYS = [f"2024-03-{day:02d}" for day in range(1, 8)]
TABLES = {
    "event_logs": "id, run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition",
    "asset_keys": "asset_key, last_materialization, last_run_id, last_materialization_timestamp",
}


@pytest.fixture
def server(postgres_url: str) -> Iterator[db.Engine]:
    engine = db.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(db.text(";".join(f"CREATE SCHEMA {schema}" for schema in SCHEMAS)))
    yield engine
    engine.dispose()


def open_in(server: db.Engine, schema: str, storage: type[PostgresEventLogStorage]) -> PostgresEventLogStorage:
    url = server.url.render_as_string(hide_password=False)
    return storage.from_config_value(None, {"postgres_url": f"{url}?options=-csearch_path%3D{schema}"})


def tables(server: db.Engine, schema: str) -> dict[str, Sequence[db.Row[tuple[object, ...]]]]:
    with server.connect() as connection:
        return {
            table: connection.execute(db.text(f"SELECT {columns} FROM {schema}.{table} ORDER BY 1")).all()
            for table, columns in TABLES.items()
        }


@pytest.fixture
def planned() -> list[EventLogEntry]:
    """One event per asset and day, as a run over a range is announced."""
    events = [
        DagsterEvent.build_asset_materialization_planned_event(
            "job", "step", AssetMaterializationPlannedData(key, partition=day)
        )
        for key in KEYS
        for day in DAYS
    ]
    return [
        EventLogEntry(None, 10, "", "run", 1_700_000_000.0 + second, "step", "job", event)  # type: ignore[no-untyped-call]
        for second, event in enumerate(events)
    ]


@pytest.fixture
def ours(server: db.Engine, monkeypatch: pytest.MonkeyPatch) -> PostgresEventLogStorage:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "1000")
    return open_in(server, SCHEMAS[1], BatchingPostgresEventLogStorage)


def test_planned_events_leave_the_same_rows_as_one_by_one(
    server: db.Engine, ours: PostgresEventLogStorage, planned: list[EventLogEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = open_in(server, SCHEMAS[0], PostgresEventLogStorage)
    for event in planned:
        stock.store_event(event)
    monkeypatch.setattr(ours, "store_event", None)
    ours.store_event_batch(planned)
    assert tables(server, SCHEMAS[1]) == tables(server, SCHEMAS[0])
    assert len(tables(server, SCHEMAS[1])["event_logs"]) == len(KEYS) * len(DAYS)


def test_planned_events_that_fail_leave_nothing(
    server: db.Engine, ours: PostgresEventLogStorage, planned: list[EventLogEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("connection lost")

    monkeypatch.setattr(ours, "_store_asset_event", broken)
    with pytest.raises(OSError, match="connection lost"):
        ours.store_event_batch(planned)
    assert tables(server, SCHEMAS[1]) == {"event_logs": [], "asset_keys": []}
