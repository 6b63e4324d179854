"""Readings from the local KMA service through the whole graph: what it costs, and that nothing is lost. Markdown.

python benchmarks/services.py round-trip --readings ../shared/data/asos_hourly/108 --year 2018
python benchmarks/services.py faults
python benchmarks/services.py long --years 10
python benchmarks/services.py cycle --stations 1
python benchmarks/services.py cycle --stations 95
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pandas as pd

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from local_services import KEY, service_settings
from service_faults import CASES, Observed, faulty_world

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.instance import open_instance
from weather_assets.automation.jobs import HOURLY_JOB, LOAD_JOBS, TRAIN_JOB, all_jobs
from weather_assets.automation.runs import Runner
from weather_assets.definitions import ASSETS, build_definitions
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.choice import make_source
from weather_assets.sources.fetch_plan import data_go_kr_hours
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.kma_service import KmaService
from weather_assets.sources.protocol import ReadingsSource, whole
from weather_assets.stations import STATIONS

PROVIDERS = ("data_go_kr", "kma_api_hub")
SEOUL = 108
HOURLY = "AsosHourlyInfoService"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["round-trip", "faults", "long", "cycle"])
    parser.add_argument("--readings", type=Path, help="folder of portal CSV files of Seoul")
    parser.add_argument("--year", type=int, default=2018)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--stations", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if asked.what == "round-trip":
            round_trip(home, asked.readings, date(asked.year, 1, 1), date(asked.year, 12, 31))
        elif asked.what == "faults":
            faults(home)
        elif asked.what == "long":
            long_load(home, asked.years)
        else:
            cycle(home, asked.stations)


# -- round trip -----------------------------------------------------------------------------------------------------


def round_trip(home: Path, readings: Path, first: date, last: date) -> None:
    """Clean rows of the same days, imported from CSV and fetched from the service that serves those files."""
    source = KmaCsvSource(readings)
    imported = Settings(_env_file=None, home=home / "csv", source=f"csv:{readings}", stations=(SEOUL,))
    load(imported, first, last)
    print(
        "| provider | calls | rows | elements compared | values | different | seconds |\n|---|---|---|---|---|---|---|"
    )
    for provider in PROVIDERS:
        with KmaService(source, key=KEY, station_ids=[SEOUL]) as service:
            settings = service_settings(home / provider, service, provider)
            began = time.perf_counter()
            load(settings, first, last)
            seconds = time.perf_counter() - began
        same = differences(clean(imported), clean(settings))
        print(f"| {provider} | {service.calls()} | {len(clean(settings)):,} | {same} | {seconds:.1f} |", flush=True)


def load(settings: Settings, first: date, last: date) -> None:
    """Raw and clean rows of days through the graph."""
    with dg.DagsterInstance.ephemeral() as instance:
        Runner(build_definitions(settings), instance).days("load_through_clean", first, last)


def clean(settings: Settings) -> pd.DataFrame:
    """Clean rows in order of time."""
    with open_lake(settings, read_only=True) as lake:
        return lake.query("FROM lake.clean.asos_hourly ORDER BY station_id, observed_at").df()


def differences(one: pd.DataFrame, other: pd.DataFrame) -> str:
    """Columns and values compared, and how many of them differ; which, where some do."""
    if len(one) != len(other):
        return f"{len(one.columns)} | - | {len(one)} rows against {len(other)}"
    unequal = {
        name: int((~((one[name] == other[name]) | (one[name].isna() & other[name].isna()))).sum()) for name in one
    }
    wrong = {name: count for name, count in unequal.items() if count}
    return f"{len(one.columns)} | {one.size:,} | {sum(wrong.values())} {wrong or ''}"


# -- faults ---------------------------------------------------------------------------------------------------------


def faults(home: Path) -> None:
    """Each fault on the first call of a load; rows are counted after one more load without it."""
    print("| fault | calls | retried | run | message | rows lost | rows doubled |\n|---|---|---|---|---|---|---|")
    with faulty_world(home) as world:
        for case in CASES:
            result = world.meet(case)
            end = "succeeded" if result.succeeded else "stopped"
            retried = "yes" if result.calls > 1 else "no"
            cells = (case.name, result.calls, retried, end, result.message, result.lost, result.doubled)
            print(f"| {' | '.join(map(str, cells))} |")


# -- ten years ------------------------------------------------------------------------------------------------------


def long_load(home: Path, years: int) -> None:
    """Peak memory and calls of one year and of many, each in a process of its own, from data.go.kr."""
    print("| years | calls | fewest | rows | seconds | peak MB | progress told |\n|---|---|---|---|---|---|---|")
    with KmaService(Observed(), key=KEY, station_ids=[SEOUL]) as service:
        for number in (1, years):
            first, last = date(2010, 1, 1), date(2010 + number - 1, 12, 31)
            settings = service_settings(home / str(number), service, "data_go_kr")
            before = service.calls(HOURLY)
            began = time.perf_counter()
            told, peak_mb = child_load(settings, first, last)
            seconds = time.perf_counter() - began
            start, end = clock.kst_midnight(first), clock.kst_midnight(last + clock.DAY)
            fewest = len(data_go_kr_hours(whole([SEOUL], start, end), clock.now()))
            calls, held = service.calls(HOURLY) - before, count(settings, "raw.asos_hourly")
            print(f"| {number} | {calls} | {fewest} | {held:,} | {seconds:.1f} | {peak_mb:.0f} | {told} |", flush=True)


def child_load(settings: Settings, first: date, last: date) -> tuple[str, float]:
    """Load in a process of its own, as the command line does; gives what it said of calls, and its peak memory."""
    asked = ["backfill", "--from", str(first), "--to", str(last), "--through", "raw"]
    words = in_child(settings, f"from weather_assets.cli import app; app({asked}, standalone_mode=False)")
    told = dict.fromkeys(re.findall(r"[\d,]+ of [\d,]+ calls made", words))
    return "; ".join(told), int(words.split()[-1]) / 1024


def in_child(settings: Settings, code: str) -> str:
    """Run code in a process of its own; gives what it wrote on standard error, its peak memory in kB last."""
    peak = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    program = f"import resource, sys; {code}; {peak}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables(settings), "COLUMNS": "200", "FORCE_COLOR": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return done.stderr


def variables(settings: Settings) -> dict[str, str]:
    """The settings as another process takes them."""
    return {
        "WEATHER_HOME": str(settings.home),
        "WEATHER_SOURCE": settings.source,
        "WEATHER_STATIONS": ",".join(map(str, settings.stations)),
        "DATA_GO_KR_KEY": KEY,
        "WEATHER_DATA_GO_KR_URL": str(settings.data_go_kr_url),
        "WEATHER_AIRKOREA_URL": str(settings.airkorea_url),
        "KMA_API_HUB_KEY": KEY,
        "WEATHER_KMA_API_HUB_URL": str(settings.kma_api_hub_url),
    }


def count(settings: Settings, table: str) -> int:
    """Rows of a table."""
    with open_lake(settings, read_only=True) as lake:
        return int(lake.query(f"SELECT count(*) FROM lake.{table}").fetchall()[0][0])


# -- one hourly cycle -----------------------------------------------------------------------------------------------

HISTORY_DAYS = 130
HISTORY_DAYS_OF_MANY = 40
CYCLES = 4
TRAINED = ("air_temperature_c", "relative_humidity_pct")
ONE_CYCLE = """
from weather_assets.automation.instance import open_instance
from weather_assets.automation.jobs import HOURLY_JOB
from weather_assets.automation.runs import Runner
from weather_assets import clock
from weather_assets.definitions import build_definitions
from weather_assets.settings import load_settings
settings = load_settings()
today = clock.kst_date(clock.now())
with open_instance(settings.home) as instance:
    Runner(build_definitions(settings), instance).days(HOURLY_JOB, today, today)
