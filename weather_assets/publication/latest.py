"""The document of the newest forecasts: one JSON object for every reader, over HTTP or from predictions/latest.json."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from weather_assets.clock import KST
from weather_assets.lake.lake import Lake
from weather_assets.publication.newest import KINDS, Row, newest

LAYOUT = 1


def latest_document(lake: Lake, at: datetime) -> dict[str, Any]:
    """Forecasts of every station that stood at an instant, by kind: hourly, daily, rain, outlook.

    Times are ISO 8601 with the offset of KST. A kind that is not forecast yet is an empty list.
    """
    kinds = {name: plain_rows(newest(lake, issued, at)) for name, issued in KINDS.items()}
    issues = [row["issued_at"] for rows in kinds.values() for row in rows]
    return {
        "layout": LAYOUT,
        "simulated": bool(lake.is_simulated()),
        "snapshot": lake.snapshot(),
        "issued_at": max(issues, default=None),
        **kinds,
    }


def plain_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows with values that JSON has: instants and days as text, NaN as null."""
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def plain(value: object) -> object:
    """One value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(KST).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value - value != 0:
        return None
    return value
