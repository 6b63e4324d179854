"""The tables that are made of hourly readings: the query of each, how far it looks back, and the book of its days.

Belongs here: building stations x days, by an asset or by a rebuild, and noting what they were built from. Does not:
Dagster, and what a column means.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from weather_assets import clock
from weather_assets.assets.judging import LOOKBACK_DAYS, PORTIONS, REVISED_DAYS, judged
from weather_assets.assets.portions import Portions, at_once, of_hours
from weather_assets.features.arrays import feature_table
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import calendar_sql, readings_sql
from weather_assets.forecasting.targets import targets_of
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import Replacement, condition_sql
from weather_assets.monitoring.data_quality import data_quality_sql
from weather_assets.monitoring.verification import verification_sql
from weather_assets.monitoring.verification_rain import verification_rain_sql
from weather_assets.quality.passes import LATER, causal_hours_sql
from weather_assets.tables import (
    BUILDS,
    CLEAN_ASOS_HOURLY,
    DATA_QUALITY,
    FEATURES_HOURLY,
    FORECAST_HOURLY,
    FORECAST_RAIN,
    RAW_ASOS_HOURLY,
    REJECTIONS,
    VERIFICATION,
    VERIFICATION_RAIN,
)

Query = Callable[[Sequence[int], datetime, datetime], str]
Rows = Callable[[Lake, Sequence[int], datetime, datetime], AbstractContextManager[Sequence[Replacement]]]
"""How what a table, and those written with it, are to hold for stations and start <= time < end is made ready."""


def queried(table: TableContract, query: Query) -> Rows:
    """Rows that one query gives."""

    @contextmanager
    def rows(_: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[Sequence[Replacement]]:
        yield [Replacement(table, query(station_ids, start, end), station_ids, start, end)]

    return rows


@dataclass(frozen=True)
class Build:
    """A table, the days before that it depends on, and how its rows for stations and start <= time < end are made.

    The clean table is made of raw rows, every other one of clean rows. With `is_revised`, days that were built before
    are built again when the later pass of quality control has rejected some of their readings.
    """

    table: TableContract
    lookback_days: int
    rows: Rows
    portions: Portions = at_once
    is_revised: bool = False

    @property
    def name(self) -> str:
        """The table as it is called in the book: schema.name."""
        return self.table.qualified_name

    def run(self, lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> int:
        """Build the KST days from `start` up to, but without, `end` and note what from; returns the rows written.

        Rows and note are written together, portion by portion. The note is taken before the rows, so a reading that
        comes in between makes the day look behind and never up to date by mistake.
        """
        if self.is_revised:
            start = self._revised_since(lake, station_ids, start)
        return sum(self._run_portion(lake, *portion) for portion in self.portions(station_ids, start, end))

    def _run_portion(self, lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> int:
        with (
            lake.temporary("noted_builds", self._note_sql(station_ids, start, end)) as noted,
            self.rows(lake, station_ids, start, end) as rows,
        ):
            note = Replacement(BUILDS, f"FROM {noted}", station_ids, start, end, self._is_mine)
            return lake.replace_together([note, *rows])[1]

    def _revised_since(self, lake: Lake, station_ids: Sequence[int], start: datetime) -> datetime:
        """The first day before that was built and of which the later pass has rejected a reading, else `start`."""
        window = station_ids, start - timedelta(days=REVISED_DAYS), start
        row = lake.first_row(
            f"SELECT min(day) FROM lake.{BUILDS.qualified_name} "
            f"WHERE {condition_sql(BUILDS, *window)} AND {self._is_mine} AND (station_id, day) IN "
            f"(SELECT (station_id, CAST(observed_at AS DATE)) FROM lake.{REJECTIONS.qualified_name} "
            f"WHERE {condition_sql(REJECTIONS, *window)} AND pass = '{LATER}')"
        )
        return start if row is None or row[0] is None else clock.kst_midnight(row[0])

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


@contextmanager
def _features(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime
) -> Iterator[Sequence[Replacement]]:
    since = start - timedelta(days=FEATURES.lookback_days)
    clean, rejections = (
        f"(SELECT * FROM lake.{table.qualified_name} WHERE {condition_sql(table, station_ids, since, end)})"
        for table in (CLEAN_ASOS_HOURLY, REJECTIONS)
    )
    readings = readings_sql(HOURLY_FEATURES, f"({causal_hours_sql(clean, rejections)})", start, end)
    in_order = lake.query(f"{readings} ORDER BY station_id, observed_at").to_arrow_table()
    calendar = lake.query(calendar_sql(HOURLY_FEATURES, start, end)).to_arrow_table()
    with lake.registered("made_features", feature_table(HOURLY_FEATURES, in_order, calendar, start)):
        yield [Replacement(FEATURES_HOURLY, "FROM made_features", station_ids, start, end, is_at_hand=True)]


def _quality_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    clean, rejections = (
        f"(SELECT * FROM lake.{table.qualified_name} WHERE {condition_sql(table, station_ids, start, end)})"
        for table in (CLEAN_ASOS_HOURLY, REJECTIONS)
    )
    return data_quality_sql(clean, rejections)


def _verification_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    since = start - timedelta(days=VERIFIED.lookback_days)
    due = condition_sql(VERIFICATION, station_ids, start, end)
    forecasts = f"SELECT * FROM lake.{FORECAST_HOURLY.qualified_name} WHERE {due}"
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, since, end)
    clean = f"SELECT * FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {condition}"
    return verification_sql(forecasts, clean, targets_of("hourly"))


def _rain_verification_query(station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    due = condition_sql(VERIFICATION_RAIN, station_ids, start, end)
    forecasts = f"SELECT * FROM lake.{FORECAST_RAIN.qualified_name} WHERE {due}"
    condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, start - clock.DAY, end)
    return verification_rain_sql(forecasts, f"SELECT * FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} WHERE {condition}")


CLEAN = Build(CLEAN_ASOS_HOURLY, LOOKBACK_DAYS, judged, PORTIONS)
QUALITY = Build(DATA_QUALITY, 0, queried(DATA_QUALITY, _quality_query), is_revised=True)
FEATURES = Build(
    FEATURES_HOURLY,
    ceil(HOURLY_FEATURES.lookback_hours / 24),
    _features,
    # A year of every KMA station; a feature has the same bits however its hours are cut.
    of_hours(900_000),
)
VERIFIED = Build(
    VERIFICATION,
    # The reading of the hour of issue is the forecast of persistence.
    max(target.longest_lead_days for target in targets_of("hourly").values()),
    queried(VERIFICATION, _verification_query),
    is_revised=True,
)

VERIFIED_RAIN = Build(
    VERIFICATION_RAIN,
    # The first block of a day ends at midnight.
    1,
    queried(VERIFICATION_RAIN, _rain_verification_query),
    is_revised=True,
)

BUILD_ORDER: tuple[Build, ...] = (CLEAN, QUALITY, FEATURES, VERIFIED, VERIFIED_RAIN)
