"""Readings from a folder of KMA portal files, as users have them.

Belongs here: which files of a folder count, in what order, and what holds where they overlap. Does not: reading one
file (see `portal_readings` and `portal_csv`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weather_assets.clock import kst_date, kst_midnight
from weather_assets.errors import UsageError
from weather_assets.sources.portal_csv import PortalFile, PortalKind, open_portal_file
from weather_assets.sources.portal_readings import read_readings
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA

_MOST_FILES_REMEMBERED = 10_000
_SCHEMAS = {
    PortalKind.ASOS_HOURLY: RAW_HOURLY_SCHEMA,
    PortalKind.ASOS_DAILY: RAW_DAILY_SCHEMA,
    PortalKind.PM10_HOURLY: RAW_PM10_SCHEMA,
}

Moment = datetime | date
"""An instant of an hourly reading, or the KST day of a daily one; never mixed."""


@dataclass(frozen=True, slots=True)
class _Content:
    """A file that holds at least one row, with its stations and its first and last time."""

    file: PortalFile
    station_ids: frozenset[int]
    first: Moment
    last: Moment


class _Wanted(NamedTuple):
    """What is asked for: the stations, and start <= time < end."""

    station_ids: Sequence[int]
    start: Moment
    end: Moment


class KmaCsvSource:
    """Readings from every portal file (*.csv) in a folder and its subfolders.

    Hourly, daily and PM10 files may lie side by side; each reading function takes its own kind. Files may overlap.
    Where several rows give the same station and time, they become one, column by column: the last file by file name
    (which at the portal ends in the time of download) that has an element's column decides the value, blank or not,
    and the flag. A file without the column says nothing of it, so files of different elements complete each other.

    Every file of the kind is checked before the first table is handed over, and the tables hold one KST year each, by
    time and station. Raises UsageError, naming file, line and remedy, for a folder without files and a file that is
    wrong.
    """

    name = "kma_csv"
    simulated = False

    def __init__(self, folder: Path) -> None:
        """Nothing is read before the first question."""
        self._folder = folder

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Readings for start <= observed_at < end (RAW_HOURLY_SCHEMA).

        Raises UsageError also for a folder without hourly files, and for a station that no file holds.
        """
        contents = self._contents(PortalKind.ASOS_HOURLY)
        held = sorted(frozenset[int]().union(*(content.station_ids for content in contents)))
        if not held:
            message = f"{self._folder}: no file here holds hourly ASOS readings; download some from data.kma.go.kr"
            raise UsageError(message)
        unknown = sorted(set(station_ids).difference(held))
        if unknown:
            remedy = f"choose among {_listed(held)} or add its file"
            message = f"{self._folder}: no file holds station {_listed(unknown)}; {remedy}"
            raise UsageError(message)
        return _tables_by_year(contents, RAW_HOURLY_SCHEMA, _Wanted(station_ids, start, end))

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        """Daily values for start <= observed_on < end (RAW_DAILY_SCHEMA); none for a station without a daily file."""
        return self._tables(PortalKind.ASOS_DAILY, _Wanted(station_ids, start, end))

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """PM10 for start <= observed_at < end (RAW_PM10_SCHEMA); none for a station without a PM10 file."""
        return self._tables(PortalKind.PM10_HOURLY, _Wanted(station_ids, start, end))

    def _tables(self, kind: PortalKind, wanted: _Wanted) -> Iterator[pa.Table]:
        return _tables_by_year(self._contents(kind), _SCHEMAS[kind], wanted)

    def _contents(self, kind: PortalKind) -> list[_Content]:
        return [content for path in _portal_paths(self._folder) if (content := _content(path, kind))]


def _portal_paths(folder: Path) -> list[Path]:
    """The csv files below a folder, sorted by file name, then by place; hidden files are no one's readings."""
    if not folder.is_dir():
        message = f"{folder}: is not a folder; name the folder that holds the KMA portal files, as csv:FOLDER"
        raise UsageError(message)
    found = (path for path in folder.rglob("*") if path.suffix.lower() == ".csv" and not path.name.startswith("."))
    paths = sorted(found, key=lambda path: (path.name, path))
    if not paths:
        message = f"{folder}: holds no csv file; put the files downloaded from data.kma.go.kr there"
        raise UsageError(message)
    return paths


