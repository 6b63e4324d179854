"""The skill table: verified forecasts by lead, beside persistence and climatology."""

from rich.console import Console
from rich.table import Table

from weather_assets.forecasting.targets import TARGETS
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
    """Print what monitor.verification says: the errors of the forecasts that have met their reading."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.query(_SQL.format(leads=", ".join(map(str, LEADS)))).fetchall()
        simulated = lake.is_simulated()
    table = Table(title="Skill of verified forecasts" + (" (SIMULATED readings, 모의 자료)" if simulated else ""))
    table.add_column("target")
    table.add_column("kind")
    for name in ("lead", "forecasts", "RMSE", "persistence", "climatology", "in 80 % band"):
        table.add_column(name, justify="right")
    for target, kind, lead, count, *errors, coverage in rows:
        unit = TARGETS[target].unit
        shown = [f"{error:.2f} {unit}" for error in errors]
        table.add_row(target, kind, f"{lead} h", f"{count:,}", *shown, f"{coverage:.0f} %")
    console.print(table)
