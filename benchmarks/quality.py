"""Quality control measured: faults put into real readings, what is rejected of real ones, and speed. Prints Markdown.

python benchmarks/quality.py faults     each fault in each element, at random places of Seoul 2018-2021
python benchmarks/quality.py listing    every reading of Seoul 2010-2021 that is rejected as delivered
python benchmarks/quality.py speed      95 simulated stations x 1 year, and one station x 1, 3 and 10 years
"""

import argparse
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from measuring import peak_mib

from weather_assets.clock import KST
from weather_assets.elements import BY_NAME
from weather_assets.quality.climatological_gap import limits_sql
from weather_assets.quality.hourly import COMPARED, clean_hourly_sql, hours_sql, judged_hours_sql, rejections_sql
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.simulator import SimulatorSource
from weather_assets.stations import STATIONS

SEOUL = 108
SEED = 20240601
PLACES = 100
DATA = Path(__file__).parents[2] / "shared" / "data" / "asos_hourly"
EARLY = ("later", "streak")
COLUMNS = ("station_id", "observed_at", "element", "value", "test", "pass", "reason")


def main() -> None:
    """Measure what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["faults", "listing", "speed"])
    parser.add_argument("--places", type=int, default=PLACES, help="placements of each fault")
    arguments = parser.parse_args()
    if arguments.what == "faults":
        show_faults(arguments.places)
    elif arguments.what == "listing":
        show_listing()
    else:
        show_speed()


# -- readings -----------------------------------------------------------------------------------------------------


def seoul(first_year: int, end_year: int) -> pd.DataFrame:
    """Raw readings as received, hour by hour."""
    span = datetime(first_year, 1, 1, tzinfo=KST), datetime(end_year, 1, 1, tzinfo=KST)
    table = pa.concat_tables(KmaCsvSource(DATA / str(SEOUL)).asos_hourly([SEOUL], *span))
    frame: pd.DataFrame = table.append_column("source", pa.repeat("kma_csv", table.num_rows)).to_pandas()
    return frame.sort_values("observed_at", ignore_index=True)


def connect() -> duckdb.DuckDBPyConnection:
    """A connection as the lake's: KST, no order kept, 1.5 GB."""
    connection = duckdb.connect(config={"memory_limit": "1500MB"})
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def rejections(raw: pd.DataFrame) -> pd.DataFrame:
    """What is rejected of raw readings, climate apart."""
    with connect() as connection:
        connection.register("raw", raw)
        judged = f"({judged_hours_sql('raw')})"
        return connection.execute(f"SELECT {', '.join(COLUMNS)} FROM ({rejections_sql(judged)})").df()


# -- faults -------------------------------------------------------------------------------------------------------

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Fault:
    """What happens to one element (or to all, where `codes` are None) for some hours."""

    name: str
    code: str
    hours: int
    change: Callable[[pd.DataFrame, int, int, np.random.Generator], None]

    @property
    def element(self) -> str | None:
        """The column of the clean table that is hit, None for all."""
        return next((name for name, element in BY_NAME.items() if element.code == self.code), None)


LARGE = {"ta": 10, "hm": 35, "td": 14, "pv": 10, "pa": 10, "ps": 10, "ws": 14, "ts": 25, "m02_te": 6}
"""A gross error of each element, in its unit."""
UNIT = {
    "ta": lambda v: v * 1.8 + 32,
    "hm": lambda v: v / 100,
    "td": lambda v: v * 1.8 + 32,
    "pa": lambda v: v / 10,
    "ps": lambda v: v / 10,
    "ws": lambda v: v * 3.6,
    "ts": lambda v: v * 1.8 + 32,
}
DERIVED_FROM = ("ta", "hm")
SWAPPED = {"ta": "td", "td": "ta", "pa": "ps", "ps": "pa", "hm": "ta", "ws": "wd"}


def faults() -> Iterator[Fault]:
    """Every fault that is put in."""
    for code, size in LARGE.items():
        yield Fault("spike", code, 1, with_numbers(code, lambda v, g, size=size: v + size * g.choice((-1, 1))))
        yield Fault("step", code, 48, with_numbers(code, lambda v, g, size=size: v + size * g.choice((-1, 1))))
        yield Fault("stuck", code, 24, with_numbers(code, lambda v, _: np.full_like(v, v[0])))
        yield Fault("bias", code, 168, with_numbers(code, lambda v, _, size=size: v + size * 0.15))
        yield Fault("zero coding", code, 6, with_numbers(code, lambda v, _: np.zeros_like(v)))
        sentinel = -99.0 if code in {"ta", "td", "ts", "m02_te"} else -9.0
        yield Fault("sentinel leak", code, 3, with_numbers(code, lambda v, _, s=sentinel: np.full_like(v, s)))
        yield Fault("duplicate day", code, 24, copied(code))
        if code in DERIVED_FROM:
            for name, hours, change in (
                ("spike", 1, lambda v, g, size=size: v + size * g.choice((-1, 1))),
                ("step", 48, lambda v, g, size=size: v + size * g.choice((-1, 1))),
                ("stuck", 24, lambda v, _: np.full_like(v, v[0])),
                ("bias", 168, lambda v, _, size=size: v + size * 0.15),
                ("zero coding", 6, lambda v, _: np.zeros_like(v)),
            ):
                yield Fault(f"{name}, of the sensor", code, hours, with_derived(with_numbers(code, change)))
    for code, unit in UNIT.items():
        yield Fault("unit error", code, 24, with_numbers(code, lambda v, _, unit=unit: unit(v)))
    for code, other in SWAPPED.items():
        yield Fault(f"swapped with {other}", code, 24, swapped(code, other))
    for hours in (1, 9):
        yield Fault(f"time shift {hours} h", "all", 168, shifted(hours))


