"""A run over a range of partitions, asked for by tags, as Dagster's own single-run backfills do."""

from collections.abc import Mapping
from datetime import date

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG


def range_tags(first: str, last: str) -> Mapping[str, str]:
    """Tags of a run over the partitions first..last, both included."""
    return {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last}


def days_request(first: date, last: date) -> dg.RunRequest:
    """One run over the days first..last."""
    return dg.RunRequest(tags=range_tags(first.isoformat(), last.isoformat()))


def years_request(first: date, last: date) -> dg.RunRequest:
    """One run over the years of two days."""
    return dg.RunRequest(tags=range_tags(f"{first.year}", f"{last.year}"))
