"""What a row costs as stations and years grow, and how much memory that takes: features, and quality control."""

import shutil
from itertools import pairwise
from pathlib import Path

from benchmarks.inputs import MOST_STATIONS, Place, clean_home, opened, station_ids, years
from benchmarks.measuring import Run, Section, measured, slope
from weather_assets.assets.builds import CLEAN, FEATURES
from weather_assets.lake.ingest import append_readings
from weather_assets.sources.simulator import SimulatorSource
from weather_assets.tables import FEATURES_HOURLY

SIZES = ((1, 1), (1, 10), (10, 1), (10, 10), (MOST_STATIONS, 1), (MOST_STATIONS, 10))
JUDGED = ((1, 1), (10, 1))
COLUMNS = ("what", "stations", "years", "rows", "seconds", "CPU seconds", "microseconds a row", "peak MiB")
_SMALL_ROWS = 1_000_000


def features(home: Path, stations: int, count: int) -> int:
    """Every feature of stations x years into the lake, as an asset does it; returns the rows."""
    with opened(home) as lake:
        lake.connection.execute(f"DELETE FROM lake.{FEATURES_HOURLY.qualified_name}")
        return FEATURES.run(lake, station_ids(stations), *years(count))


def judged(folder: Path, stations: int, count: int) -> int:
    """Quality control of stations x years of raw hours."""
    with opened(folder) as lake:
        return CLEAN.run(lake, station_ids(stations), *years(count))


def raw_home(place: Place, stations: int, count: int) -> Path:
    """A home with simulated raw hours of stations x years."""
    home = place.folder / f"raw_{stations}x{count}"
    if not home.exists():
        with opened(home) as lake:
            for station in station_ids(stations):
                for table in SimulatorSource().asos_hourly((station,), *years(count)):
                    append_readings(lake, "simulator", table, (station,), *years(count))
    return home


def compare(place: Place, sizes: tuple[tuple[int, int], ...] = SIZES, rounds: int = 3) -> Section:
    """Rows, seconds and memory of each size, and the slopes."""
    rows: list[list[object]] = []
    built: dict[tuple[int, int], Run] = {}
    for size in sizes:
        home = clean_home(place, *size)
        times = rounds if size[0] * size[1] * 8766 < _SMALL_ROWS else 1
        runs = sorted((measured(features, home, *size) for _ in range(times)), key=lambda run: run.seconds)
        built[size] = runs[len(runs) // 2]
        rows.append(_row("features", size, built[size]))
    for size in JUDGED:
        home = raw_home(place, *size)
        copy = place.folder / "judged"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(home, copy)
        rows.append(_row("quality control", size, measured(judged, copy, *size)))
    return Section(
        "Scale",
        "The same code over more stations and more years; opening the lake is in every line. Memory is bounded by "
        "portions of a year of every station.",
        COLUMNS,
        rows,
        notes=[growth(built)],
        figures={"features": {f"{s} x {y}": [run.answer, run.seconds, run.peak_mib] for (s, y), run in built.items()}},
    )


def growth(built: dict[tuple[int, int], Run]) -> str:
    """How the cost of a row changes from the middle size to the largest in each direction, and the fitted exponents.

    Below a hundred thousand rows opening a lake and planning queries is most of what is measured, so the exponent over
    all sizes says how the whole behaves, and the marginal cost what a further row costs.
    """
    by_size = sorted(built.items(), key=lambda item: item[1].answer)
    power = slope([run.answer for _, run in by_size], [run.seconds for _, run in by_size])
    what = "over all sizes (1 is a flat cost per row; fixed costs make it less)"
    lines = [f"Seconds grow as rows to the power {power:.2f} {what}."]
    for (_, small), (size, large) in pairwise(by_size):
        if large.answer > small.answer * 1.5:
            further = 1e6 * (large.seconds - small.seconds) / (large.answer - small.answer)
            lines.append(f"Up to {size[0]} stations x {size[1]} years a further row costs {further:.2f} microseconds.")
    return " ".join(lines)


def _row(what: str, size: tuple[int, int], run: Run) -> list[object]:
    microseconds = 1e6 * run.seconds / run.answer
    return [what, *size, run.answer, run.seconds, run.cpu_seconds, microseconds, round(run.peak_mib)]