def with_numbers(
    code: str, change: Callable[[Numbers, np.random.Generator], Numbers]
) -> Callable[[pd.DataFrame, int, int, np.random.Generator], None]:
    """A change of the element's numbers in its resolution; blanks stay."""

    def apply(raw: pd.DataFrame, first: int, hours: int, generator: np.random.Generator) -> None:
        rows = raw.index[first : first + hours]
        numbers = pd.to_numeric(raw.loc[rows, code], errors="coerce").to_numpy(dtype=float)
        changed = change(numbers, generator)
        raw.loc[rows, code] = [None if math.isnan(v) else f"{v:.2f}".rstrip("0").rstrip(".") for v in changed]

    return apply


def with_derived(
    change: Callable[[pd.DataFrame, int, int, np.random.Generator], None],
) -> Callable[[pd.DataFrame, int, int, np.random.Generator], None]:
    """A fault of the sensor itself: dew point and vapour pressure are derived from what it shows, as KMA does."""

    def apply(raw: pd.DataFrame, first: int, hours: int, generator: np.random.Generator) -> None:
        change(raw, first, hours, generator)
        rows = raw.index[first : first + hours]
        temperature, humidity = (pd.to_numeric(raw.loc[rows, code], errors="coerce") for code in DERIVED_FROM)
        humidity = humidity.clip(0.5, 100)
        hpa = humidity / 100 * 6.1094 * np.exp(17.625 * temperature / (temperature + 243.04))
        ratio = np.log(hpa / 6.1094)
        raw.loc[rows, "pv"] = [None if math.isnan(v) else f"{v:.1f}" for v in hpa]
        raw.loc[rows, "td"] = [None if math.isnan(v) else f"{v:.1f}" for v in 243.04 * ratio / (17.625 - ratio)]

    return apply


def copied(code: str) -> Callable[[pd.DataFrame, int, int, np.random.Generator], None]:
    """The element's day before once more."""

    def apply(raw: pd.DataFrame, first: int, hours: int, _: np.random.Generator) -> None:
        raw.loc[raw.index[first : first + hours], code] = raw[code].to_numpy()[first - 24 : first - 24 + hours]

    return apply


def swapped(code: str, other: str) -> Callable[[pd.DataFrame, int, int, np.random.Generator], None]:
    """Two columns exchanged."""

    def apply(raw: pd.DataFrame, first: int, hours: int, _: np.random.Generator) -> None:
        rows = raw.index[first : first + hours]
        raw.loc[rows, [code, other]] = raw.loc[rows, [other, code]].to_numpy()

    return apply


def shifted(by: int) -> Callable[[pd.DataFrame, int, int, np.random.Generator], None]:
    """Every element told some hours late."""

    def apply(raw: pd.DataFrame, first: int, hours: int, _: np.random.Generator) -> None:
        columns = [name for name in raw.columns if name not in {"station_id", "observed_at", "source"}]
        raw.loc[raw.index[first : first + hours], columns] = raw[columns].to_numpy()[first - by : first - by + hours]

    return apply


def show_faults(places: int) -> None:
    """The table of faults: share found in the fault's hours, hours until then, false flags elsewhere."""
    untouched = seoul(2018, 2022)
    before = keys_of(rejections(untouched))
    values = int(untouched.drop(columns=["station_id", "observed_at", "source"]).notna().sum().sum())
    print(f"\n{places} placements each, Seoul 2018-2021 ({len(untouched)} hours); seed {SEED}\n")
    print("| fault | element | hours | found | median h | 90 % h | by tests | false flags per million values |")
    print("|---|---|---:|---:|---:|---:|---|---:|")
    for number, fault in enumerate(faults()):
        generator = np.random.default_rng(SEED + number)
        raw = untouched.copy()
        starts = spread(len(raw), places, generator)
        for first in starts:
            fault.change(raw, first, fault.hours, generator)
        print(measured(fault, untouched, rejections(raw), starts, before, values))


def spread(rows: int, places: int, generator: np.random.Generator) -> list[int]:
    """First rows of faults, with at least a day of its own before and three after each fault of a week."""
    width = (rows - 200) // places
    room = max(1, width - 168 - 96)
    return [96 + place * width + int(generator.integers(room)) for place in range(places)]


