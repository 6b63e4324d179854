"""Timing the sides of a comparison in turn, each run in a process of its own, and the arithmetic of what came of it."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

OURS = "weather-assets"
Work = Callable[..., Any]


@dataclass(frozen=True)
class Run:
    """One run of a side: its seconds, those of its processor (all threads), its largest memory, and its answer."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    answer: Any = None


@dataclass(frozen=True)
class Side:
    """The runs of one side of a comparison; what a table shows is their median."""

    name: str
    runs: Sequence[Run]

    @property
    def seconds(self) -> float:
        """Median of the wall clock."""
        return median(run.seconds for run in self.runs)

    @property
    def cpu_seconds(self) -> float:
        """Median of the processor's seconds; steadier than the wall clock where a machine is shared."""
        return median(run.cpu_seconds for run in self.runs)

    @property
    def peak_mib(self) -> float:
        """The largest memory of any run, libraries included."""
        return max(run.peak_mib for run in self.runs)

    @property
    def answer(self) -> Any:
        """What the first run answered."""
        return self.runs[0].answer


@dataclass(frozen=True)
class Section:
    """A comparison as the report shows it: rows of figures under columns, and what has to be said about them."""

    title: str
    what: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    figures: Mapping[str, object] = field(default_factory=dict)

    def markdown(self) -> str:
        """A heading, a sentence, a table and notes."""
        lines = [
            f"## {self.title}",
            "",
            self.what,
            "",
            f"| {' | '.join(self.columns)} |",
            "|---" * len(self.columns) + "|",
        ]
        lines += [f"| {' | '.join(map(shown, row))} |" for row in self.rows]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)]) + "\n"

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return asdict(self)


def measured(work: Work, *arguments: object) -> Run:
    """Run a function of a module in a fresh process; importing the module is not counted, starting it neither."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, work, arguments).result()


def _timed(work: Work, arguments: Sequence[object]) -> Run:
    began, used = time.perf_counter(), time.process_time()
    answer = work(*arguments)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - used
    return Run(seconds, cpu_seconds, peak_mib(), answer)


def peak_mib() -> float:
    """The most memory that this process has held (Linux). getrusage would say the parent's, where that held more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def interleaved(sides: Mapping[str, tuple[object, ...]], rounds: int) -> list[Side]:
    """Run the sides (name -> function and its arguments) in turn, so that what disturbs one disturbs the other."""
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (work, *arguments) in sides.items():
            runs[name].append(measured(work, *arguments))  # type: ignore[arg-type]
    return [Side(name, taken) for name, taken in runs.items()]


@contextmanager
def meanwhile(work: Callable[[], object], pause_s: float = 0.0) -> Iterator[None]:
    """Do something again and again, with a pause before each time, in a thread until the block ends.

    Raises what the work raised.
    """
    is_over = Event()

    def work_on() -> None:
        while not is_over.wait(pause_s):
            work()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work_on)
        try:
            yield
        finally:
            is_over.set()
        working.result()


SIDE_COLUMNS = ("side", "seconds", "CPU seconds", "peak MiB", "times ours", "times ours, CPU")


def side_rows(sides: Sequence[Side]) -> list[list[object]]:
    """A row per side under SIDE_COLUMNS; the first one is ours."""
    ours = sides[0]
    return [
        [
            side.name,
            side.seconds,
            side.cpu_seconds,
            round(side.peak_mib),
            ratio(side.seconds, ours.seconds),
            ratio(side.cpu_seconds, ours.cpu_seconds),
        ]
        for side in sides
    ]


def side_figures(sides: Sequence[Side]) -> dict[str, object]:
    """Every run of every side."""
    return {side.name: [{k: v for k, v in asdict(run).items() if k != "answer"} for run in side.runs] for side in sides}


def ratio(other: float, ours: float) -> float:
    """How many times as much as ours; infinite where ours is nothing."""
    return other / ours if ours else math.inf


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Exponent b of cost = a * size^b by least squares on logarithms: 1 is a flat cost per row."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - mean_x) ** 2 for one in x)
    if not spread:
        raise ValueError("a slope needs two different sizes")
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread


def shown(value: object) -> str:
    """A cell: three significant digits, thousands apart."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
