"""What every provider offers, and the shape of what it hands over."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

import pyarrow as pa

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