def measured(
    fault: Fault,
    raw: pd.DataFrame,
    found: pd.DataFrame,
    starts: Sequence[int],
    before: set[tuple[object, ...]],
    values: int,
) -> str:
    """One line of the table."""
    row_of = pd.Series(raw.index, index=raw["observed_at"])
    found = found.assign(row=row_of.reindex(found["observed_at"]).to_numpy())
    hit = found if fault.element is None else found[found["element"] == fault.element]
    # The early part of a streak is known only when it is long enough, which the causal pass tells.
    hit = hit[(hit["pass"] != EARLY[0]) | (hit["test"] != EARLY[1])]
    delays, tests = [], []
    for first in starts:
        inside = hit[(hit["row"] >= first) & (hit["row"] < first + fault.hours)]
        if len(inside):
            # The later pass knows of a spike up to three hours after it.
            known = inside["row"] - first + np.where(inside["test"] == "spike", 3, 0)
            delays.append(int(known.min()))
            tests.append(str(inside.loc[known.idxmin(), "test"]))
    covered = np.zeros(len(raw), dtype=bool)
    for first in starts:
        covered[first : first + fault.hours] = True
    outside = found[~covered[found["row"].to_numpy(dtype=int)]]
    false = len(keys_of(outside) - before) / values * 1e6
    share = len(delays) / len(starts)
    quantiles = [f"{np.quantile(delays, q):.0f}" if delays else "-" for q in (0.5, 0.9)]
    by_test = ", ".join(f"{name} {count}" for name, count in pd.Series(tests, dtype=str).value_counts().items())
    what = fault.element or "all"
    return (
        f"| {fault.name} | {what} | {fault.hours} | {share:.0%} | {' | '.join(quantiles)} | {by_test} | {false:.1f} |"
    )


def keys_of(found: pd.DataFrame) -> set[tuple[object, ...]]:
    """Hour and element of rejections."""
    return set(zip(found["observed_at"], found["element"], strict=True))


# -- readings as delivered ----------------------------------------------------------------------------------------


def show_listing() -> None:
    """Every rejected reading of twelve years, the limits of each year fitted on the years before."""
    raw = seoul(2010, 2022)
    with connect() as connection:
        connection.register("raw", raw)
        connection.execute(f"CREATE TABLE first_look AS SELECT * FROM ({judged_hours_sql('raw')})")
        connection.execute(f"CREATE TABLE clean AS {clean_hourly_sql('first_look')}")
        climate = " UNION ALL ".join(f"SELECT * FROM ({limits_sql('clean', year)})" for year in range(2011, 2022))
        connection.execute(f"CREATE TABLE climate AS {climate}")
        judged = f"({judged_hours_sql('raw', climate='climate')})"
        found = connection.execute(f"SELECT * FROM ({rejections_sql(judged)}) ORDER BY element, observed_at").df()
    print(f"\n{len(found)} of {int(raw.notna().sum().sum()):,} values, Seoul 2010-2021 as delivered\n")
    print("| hour (KST) | element | value | test | pass | reason |\n|---|---|---:|---|---|---|")
    for row in found.itertuples():
        print(
            f"| {row.observed_at:%Y-%m-%d %H} | {row.element} | {row.value:g} | {row.test} | {row[7]} | {row.reason} |"
        )


# -- speed --------------------------------------------------------------------------------------------------------


def show_speed() -> None:
    """Seconds, memory and cost per row."""
    print("\n| stations | years | rows | wall s | CPU s | µs CPU per row | peak MiB of the process | load |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for stations, years in (((SEOUL,), 1), ((SEOUL,), 3), ((SEOUL,), 10), (tuple(sorted(STATIONS)[:95]), 1)):
        print(timed(stations, years))


def timed(stations: Sequence[int], years: int) -> str:
    """One line: every test on simulated readings, stations by stations as the graph does it."""
    span = datetime(2022 - years, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)
    with connect() as connection:
        for number, table in enumerate(SimulatorSource(seed=0).asos_hourly(stations, *span)):
            connection.register("part", table.append_column("source", pa.repeat("simulator", table.num_rows)))
            connection.execute("CREATE TABLE raw AS FROM part" if number == 0 else "INSERT INTO raw FROM part")
        began, cpu = time.perf_counter(), time.process_time()
        rows = sum(judge(connection, portion) for portion in np.array_split(stations, -(-len(stations) // 34)))
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = round(peak_mib())
    figures = f"{len(stations)} | {years} | {rows:,} | {wall:.1f} | {cpu:.1f} | {cpu / rows * 1e6:.1f}"
    return f"| {figures} | {peak} | {os.getloadavg()[0]:.1f} |"


def judge(connection: duckdb.DuckDBPyConnection, stations: Sequence[int]) -> int:
    """Judge some stations beside all others; returns their rows."""
    connection.execute(f"CREATE OR REPLACE TABLE compared AS {hours_sql('raw', COMPARED)}")
    raw = f"(SELECT * FROM raw WHERE station_id IN ({', '.join(map(str, stations))}))"
    connection.execute(f"CREATE OR REPLACE TABLE judged AS {judged_hours_sql(raw, around='compared')}")
    row = connection.execute("SELECT count(*) FROM judged").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
