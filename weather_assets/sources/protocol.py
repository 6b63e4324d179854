"""What every provider offers, and the shape of what it hands over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol, runtime_checkable

import pyarrow as pa

from weather_assets.clock import kst_date
from weather_assets.daily_elements import RAW_DAILY_COLUMNS
from weather_assets.elements import RAW_HOURLY_COLUMNS

_STATION = pa.field("station_id", pa.int32(), nullable=False)
_OBSERVED_AT = pa.field("observed_at", pa.timestamp("us", tz="UTC"), nullable=False)

RAW_HOURLY_SCHEMA = pa.schema(
    [_STATION, _OBSERVED_AT, *(pa.field(column, pa.string()) for column in RAW_HOURLY_COLUMNS)]
)
"""One row per station and hour. A blank field is null; an element that the provider does not offer is null."""

RAW_DAILY_SCHEMA = pa.schema(
    [
        _STATION,
        pa.field("observed_on", pa.date32(), nullable=False),
        *(pa.field(column, pa.string()) for column in RAW_DAILY_COLUMNS),
    ]
)
"""One row per station and KST day. A blank field is null; a value that the provider does not offer is null."""

RAW_PM10_SCHEMA = pa.schema([_STATION, _OBSERVED_AT, pa.field("pm10", pa.string()), pa.field("pm10_qc", pa.string())])
"""One row per station and hour: the hour's mean of PM10 in µg/m³, and the provider's flag. A blank field is null."""


class ReadingsSource(Protocol):
    """A provider of readings. It parses and hands over; it knows neither the lake nor Dagster.

    Every reading function yields tables of a bounded size, with one row per station and time, for
    start <= time < end and in order of time. A time that the provider does not have is absent. Raises UsageError on
    input a user must mend (naming file, line and remedy).
    """

    @property
    def name(self) -> str:
        """Which provider's units and sentinels hold (a name in elements.PROVIDERS)."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether the readings are invented; a lake holds one kind only."""
        ...

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Yield tables of RAW_HOURLY_SCHEMA for start <= observed_at < end.

        Raises UsageError when a station is asked that the provider, as far as it can tell, does not know at all.
        """
        ...

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        """Yield tables of RAW_DAILY_SCHEMA for the KST days start <= observed_on < end (end is not included)."""
        ...

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Yield tables of RAW_PM10_SCHEMA for start <= observed_at < end.

        Dust is measured at fewer places than weather: a station without it has no rows, and that is no error.
        """
        ...


class Series(Enum):
    """The kinds of reading that a provider is asked for; each has a reading function of its name."""

    ASOS_HOURLY = "asos_hourly"
    ASOS_DAILY = "asos_daily"
    PM10_HOURLY = "pm10_hourly"

    @property
    def schema(self) -> pa.Schema:
        """Of the tables that are handed over."""
        return _SCHEMAS[self]

    def read(
        self, source: ReadingsSource, station_ids: Sequence[int], start: datetime, end: datetime
    ) -> Iterator[pa.Table]:
        """What the source's reading function yields; of daily values the KST days from `start` up to that of `end`."""
        if self is Series.ASOS_DAILY:
            return source.asos_daily(station_ids, kst_date(start), kst_date(end))
        hourly = source.asos_hourly if self is Series.ASOS_HOURLY else source.pm10_hourly
        return hourly(station_ids, start, end)


_SCHEMAS = {
    Series.ASOS_HOURLY: RAW_HOURLY_SCHEMA,
    Series.ASOS_DAILY: RAW_DAILY_SCHEMA,
    Series.PM10_HOURLY: RAW_PM10_SCHEMA,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Readings of a station for start <= time < end; of daily values, the KST days from `start` up to that of `end`."""

    station_id: int
    start: datetime
    end: datetime


def whole(station_ids: Sequence[int], start: datetime, end: datetime) -> list[Stretch]:
    """One stretch of each station."""
    return [Stretch(station_id, start, end) for station_id in station_ids]


def stations_of(wanted: Sequence[Stretch]) -> list[int]:
    """Each station once, in the order of its first stretch."""
    return list(dict.fromkeys(stretch.station_id for stretch in wanted))


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a provider has of these stations for start <= time < end; the table may be empty."""

    station_ids: Sequence[int]
    start: datetime
    end: datetime
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come: planned calls answered, planned calls in all, and rows of the newest one."""

    provider: str
    calls_done: int
    calls_planned: int
    rows: int


Observer = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls that a provider was sent today, and how many a day it may be sent."""

    provider: str
    spent: int
    allowed: int


@runtime_checkable
class CountedSource(ReadingsSource, Protocol):
    """A provider to whom every question is a call that counts: it is asked only for what is missing."""

    def answers(self, series: Series, wanted: Sequence[Stretch], observe: Observer | None = None) -> Iterator[Answer]:
        """Ask for the stretches with the fewest calls and yield what each call brought, in order of time."""
        ...

    def usage(self) -> Sequence[Usage]:
        """Today's calls, by provider."""
        ...
