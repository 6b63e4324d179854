"""What the lake holds of an asset's table: which stations, which hours, and what is lacking. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import duckdb

from weather_assets import clock
from weather_assets.commands.finding import Finding, State
from weather_assets.commands.subject import Subject
from weather_assets.errors import WeatherError
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.lake.windows import condition_sql
from weather_assets.settings import Settings
from weather_assets.tables import CONTRACTS

_WHY_EMPTY = {
    "raw": "the source had no readings of it",
    "forecast": "a live forecast is issued from the newest hour only, and that lay elsewhere",
    "monitor": "no forecast was issued for it",
}
_HOURLY_LAYERS = ("raw", "clean", "features")
_LISTED_HOURS = 6


def lake_findings(settings: Settings, subject: Subject, partitions: Sequence[str]) -> Iterator[Finding]:
    """What the table of the asset lacks in partitions that were made; nothing for an asset without a table."""
    contract = next((table for table in CONTRACTS if table.qualified_name == subject.name.replace("/", ".")), None)
    if contract is None or not partitions:
        return
    try:
        with open_lake(settings, read_only=True) as lake:
            yield from _absent_stations(lake, settings, subject, partitions, contract)
            if len(partitions) == 1 and subject.layer in _HOURLY_LAYERS and contract.name.endswith("hourly"):
                yield from _absent_hours(lake, settings, subject, partitions[0], contract)
    except (WeatherError, duckdb.Error) as error:
        reason = str(error).splitlines()[0]
        yield Finding(
            State.FAILED, f"Dagster says it was made, but the lake does not answer: {reason}", "weather doctor"
        )


def _absent_stations(
    lake: Lake, settings: Settings, subject: Subject, partitions: Sequence[str], contract: TableContract
) -> Iterator[Finding]:
    start, end = subject.window(partitions[0])[0], subject.window(partitions[-1])[1]
    here = _stations(lake, contract, condition_sql(contract, settings.stations, start, end))
    loaded = _stations(lake, contract, "TRUE")
    absent = [station for station in settings.stations if station not in here]
    if len(absent) == len(settings.stations):
        because = _WHY_EMPTY.get(subject.layer, "what it is made from held none either")
        text = f"{contract.qualified_name} holds no row of station {_listed(absent)} for it: {because}"
        yield Finding(State.SKIPPED, text, subject.remedy(partitions))
        return
    for station in absent:
        how = "has no row for it" if station in loaded else "was never loaded"
        text = f"station {station} {how} ({contract.qualified_name})"
        yield Finding(State.MISSING, text, f"{subject.remedy(partitions)} --stations {station}")


def _absent_hours(
    lake: Lake, settings: Settings, subject: Subject, partition: str, contract: TableContract
) -> Iterator[Finding]:
    """Hours of a day without a row, for each station that has some; hours not yet published are not missed."""
    start, end = subject.window(partition)
    end = min(end, clock.now() - clock.PUBLICATION_DELAY)
    expected = [start + number * clock.HOUR for number in range(24) if start + number * clock.HOUR < end]
    for station, hours in _hours(lake, contract, settings.stations, start, end).items():
        lacking = [hour for hour in expected if hour.hour not in hours]
        if lacking:
            text = f"station {station} has {len(hours)} of {len(expected)} hours; none at {_hours_listed(lacking)}"
            yield Finding(State.NOTE, f"{text}: what is missing at the source stays missing")


def _stations(lake: Lake, contract: TableContract, condition: str) -> set[int]:
    rows = lake.query(f"SELECT DISTINCT station_id FROM lake.{contract.qualified_name} WHERE {condition}").fetchall()
    return {row[0] for row in rows}


def _hours(
    lake: Lake, contract: TableContract, stations: Sequence[int], start: datetime, end: datetime
) -> Mapping[int, set[int]]:
    """Hours of the day (KST) with a row, by station."""
    condition = condition_sql(contract, stations, start, end)
    rows = lake.query(
        f"SELECT station_id, list(DISTINCT hour({contract.time_column})) FROM lake.{contract.qualified_name} "
        f"WHERE {condition} GROUP BY station_id ORDER BY station_id"
    ).fetchall()
    return {station: set(hours) for station, hours in rows}


def _hours_listed(hours: Sequence[datetime]) -> str:
    shown = ", ".join(f"{hour:%H:%M}" for hour in hours[:_LISTED_HOURS])
    return shown if len(hours) <= _LISTED_HOURS else f"{shown} and {len(hours) - _LISTED_HOURS} more"


def _listed(stations: Sequence[int]) -> str:
    return ", ".join(map(str, stations))
