"""Sensor faults put into real readings, and what is said of readings without any. Prints Markdown.

python benchmarks/watching.py --home .weather --station 108 --from 2018 --to 2021 [--nearby 129] [--only-steps]

The limits of the detectors were set on 2010-2017 and are not looked at again here. Each fault is put in at random hours
(seed fixed) and lasts to the end of the trial; a trial has LOOKBACK_DAYS of true readings before. Delays count from the
fault's first hour to the hour at which it is seen.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from thermometer import print_steps

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting.hours import Floats
from weather_assets.lake.open import open_lake
from weather_assets.monitoring.faults.found import (
    ELEMENTS,
    HISTORY_DAYS,
    HISTORY_ELEMENTS,
    LOOKBACK_DAYS,
    find_faults,
    signals,
)
from weather_assets.monitoring.faults.humid_air import saturated_at_c, saturation_pressure_hpa
from weather_assets.monitoring.faults.series import StationHours, station_hours
from weather_assets.monitoring.faults.signal import Fault
from weather_assets.settings import Settings

PLACEMENTS, SEED = 200, 20180101
BEFORE_H, AFTER_H = LOOKBACK_DAYS * 24, 10 * 24
TEMPERATURE, HUMIDITY, PRESSURE = "air_temperature_c", "relative_humidity_pct", "station_pressure_hpa"
WIND, DEW_POINT, VAPOR = "wind_speed_ms", "dew_point_c", "vapor_pressure_hpa"

Change = Callable[[Floats, int], Floats]
"""Values of an element and the place of the fault's first hour -> values as received."""


@dataclass(frozen=True)
class Injection:
    """A fault: what it does to readings (S, place) and within how many hours it is to be seen."""

    name: str
    element: str
    fault: Fault
    put_in: Callable[[StationHours, int], StationHours]
    within_h: int


def altered(element: str, change: Change) -> Callable[[StationHours, int], StationHours]:
    """One column changed, the others as delivered."""

    def put_in(station: StationHours, place: int) -> StationHours:
        values = station[element].copy()
        values[place:] = change(values, place)[place:]
        return replace(station, values={**station.values, element: values})

    return put_in


def biased_sensor(offset_c: float) -> Callable[[StationHours, int], StationHours]:
    """The thermometer itself is off: dew point and vapour pressure are derived from the wrong temperature."""

    def put_in(station: StationHours, place: int) -> StationHours:
        off = altered(TEMPERATURE, lambda values, _: values + offset_c)(station, place)
        vapor = saturation_pressure_hpa(off[TEMPERATURE]) * off[HUMIDITY] / 100
        derived = {VAPOR: np.round(vapor, 1), DEW_POINT: np.round(saturated_at_c(vapor), 1)}
        for element, values in derived.items():
            off = altered(element, lambda _, __, values=values: values)(off, place)
        return off

    return put_in


def shifted_clock(hours: int) -> Callable[[StationHours, int], StationHours]:
    """Every element of the station stamped so many hours late (early where negative)."""

    def put_in(station: StationHours, place: int) -> StationHours:
        values = {}
        for element, series in station.values.items():
            values[element] = series.copy()
            values[element][place:] = np.roll(series, hours)[place:]
        return replace(station, values=values)

    return put_in


def held(values: Floats, place: int) -> Floats:
    """The value of the fault's first hour, for ever."""
    return np.full(len(values), values[place])


INJECTIONS = (
    Injection("+1.5 °C, temperature column", TEMPERATURE, Fault.BIAS, altered(TEMPERATURE, lambda v, _: v + 1.5), 168),
    Injection("-1.5 °C, temperature column", TEMPERATURE, Fault.BIAS, altered(TEMPERATURE, lambda v, _: v - 1.5), 168),
    # 6 h beyond the longest true run of 2010-2017 (stuck.py).
    Injection("stuck temperature", TEMPERATURE, Fault.STUCK, altered(TEMPERATURE, held), 12),
    Injection("stuck humidity", HUMIDITY, Fault.STUCK, altered(HUMIDITY, held), 24),
    Injection("stuck pressure", PRESSURE, Fault.STUCK, altered(PRESSURE, held), 12),
    Injection("stuck wind", WIND, Fault.STUCK, altered(WIND, held), 15),
    Injection("temperature in °F", TEMPERATURE, Fault.UNIT, altered(TEMPERATURE, lambda v, _: v * 1.8 + 32), 1),
    Injection("pressure in Pa", PRESSURE, Fault.UNIT, altered(PRESSURE, lambda v, _: v * 100), 1),
    Injection("humidity 0 for missing", HUMIDITY, Fault.ZERO_CODED, altered(HUMIDITY, lambda v, _: v * 0), 1),
    Injection("temperature 0 for missing", TEMPERATURE, Fault.ZERO_CODED, altered(TEMPERATURE, lambda v, _: v * 0), 24),
    Injection("clock 1 h late", "solar_radiation_mj_m2", Fault.CLOCK, shifted_clock(1), 72),
    Injection("clock 1 h early", "solar_radiation_mj_m2", Fault.CLOCK, shifted_clock(-1), 72),
)


