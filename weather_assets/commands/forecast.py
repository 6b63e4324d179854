"""`weather forecast`: the newest forecast of a station, or the one that stood at an instant, in words and numbers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import groupby

from rich.console import Console
from rich.table import Table

from weather_assets.clock import DAY, HOUR, KST
from weather_assets.commands.ahead import days_table, median_and_interval, newest_rows, present, rain_in_words
from weather_assets.commands.output import print_json
from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.dataset import stations_of
from weather_assets.forecasting.targets import TARGETS, Kind
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.stations import station as station_of

SHOWN: tuple[Kind, Kind, Kind] = ("hourly", "daily", "rain")
STEP_H, LONGEST_LEAD_H = 3, 48
_SIMULATED = "SIMULATED readings, not weather (모의 자료)"


@dataclass(frozen=True)
class Lead:
    """One row of forecast.hourly."""

    target: str
    station_id: int
    issued_at: datetime
    valid_at: datetime
    lead_hours: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    model_version: str
    kind: str
    climatology: float


def show_forecast(settings: Settings, station_id: int, at: datetime | None, *, as_json: bool, console: Console) -> None:
    """Print the champion's forecast of every target; as JSON all rows, else every third hour and the days in tables."""
    with open_lake(settings, read_only=True) as lake:
        simulated = bool(lake.is_simulated())
        hourly, days, rain = (newest_rows(lake, kind, station_id, at) for kind in SHOWN)
        if not hourly:
            raise _nothing(station_id, at, stations_of(lake))
    newest_at: datetime = max(row["issued_at"] for row in hourly)
    hourly, days, rain = (present(rows, newest_at) for rows in (hourly, days, rain))
    leads = [Lead(**{field.name: row[field.name] for field in fields(Lead)}) for row in hourly]
    if as_json:
        labels = {"simulated": simulated}
        rows = [*(asdict(lead) for lead in leads), *days, *rain]
        print_json(console, [{**row, "unit": TARGETS[row["target"]].unit, **labels} for row in rows])
        return
    place = station_of(station_id)
    issued = newest_at.astimezone(KST)
    console.print(f"[bold]{place.name_en} {place.name_ko} ({station_id})[/bold], issued {issued:%Y-%m-%d %H:%M} KST")
    if simulated:
        console.print(f"[yellow]{_SIMULATED}")
    day_ahead = [lead for lead in leads if newest_at < lead.valid_at <= newest_at + DAY]
    for target, curve in groupby(day_ahead, key=lambda lead: lead.target):
        console.print(_in_words(target, list(curve)))
    if blocks := [row for row in rain if row["valid_to"] > newest_at]:
        console.print(rain_in_words(blocks))
    console.print(hours_table(leads, newest_at))
    if days:
        console.print(days_table(days))


def _nothing(station_id: int, at: datetime | None, known: Sequence[int]) -> WeatherError:
    if station_id not in known:
        listed = ", ".join(map(str, known)) or "none yet"
        return UsageError(f"no readings of station {station_id}; the lake has {listed}; load it with weather backfill")
    when = f" issued up to {at.isoformat()}" if at else ""
    return WeatherError(f"no forecast of station {station_id}{when}; make one with weather backfill")


def _in_words(target: str, day: Sequence[Lead]) -> str:
    """The day ahead in one sentence; the 80 % interval as 8 times in 10, which is not read as the day's range."""
    low, high = min(day, key=lambda lead: lead.p50), max(day, key=lambda lead: lead.p50)
    label, unit = TARGETS[target].label_en, TARGETS[target].unit

    def at(lead: Lead) -> str:
        when = lead.valid_at.astimezone(KST)
        return f"{lead.p50:.1f} {unit} at {when:%H:%M} (8 times in 10 between {lead.p10:.1f} and {lead.p90:.1f})"

    return f"{label} in the next 24 h: lowest near {at(low)}, highest near {at(high)}."


def hours_table(leads: Sequence[Lead], newest_at: datetime) -> Table:
    """One line per third hour after the newest issue; the targets may be of different issues, the hour is one."""
    names = [name for name in TARGETS if any(lead.target == name for lead in leads)]
    table = Table("valid (KST)", "lead", title="Median, and the interval that holds 8 times in 10")
    for name in names:
        table.add_column(f"{TARGETS[name].label_en} ({TARGETS[name].unit})", justify="right")
    first = newest_at.replace(minute=0, second=0, microsecond=0)
    for hours in range(STEP_H, LONGEST_LEAD_H + 1, STEP_H):
        when = first + hours * HOUR
        row = {lead.target: asdict(lead) for lead in leads if lead.valid_at == when}
        cells = [median_and_interval(row.get(name)) for name in names]
        table.add_row(f"{when.astimezone(KST):%m-%d %H:%M}", f"{hours} h", *cells, style=None)
    return table
