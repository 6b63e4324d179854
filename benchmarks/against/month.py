"""Thirty days of one station end to end, process start and Dagster included: one range run against hourly runs.

Hourly runs are what a schedule does, and what backfilling an hourly-partitioned graph does: one run per hour, 720 for
30 days. A few of them are measured and the rest extrapolated, which the report says.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from benchmarks.inputs import SEOUL, Place
from benchmarks.measuring import OURS, Run, Section, Side, measured, ratio, side_figures
from weather_assets.errors import WeatherError
from weather_assets.forecasting.by_hand import promote_by_hand
from weather_assets.forecasting.registry import CHAMPION, Registry
from weather_assets.forecasting.targets import TARGETS
from weather_assets.settings import Settings

LEARNT = date(2018, 10, 1), date(2019, 12, 31)
MONTH = date(2020, 1, 1), date(2020, 1, 30)
HOURS, SAMPLE = 30 * 24, 12
COLUMNS = ("side", "seconds", "CPU seconds", "peak MiB", "times ours")


def weather(home: Path, source: str, *words: str) -> Run:
    """Run the `weather` command in a home, as a user does; raises CalledProcessError where it fails."""
    settings = {"WEATHER_HOME": str(home), "WEATHER_SOURCE": source, "WEATHER_STATIONS": str(SEOUL)}
    command = [Path(sys.executable).with_name("weather"), *words]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env={**os.environ, **settings}, check=True, capture_output=True)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu_seconds, after.ru_maxrss / 1024)


def champions(place: Place, source: str) -> Path:
    """A home with a champion for every target that could be trained; made once.

    What counts here is that there are models to load and to forecast with, so versions that the gate refused (there is
    little to learn from in so short a span) are promoted by hand.
    """
    home = place.folder / "champions"
    if not home.exists():
        weather(home, source, "backfill", "--from", str(LEARNT[0]), "--to", str(LEARNT[1]), "--through", "models")
        registry = Registry(Settings(_env_file=None, home=home))
        for target in TARGETS:
            if registry.with_alias(target, CHAMPION) is None and registry.versions(target):
                with suppress(WeatherError):
                    promote_by_hand(registry, target, 1)
    return home


def range_run(place: Place, source: str) -> Run:
    """`weather backfill` of the month through the forecast, in a fresh copy of the home."""
    home = _copy(champions(place, source), place.folder / "month")
    return weather(home, source, "backfill", "--from", str(MONTH[0]), "--to", str(MONTH[1]), "--no-train")


def hourly_runs(home: Path, source: str) -> list[float]:
    """Seconds of each of some hourly runs, all in one process that is warm: to their advantage."""
    from weather_assets.automation.instance import open_instance
    from weather_assets.automation.jobs import HOURLY_JOB
    from weather_assets.automation.runs import Runner
    from weather_assets.definitions import build_definitions

    settings = Settings(_env_file=None, home=home, source=source, stations=(SEOUL,))
    taken = []
    with open_instance(home) as instance:
        runner = Runner(build_definitions(settings), instance)
        for _ in range(SAMPLE + 1):
            began = time.perf_counter()
            runner.days(HOURLY_JOB, MONTH[0] + timedelta(days=1), MONTH[0] + timedelta(days=1))
            taken.append(time.perf_counter() - began)
    return taken[1:]  # the first one imports


def compare(place: Place, source: str = "simulator", rounds: int = 3) -> Section:
    """The range run, and 720 hourly runs extrapolated from a sample."""
    runs, sampled = [], []
    for _ in range(rounds):
        runs.append(range_run(place, source))
        home = _copy(champions(place, source), place.folder / "hourly")
        sampled.append(measured(hourly_runs, home, source))
    ours, hour = Side(OURS, runs), median(seconds for run in sampled for seconds in run.answer)
    cpu_share = median(run.cpu_seconds / run.seconds for run in sampled)
    hourly = [f"{HOURS} hourly runs (extrapolated)", hour * HOURS, hour * HOURS * cpu_share]
    peak = round(max(run.peak_mib for run in sampled))
    in_one = f"were measured {rounds} times in a warm process and multiplied; a process for each would add seconds"
    return Section(
        "30 days end to end",
        f"One station, {MONTH[0]} to {MONTH[1]}, raw through forecast with the champions there "
        f"(`weather backfill --no-train`), source {source.partition(':')[0]}, process start and Dagster included.",
        COLUMNS,
        [
            [ours.name, ours.seconds, ours.cpu_seconds, round(ours.peak_mib), 1.0],
            [*hourly, peak, ratio(hour * HOURS, ours.seconds)],
        ],
        notes=[f"{SAMPLE} hourly runs of the job `hourly_cycle` {in_one}; the median is {hour:.2f} s a run."],
        figures={"runs": side_figures([ours]), "seconds_per_hourly_run": hour},
    )


def _copy(home: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to)
    return to
