"""Rows of text, as a service sent them, into a table of a raw schema.

Belongs here: order, one row per station and time, blank = null. Does not: which field is which column.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeVar

import pyarrow as pa

from weather_assets.sources.failures import Origin, TransientFailure

Sent = TypeVar("Sent")


class RawRow(NamedTuple):
    """One reading: `time` is an instant or a KST day, `texts` its values by raw column."""

    station_id: int
    time: datetime | date
    texts: Mapping[str, str | None]


def read_rows(origin: Origin, sent: Iterable[Sent], read: Callable[[Sent], RawRow]) -> list[RawRow]:
    """Every row as `read` reads it; one that it cannot read is a TransientFailure, for it may be spoilt on its way."""
    rows: list[RawRow] = []
    for number, item in enumerate(sent, start=1):
        row = _row_or_none(item, read)
        if row is None:
            remedy = "it was asked for again; if it stays so, take this time from the files of data.kma.go.kr"
            raise TransientFailure(origin, f"row {number} of the answer is malformed", remedy)
        rows.append(row)
    return rows


def _row_or_none(item: Sent, read: Callable[[Sent], RawRow]) -> RawRow | None:
    try:
        return read(item)
    except (LookupError, TypeError, ValueError):
        return None


def raw_table(schema: pa.Schema, rows: Iterable[RawRow]) -> pa.Table:
    """Table by time and station. Of several rows for one of them the last counts; an absent or blank text is null."""
    by_key = {(row.time, row.station_id): row.texts for row in rows}
    keys = sorted(by_key)
    station, time, *texts = schema.names
    columns: dict[str, list[object]] = {station: [key[1] for key in keys], time: [key[0] for key in keys]}
    for name in texts:
        columns[name] = [by_key[key].get(name) or None for key in keys]
    return pa.table(columns, schema=schema)
