"""Backfills by one worker process and by several, on PostgreSQL + S3. Prints Markdown.

python benchmarks/workers.py                                  1 and 4 workers in turn, 3 rounds, 4 stations x 1 year
python benchmarks/workers.py --rounds 5 --days 730

The same work each time: readings, cleaning and features of some stations, station by station, with Dagster's runs in
PostgreSQL too. A worker is a process with everything imported and one DuckDB thread, as on a machine of one core; the
clock runs from the moment when all are ready. Lastly two backfills of the same stations and days run at once, by half
of the workers each. Whoever writes, the tables must come out the same.
"""

import argparse
import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from forks import forking
from rich.console import Console
from services import PostgresServer, S3Server, run_postgres, run_s3
from stacks import server_settings
from table_sums import Sums, sums

from weather_assets.commands.backfill import backfill
from weather_assets.commands.span import Layer, Span
from weather_assets.lake import lake as lake_module
from weather_assets.lake.connection import connect
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

STATIONS = (108, 129, 133, 143)
FIRST = date(2019, 1, 1)


@dataclass(frozen=True)
class Measured:
    """What one run took, of it the waiting for other writers and the writing (summed over workers), and its tables."""

    seconds: float
    waited: float
    held: float
    tables: Sums


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args()
    span = Span(FIRST, FIRST + timedelta(days=asked.days - 1))
    base = Path(tempfile.mkdtemp(prefix="workers-"))
    print("| round | workers | seconds | waited for the lake's lock, s | held it, s |\n|---|---|---|---|---|")
    with run_postgres() as postgres, run_s3(base / "s3") as s3:
        if postgres is None:
            sys.exit("PostgreSQL is not installed (apt-get install postgresql)")
        world = World(base, postgres, s3, span)
        alone, together = [], []
        for number in range(1, asked.rounds + 1):
            alone.append(told(number, "1", world.run([list(STATIONS)])))
            together.append(told(number, str(asked.workers), world.run(dealt(STATIONS, asked.workers))))
        twice = told("", f"{asked.workers}, two backfills", world.run(dealt(STATIONS, asked.workers // 2) * 2))
    shutil.rmtree(base)
    ratio = statistics.median(one.seconds for one in alone) / statistics.median(one.seconds for one in together)
    print(f"\n{len(STATIONS)} stations x {asked.days} days; {asked.workers} workers are {ratio:.2f} times one worker.")
    same = all(one.tables == alone[0].tables for one in [*alone, *together, twice])
    rows = sum(rows for rows, _, _ in alone[0].tables.values())
    doubled = sum(doubled for _, doubled, _ in twice.tables.values())
    print(f"{rows:,} rows, tables the same whoever wrote them: {'yes' if same else 'NO'}; rows doubled: {doubled}")
    sys.exit(not same or doubled > 0)


def dealt(stations: Sequence[int], hands: int) -> list[list[int]]:
    """The stations dealt out."""
    return [list(stations[hand::hands]) for hand in range(hands)]


def told(number: object, workers: str, measured: Measured) -> Measured:
    """Print a line."""
    figures = f"{measured.seconds:.1f} | {measured.waited:.1f} | {measured.held:.1f}"
    print(f"| {number} | {workers} | {figures} |", flush=True)
    return measured


@dataclass(frozen=True)
class World:
    """The servers, and what is to be loaded."""

    base: Path
    postgres: PostgresServer
    s3: S3Server
    span: Span

    def run(self, hands: Sequence[Sequence[int]]) -> Measured:
        """Load the stations of each hand by a process of its own, into an empty lake."""
        settings = server_settings(self.base / uuid4().hex, self.postgres, self.s3, stations=STATIONS)
        with open_lake(settings, simulated=True):
            pass
        context = forking("weather_assets.definitions")
        ready, told = context.Barrier(len(hands) + 1), context.Queue()
        workers = [context.Process(target=work, args=(settings, hand, self.span, ready, told)) for hand in hands]
        for worker in workers:
            worker.start()
        ready.wait(300)
        began = time.monotonic()
        locks = [told.get(timeout=1800) for _ in workers]
        seconds = time.monotonic() - began
        for worker in workers:
            worker.join()
        waited, held = (sum(of_worker) for of_worker in zip(*locks, strict=True))
        tables = sums(settings)
        for url in (settings.catalog, settings.dagster_storage, settings.tracking_uri):
            self.postgres.drop(str(url))
        return Measured(seconds, waited, held, tables)


def work(settings: Settings, stations: Sequence[int], span: Span, ready: Any, told: Any) -> None:
    """For a process of its own: get ready, wait for the others, load the stations one after the other."""
    from weather_assets.definitions import build_definitions

    mine = settings.model_copy(update={"home": settings.home / uuid4().hex})
    build_definitions(mine)
    with timed_lock() as times, one_thread(), contextlib.redirect_stderr(StringIO()):
        ready.wait()
        for station in stations:
            of_station = mine.model_copy(update={"stations": (station,)})
            backfill(of_station, span, Layer.FEATURES, train=False, console=Console(file=StringIO()))
    told.put((times["waited"], times["held"]))


@contextmanager
def one_thread() -> Iterator[None]:
    """DuckDB with one thread: several workers on one machine must not each use all of it."""

    def narrow(*args: Any, **options: Any) -> Any:
        connection = connect(*args, **options)
        connection.execute("SET threads = 1")
        return connection

    with patch.object(lake_module, "connect", narrow):
        yield


@contextmanager
def timed_lock() -> Iterator[dict[str, float]]:
    """How long this process waits for the lake's lock inside the block, and how long it holds it."""
    times, lock = {"waited": 0.0, "held": 0.0}, lake_module.commit_lock

    @contextmanager
    def timed(*args: Any) -> Iterator[None]:
        began = time.monotonic()
        with lock(*args):
            got = time.monotonic()
            times["waited"] += got - began
            yield
            times["held"] += time.monotonic() - got

    with patch.object(lake_module, "commit_lock", timed):
        yield times


if __name__ == "__main__":
    main()
