"""What is not as it should be: days that are behind their readings, and days that were never finished. Reads only.

Belongs here: questions to the book of builds (see `builds`). Does not: when they are asked and what is done about it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from weather_assets.assets.builds import BUILD_ORDER, CLEAN, Build, looked_back_sql, raw_rows_sql
from weather_assets.clock import DAY, kst_midnight
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql, stations_sql
from weather_assets.tables import BUILDS, FEATURES_HOURLY, RAW_ASOS_HOURLY

ALL_DAYS = (date(1900, 1, 1), date(2200, 1, 1))


@dataclass(frozen=True)
class Rebuild:
    """Days of a table, first and last included, to be built again for some stations."""

    table: str
    first: date
    last: date
    station_ids: tuple[int, ...]


def behind(lake: Lake, station_ids: Sequence[int], changed: tuple[date, date] = ALL_DAYS) -> list[Rebuild]:
    """What was built of other readings than there are now, in the order of building. What was never built is not.

    `changed` are the first and last day whose readings may have changed since; only these days count, and for a table
    that looks back the days after them.
    """
    found = lake.query(_behind_sql(station_ids, *changed)).fetchall() if station_ids else []
    return [
        rebuild
        for build in BUILD_ORDER
        for rebuild in _joined(Rebuild(name, day, day, tuple(ids)) for name, day, ids in found if name == build.name)
    ]


def _joined(rebuilds: Iterable[Rebuild]) -> Iterator[Rebuild]:
    """Join rebuilds of days in order that follow each other and are for the same stations."""
    whole: Rebuild | None = None
    for one in rebuilds:
        if whole is None:
            whole = one
        elif one.first == whole.last + DAY and one.station_ids == whole.station_ids:
            whole = replace(whole, last=one.last)
        else:
            yield whole
            whole = one
    if whole is not None:
        yield whole


def _behind_sql(station_ids: Sequence[int], first: date, last: date) -> str:
    """Query for table_name, day and the stations whose day is behind, in order of days."""
    reach = CLEAN.lookback_days * DAY
    window = kst_midnight(first - reach), kst_midnight(last + reach + DAY)
    there = looked_back_sql(raw_rows_sql(condition_sql(RAW_ASOS_HOURLY, station_ids, *window)), CLEAN.lookback_days)
    made_of_clean = " UNION ALL ".join(
        _behind_clean_sql(build, first, last) for build in BUILD_ORDER if build is not CLEAN
    )
    return f"""
WITH built AS (
    SELECT table_name, station_id, day, raw_rows FROM lake.{BUILDS.qualified_name}
    WHERE station_id IN ({stations_sql(station_ids)})
), clean AS (
    SELECT station_id, day, built.raw_rows AS built_from,
        CASE WHEN day BETWEEN DATE '{first}' AND DATE '{last + reach}' THEN coalesce(there.raw_rows, 0)
             ELSE built.raw_rows END AS raw_rows
    FROM built LEFT JOIN ({there}) AS there USING (station_id, day)
    WHERE table_name = '{CLEAN.name}'
), behind AS (
    SELECT '{CLEAN.name}' AS table_name, station_id, day FROM clean WHERE raw_rows <> built_from
    UNION ALL {made_of_clean}
)
SELECT table_name, day, list(station_id ORDER BY station_id) FROM behind GROUP BY table_name, day ORDER BY day"""


def _behind_clean_sql(build: Build, first: date, last: date) -> str:
    """Query for the days of a table made of clean rows, judged by what the clean table will be made of once rebuilt."""
    there = looked_back_sql("SELECT station_id, day, raw_rows FROM clean", build.lookback_days)
    return (
        f"SELECT '{build.name}', station_id, day FROM built LEFT JOIN ({there}) AS there USING (station_id, day) "
        f"WHERE table_name = '{build.name}' AND built.raw_rows <> coalesce(there.raw_rows, 0) "
        f"AND day BETWEEN DATE '{first}' AND DATE '{last + (CLEAN.lookback_days + build.lookback_days) * DAY}'"
    )


def unfinished_since(lake: Lake, station_ids: Sequence[int], first: date, today: date) -> date:
    """The first day from `first` on that is not finished: `today` or an earlier one.

    A day is finished when each table that was begun for the station (on that day or before) was built after the day was
    over. The day of the newest features counts as not finished too: forecasts are issued from the newest hour, and a
    provider that lags delivers none of today.
    """
    if not station_ids:
        return today
    found: Sequence[date | None] = lake.first_row(_unfinished_sql(stations_sql(station_ids), first, today)) or ()
    return min([today, *(day for day in found if day is not None)])


def _unfinished_sql(stations: str, first: date, today: date) -> str:
    return f"""
WITH built AS (
    SELECT table_name, station_id, day, is_complete FROM lake.{BUILDS.qualified_name} WHERE station_id IN ({stations})
), due AS (
    SELECT table_name, station_id,
        unnest(generate_series(greatest(min(day), DATE '{first}'), DATE '{today}', INTERVAL 1 DAY))::DATE AS day
    FROM built GROUP BY table_name, station_id
), newest AS (
    SELECT CAST(max(issued_at) AS DATE) AS day FROM lake.{FEATURES_HOURLY.qualified_name}
    WHERE station_id IN ({stations})
)
SELECT
    (SELECT min(day) FROM due ANTI JOIN (FROM built WHERE is_complete) AS done USING (table_name, station_id, day)),
    (SELECT day FROM newest WHERE day >= DATE '{first}')"""
