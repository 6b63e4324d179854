"""What the lake holds of an asset's table: which stations, which hours, and what is lacking. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import duckdb

from weather_assets import clock
from weather_assets.assets.builds import BUILD_ORDER
from weather_assets.assets.upkeep import behind
from weather_assets.commands.finding import Finding, State
from weather_assets.commands.subject import Subject, spelled
from weather_assets.errors import WeatherError
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.lake.windows import condition_sql
from weather_assets.settings import Settings
from weather_assets.tables import CONTRACTS, DRIFT, SENSOR_FAULTS

_WHY_EMPTY = {
    "raw": "the source had no readings of it",
    "forecast": "a live forecast is issued from the newest hour only, and that lay elsewhere",
    "monitor": "no forecast was issued for it",
}
_MAY_BE_EMPTY = (SENSOR_FAULTS, DRIFT)
"""A day without a fault has no row, nor has a station without reference years."""

_HOURLY_LAYERS = ("raw", "clean", "features")
_LISTED_HOURS = 6


def lake_findings(settings: Settings, subject: Subject, partitions: Sequence[str]) -> Iterator[Finding]:
    """What the table of the asset lacks in partitions that were made; nothing for an asset without a table."""
    contract = next((table for table in CONTRACTS if table.qualified_name == _table_name(subject)), None)
    if contract is None or contract in _MAY_BE_EMPTY or not partitions:
        return
    try:
        with open_lake(settings, read_only=True) as lake:
            if is_in_the_book(subject):
                yield from _behind(lake, settings, subject, partitions)
            yield from _absent_stations(lake, settings, subject, partitions, contract)
            if len(partitions) == 1 and subject.layer in _HOURLY_LAYERS and contract.name.endswith("hourly"):
                yield from _absent_hours(lake, settings, subject, partitions[0], contract)
    except (WeatherError, duckdb.Error) as error:
        reason = str(error).splitlines()[0]
        yield Finding(
            State.FAILED, f"Dagster says it was made, but the lake does not answer: {reason}", "weather doctor"
        )


def _behind(lake: Lake, settings: Settings, subject: Subject, partitions: Sequence[str]) -> Iterator[Finding]:
    """Days that were built of other readings than there are now."""
    found = behind(lake, settings.stations)
    days = {
        str(one.first + number * clock.DAY)
        for one in found
        if one.table == _table_name(subject)
        for number in range((one.last - one.first).days + 1)
    }
    late = [partition for partition in partitions if partition in days]
    if late:
        text = f"{spelled(late)}: readings came or changed after it was built"
        yield Finding(State.STALE, text, subject.remedy(late))


def is_in_the_book(subject: Subject) -> bool:
    """Whether it is noted of what readings each day of the asset was built."""
    return any(build.name == _table_name(subject) for build in BUILD_ORDER)


def _table_name(subject: Subject) -> str:
    return subject.name.replace("/", ".")


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
