"""What is written while something breaks, and an oracle that knows what must be there afterwards.

A writer goes through the days one by one, as an hourly backfill does: it appends the day's readings to a raw table,
then replaces the day in a clean table and in a book, together. Every row says which pass wrote it: mixtures show.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lakes import DAY, FIRST, HOUR, HOURS_PER_DAY

from weather_assets.errors import WeatherError
from weather_assets.lake.contracts import Column, TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.maintenance import tidy
from weather_assets.lake.windows import Replacement, instant_sql

STATION = 108
DAYS = 2
LATER = datetime.now(UTC) + timedelta(days=30)
"""When nothing of now is young any more: maintenance then keeps the newest snapshot only."""
START = FIRST + 3 * DAY
"""The days lie on both sides of a new year: two partitions."""

_ENTITY = (Column("station_id", "INTEGER", "Station"), Column("observed_at", "TIMESTAMPTZ", "Hour"))
_PASS = Column("pass", "INTEGER", "Which pass of a writer made the row")
_FILLER = tuple(Column(f"value_{number}", "DOUBLE", "Something to write") for number in range(6))
RAW = TableContract(
    schema="raw",
    name="trial",
    key=("station_id", "observed_at", "pass"),
    time_column="observed_at",
    columns=(*_ENTITY, _PASS, *_FILLER),
)
CLEAN = TableContract(
    schema="clean",
    name="trial",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(*_ENTITY, _PASS, *_FILLER),
)
BOOK = TableContract(
    schema="meta",
    name="trial",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(*_ENTITY, _PASS),
)
TABLES = (RAW, CLEAN, BOOK)
Key = tuple[int, int, int]
"""Day, hour, pass."""


def open_trial(location: LakeLocation, *, read_only: bool = False) -> Lake:
    """The lake with the tables of the trials."""
    return Lake(location, TABLES, simulated=None if read_only else False, read_only=read_only)


def _rows_sql(day: int, number: int, hours: int = HOURS_PER_DAY) -> str:
    start = instant_sql(START + day * DAY)
    filler = ", ".join(f"hash(h, {day}, {number}, {n})::DOUBLE AS value_{n}" for n in range(len(_FILLER)))
    return (
        f"SELECT {STATION} AS station_id, {start} + to_hours(h::INTEGER) AS observed_at, {number} AS pass, {filler} "
        f"FROM range({hours}) AS t(h)"
    )


def write_day(lake: Lake, day: int, number: int) -> None:
    """Append the day's rows of a pass unless they are there, then replace the day in both other tables."""
    known = f"(SELECT station_id, observed_at, pass FROM lake.{RAW.qualified_name})"
    lake.append(
        RAW, f"SELECT * FROM ({_rows_sql(day, number)}) ANTI JOIN {known} USING (station_id, observed_at, pass)"
    )
    window = [STATION], START + day * DAY, START + (day + 1) * DAY
    book = f"SELECT station_id, observed_at, pass FROM ({_rows_sql(day, number, 1)})"
    lake.replace_together([Replacement(CLEAN, _rows_sql(day, number), *window), Replacement(BOOK, book, *window)])


