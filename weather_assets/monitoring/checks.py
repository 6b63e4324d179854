"""Checks of a table against its contract: what is asked, as SQL, and what a good answer is.

Belongs here: checks as objects that know how they fail. Does not: Dagster, and when they are asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from weather_assets.clock import DAY, kst_date
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.preparation import columns_of
from weather_assets.lake.windows import condition_sql

MOST_SHOWN = 5


@dataclass(frozen=True)
class Tier:
    """Of KST days that ended so long ago at least this share of the rows must be there."""

    ended_before: timedelta
    least_share: float

    def __post_init__(self) -> None:
        if not 0 < self.least_share <= 1:
            raise ValueError(f"a tier that asks for a share of {self.least_share:g} could never fail, or never pass")


@dataclass(frozen=True)
class Scope:
    """What is looked at: stations, start <= time < end, and the present."""

    station_ids: Sequence[int]
    start: datetime
    end: datetime
    now: datetime


@dataclass(frozen=True)
class Schema:
    """The table has the columns of its contract, in name and type."""

    table: TableContract
    name = "schema"
    is_blocking = True

    def offenders(self, lake: Lake, _: Scope) -> list[str]:
        """Columns that differ, in words."""
        found = dict(columns_of(lake.connection, self.table.schema, self.table.name))
        declared = {column.name: column.sql_type for column in self.table.columns}
        return [
            f"{name}: {found.get(name, 'absent')}, declared {declared.get(name, 'nowhere')}"
            for name in sorted(found.keys() | declared.keys())
            if found.get(name) != declared.get(name)
        ]


@dataclass(frozen=True)
class UniqueKeys:
    """No key occurs twice, and no part of it is blank."""

    table: TableContract
    name = "unique_keys"
    is_blocking = True

    def __post_init__(self) -> None:
        if not self.table.key:
            raise ValueError(f"{self.table.qualified_name} has no key: the check could never fail")

    def offenders(self, lake: Lake, scope: Scope) -> list[str]:
        """Keys that occur twice or are blank."""
        blank = " OR ".join(f"{name} IS NULL" for name in self.table.key)
        key = ", ".join(self.table.key)
        sql = (
            f"SELECT {key}, count(*) AS rows FROM lake.{self.table.qualified_name} WHERE {_of(self.table, scope)} "
            f"GROUP BY {key} HAVING count(*) > 1 OR {blank} ORDER BY {key} LIMIT {MOST_SHOWN}"
        )
        return [", ".join(map(str, row)) for row in lake.query(sql).fetchall()]


@dataclass(frozen=True)
class Ranges:
    """Every value lies within the limits of its column."""

    table: TableContract
    name = "ranges"
    is_blocking = True

    def __post_init__(self) -> None:
        if not any(column.limits for column in self.table.columns):
            raise ValueError(f"no column of {self.table.qualified_name} has limits: the check could never fail")

    def offenders(self, lake: Lake, scope: Scope) -> list[str]:
        """Columns with values outside, how many, and the lowest and highest."""
        limited = [(column.name, *column.limits) for column in self.table.columns if column.limits]
        outside = ", ".join(
            f"count(*) FILTER ({name} NOT BETWEEN {low} AND {high}), min({name}), max({name})"
            for name, low, high in limited
        )
        table = f"lake.{self.table.qualified_name}"
        row = lake.first_row(f"SELECT {outside} FROM {table} WHERE {_of(self.table, scope)}") or ()
        found = zip(limited, row[0::3], row[1::3], row[2::3], strict=True)
        return [
            f"{name}: {count} outside {low:g} to {high:g}, from {lowest:g} to {highest:g}"
            for (name, low, high), count, lowest, highest in found
            if count
        ][:MOST_SHOWN]


@dataclass(frozen=True)
class Completeness:
    """Each station and day has rows enough for its age: newest hours may be on their way, old ones may not.

    Only stations that have rows in the scope are asked: a station that never reported is not late.
    """

    table: TableContract
    rows_per_day: int
    tiers: tuple[Tier, ...]
    name = "completeness"
    is_blocking = False

    def __post_init__(self) -> None:
        if not self.tiers or self.rows_per_day < 1:
            raise ValueError(f"completeness of {self.table.qualified_name} asks for nothing: it could never fail")

    def offenders(self, lake: Lake, scope: Scope) -> list[str]:
        """Stations and days with too few rows."""
        asked = " ".join(
            f"WHEN day < DATE '{kst_date(scope.now - tier.ended_before)}' THEN {tier.least_share}"
            for tier in sorted(self.tiers, key=lambda tier: tier.ended_before, reverse=True)
        )
        first, last = kst_date(scope.start), kst_date(min(scope.end, scope.now) - timedelta(microseconds=1))
        sql = f"""
WITH found AS (
    SELECT station_id, CAST({self.table.time_column} AS DATE) AS day,
        count(DISTINCT {self.table.time_column}) AS rows
    FROM lake.{self.table.qualified_name} WHERE {_of(self.table, scope)} GROUP BY ALL
), due AS (
    SELECT station_id, unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY))::DATE AS day
    FROM found GROUP BY station_id
)
SELECT station_id, day, coalesce(rows, 0) FROM due LEFT JOIN found USING (station_id, day)
WHERE coalesce(rows, 0) < {self.rows_per_day} * CASE {asked} ELSE 0 END ORDER BY ALL LIMIT {MOST_SHOWN}"""
        rows = lake.query(sql).fetchall()
        return [f"station {station}, {day}: {count} of {self.rows_per_day} rows" for station, day, count in rows]


Check = Schema | UniqueKeys | Ranges | Completeness

# A day is judged when it has been over for a while; a lost hour or two of an old day stay lost at real stations.
HOURLY_TIERS = (Tier(DAY, 0.5), Tier(3 * DAY, 0.9))


def checks_of(table: TableContract, *, hourly: bool = False) -> tuple[Check, ...]:
    """The checks that a contract allows: schema and keys always, ranges where columns have limits.

    With `hourly` also completeness: a row is due for every hour.
    """
    found: list[Check] = [Schema(table), UniqueKeys(table)]
    if any(column.limits for column in table.columns):
        found.append(Ranges(table))
    if hourly:
        found.append(Completeness(table, 24, HOURLY_TIERS))
    return tuple(found)


def _of(table: TableContract, scope: Scope) -> str:
    return condition_sql(table, scope.station_ids, scope.start, scope.end)
