"""The tables that are made of hourly readings: the query of each, how far it looks back, and the book of its days.

Belongs here: building stations x days, by an asset or by a rebuild, and noting what they were built from. Does not:
Dagster, and what a column means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from weather_assets import clock
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import features_sql
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import newest_rows_sql
from weather_assets.lake.windows import Replacement, condition_sql
from weather_assets.monitoring.verification import verification_sql
from weather_assets.quality.hourly import clean_hourly_sql
from weather_assets.tables import (
    BUILDS,
    CLEAN_ASOS_HOURLY,
    FEATURES_HOURLY,
    FORECAST_HOURLY,
    RAW_ASOS_HOURLY,
    VERIFICATION,
)

Query = Callable[[Sequence[int], datetime, datetime], str]


@dataclass(frozen=True)
class Build:
    """A table, the query of its rows for stations and start <= time < end, and the days before that it depends on.

    The clean table is made of raw rows, every other one of clean rows.
    """

    table: TableContract
    lookback_days: int
    query: Query

    @property
    def name(self) -> str:
        """The table as it is called in the book: schema.name."""
        return self.table.qualified_name

    def run(self, lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> int:
        """Build the KST days from `start` up to, but without, `end` and note what from; returns the rows written.

        Rows and note are written together. The note is taken before the rows, so a reading that comes in between makes
        the day look behind and never up to date by mistake.
        """
        note = Replacement(BUILDS, self._note_sql(station_ids, start, end), station_ids, start, end, self._is_mine)
        rows = Replacement(self.table, self.query(station_ids, start, end), station_ids, start, end)
        return lake.replace_together([note, rows])[1]

    @property
    def _is_mine(self) -> str:
        return f"table_name = '{self.name}'"

    def _note_sql(self, station_ids: Sequence[int], start: datetime, end: datetime) -> str:
        first, last = clock.kst_date(start), clock.kst_date(end) - clock.DAY
        open_day = clock.kst_date(clock.now() - clock.PUBLICATION_DELAY)
        read = self._read_sql(station_ids, start - timedelta(days=self.lookback_days), end)
        return f"""
SELECT '{self.name}' AS table_name, station_id, day, coalesce(raw_rows, 0) AS raw_rows,
    day < DATE '{open_day}' AS is_complete
FROM (SELECT unnest({list(station_ids)}::INTEGER[]) AS station_id)
CROSS JOIN (SELECT unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY))::DATE AS day)
LEFT JOIN ({looked_back_sql(read, self.lookback_days)}) USING (station_id, day)"""

    def _read_sql(self, station_ids: Sequence[int], start: datetime, end: datetime) -> str:
        """What is there to be built from: station_id, day, raw_rows."""
        if self.table is CLEAN_ASOS_HOURLY:
            return raw_rows_sql(condition_sql(RAW_ASOS_HOURLY, station_ids, start, end))
        condition = f"{condition_sql(BUILDS, station_ids, start, end)} AND table_name = '{CLEAN.name}'"
        return f"SELECT station_id, day, raw_rows FROM lake.{BUILDS.qualified_name} WHERE {condition}"


def raw_rows_sql(condition: str) -> str:
    """Query for station_id, day and raw_rows, the number of raw rows (of every version) of each station and KST day."""
    return (
        f"SELECT station_id, CAST(observed_at AS DATE) AS day, count(*) AS raw_rows "
        f"FROM lake.{RAW_ASOS_HOURLY.qualified_name} WHERE {condition} GROUP BY ALL"
    )


def looked_back_sql(rows_by_day: str, lookback_days: int) -> str:
    """Query that sums raw_rows of (station_id, day) over each day and the given number of days before it."""
    return (
        f"SELECT station_id, day + later AS day, sum(raw_rows)::BIGINT AS raw_rows "
        f"FROM ({rows_by_day}), (SELECT unnest(range({lookback_days + 1}))::INTEGER AS later) GROUP BY ALL"
    )


def _clean_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    condition = condition_sql(RAW_ASOS_HOURLY, station_ids, start, end)
    return clean_hourly_sql(newest_rows_sql(RAW_ASOS_HOURLY, ("station_id", "observed_at"), condition))


def _features_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    since = start - timedelta(days=FEATURES.lookback_days)
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, since, end)
    known = f"(SELECT * FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {condition})"
    return features_sql(HOURLY_FEATURES, known, start, end)


def _verification_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    since = start - timedelta(days=VERIFIED.lookback_days)
    due = condition_sql(VERIFICATION, station_ids, start, end)
    forecasts = f"SELECT * FROM lake.{FORECAST_HOURLY.qualified_name} WHERE {due}"
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, since, end)
    clean = f"SELECT * FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {condition}"
    return verification_sql(forecasts, clean, TARGETS)


CLEAN = Build(CLEAN_ASOS_HOURLY, 0, _clean_query)
FEATURES = Build(FEATURES_HOURLY, ceil(HOURLY_FEATURES.lookback_hours / 24), _features_query)
# The reading of the hour of issue is the forecast of persistence.
VERIFIED = Build(VERIFICATION, ceil(max(max(target.leads) for target in TARGETS.values()) / 24), _verification_query)

BUILD_ORDER: tuple[Build, ...] = (CLEAN, FEATURES, VERIFIED)
