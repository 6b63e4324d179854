"""The newest forecast of each kind, or the one that stood at an instant, as rows of the forecast tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import instant_sql
from weather_assets.tables import CONTRACTS

Row = Mapping[str, Any]

RECENT = timedelta(days=2)
"""A forecast that was issued longer than this before the instant asked for is not the present one."""

_INTERNAL = ("quantiles",)


@dataclass(frozen=True, slots=True)
class Issued:
    """A forecast table: which columns name one series of forecasts, and in what order its rows are told."""

    table: str
    series: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def contract(self) -> TableContract | None:
        """Its columns; None where this version of the platform has no such table."""
        return next((table for table in CONTRACTS if table.qualified_name == self.table), None)


HOURLY = Issued("forecast.hourly", ("station_id", "target"), ("station_id", "target", "valid_at"))
DAILY = Issued("forecast.daily", ("station_id", "target"), ("station_id", "target", "valid_on"))
RAIN = Issued("forecast.rain", ("station_id",), ("station_id", "valid_from"))
OUTLOOK = Issued("forecast.outlook", ("station_id",), ("station_id", "valid_on", "period DESC"))
KINDS: Mapping[str, Issued] = {"hourly": HOURLY, "daily": DAILY, "rain": RAIN, "outlook": OUTLOOK}


def newest_issue(lake: Lake) -> datetime | None:
    """When the newest hourly forecast of any champion was issued; None where there is none."""
    if not lake.has(HOURLY.table):
        return None
    row = lake.first_row(f"SELECT max(issued_at) FROM lake.{HOURLY.table} WHERE role = 'champion'")
    return row[0] if row else None


def newest(lake: Lake, issued: Issued, at: datetime, station_ids: Sequence[int] | None = None) -> list[Row]:
    """The champion's rows of each series that was issued last in at - RECENT < issued_at <= at.

    A live forecast goes before a replay of the same hour. Without `station_ids` of every station; none where the table
    is not there yet.
    """
    contract = issued.contract
    if contract is None or not lake.has(issued.table):
        return []
    cursor = lake.query(_newest_sql(contract, issued, at, station_ids))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _newest_sql(contract: TableContract, issued: Issued, at: datetime, station_ids: Sequence[int] | None) -> str:
    chosen = f"issued_at > {instant_sql(at - RECENT)} AND issued_at <= {instant_sql(at)}"
    if station_ids is not None:
        chosen += f" AND station_id IN ({', '.join(str(int(station_id)) for station_id in station_ids)})"
    if "role" in contract.column_names:
        chosen += " AND role = 'champion'"
    columns = ", ".join(name for name in contract.column_names if name not in _INTERNAL)
    series = ", ".join(issued.series)
    live_first = (
        f" AND kind = min(kind) OVER (PARTITION BY {series}, issued_at)" if "kind" in contract.column_names else ""
    )
    return (
        f"SELECT {columns} FROM lake.{issued.table} WHERE {chosen} "
        f"QUALIFY issued_at = max(issued_at) OVER (PARTITION BY {series}){live_first} "
        f"ORDER BY {', '.join(issued.order)}"
    )
