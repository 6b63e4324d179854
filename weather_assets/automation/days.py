"""Requests of runs over a range of partitions, asked for by tags, as Dagster's own single-run backfills do."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from weather_assets.assets.describe import asset_key
from weather_assets.lake.contracts import TableContract


def range_tags(first: str, last: str) -> Mapping[str, str]:
    """Tags of a run over the partitions first..last, both included."""
    return {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last}


OpsConfig = Mapping[str, Mapping[str, Any]]
"""Op name of an asset -> its configuration."""


def refetch(*tables: TableContract) -> OpsConfig:
    """Configuration by which raw tables are asked for again although the lake holds them, to see corrections."""
    return {asset_key(table).to_python_identifier(): {"refetch": True} for table in tables}


def ops_config(config: OpsConfig) -> Mapping[str, Any]:
    """The same as run configuration."""
    return {"ops": {name: {"config": values} for name, values in config.items()}}


def days_request(first: date, last: date, config: OpsConfig | None = None) -> dg.RunRequest:
    """One run over the days first..last."""
    return _request(first.isoformat(), last.isoformat(), config)


def years_request(first: date, last: date, config: OpsConfig | None = None) -> dg.RunRequest:
    """One run over the years of two days."""
    return _request(f"{first.year}", f"{last.year}", config)


def _request(first: str, last: str, config: OpsConfig | None) -> dg.RunRequest:
    return dg.RunRequest(run_config=ops_config(config or {}), tags=range_tags(first, last))