def _content(path: Path, kind: PortalKind) -> _Content | None:
    """What a file of the kind holds; None for another kind or no rows. Read again only when the file has changed."""
    state = path.stat()
    file = _opened(path, state.st_size, state.st_mtime_ns)
    return _read_content(file, state.st_size, state.st_mtime_ns) if file.kind is kind else None


@lru_cache(maxsize=_MOST_FILES_REMEMBERED)
def _opened(path: Path, _size: int, _modified_ns: int) -> PortalFile:
    return open_portal_file(path)


@lru_cache(maxsize=_MOST_FILES_REMEMBERED)
def _read_content(file: PortalFile, _size: int, _modified_ns: int) -> _Content | None:
    table = read_readings(file)
    if table.num_rows == 0:
        return None
    span = pc.min_max(table.column(_time_column(_SCHEMAS[file.kind]))).as_py()
    return _Content(file, frozenset(table.column("station_id").unique().to_pylist()), span["min"], span["max"])


def _tables_by_year(contents: Sequence[_Content], schema: pa.Schema, wanted: _Wanted) -> Iterator[pa.Table]:
    loaded: dict[_Content, pa.Table] = {}
    for begin, stop in _kst_years(wanted.start, wanted.end):
        current = [
            content
            for content in contents
            if content.first < stop and content.last >= begin and not content.station_ids.isdisjoint(wanted.station_ids)
        ]
        # A file that runs into the next year is read once, and let go after its last year.
        loaded = {content: loaded[content] if content in loaded else read_readings(content.file) for content in current}
        parts = [_selection(table, schema, _Wanted(wanted.station_ids, begin, stop)) for table in loaded.values()]
        if any(part.num_rows for part in parts):
            yield _merge(parts, schema)


def _kst_years(start: Moment, end: Moment) -> Iterator[tuple[Moment, Moment]]:
    """The window start..end cut at every KST new year."""
    begin = start
    while begin < end:
        new_year = date((kst_date(begin) if isinstance(begin, datetime) else begin).year + 1, 1, 1)
        stop = min(end, kst_midnight(new_year) if isinstance(begin, datetime) else new_year)
        yield begin, stop
        begin = stop


def _selection(table: pa.Table, schema: pa.Schema, wanted: _Wanted) -> pa.Table:
    time = table.column(_time_column(schema))
    inside = pc.and_(pc.greater_equal(time, wanted.start), pc.less(time, wanted.end))
    stations = pa.array(wanted.station_ids, pa.int32())
    return table.filter(pc.and_(inside, pc.is_in(table.column("station_id"), value_set=stations)))


def _merge(parts: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """One row per station and time of tables in rising order of authority (see KmaCsvSource), which hold a row."""
    rows = pa.concat_tables([*parts, schema.empty_table()], promote_options="default").combine_chunks()
    station, time, *values = schema.names
    order = pc.sort_indices(rows, [(time, "ascending"), (station, "ascending")]).to_numpy()
    times = rows.column(time).to_numpy()[order]
    stations = rows.column(station).to_numpy()[order]
    is_first = np.concatenate([[True], (times[1:] != times[:-1]) | (stations[1:] != stations[:-1])])
    group_starts = np.flatnonzero(is_first)
    columns = {station: stations[group_starts], time: times[group_starts]}
    lengths = [part.num_rows for part in parts]
    position = np.arange(rows.num_rows)
    for column in values:
        # A flag goes with its element: a newer value without a flag column has no flag, not an older file's.
        speaks = [not {column, column.removesuffix("_qc")}.isdisjoint(part.column_names) for part in parts]
        # The sort is stable, so the greatest position of a group is the last file's.
        last = np.maximum.reduceat(np.where(np.repeat(speaks, lengths)[order], position, -1), group_starts)
        columns[column] = rows.column(column).take(pa.array(order[last], mask=last < 0))
    return pa.table(columns, schema=schema)


def _time_column(schema: pa.Schema) -> str:
    """The second column of every raw schema, after the station."""
    return str(schema.names[1])


def _listed(station_ids: Sequence[int]) -> str:
    return ", ".join(str(station_id) for station_id in station_ids)