"""


def cycle(home: Path, stations: int) -> None:
    """Wall time of one hourly cycle at the hub, with its process and in a process that runs on, and of each step."""
    station_ids = (SEOUL, *(number for number in STATIONS if number != SEOUL))[:stations]
    now = clock.now().replace(minute=15, second=0, microsecond=0)
    with KmaService(Observed(), key=KEY, station_ids=station_ids, now=lambda: now) as service:
        settings = service_settings(home, service, "kma_api_hub", station_ids)
        make_history(settings, now - 3 * clock.HOUR)
        warm_up(settings, now)
        print("| cycle | wall s | processor s | steps, s |\n|---|---|---|---|")
        began, used = time.perf_counter(), children_seconds()
        in_child(settings, f"exec({ONE_CYCLE!r})")
        seconds, used = time.perf_counter() - began, children_seconds() - used
        with open_instance(settings.home) as instance:
            print(f"| with its process | {seconds:.1f} | {used:.1f} | {steps_of(instance)} |", flush=True)
            definitions = build_definitions(settings)
            for number in range(1, CYCLES + 1):
                now += clock.HOUR
                began, used = time.perf_counter(), time.process_time()
                with patch.object(clock, "now", return_value=now):
                    Runner(definitions, instance).days(HOURLY_JOB, clock.kst_date(now), clock.kst_date(now))
                seconds, used = time.perf_counter() - began, time.process_time() - used
                print(f"| {number} in one process | {seconds:.1f} | {used:.1f} | {steps_of(instance)} |", flush=True)
        issued = count(settings, "forecast.hourly")
        print(f"\n{stations} stations, {service.calls() - 1} calls for {CYCLES + 1} cycles, {issued:,} rows forecast")


def children_seconds() -> float:
    """Processor time of the processes that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def steps_of(instance: dg.DagsterInstance) -> str:
    """Steps of the newest run with their seconds."""
    run_id = instance.get_run_records(limit=1)[0].dagster_run.run_id
    ends = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)
    seconds = {end.step_key: end.get_dagster_event().step_success_data.duration_ms / 1000 for end in ends}
    return ", ".join(f"{step} {of_step:.2f}" for step, of_step in seconds.items())


