"""The source's tables, quickly at hand: read once per station and year, or per window where several stations are asked.

Belongs here: reading and keeping. Does not: what is published when, and what is corrected (see `readings`).
"""

import threading
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from weather_assets.clock import DAY, STAMP_ZONE, stamp_midnight
from weather_assets.errors import UsageError
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA, ReadingsSource

_STATION_YEARS_AT_HAND = 32
_WINDOWS_AT_HAND = 8
_TICK = timedelta(microseconds=1)
_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


class SourceTables:
    """Tables of those stations that the source has, ordered by time and station. Safe for threads."""

    def __init__(self, source: ReadingsSource, station_ids: Iterable[int]) -> None:
        """Ask the source which of the stations it has; raises its UsageError when it has none."""
        self._source = source
        self.station_ids = _held(source, station_ids)
        self._reading = threading.RLock()
        self._station_year = lru_cache(_STATION_YEARS_AT_HAND)(self._read_station_year)
        self._hour_window = lru_cache(_WINDOWS_AT_HAND)(self._read_hours)
        self._day_window = lru_cache(_WINDOWS_AT_HAND)(self._read_days)
        self._dust_window = lru_cache(_WINDOWS_AT_HAND)(self._read_dust)

    def station_year(self, station_id: int, year: int) -> pa.Table:
        """The hours of a station in a year of standard time (RAW_HOURLY_SCHEMA)."""
        with self._reading:
            return self._station_year(station_id, year)

    def hours(self, station_ids: tuple[int, ...], start: datetime, end: datetime) -> pa.Table:
        """The hours start <= observed_at < end of stations that the source has (RAW_HOURLY_SCHEMA)."""
        first, last = start.astimezone(STAMP_ZONE), (end - _TICK).astimezone(STAMP_ZONE)
        if len(station_ids) == 1:
            years = [self.station_year(station_ids[0], year) for year in range(first.year, last.year + 1)]
            return between(pa.concat_tables(years), "observed_at", start, end)
        with self._reading:
            table = self._hour_window(station_ids, stamp_midnight(first.date()), stamp_midnight(last.date()) + DAY)
        return between(table, "observed_at", start, end)

    def days(self, station_ids: tuple[int, ...], start: date, end: date) -> pa.Table | None:
        """The source's own daily rows for start <= observed_on < end; None where it has none."""
        with self._reading:
            return self._day_window(station_ids, start, end)

    def dust(self, station_ids: tuple[int, ...], start: datetime, end: datetime) -> pa.Table:
        """The hours of PM10 for start <= observed_at < end (RAW_PM10_SCHEMA); none where the source has no PM10."""
        first, last = start.astimezone(STAMP_ZONE).date(), (end - _TICK).astimezone(STAMP_ZONE).date()
        with self._reading:
            table = self._dust_window(station_ids, stamp_midnight(first), stamp_midnight(last) + DAY)
        return between(table, "observed_at", start, end)

    def _read_station_year(self, station_id: int, year: int) -> pa.Table:
        return self._read_hours((station_id,), stamp_midnight(date(year, 1, 1)), stamp_midnight(date(year + 1, 1, 1)))

    def _read_hours(self, station_ids: tuple[int, ...], start: datetime, end: datetime) -> pa.Table:
        parts = self._source.asos_hourly(station_ids, start, end) if station_ids else ()
        return ordered(pa.concat_tables([RAW_HOURLY_SCHEMA.empty_table(), *parts]), "observed_at")

    def _read_days(self, station_ids: tuple[int, ...], start: date, end: date) -> pa.Table | None:
        try:
            parts = list(self._source.asos_daily(station_ids, start, end))
        except UsageError:
            return None
        table = pa.concat_tables([RAW_DAILY_SCHEMA.empty_table(), *parts])
        return ordered(table, "observed_on") if table.num_rows else None

    def _read_dust(self, station_ids: tuple[int, ...], start: datetime, end: datetime) -> pa.Table:
        try:
            parts = list(self._source.pm10_hourly(station_ids, start, end)) if station_ids else []
        except UsageError:
            parts = []
        return ordered(pa.concat_tables([RAW_PM10_SCHEMA.empty_table(), *parts]), "observed_at")


def between(table: pa.Table, column: str, start: datetime | date, end: datetime | date) -> pa.Table:
    """The rows with start <= column < end of a table in order of that column, without a copy."""
    times = table.column(column)
    first, stop = (pc.sum(pc.less(times, pa.scalar(bound, times.type))).as_py() or 0 for bound in (start, end))
    return table.slice(first, stop - first)


def ordered(table: pa.Table, column: str) -> pa.Table:
    """The rows by time, then station."""
    return table.sort_by([(column, "ascending"), ("station_id", "ascending")])


def _held(source: ReadingsSource, station_ids: Iterable[int]) -> tuple[int, ...]:
    held: list[int] = []
    refusal: UsageError | None = None
    for station_id in station_ids:
        try:
            list(source.asos_hourly([station_id], _SOME_INSTANT, _SOME_INSTANT))
        except UsageError as error:
            refusal = error
        else:
            held.append(station_id)
    if refusal is not None and not held:
        raise refusal
    return tuple(held)
