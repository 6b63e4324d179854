"""Append-only tables: a changed value is a new row with a later fetched_at, and the newest row of a key counts."""

from collections.abc import Sequence
from datetime import datetime

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.windows import instant_sql

_DELAY_SQL = f"INTERVAL {int(PUBLICATION_DELAY.total_seconds())} SECOND"


def newest_rows_sql(table: TableContract, entity: Sequence[str], condition: str) -> str:
    """Relation (in brackets) with one row per `entity` key: the one fetched last among those that meet `condition`."""
    key = ", ".join(entity)
    return (
        f"(SELECT * FROM lake.{table.qualified_name} WHERE {condition} "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY fetched_at DESC) = 1)"
    )


def changed_rows_sql(
    table: TableContract,
    entity: Sequence[str],
    values: Sequence[str],
    incoming: str,
    condition: str,
    *,
    source: str,
    fetched_at: datetime,
) -> str:
    """Query for the rows of `incoming` that meet `condition` and say something new, with source and times added.

    Compared with the newest stored row of the same `entity` key. A number written another way (.9 and 0.9) is no
    change. A first reading is available PUBLICATION_DELAY after its hour or the end of its day; a correction when
    fetched.
    """
    key = ", ".join(entity)
    stamp = instant_sql(fetched_at)
    changed = " OR ".join(_differs(column) for column in values)
    is_first = f"stored.{table.time_column} IS NULL"
    return f"""
SELECT incoming.*, '{source}' AS source, {stamp} AS fetched_at,
    CASE WHEN {is_first} THEN {_first_available_sql(table, "incoming.")} ELSE {stamp} END AS available_at
FROM (SELECT * FROM {incoming} WHERE {condition}) AS incoming
LEFT JOIN {newest_rows_sql(table, entity, condition)} AS stored USING ({key})
WHERE {is_first} OR {changed}"""


def _first_available_sql(table: TableContract, prefix: str = "") -> str:
    time = f"{prefix}{table.time_column}"
    # The session's time zone is KST, so a date becomes the first instant of the KST day.
    known_from = f"CAST({time} + 1 AS TIMESTAMPTZ)" if table.is_daily else time
    return f"{known_from} + {_DELAY_SQL}"


def _differs(column: str) -> str:
    new, old = f"incoming.{column}", f"stored.{column}"
    return f"({new} IS DISTINCT FROM {old} AND coalesce(try_cast({new} AS DOUBLE) <> try_cast({old} AS DOUBLE), TRUE))"


def is_correction_sql(table: TableContract) -> str:
    """Condition for the rows that replaced an earlier one: those that were not available as a first reading is."""
    return f"available_at <> {_first_available_sql(table)}"


def known_at_sql(table: TableContract, instant: datetime) -> str:
    """Condition that leaves out corrections that came after an instant.

    First readings of later hours stay: the caller's window or the features' frames keep those out.
    """
    return f"(available_at <= {instant_sql(instant)} OR NOT {is_correction_sql(table)})"
