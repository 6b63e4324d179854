"""What the UI shows of rejected readings: the newest of a run, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import dagster as dg

from weather_assets.elements import BY_NAME
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import REJECTIONS

_MOST_SHOWN = 20
_MOST_DAYS = timedelta(days=31)
"""Longer runs are not listed: their events are kept for every day of them."""


def rejected_table(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> dg.MetadataValue:
    """Rejections of stations and start <= observed_at < end as a Markdown table, the newest first."""
    window = condition_sql(REJECTIONS, station_ids, start, end)
    table = f"lake.{REJECTIONS.qualified_name}"
    row = lake.first_row(f"SELECT count(*) FROM {table} WHERE {window}")
    count = row[0] if row else 0
    if end - start > _MOST_DAYS or not count:
        return dg.MetadataValue.md(f"{count} readings rejected")
    found = lake.query(
        f"SELECT station_id, observed_at, element, value, test, reason FROM {table} WHERE {window} "
        f"ORDER BY observed_at DESC, station_id, element LIMIT {_MOST_SHOWN}"
    ).fetchall()
    lines = [_line(*values) for values in found]
    more = f"\n\n{count - len(found)} more" if count > len(found) else ""
    header = "| station | hour (KST) | element | received | test | reason |\n|---|---|---|---|---|---|\n"
    return dg.MetadataValue.md(header + "\n".join(lines) + more)


def _line(station_id: int, observed_at: datetime, element: str, value: float | None, test: str, reason: str) -> str:
    received = "no number" if value is None else f"{value:g} {BY_NAME[element].unit}"
    cells = (station_id, f"{observed_at:%Y-%m-%d %H}", BY_NAME[element].label_en, received, test, reason)
    return f"| {' | '.join(map(str, cells))} |"
