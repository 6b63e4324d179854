"""The skill table: verified forecasts by lead, beside persistence and climatology."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

LEADS = (1, 3, 6, 12, 24, 48)
_SQL = """
SELECT target, kind, lead_hours, count(*) AS n,
    sqrt(avg((p50 - observed) ** 2)) AS rmse,
    sqrt(avg((persistence - observed) ** 2)) AS rmse_persistence,
    sqrt(avg((climatology - observed) ** 2)) AS rmse_climatology,
    100 * avg((observed BETWEEN p10 AND p90)::INTEGER) AS coverage_80
FROM lake.monitor.verification
WHERE role = 'champion' AND persistence IS NOT NULL AND lead_hours IN ({leads})
GROUP BY target, kind, lead_hours ORDER BY target, kind, lead_hours"""


def show_skill(settings: Settings, *, console: Console) -> None:
    """Print what monitor.verification says: the errors of the forecasts that have met their reading, by kind."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.query(_SQL.format(leads=", ".join(map(str, LEADS)))).fetchall()
        simulated = lake.is_simulated()
    for kind in dict.fromkeys(row[1] for row in rows):
        console.print(_table(kind, [row for row in rows if row[1] == kind]))
    if simulated:
        console.print("[yellow]These are scores on SIMULATED readings (모의 자료): they say nothing about the weather.")


def _table(kind: str, rows: Sequence[tuple[Any, ...]]) -> Table:
    table = Table(title=f"RMSE of verified forecasts ({kind})", box=box.SIMPLE)
    table.add_column("target", no_wrap=True)
    for name in ("lead", "n", "model", "persist.", "climat.", "in 80 %"):
        table.add_column(name, justify="right")
    for target, _, lead, count, *errors, coverage in rows:
        table.add_row(target, f"{lead} h", f"{count:,}", *(f"{error:.2f}" for error in errors), f"{coverage:.0f} %")
    return table
