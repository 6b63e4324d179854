"""A platform whose readings come from the local KMA service, driven through the real graph."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from weather_assets.automation.days import refetch
from weather_assets.automation.runs import Runner
from weather_assets.definitions import build_definitions
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.kma_service import KmaService
from weather_assets.tables import RAW_ASOS_HOURLY

KEY = "h1dden+/ke=y=="
Rows = list[tuple[Any, ...]]


def service_settings(home: Path, service: KmaService, source: str, stations: tuple[int, ...] = (108,)) -> Settings:
    """Settings of a home that reads from the service through one of its two providers."""
    return Settings(
        _env_file=None,
        home=home,
        source=source,
        stations=stations,
        data_go_kr_key=KEY,
        data_go_kr_url=service.data_go_kr_url,
        airkorea_url=service.airkorea_url,
        kma_api_hub_key=KEY,
        kma_api_hub_url=service.hub_url,
    )


def load(
    settings: Settings, first: date, last: date, job: str = "load_raw", *, again: bool = False
) -> Mapping[str, Any]:
    """Run a load of days through the graph; returns what its first event says. Raises the error of the source."""
    said: dict[str, Any] = {}

    def listen(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is not None and event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION and not said:
            metadata = event.step_materialization_data.materialization.metadata
            said.update({name: value.value for name, value in metadata.items()})

    with dg.DagsterInstance.ephemeral() as instance:
        runner = Runner(build_definitions(settings), instance, listen)
        runner.days(job, first, last, refetch(RAW_ASOS_HOURLY) if again else None)
    return said


def rows(settings: Settings, query: str) -> Rows:
    """Answer of the lake; none where there is no lake yet."""
    with open_lake(settings, read_only=True) as lake:
        return lake.query(query).fetchall()