# -- a process of its own -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Diary:
    """A file in which a writer notes, day by day, that it begins and that it is done; it outlives SIGKILL."""

    path: Path

    def note(self, word: str) -> None:
        """One line, written at once."""
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{word} {time.monotonic()}\n".encode())

    def words(self) -> list[str]:
        """What was noted, in order."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [line.split()[0] for line in lines]

    def wait(self, word: str, patience_s: float = 300.0) -> None:
        """Until a word is there."""
        deadline = time.monotonic() + patience_s
        while word not in self.words():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.path} does not say {word}: {self.words()}")
            time.sleep(0.002)


def write_days(lake: Lake, number: int, diary: Diary) -> None:
    """Write all days; the diary says `begin` and `done` of each, or which error ended it."""
    try:
        for day in range(DAYS):
            diary.note("begin")
            write_day(lake, day, number)
            diary.note("done")
    except WeatherError:
        diary.note("error")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what the trial is about
        diary.note("traceback")
        diary.path.with_suffix(".error").write_text(f"{type(error).__name__}: {error}")


def write_in_process(location: LakeLocation, number: int, diary: Diary) -> None:
    """For a process of its own: open the lake, say `ready`, wait for `go` and write all days."""
    with open_trial(location) as lake:
        diary.note("ready")
        diary.wait("go")
        write_days(lake, number, diary)
        diary.note("end")


def make_in_process(location: LakeLocation, number: int, diary: Diary) -> None:
    """For a process of its own: make the lake and write all days."""
    diary.note("ready")
    with open_trial(location) as lake:
        diary.note("made")
        write_days(lake, number, diary)


def tidy_in_process(location: LakeLocation, _: int, diary: Diary) -> None:
    """For a process of its own: maintenance that keeps nothing but the newest snapshot."""
    with open_trial(location) as lake:
        diary.note("ready")
        diary.wait("go")
        diary.note("begin")
        tidy(lake, [], LATER)
        diary.note("done")


# -- the oracle -----------------------------------------------------------------------------------------------------


@dataclass
class Expected:
    """What the tables must hold: the pass of each day that is surely there, and those that may be there besides."""

    sure: dict[int, int] = field(default_factory=dict)
    appended: set[tuple[int, int]] = field(default_factory=set)

    def done(self, day: int, number: int) -> None:
        """A day was written, and its writer was told so."""
        self.sure[day] = number
        self.appended.add((day, number))


@dataclass(frozen=True)
class Found:
    """What is wrong with a lake, in rows."""

    lost: int
    doubled: int
    mixed: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return (self.lost, self.doubled, self.mixed) == (0, 0, 0)


WHOLE = Found(0, 0, 0)


def compare(lake: Lake, expected: Expected, passes: Iterable[int]) -> Found:
    """Read all rows in plain Python and compare them with what must and may be there.

    `passes` may have been under way: each of their days is there as a whole or not at all.
    """
    raw, clean, book = (Counter(_keys(lake, table)) for table in TABLES)
    doubled = sum(count - 1 for count in (raw + Counter()).values())
    doubled += sum(count - 1 for count in Counter((d, h) for d, h, _ in clean.elements()).values())
    doubled += sum(count - 1 for count in Counter((d, h) for d, h, _ in book.elements()).values())
    lost = mixed = 0
    may_be = {(day, number) for day in range(DAYS) for number in passes}
    raw_days = {(day, number) for day, _, number in raw}
    for day, number in expected.appended | raw_days:
        hours = {h for d, h, n in raw if (d, n) == (day, number)}
        if (day, number) in expected.appended:
            lost += HOURS_PER_DAY - len(hours)
        else:
            mixed += len(hours) != HOURS_PER_DAY or (day, number) not in may_be
    # What a reader has seen must stay.
    expected.appended |= raw_days
    for day in range(DAYS):
        rows = {(h, n) for d, h, n in clean if d == day}
        written = {n for _, n in rows}
        allowed = set(passes) | ({expected.sure[day]} if day in expected.sure else set())
        if day in expected.sure:
            lost += HOURS_PER_DAY - len({h for h, _ in rows})
        whole = len(written) == 1 and len(rows) == HOURS_PER_DAY and written <= allowed
        mixed += not (whole or (not rows and day not in expected.sure))
        mixed += {n for d, _, n in book if d == day} != written
    return Found(lost, doubled, mixed)


def _keys(lake: Lake, table: TableContract) -> Sequence[Key]:
    rows: list[tuple[datetime, int]] = lake.query(
        f"SELECT observed_at, pass FROM lake.{table.qualified_name}"
    ).fetchall()
    hours = [((instant - START) // HOUR, number) for instant, number in rows]
    return [(hour // HOURS_PER_DAY, hour % HOURS_PER_DAY, number) for hour, number in hours]


def holds(lake: Lake, table: TableContract, number: int) -> bool:
    """Whether a table holds every row of a pass, with the values that were written."""
    made = " UNION ALL ".join(_rows_sql(day, number) for day in range(DAYS))
    names = ", ".join(table.column_names)
    different = (
        f"SELECT count(*) FROM (SELECT {names} FROM ({made}) EXCEPT SELECT {names} FROM lake.{table.qualified_name})"
    )
    return bool(lake.query(different).fetchall() == [(0,)])
