"""What holds of a lake wherever it lies: replacing, appending, the stamp, readers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import duckdb
import psycopg2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lakes import DAY, FIRST, HOUR, READINGS, Row, contents, day_rows, open_lake, rows_sql, write_day

from weather_assets.lake.errors import LakeError
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.windows import Replacement

STATIONS = (108, 129, 133)


def test_a_day_written_twice_is_there_once(any_location: LakeLocation) -> None:
    with open_lake(any_location) as lake:
        assert write_day(lake, 108, FIRST, 1.5) == 24
        assert write_day(lake, 108, FIRST, 2.5) == 24
        assert contents(lake) == day_rows(108, FIRST, 2.5)


def test_the_same_content_makes_no_snapshot(location: LakeLocation) -> None:
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 0.1)
        before = lake.snapshot()
        write_day(lake, 108, FIRST, 0.1)
        assert lake.snapshot() == before
        write_day(lake, 108, FIRST, 0.2)
        assert lake.snapshot() == before + 1


def is_read(location: LakeLocation) -> bool:
    """Whether somebody has a transaction of the catalogue open."""
    if location.is_postgres:
        waiting = "datname = current_database() AND state = 'idle in transaction'"
        with closing(psycopg2.connect(location.catalog)) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) > 0 FROM pg_stat_activity WHERE {waiting}")
            return bool(cursor.fetchall()[0][0])
    # A reader keeps the log from being emptied; asked by another process, for SQLite locks none against itself.
    emptied = "connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()[0] == 0"
    ask = [sys.executable, "-c", f"import sys; from sqlite3 import connect; print({emptied})", location.catalog]
    return subprocess.run(ask, check=True, capture_output=True, text=True).stdout != "True\n"


def test_nothing_of_the_catalogue_stays_open_between_calls(location: LakeLocation) -> None:
    with open_lake(location) as lake, open_lake(location) as other:
        write_day(lake, 108, FIRST, 0.1)
        calls: list[Callable[[], object]] = [
            lake.snapshot,
            lake.is_simulated,
            lambda: lake.has("raw.readings"),
            lambda: lake.first_row("SELECT value FROM lake.raw.readings"),
            lambda: lake.query("SELECT value FROM lake.raw.readings").fetchall(),
            lambda: lake.query("SELECT value FROM lake.raw.readings").df(),
            lambda: lake.query("SELECT value FROM lake.raw.readings").to_arrow_table(),
            lambda: write_day(lake, 108, FIRST, 0.1),
        ]
        for number, call in enumerate(calls):
            call()
            write_day(other, 129, FIRST, number)
            assert not is_read(location)


def test_another_station_and_another_time_stay_as_they_are(any_location: LakeLocation) -> None:
    with open_lake(any_location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        write_day(lake, 129, FIRST, 2.0)
        write_day(lake, 108, FIRST + DAY, 3.0)
        lake.replace_window(READINGS, rows_sql([]), [108], FIRST, FIRST + DAY)
        assert contents(lake) == [*day_rows(108, FIRST + DAY, 3.0), *day_rows(129, FIRST, 2.0)]


def test_among_narrows_what_is_replaced(location: LakeLocation) -> None:
    with open_lake(location) as lake:
        lake.replace_window(
            READINGS, rows_sql([(108, FIRST, -1.0), (108, FIRST + HOUR, 1.0)]), [108], FIRST, FIRST + DAY
        )
        lake.replace_window(READINGS, rows_sql([(108, FIRST, -2.0)]), [108], FIRST, FIRST + DAY, among="value < 0")
        assert contents(lake) == [(108, FIRST, -2.0), (108, FIRST + HOUR, 1.0)]


@pytest.mark.parametrize(
    ("row", "among"),
    [
        ((129, FIRST, 1.0), "TRUE"),
        ((108, FIRST - HOUR, 1.0), "TRUE"),
        ((108, FIRST + DAY, 1.0), "TRUE"),
        ((108, FIRST, 1.0), "value < 0"),
        ((108, FIRST, None), "value < 0"),
    ],
    ids=["station", "before", "end", "among", "among unknown"],
)
def test_a_row_outside_what_is_replaced_is_refused(local_location: LakeLocation, row: Row, among: str) -> None:
    with open_lake(local_location) as lake:
        write_day(lake, 108, FIRST, 7.0)
        with pytest.raises(LakeError, match=f"raw.readings lies outside .*station_id {row[0]}.*nothing was written"):
            lake.replace_window(READINGS, rows_sql([row]), [108], FIRST, FIRST + DAY, among=among)
        assert contents(lake) == day_rows(108, FIRST, 7.0)


def replace_at_hand(lake: Lake, rows: str) -> int:
    """Write rows that need not be copied, all of a day of station 108."""
    return lake.replace_together([Replacement(READINGS, rows, [108], FIRST, FIRST + DAY, is_at_hand=True)])[0]


def test_rows_at_hand_are_written_and_refused_as_others_are(any_location: LakeLocation) -> None:
    with open_lake(any_location) as lake:
        write_day(lake, 129, FIRST, 3.0)
        assert replace_at_hand(lake, rows_sql(day_rows(108, FIRST, 1.0))) == 24
        written = lake.snapshot()
        assert replace_at_hand(lake, rows_sql(day_rows(108, FIRST, 1.0))) == 24
        assert lake.snapshot() == written
        with pytest.raises(LakeError, match="lies outside"):
            replace_at_hand(lake, rows_sql([(129, FIRST, 1.0)]))
        assert replace_at_hand(lake, rows_sql([(108, FIRST, 2.0)])) == 1
        assert contents(lake) == [(108, FIRST, 2.0), *day_rows(129, FIRST, 3.0)]


@pytest.mark.parametrize(
    "write",
    [
        lambda lake, rows: lake.replace_window(READINGS, rows, [108], FIRST, FIRST + DAY),
        replace_at_hand,
        lambda lake, rows: lake.append(READINGS, rows),
    ],
    ids=["replace", "at hand", "append"],
)
def test_a_key_that_occurs_twice_is_refused(local_location: LakeLocation, write: Callable[[Lake, str], object]) -> None:
    twice = rows_sql([(108, FIRST, 1.0), (108, FIRST, 2.0)])
    with open_lake(local_location) as lake:
        with pytest.raises(LakeError, match=r"raw\.readings occurs twice \(station_id 108, observed_at 2020-12-28"):
            write(lake, twice)
        assert contents(lake) == []


def test_an_error_inside_the_query_leaves_the_lake_usable(location: LakeLocation) -> None:
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        broken = "SELECT 108 AS station_id, observed_at, error('no such thing') AS value FROM lake.raw.readings"
        with pytest.raises(duckdb.Error, match="no such thing"):
            lake.replace_window(READINGS, broken, [108], FIRST, FIRST + DAY)
        write_day(lake, 108, FIRST, 2.0)
        assert contents(lake) == day_rows(108, FIRST, 2.0)


def test_appending_adds_and_asks_what_is_there(any_location: LakeLocation) -> None:
    new_ones = f"SELECT * FROM ({rows_sql(day_rows(108, FIRST, 1.0))}) ANTI JOIN lake.raw.readings USING (observed_at)"
    with open_lake(any_location) as lake:
        assert lake.append(READINGS, rows_sql([(108, FIRST, 9.0)])) == 1
        assert lake.append(READINGS, new_ones) == 23
        before = lake.snapshot()
        assert lake.append(READINGS, new_ones) == 0
        assert lake.snapshot() == before
        assert contents(lake) == [(108, FIRST, 9.0), *day_rows(108, FIRST, 1.0)[1:]]


def test_no_station_is_no_row(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        assert lake.replace_window(READINGS, rows_sql([]), [], FIRST, FIRST + DAY) == 0
        assert contents(lake) == day_rows(108, FIRST, 1.0)


@pytest.fixture
def lake(local_location: LakeLocation) -> Iterator[Lake]:
    """One lake for all examples of a rule: opening it takes longer than using it."""
    with open_lake(local_location) as opened:
        yield opened


Model = dict[tuple[int, int], float | None]
Window = tuple[frozenset[int], int, int, Model]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Stations, first hour, length, and some rows within; across the new year, where files change."""
    stations = draw(st.frozensets(st.sampled_from(STATIONS), min_size=1))
    begin = draw(st.integers(0, 150))
    length = draw(st.integers(1, 60))
    places = st.tuples(st.sampled_from(sorted(stations)), st.integers(begin, begin + length - 1))
    values = st.one_of(st.none(), st.floats(-50, 50, width=32))
    return stations, begin, length, draw(st.dictionaries(places, values, max_size=12))


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(replaced=st.lists(windows(), min_size=1, max_size=4))
def test_replacing_does_what_a_dictionary_does(lake: Lake, replaced: list[Window]) -> None:
    model: Model = {}
    lake.replace_window(READINGS, rows_sql([]), STATIONS, FIRST, FIRST + 30 * DAY)
    for window in replaced:
        stations, begin, length, rows = window
        within = {key for key in model if key[0] in stations and begin <= key[1] < begin + length}
        model = {key: value for key, value in model.items() if key not in within} | rows
        _replace(lake, window)
        assert contents(lake) == _rows(model)
        written = lake.snapshot()
        _replace(lake, window)
        assert lake.snapshot() == written


def _replace(lake: Lake, window: Window) -> None:
    stations, begin, length, rows = window
    start = FIRST + begin * HOUR
    count = lake.replace_window(READINGS, rows_sql(_rows(rows)), sorted(stations), start, start + length * HOUR)
    assert count == len(rows)


def _rows(model: Model) -> list[Row]:
    return [(station, FIRST + hour * HOUR, value) for (station, hour), value in sorted(model.items())]