def make_history(settings: Settings, until: datetime) -> None:
    """Readings up to an hour, features of all stations, and champions trained on the first of them."""
    today = clock.kst_date(until)
    store, tracking = LakeStore(settings), MlflowTracking(settings)
    with patch.object(clock, "now", lambda: until), dg.DagsterInstance.ephemeral() as instance:

        def run(job: str, station_ids: Sequence[int], days: int, target: str | None = None) -> None:
            readings = HistoryReadings(settings.model_copy(update={"stations": tuple(station_ids)}))
            resources = {"lake": store, "readings": readings, "tracking": tracking}
            graph = dg.Definitions(ASSETS, jobs=all_jobs(), resources=resources, executor=dg.in_process_executor)
            runner = Runner(graph, instance)
            if target is None:
                runner.days(job, today - days * clock.DAY, today)
            else:
                runner.partition(job, target)

        run(LOAD_JOBS["features"], settings.stations[:1], HISTORY_DAYS)
        for target in TRAINED:
            run(TRAIN_JOB, settings.stations, 0, target)
            registry = tracking.registry()
            registry.set_alias(registry.versions(target)[0], CHAMPION)
        if len(settings.stations) > 1:
            run(LOAD_JOBS["features"], settings.stations[1:], HISTORY_DAYS_OF_MANY)
    store.close()


class HistoryReadings(Readings):
    """The readings of the service without the service: quicker for a long past."""

    def source(self) -> ReadingsSource:
        """What the service is fed from."""
        return Observed()


def warm_up(settings: Settings, now: datetime) -> None:
    """Let the service make up its readings before it is timed."""
    list(make_source(settings).asos_hourly(settings.stations, now - clock.HOUR, now))


if __name__ == "__main__":
    main()
