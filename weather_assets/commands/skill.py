"""The skill tables: verified forecasts by lead, beside persistence and climatology."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

LEADS = (1, 3, 6, 12, 24, 48)
_QUANTILES_SQL = """
SELECT kind, target, {lead} AS lead, count(*) AS n,
    sqrt(avg((p50 - observed) ** 2)) AS rmse,
    sqrt(avg((persistence - observed) ** 2)) AS rmse_persistence,
    sqrt(avg((climatology - observed) ** 2)) AS rmse_climatology,
    100 * avg((observed BETWEEN p10 AND p90)::INTEGER) AS coverage_80
FROM lake.monitor.{table}
WHERE role = 'champion' AND persistence IS NOT NULL AND {among}
GROUP BY ALL ORDER BY target, kind, lead"""
_RAIN_SQL = """
SELECT kind, target, 3 * ceil(lead_hours / 3)::INTEGER AS lead, count(*) AS n,
    avg(brier), avg((persistence - observed) ** 2), avg((climatology - observed) ** 2), 100 * avg(observed)
FROM lake.monitor.verification_rain
WHERE role = 'champion' AND lead IN (3, 6, 12, 24, 48)
GROUP BY ALL ORDER BY kind, lead"""


def show_skill(settings: Settings, *, console: Console) -> None:
    """Print what the verification tables say: the errors of the forecasts that have met their reading, by kind."""
    hours = _QUANTILES_SQL.format(lead="lead_hours", table="verification", among=f"lead_hours IN {LEADS}")
    days = _QUANTILES_SQL.format(lead="lead_days", table="verification_daily", among="TRUE")
    with open_lake(settings, read_only=True) as lake:
        hourly, daily, rain = (lake.query(sql).fetchall() for sql in (hours, days, _RAIN_SQL))
        simulated = lake.is_simulated()
    for kind in dict.fromkeys(row[0] for row in (*hourly, *daily, *rain)):
        for rows, what, last, unit in (
            (hourly, "RMSE of verified forecasts", "in 80 %", "h"),
            (daily, "RMSE of verified daily forecasts", "in 80 %", "d"),
            (rain, "Brier score of verified rain probabilities", "wet", "h"),
        ):
            chosen = [row[1:] for row in rows if row[0] == kind]
            if chosen:
                console.print(_table(f"{what} ({kind})", chosen, last, unit))
    if simulated:
        console.print("[yellow]These are scores on SIMULATED readings (모의 자료): they say nothing about the weather.")


def _table(title: str, rows: Sequence[tuple[Any, ...]], last: str, unit: str) -> Table:
    table = Table(title=title, box=box.SIMPLE)
    table.add_column("target", no_wrap=True)
    for name in ("lead", "n", "model", "persist.", "climat.", last):
        table.add_column(name, justify="right")
    for target, lead, count, *errors, share in rows:
        table.add_row(target, f"{lead} {unit}", f"{count:,}", *(f"{error:.3g}" for error in errors), f"{share:.0f} %")
    return table
