"""Which readings the lake lacks and a provider may have, and which it was found not to have.

Belongs here: the difference between what may be there and what is. Does not: who asks for it and how.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from weather_assets.clock import kst_date, kst_midnight
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql, instant_sql, stations_sql
from weather_assets.tables import ABSENCES

SETTLES_AFTER = timedelta(hours=10)
"""So long after its end a day is complete at every provider: what is absent then is not merely late."""

EMPTY_ANSWERS_BELIEVED = 2
"""On so many KST days a provider must answer without any reading before it is believed to have none."""


def missing_stretches(
    lake: Lake, table: TableContract, source: str, station_ids: Sequence[int], start: datetime, end: datetime
) -> list[tuple[int, datetime, datetime]]:
    """Station, begin and end of each stretch of start <= time < end without a row, in order of time.

    What the source was asked for before and did not have is not missing. An answer that held other readings of the
    station is believed at once, an empty one only when it was given on EMPTY_ANSWERS_BELIEVED days: it may have been
    a fault.
    """
    found = lake.query(f"{_missing_sql(table, source, station_ids, start, end)} ORDER BY 2, 1").fetchall()
    return [(station_id, begins_at, ends_at) for station_id, begins_at, ends_at in found]


def note_absences(
    lake: Lake,
    table: TableContract,
    source: str,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    *,
    delivered: Collection[int],
    asked_at: datetime,
) -> None:
    """After an answer for start <= time < end was appended: note what the lake still lacks of the days that settled.

    `delivered` are the stations of which the answer held a reading.
    """
    end = min(end, kst_midnight(kst_date(asked_at - SETTLES_AFTER)))
    if start < end:
        missing = _missing_sql(table, source, station_ids, start, end)
        lake.append(
            ABSENCES,
            f"SELECT '{table.qualified_name}' AS table_name, '{source}' AS source, station_id, begins_at, ends_at, "
            f"{instant_sql(asked_at)} AS asked_at, NOT list_contains({sorted(delivered)}::INTEGER[], station_id) "
            f"AS is_empty FROM ({missing})",
        )


def _missing_sql(table: TableContract, source: str, station_ids: Sequence[int], start: datetime, end: datetime) -> str:
    """Query for station_id, begins_at and ends_at of each stretch that is missing."""
    step = "INTERVAL 1 DAY" if table.is_daily else "INTERVAL 1 HOUR"
    there = condition_sql(table, station_ids, start, end)
    return f"""
WITH lacking AS (
    SELECT station_id, time FROM (SELECT unnest({list(station_ids)}::INTEGER[]) AS station_id)
    CROSS JOIN (SELECT unnest({_times_sql(table, start, end)}) AS time)
    ANTI JOIN (SELECT station_id, {table.time_column} AS time FROM lake.{table.qualified_name} WHERE {there})
    USING (station_id, time)
), believed AS (
    SELECT station_id, time FROM lacking JOIN lake.{ABSENCES.qualified_name} AS absence USING (station_id)
    WHERE table_name = '{table.qualified_name}' AND source = '{source}' AND station_id IN ({stations_sql(station_ids)})
        AND time >= begins_at AND time < ends_at
    GROUP BY station_id, time
    HAVING NOT bool_and(is_empty) OR count(DISTINCT CAST(asked_at AS DATE)) >= {EMPTY_ANSWERS_BELIEVED}
), stretched AS (
    SELECT station_id, time, time - row_number() OVER (PARTITION BY station_id ORDER BY time) * {step} AS stretch
    FROM lacking ANTI JOIN believed USING (station_id, time)
)
SELECT station_id, min(time)::TIMESTAMPTZ AS begins_at, (max(time) + {step})::TIMESTAMPTZ AS ends_at
FROM stretched GROUP BY station_id, stretch"""


def _times_sql(table: TableContract, start: datetime, end: datetime) -> str:
    """List of the hours, or of the KST days, from start up to end."""
    if table.is_daily:
        return f"range(DATE '{kst_date(start)}', DATE '{kst_date(end)}', INTERVAL 1 DAY)::DATE[]"
    return f"range({instant_sql(start)}, {instant_sql(end)}, INTERVAL 1 HOUR)"
