"""Every comparison in one run, as Markdown and JSON.

python -m benchmarks.report                                    all of them, about a quarter of an hour on two cores
python -m benchmarks.report --only features --stations 95      one of them
python -m benchmarks.report --data ../shared/data/asos_hourly/108   real hourly files of Seoul, not simulated ones
"""

import argparse
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.inputs import Place
from benchmarks.measuring import Section

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("dagster", "duckdb", "pandas", "polars", "mlforecast", "lightgbm", "pyarrow", "numpy")
_SMALL = 100
"""Station-years that are measured three times."""

NAMES = ("csv_import", "features", "training", "month", "partitions", "dashboard", "scale", "event_log")
Compare = Callable[[Place], Section]


def comparisons(stations: int, count: int) -> dict[str, Compare]:
    """Name -> comparison, in the order of the report.

    Imported when they are run: the processes that they start import this module too, and need one of them each.
    """
    sizes = {"stations": stations, "count": count, "rounds": 3 if stations * count <= _SMALL else 1}
    return {name: partial(_compare, name, **(sizes if name == "features" else {})) for name in NAMES}


def _compare(name: str, place: Place, **sizes: int) -> Section:
    section: Section = import_module(f"benchmarks.against.{name}").compare(place, **sizes)
    return section


def main() -> None:
    """Run what is asked and write the report."""
    parser = argparse.ArgumentParser(description="Ratios against what a user would pick instead", allow_abbrev=False)
    parser.add_argument("--only", nargs="+", choices=NAMES, help="comparisons to run; else all")
    parser.add_argument("--stations", type=int, default=10, help="stations of the comparison of features")
    parser.add_argument("--years", type=int, default=10, help="years of the comparison of features")
    parser.add_argument("--data", type=Path, help="folder of hourly portal files of Seoul, one a year from 2010")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of REPORT.md and report.json")
    parser.add_argument("--work", type=Path, help="folder whose inputs are kept for the next run; else a temporary one")
    asked, facts = parser.parse_args(), machine()
    folder = asked.work or Path(tempfile.mkdtemp(prefix="weather-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        chosen = comparisons(asked.stations, asked.years)
        sections = run({name: chosen[name] for name in asked.only or chosen}, Place(folder, asked.data))
    finally:
        if asked.work is None:
            shutil.rmtree(folder, ignore_errors=True)
    write(sections, facts, asked.results)


def run(chosen: dict[str, Compare], place: Place) -> list[Section]:
    """Run the comparisons, telling each as it ends."""
    sections = []
    for name, compare in chosen.items():
        began = time.perf_counter()
        sections.append(compare(place))
        print(f"{sections[-1].markdown()}\n({name}: {time.perf_counter() - began:.0f} s)\n", flush=True)
    return sections


def write(sections: Sequence[Section], facts: Mapping[str, object], folder: Path) -> None:
    """Write REPORT.md and report.json."""
    folder.mkdir(parents=True, exist_ok=True)
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    head = (
        "# Against what one would pick instead\n\n"
        "Made by `make bench`. The sides of a comparison run in turn in one invocation, each in a process of its own; "
        "seconds are medians and belong to this machine, the ratios are what counts: more than 1 means that ours is "
        f"faster. CPU seconds count all threads.\n\nMachine: {told}.\n\n"
    )
    (folder / "REPORT.md").write_text(head + "\n".join(section.markdown() for section in sections), encoding="utf-8")
    report = {"machine": dict(facts), "comparisons": [section.as_json() for section in sections]}
    (folder / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written: {folder / 'REPORT.md'}")


def machine() -> dict[str, object]:
    """What the figures depend on: never a name or a path of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory GiB": round(memory),
        "load before": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "Python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
    }


if __name__ == "__main__":
    main()
