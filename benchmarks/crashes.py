"""Crash campaign: kills and faults in the middle of writes on both stacks, and what came of each. Prints Markdown.

python benchmarks/crashes.py                  all kinds, more than 200 trials
python benchmarks/crashes.py --share 0.1      a tenth of them; --minutes 15 stops after that time, as Ctrl-C does
python benchmarks/crashes.py --seed 7         other moments
python benchmarks/crashes.py --only SQLite    kinds in whose fault or stack one of the words occurs

Every trial is judged by an oracle in plain Python (tests/crash_work.py) that reads all rows. PostgreSQL must be
installed; filling a disk needs root, to mount a small one.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from crash_backfills import Backfills
from crash_patient import Outcome
from crash_stacks import Stack, folder_stack, server_stack, small_disk
from crash_trials import Field
from services import run_postgres, run_s3

DISK_MB = 12
FAULTS = ("fault", "stack", "trials", "in the middle of a write")
WRONG = ("lost rows", "doubled rows", "half-written days", "unreadable lakes", "errors without a remedy")
AFTER = ("healed by the next run", "orphan files found", "left by maintenance")


@dataclass(frozen=True)
class Kind:
    """A fault, how often it is tried on a stack, and what meets it."""

    fault: str
    stack: Stack
    trials: int
    trial: Callable[[Any], Outcome]
    world: type[Field] | type[Backfills] = Field


def main() -> None:
    """Run the campaign and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the trials of each kind")
    parser.add_argument("--minutes", type=float, default=60.0, help="no trial begins after")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="of the fault or of the stack")
    asked = parser.parse_args()
    base, began, stopped = Path(tempfile.mkdtemp(prefix="crashes-")), time.monotonic(), Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    head = (*FAULTS, *WRONG, *AFTER)
    with ExitStack() as opened:
        opened.callback(shutil.rmtree, base, ignore_errors=True)
        trials = list(campaign(base, opened, asked))
        for turn in range(max(trial.planned for trial in trials)):
            for trial in trials:
                late = stopped.is_set() or time.monotonic() - began > 60 * asked.minutes
                if turn < trial.planned and not late:
                    trial.outcomes.append(trial.kind.trial(trial.world))
        print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
        totals = [told(trial) for trial in trials]
    print(f"| **all** | | {' | '.join(f'**{sum(column)}**' for column in zip(*totals, strict=True))} |")
    print(f"\nSeed {asked.seed}, {time.monotonic() - began:.0f} s.")
    sys.exit(any(sum(figures[2:6]) or figures[7] != figures[0] or figures[9] for figures in totals))


@dataclass
class Trial:
    """A kind, the lake that meets it, and what came of it so far."""

    kind: Kind
    planned: int
    world: Any
    outcomes: list[Outcome] = field(default_factory=list)


def campaign(base: Path, opened: ExitStack, asked: argparse.Namespace) -> Iterator[Trial]:
    """Make a lake for every kind asked for; the kinds take turns, so that all have a share of a short campaign."""
    local, server, small = stacks(base, opened)
    for number, kind in enumerate(kinds(local, server, small)):
        if any(word in f"{kind.fault} {kind.stack.name}" for word in asked.only):
            scratch = base / "diaries" / str(number)
            scratch.mkdir(parents=True)
            world = kind.world(kind.stack, scratch, random.Random(asked.seed))  # noqa: S311  # moments, not secrets
            opened.callback(world.close)
            yield Trial(kind, ceil(kind.trials * asked.share), world)


def stacks(base: Path, opened: ExitStack) -> tuple[Stack, Stack, Sequence[Stack]]:
    """A folder, the servers, and both again on disks that can be filled."""
    postgres = opened.enter_context(run_postgres())
    if postgres is None:
        sys.exit("PostgreSQL is not installed (apt-get install postgresql)")
    server = opened.enter_context(server_stack(postgres, opened.enter_context(run_s3(base / "s3"))))
    small = []
    for name in ("small", "small-s3"):
        disk = opened.enter_context(small_disk(base / name, DISK_MB))
        if disk is None:
            print("a small disk cannot be mounted here (root may): no disk is filled", file=sys.stderr)
        elif name == "small":
            small.append(folder_stack(disk))
        else:
            small.append(opened.enter_context(server_stack(postgres, opened.enter_context(run_s3(disk / "s3")))))
    return folder_stack(base / "folder"), server, small


def kinds(local: Stack, server: Stack, small: Sequence[Stack]) -> Iterator[Kind]:
    """The faults in the order in which they are tried."""
    for stack in (local, server):
        yield Kind("SIGKILL of a writer", stack, 40, Field.kill)
        yield Kind("SIGKILL of one of two writers of the same days", stack, 12, Field.kill_one_of_two)
        yield Kind("SIGKILL of maintenance", stack, 12, Field.kill_maintenance)
        yield Kind("SIGKILL while the lake is made", stack, 10, Field.kill_while_making)
        yield Kind("SIGKILL of `weather backfill`", stack, 4, Backfills.kill, Backfills)
    yield Kind("S3 cuts connections after some bytes", server, 24, Field.cut_s3)
    yield Kind("S3 refuses connections", server, 12, Field.refuse_s3)
    yield Kind("PostgreSQL killed and restarted", server, 16, Field.restart_postgres)
    for stack in small:
        yield Kind("full disk", stack, 12, Field.fill_disk)


def told(trial: Trial) -> Sequence[int]:
    """Tidy the lake and print a line, and on standard error what went wrong."""
    kind, outcomes = trial.kind, trial.outcomes
    found = [outcome.found for outcome in outcomes if outcome.found]
    figures = (
        len(outcomes),
        sum(outcome.hit for outcome in outcomes),
        sum(one.lost for one in found),
        sum(one.doubled for one in found),
        sum(one.mixed for one in found),
        sum(outcome.unreadable for outcome in outcomes),
        sum(bool(outcome.words) for outcome in outcomes),
        sum(outcome.healed for outcome in outcomes),
        *trial.world.tidy(),
    )
    print(f"| {kind.fault} | {kind.stack.name} | {' | '.join(map(str, figures))} |", flush=True)
    for words in sorted({outcome.words for outcome in outcomes if outcome.words}):
        print(f"{kind.fault}: {words}", file=sys.stderr)
    return figures


if __name__ == "__main__":
    main()
