"""Several processes at one lake: nothing is lost, readers never fail, a killed writer leaves no trace."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from lakes import (
    DAY,
    FIRST,
    HOURS_PER_DAY,
    READINGS,
    Row,
    append_new_days,
    contents,
    day_rows,
    hang_while_writing,
    open_lake,
    rows_sql,
    write_day,
    write_days,
)

from weather_assets.lake.location import LakeLocation

WRITERS = 4
DAYS_EACH = 6
PATIENCE_S = 120
# Days on both sides of the new year: the files of two years.
ALL_DAYS = [FIRST + number * DAY for number in range(WRITERS * DAYS_EACH)]

pytestmark = pytest.mark.slow


@contextmanager
def processes(target: Any, calls: Sequence[tuple[object, ...]]) -> Iterator[list[Any]]:
    """Run a function in one new process per call; whatever still runs at the end is killed."""
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=target, args=call) for call in calls]
    for process in running:
        process.start()
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.join()


def assert_done(running: Sequence[Any]) -> None:
    for process in running:
        process.join(PATIENCE_S)
        assert process.exitcode == 0


def test_four_processes_make_one_lake_and_append_each_row_once(location: LakeLocation) -> None:
    with processes(append_new_days, [(location, 108, ALL_DAYS[:DAYS_EACH], 1.0)] * WRITERS) as running:
        assert_done(running)
    with open_lake(location, read_only=True) as reader:
        assert contents(reader) == [row for day in ALL_DAYS[:DAYS_EACH] for row in day_rows(108, day, 1.0)]
        assert reader.is_simulated() is False


def test_four_writers_lose_no_day_while_a_reader_reads(location: LakeLocation) -> None:
    loaded = [row for day in ALL_DAYS for row in day_rows(108, day, 0.0)]
    with open_lake(location) as lake:
        # In one write: every day of a year begins in the same file, which all writers have to touch.
        lake.replace_window(READINGS, rows_sql(loaded), [108], ALL_DAYS[0], ALL_DAYS[-1] + DAY)
    calls = [(location, 108, ALL_DAYS[writer::WRITERS], float(writer + 1)) for writer in range(WRITERS)]
    with processes(write_days, calls) as running:
        reads = 0
        while any(process.is_alive() for process in running):
            with open_lake(location, read_only=True) as reader:
                for _ in range(5):
                    assert_whole_days(contents(reader))
                    reads += 1
        assert_done(running)
    assert reads >= WRITERS
    with open_lake(location, read_only=True) as reader:
        written = {day: value for _, _, days, value in calls for day in days}
        assert contents(reader) == [row for day in ALL_DAYS for row in day_rows(108, day, written[day])]


def assert_whole_days(rows: Sequence[Row]) -> None:
    """A reader sees each day either before or after its replacement, never in between."""
    seen = [(day, list(of_day)) for day, of_day in groupby(rows, key=lambda row: (row[1] - FIRST) // DAY)]
    assert len(seen) == len(ALL_DAYS)
    for _, of_day in seen:
        assert len(of_day) == HOURS_PER_DAY
        assert len({value for _, _, value in of_day}) == 1


def test_a_writer_killed_inside_the_transaction_leaves_the_old_rows(location: LakeLocation, tmp_path: Path) -> None:
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        before = lake.snapshot()
    sign = tmp_path / "inside the transaction"
    with processes(hang_while_writing, [(location, 108, FIRST, 2.0, sign)]) as (writer,):
        wait_for(sign)
        writer.kill()
        writer.join(PATIENCE_S)
        with open_lake(location, read_only=True) as reader:
            assert contents(reader) == day_rows(108, FIRST, 1.0)
            assert reader.snapshot() == before
    began = time.monotonic()
    write_days(location, 108, [FIRST], 3.0)
    assert time.monotonic() - began < PATIENCE_S / 2
    with open_lake(location, read_only=True) as reader:
        assert contents(reader) == day_rows(108, FIRST, 3.0)


def test_loading_one_station_leaves_the_other_untouched(location: LakeLocation) -> None:
    days = [(FIRST + number * DAY, float(number)) for number in range(30)]
    with open_lake(location) as lake:
        for station in (108, 129):
            rows = [row for day, value in days for row in day_rows(station, day, value + station)]
            lake.replace_window(READINGS, rows_sql(rows), [station], FIRST, FIRST + 30 * DAY)
            if station == 108:
                alone = fingerprint(lake, 108)
        assert fingerprint(lake, 108) == alone
        assert fingerprint(lake, 129) != alone
        assert len(contents(lake)) == 2 * 30 * HOURS_PER_DAY


def fingerprint(lake: Any, station: int) -> str:
    row = lake.query(
        "SELECT md5(string_agg(concat_ws('|', epoch(observed_at), value), ';' ORDER BY observed_at)) "
        f"FROM lake.raw.readings WHERE station_id = {station}"
    ).fetchone()
    return str(row[0])


def wait_for(sign: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not sign.exists():
        assert time.monotonic() < deadline, f"{sign} was not made"
        time.sleep(0.05)