def main() -> None:
    """Measure injections and false alarms on the years asked for."""
    parser = argparse.ArgumentParser(description="Sensor faults found and imagined", allow_abbrev=False)
    parser.add_argument("--home", type=Path, default=Path(".weather"))
    parser.add_argument("--station", type=int, default=108)
    parser.add_argument("--from", dest="first", type=int, default=2018)
    parser.add_argument("--to", dest="last", type=int, default=2021)
    parser.add_argument(
        "--nearby", type=int, nargs="*", default=[], help="stations that the thermometer is judged with"
    )
    parser.add_argument("--only-steps", action="store_true", help="only the steps of a thermometer")
    asked = parser.parse_args()
    if not asked.only_steps:
        print_all_faults(asked)
    numbers = [asked.station, *asked.nearby]
    histories = [read(asked.home, number, asked.first, asked.last, HISTORY_DAYS) for number in numbers]
    first_hour = int(np.datetime64(f"{asked.first}-01-01", "h").astype(np.int64)) - STAMP_OFFSET_H
    print_steps(histories, biased_sensor, first_hour, PLACEMENTS, SEED)


def print_all_faults(asked: argparse.Namespace) -> None:
    """Print what is found of each injection, and what is said of the readings as they are."""
    station = read(asked.home, asked.station, asked.first, asked.last)
    print(f"Station {asked.station}, {asked.first}-{asked.last}, {PLACEMENTS} placements of each fault, seed {SEED}\n")
    print("| fault | to be seen within | found in time | median delay h | 95 % delay h | never in 10 days |")
    print("|---|---|---|---|---|---|")
    for injection in INJECTIONS:
        delays = np.array(list(measured(station, injection)))
        in_time, never = (delays <= injection.within_h).mean(), np.isinf(delays).sum()
        median, late = np.quantile(delays, [0.5, 0.95], method="inverted_cdf")
        row = f"{injection.name} | {injection.within_h} h | {in_time:.1%} | {median:.0f} | {late:.0f} | {never}"
        print(f"| {row} |")
    print_false_alarms(station, asked.first, asked.last)


def read(home: Path, station_id: int, first: int, last: int, days: int = LOOKBACK_DAYS) -> StationHours:
    """Readings of whole years, and the days before them; the elements of the long look back where it is long."""
    elements = ELEMENTS if days == LOOKBACK_DAYS else HISTORY_ELEMENTS
    with open_lake(Settings(_env_file=None, home=home), read_only=True) as lake:
        readings = lake.query(
            f"SELECT station_id, observed_at, {', '.join(elements)} FROM lake.clean.asos_hourly "
            f"WHERE station_id = ? AND year(observed_at + INTERVAL {days} DAY) >= ? AND year(observed_at) <= ?",
            [station_id, first, last],
        ).df()
    return station_hours(readings, elements)[0]


def measured(station: StationHours, injection: Injection) -> Iterator[float]:
    """Hours from the fault's first hour to when it is seen (1: in that hour), of every placement."""
    random = np.random.default_rng(SEED)
    usable = np.flatnonzero(np.isfinite(station[injection.element]))
    if injection.fault is Fault.CLOCK:
        usable = np.arange(len(station.hours))
    usable = usable[(usable >= BEFORE_H) & (usable < len(station.hours) - AFTER_H)]
    for place in random.choice(usable, PLACEMENTS, replace=False):
        window = slice(place - BEFORE_H, place + AFTER_H)
        trial = StationHours(
            station.station_id,
            int(station.hours[window][0]),
            {name: values[window] for name, values in station.values.items()},
        )
        yield delay(injection.put_in(trial, BEFORE_H), injection)


def delay(trial: StationHours, injection: Injection) -> float:
    """Hours until the right fault of the right element is seen, infinite where it never is."""
    for signal in signals(trial, [trial]):
        if (signal.element, signal.fault) == (injection.element, injection.fault):
            found = np.flatnonzero(signal.seen[BEFORE_H:])
            if found.size:
                return float(found[0] + 1)
    return float("inf")


def print_false_alarms(station: StationHours, first: int, last: int) -> None:
    """What is said of the readings as they are."""
    began = time.perf_counter()
    found = find_faults([station], date(first, 1, 1), date(last, 12, 31))
    seconds = time.perf_counter() - began
    found = found.drop_duplicates(["element", "fault", "began_at"])
    print(f"\nReadings as delivered, {last - first + 1} years judged in {seconds:.2f} s:\n")
    print("| element | fault | began | seen | evidence |\n|---|---|---|---|---|")
    for row in found.itertuples():
        print(f"| {row.element} | {row.fault} | {row.began_at} | {row.detected_at} | {row.evidence} |")
    years = last - first + 1
    print(f"\nFaults other than gaps: {(found['fault'] != Fault.GAP).sum() / years:.2f} a year")


if __name__ == "__main__":
    main()
