"""The days and the rain ahead: what forecast.daily and forecast.rain hold for a station, as rows, a table and words."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table

from weather_assets.clock import KST
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.targets import TARGETS, Kind
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import instant_sql
from weather_assets.publication.newest import RECENT, Row

LIKELY = 0.5


def newest_rows(lake: Lake, kind: Kind, station_id: int, at: datetime | None) -> list[Row]:
    """The champion's newest forecast of a kind (issued up to `at`), by column; a live one goes before a replay."""
    table = PRODUCTS[kind].forecast
    columns = [name for name in table.column_names if name not in {"role", "quantiles"}]
    until = f"AND issued_at <= {instant_sql(at)}" if at else ""
    rows = lake.query(
        f"SELECT {', '.join(columns)} FROM lake.{table.qualified_name} "
        f"WHERE station_id = {station_id} AND role = 'champion' {until} "
        f"QUALIFY issued_at = max(issued_at) OVER (PARTITION BY target) "
        f"AND kind = min(kind) OVER (PARTITION BY target, issued_at) ORDER BY {', '.join(table.key)}"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def present(rows: Sequence[Row], newest_at: datetime) -> list[Row]:
    """The rows that were issued less than RECENT before the newest issue: an older one is not what lies ahead of it."""
    return [row for row in rows if newest_at - row["issued_at"] < RECENT]


def days_table(rows: Sequence[Row]) -> Table:
    """One line per day: median and the 80 % interval of each target."""
    names = [name for name in TARGETS if any(row["target"] == name for row in rows)]
    issued = max(row["issued_at"] for row in rows).astimezone(KST)
    table = Table("day (KST)", title=f"Days ahead, issued {issued:%m-%d %H:%M}: median, and 8 times in 10")
    for name in names:
        table.add_column(f"{TARGETS[name].label_en} ({TARGETS[name].unit})", justify="right")
    for day in sorted({row["valid_on"] for row in rows}):
        of_day = {row["target"]: row for row in rows if row["valid_on"] == day}
        table.add_row(f"{day:%m-%d}", *(median_and_interval(of_day.get(name)) for name in names))
    return table


def median_and_interval(row: Row | None) -> str:
    """A cell of a table: the median and the 80 % interval; empty where there is no row."""
    return "" if row is None else f"{row['p50']:.1f}  [{row['p10']:.1f} .. {row['p90']:.1f}]"


def rain_in_words(rows: Sequence[Row]) -> str:
    """The first likely block, else the likeliest one."""
    likely = [row for row in rows if row["probability"] >= LIKELY]
    chosen = likely[0] if likely else max(rows, key=lambda row: row["probability"])
    begins, ends = (chosen[name].astimezone(KST) for name in ("valid_from", "valid_to"))
    what = "Rain is likely" if likely else "Rain in the next 48 h: most likely"
    return f"{what} {begins:%m-%d %H:%M} to {ends:%H:%M} ({chosen['probability']:.0%})."
