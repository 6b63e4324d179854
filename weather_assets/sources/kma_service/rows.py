"""From a table of the source to rows of text, and the faults that concern whole rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from weather_assets.clock import STAMP_ZONE, stamp_midnight
from weather_assets.sources.kma_service.exchange import Call
from weather_assets.sources.kma_service.faults import FaultKind


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a source's table: its station, its time (standard time; midnight in a daily table), its texts."""

    station_id: int
    time: datetime
    texts: Mapping[str, str | None]

    def text(self, column: str | None) -> str:
        """The text of a column, "" where it is blank or the source does not have the column."""
        return (self.texts.get(column) if column else None) or ""


def disturbed(table: pa.Table, call: Call) -> pa.Table:
    """The table with the row faults that act on this call: duplicates, latest first."""
    if call.disturbances.isdisjoint({FaultKind.DUPLICATE_ROWS, FaultKind.OUT_OF_ORDER}):
        return table
    order = np.arange(table.num_rows)
    if FaultKind.DUPLICATE_ROWS in call.disturbances:
        order = np.repeat(order, 2)
    if FaultKind.OUT_OF_ORDER in call.disturbances:
        order = order[::-1]
    return table.take(pa.array(order))


def rows_of(table: pa.Table) -> Iterator[Row]:
    """The rows of a table in its order."""
    columns = table.to_pydict()
    stations = columns.pop("station_id")
    if "observed_on" in columns:
        times = [stamp_midnight(day) for day in columns.pop("observed_on")]
    else:
        times = [instant.astimezone(STAMP_ZONE) for instant in columns.pop("observed_at")]
    names = list(columns)
    texts = zip(*columns.values(), strict=True) if names else ((),) * len(times)
    for station_id, time, row in zip(stations, times, texts, strict=True):
        yield Row(station_id, time, dict(zip(names, row, strict=True)))
