"""What changes in the service while its time passes: corrected values, and readings that come late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from weather_assets.clock import STAMP_ZONE


@dataclass(frozen=True, slots=True)
class Correction:
    """From `since` (the service's time) on, an element of one hour of a station has another value (None = blank).

    `element` is the column of the source's table: KMA's code such as `ta`, a flag such as `ta_qc`, or `pm10`. For a
    daily column such as `avg_ta`, `observed_at` is any instant of the day.
    """

    station_id: int
    observed_at: datetime
    element: str
    value: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class LateReading:
    """The reading of a station's hour is absent before `since`."""

    station_id: int
    observed_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The corrections in force and the readings still absent at one moment."""

    corrections: tuple[Correction, ...]
    absent: tuple[LateReading, ...]

    @classmethod
    def at(cls, now: datetime, corrections: Sequence[Correction], late: Sequence[LateReading]) -> "Changes":
        """What holds at `now`."""
        return cls(
            tuple(correction for correction in corrections if correction.since <= now),
            tuple(reading for reading in late if now < reading.since),
        )

    def applied(self, table: pa.Table) -> pa.Table:
        """A table of one of the source's kinds as the service has it at that moment."""
        for correction in self.corrections:
            if correction.element in table.column_names:
                rows = _rows_of(table, correction.station_id, correction.observed_at)
                position = table.column_names.index(correction.element)
                value = pa.scalar(correction.value, pa.string())
                column = pc.if_else(rows, value, table.column(position))
                table = table.set_column(position, correction.element, column)
        for reading in self.absent:
            if "observed_at" in table.column_names:
                table = table.filter(pc.invert(_rows_of(table, reading.station_id, reading.observed_at)))
        return table


def _rows_of(table: pa.Table, station_id: int, observed_at: datetime) -> pa.ChunkedArray:
    """A mask of the rows of a station at an hour, or on the day of that hour in a daily table."""
    daily = "observed_on" in table.column_names
    moment: datetime | date = observed_at.astimezone(STAMP_ZONE).date() if daily else observed_at
    times = table.column("observed_on" if daily else "observed_at")
    return pc.and_(pc.equal(table.column("station_id"), station_id), pc.equal(times, pa.scalar(moment, times.type)))
