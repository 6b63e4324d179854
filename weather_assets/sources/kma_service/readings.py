"""What the service has to tell at its present time: what is published by then, late, or corrected.

Belongs here: which rows and values exist when. Does not: how they are written on the wire.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import pyarrow as pa

from weather_assets.clock import DAY, HOUR, PUBLICATION_DELAY, STAMP_ZONE
from weather_assets.sources.kma_service.changes import Changes, Correction, LateReading
from weather_assets.sources.kma_service.days import derive_days
from weather_assets.sources.kma_service.tables import SourceTables, between, ordered
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA, ReadingsSource

HUB_DELAY = PUBLICATION_DELAY
"""The hub has the reading of an hour so long after it."""

DATA_GO_KR_DELAY = 11 * HOUR
"""data.go.kr has it so long after: yesterday is complete at about 10:00 (the services' users say; not documented)."""

_STATION_YEARS_AT_HAND = 128
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The hours start <= time < end that a service with a publication delay shows at its present time."""

    start: datetime
    end: datetime
    now: datetime
    delay: timedelta

    @property
    def published_end(self) -> datetime:
        """The end, or just after the last published instant if that comes first."""
        return min(self.end, self.now - self.delay + _TICK)


class Readings:
    """Tables for spans of time, ordered by time and station. A station that the source lacks has no rows."""

    def __init__(self, source: ReadingsSource, station_ids: Iterable[int]) -> None:
        """Keep those stations that the source has; raises its UsageError when it has none."""
        self._tables = SourceTables(source, station_ids)
        self.corrections: list[Correction] = []
        self.late: list[LateReading] = []
        self._derived_year = lru_cache(_STATION_YEARS_AT_HAND)(self._derive_year)

    @property
    def station_ids(self) -> tuple[int, ...]:
        """The stations that the service has."""
        return self._tables.station_ids

    def hourly(self, station_ids: Sequence[int], span: Span) -> pa.Table:
        """Rows of RAW_HOURLY_SCHEMA."""
        known = self._known(station_ids)
        if not known or span.start >= span.published_end:
            return RAW_HOURLY_SCHEMA.empty_table()
        return self._changes(span.now).applied(self._tables.hours(known, span.start, span.published_end))

    def dust(self, station_ids: Sequence[int], span: Span) -> pa.Table:
        """Rows of RAW_PM10_SCHEMA; none where the source does not offer PM10."""
        if span.start >= span.published_end:
            return RAW_PM10_SCHEMA.empty_table()
        return self._changes(span.now).applied(self._tables.dust(tuple(station_ids), span.start, span.published_end))

    def daily(self, station_ids: Sequence[int], span: Span) -> pa.Table:
        """Rows (station_id, observed_on, daily columns) of the whole days of a span whose last hour is published.

        They are the source's own, or derived from its hours where it has none.
        """
        known, start = self._known(station_ids), _day(span.start)
        end = min(_day(span.end), _day(span.now - span.delay + HOUR))
        if not known or start >= end:
            return RAW_DAILY_SCHEMA.empty_table()
        changes = self._changes(span.now)
        table = self._tables.days(known, start, end)
        if table is None:
            table = between(self._derived(known, start.year, (end - DAY).year, changes), "observed_on", start, end)
        return changes.applied(table)

    def _derived(self, station_ids: Sequence[int], first_year: int, last_year: int, changes: Changes) -> pa.Table:
        years = range(first_year, last_year + 1)
        tables = [self._derived_year(station_id, year, changes) for year in years for station_id in station_ids]
        return ordered(pa.concat_tables(tables, promote_options="default"), "observed_on")

    def _derive_year(self, station_id: int, year: int, changes: Changes) -> pa.Table:
        return derive_days(changes.applied(self._tables.station_year(station_id, year)))

    def _known(self, station_ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(station_id for station_id in station_ids if station_id in self.station_ids)

    def _changes(self, now: datetime) -> Changes:
        return Changes.at(now, self.corrections, self.late)


def _day(instant: datetime) -> date:
    return instant.astimezone(STAMP_ZONE).date()
