"""The lake that crash trials are made on: made, examined by the oracle after each fault, healed and tidied."""

import random
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from crash_stacks import Stack
from crash_work import DAYS, LATER, TABLES, Diary, Expected, Found, compare, holds, open_trial, write_day

from weather_assets.errors import WeatherError
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.maintenance import tidy


@dataclass(frozen=True)
class Outcome:
    """What one trial came to. `words` is an error that a user would have met as a traceback."""

    hit: bool
    found: Found | None
    orphans: int
    healed: bool
    words: str = ""

    @property
    def unreadable(self) -> bool:
        """Whether the lake could not be read afterwards."""
        return self.found is None


@dataclass
class Patient:
    """A lake of one stack that meets one fault after the other; its rows tell which pass wrote them."""

    stack: Stack
    scratch: Path
    random: random.Random
    location: LakeLocation = field(init=False)
    expected: Expected = field(default_factory=Expected)
    passes: int = 0
    pass_s: float = 0.0
    tidy_s: float = 0.0
    making_s: float = 0.0
    healer: Lake = field(init=False)

    def __post_init__(self) -> None:
        """Make the lake and see how long a pass takes."""
        self.location = self.stack.new_location()
        began = time.monotonic()
        self.healer = open_trial(self.location)
        self.making_s = time.monotonic() - began
        for _ in range(2):
            began = time.monotonic()
            self._heal(self.healer, self._next())
            self.pass_s = time.monotonic() - began
        began = time.monotonic()
        self.tidy()
        self.tidy_s = time.monotonic() - began

    def close(self) -> None:
        """Let go of the lake and its database."""
        self.healer.close()
        if self.stack.postgres is not None:
            self.stack.postgres.drop(self.location.catalog)

    def tidy(self) -> tuple[int, int]:
        """Maintenance: orphans before and after."""
        before = len(self.stack.orphans(self.healer))
        tidy(self.healer, [], LATER)
        return before, len(self.stack.orphans(self.healer))

    def _judged(self, writers: list[tuple[int, Diary]], *, hit: bool) -> Outcome:
        for number, diary in writers:
            for day in range(diary.words().count("done")):
                self.expected.done(day, number)
        words = " ".join(path.read_text() for _, d in writers if (path := d.path.with_suffix(".error")).exists())
        number = writers[-1][0] if writers else self._next()
        with ExitStack() as opened:
            try:
                # Now a reader and a writer that are new, now the writer that went on through the fault.
                lake = self.healer
                if self.random.random() < 0.5:
                    reader = opened.enter_context(open_trial(self.location, read_only=True))
                    lake = opened.enter_context(open_trial(self.location))
                    found = compare(reader, self.expected, [number for number, _ in writers])
                else:
                    found = compare(lake, self.expected, [number for number, _ in writers])
                orphans = len(self.stack.orphans(lake))
            except (WeatherError, duckdb.Error) as error:
                return Outcome(hit, None, 0, healed=False, words=f"{words} unreadable: {error}")
            try:
                return Outcome(hit, found, orphans, self._heal(lake, number), words)
            except (WeatherError, duckdb.Error) as error:
                return Outcome(hit, found, orphans, healed=False, words=f"{words} not healed: {error}")

    def _heal(self, lake: Lake, number: int) -> bool:
        """Write a pass to its end; whether the lake then holds exactly what it should."""
        for day in range(DAYS):
            write_day(lake, day, number)
            self.expected.done(day, number)
        return compare(lake, self.expected, []).is_whole and all(holds(lake, table, number) for table in TABLES[:2])

    def _next(self) -> int:
        self.passes += 1
        return self.passes

    def _diary(self) -> Diary:
        return Diary(self.scratch / f"{time.monotonic_ns()}.diary")
