"""One file of the KMA portal -> raw columns.

Belongs here: what the columns of an hourly, a daily and a PM10 file mean, its stations and its times. Does not:
encodings and lines (see `portal_csv`), several files together (see `kma_csv`).
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from weather_assets.clock import STAMP_OFFSET
from weather_assets.elements import ELEMENTS
from weather_assets.errors import UsageError
from weather_assets.sources.portal_csv import (
    ASOS_DAILY_CODES,
    ASOS_HOURLY_CODES,
    PM10_HEADER,
    PortalFile,
    PortalKind,
    bad_row,
    column_name,
    read_rows,
    without_unit,
)

STATION_HEADER = "지점"
STATION_NAME_HEADER = "지점명"
TIME_HEADERS = ("일시", "시간", "날짜")

# A spreadsheet writes 1:00 for 01:00 and may add seconds.
_STAMP = r"^(?P<day>[12]\d{3}-\d{2}-\d{2}) (?P<hour>\d{1,2}):00(?::00)?$"
_DAY = r"^[12]\d{3}-\d{2}-\d{2}$"
_MICROSECONDS_PER_HOUR = 3_600_000_000
_LAST_HOUR = 24


def _instants(stamps: pa.ChunkedArray) -> pa.ChunkedArray:
    """KST stamps as UTC instants, null where the text is no full hour; 24:00 is 00:00 of the next day."""
    parts = pc.extract_regex(stamps, pattern=_STAMP)
    day = _midnights(pc.struct_field(parts, "day"))
    hour = pc.struct_field(parts, "hour").cast(pa.int64())
    since_midnight = pc.multiply(hour, _MICROSECONDS_PER_HOUR).cast(pa.duration("us"))
    instant = pc.subtract(pc.add(day, since_midnight), pa.scalar(STAMP_OFFSET, pa.duration("us")))
    return pc.if_else(pc.less_equal(hour, _LAST_HOUR), instant, None).cast(pa.timestamp("us", tz="UTC"))


def _days(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days, null where the text is none."""
    return _midnights(pc.if_else(pc.match_substring_regex(texts, _DAY), texts, None)).cast(pa.date32())


def _midnights(days: pa.ChunkedArray) -> pa.ChunkedArray:
    midnight = pc.strptime(days, format="%Y-%m-%d", unit="us", error_is_null=True)
    # strptime makes 2 March of 30 February; written out again it differs from what was read.
    exists = pc.equal(midnight.cast(pa.date32()).cast(pa.string()), days)
    return pc.if_else(exists, midnight, None)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the columns of a kind of file mean: raw column by column name, and how its times are read."""

    raw_columns: Mapping[str, str]
    time_column: str
    read_times: Callable[[pa.ChunkedArray], pa.ChunkedArray]
    expected_time: str

    def raw_column(self, name: str) -> str | None:
        """The raw column of a column name; the unit may be left out where the layout knows the name without it."""
        return self.raw_columns.get(name) or self.raw_columns.get(without_unit(name))


_FLAG_COLUMNS = {
    column_name(f"{element.label_ko} QC플래그"): f"{element.code}_qc"
    for element in ELEMENTS
    if element.has_provider_flag
}
_ON_THE_HOUR = "a time; expected YYYY-MM-DD HH:MM on the full hour"
_LAYOUTS = {
    PortalKind.ASOS_HOURLY: _Layout({**ASOS_HOURLY_CODES, **_FLAG_COLUMNS}, "observed_at", _instants, _ON_THE_HOUR),
    PortalKind.ASOS_DAILY: _Layout(ASOS_DAILY_CODES, "observed_on", _days, "a day; expected YYYY-MM-DD"),
    PortalKind.PM10_HOURLY: _Layout({PM10_HEADER: "pm10"}, "observed_at", _instants, _ON_THE_HOUR),
}


def read_readings(file: PortalFile) -> pa.Table:
    """Rows of a file in its order: station_id, observed_at (UTC) or observed_on, and those raw columns that it has.

    Raises UsageError naming the line for an unknown, missing or doubled column, a bad station, time or row shape.
    A value that is no number is not an error here: it stays in raw as received.
    """
    layout = _LAYOUTS[file.kind]
    time_header = _checked_time_header(file, layout)
    text = read_rows(file)
    stations = _station_ids(text.column(STATION_HEADER))
    _refuse_null(file, stations, text.column(STATION_HEADER), "a station number; expected digits such as 108")
    times = layout.read_times(text.column(time_header))
    _refuse_null(file, times, text.column(time_header), layout.expected_time)
    received = {name: layout.raw_column(name) for name in text.column_names}
    columns = {raw_column: text.column(name) for name, raw_column in received.items() if raw_column}
    return pa.table({"station_id": stations, layout.time_column: times, **columns})


def _checked_time_header(file: PortalFile, layout: _Layout) -> str:
    names = [column_name(header) for header in file.header]
    known = {STATION_HEADER, STATION_NAME_HEADER, *TIME_HEADERS}
    seen: set[str] = set()
    for position, (header, name) in enumerate(zip(file.header, names, strict=True), start=1):
        meaning = name if name in known else layout.raw_column(name)
        if meaning is None:
            close = difflib.get_close_matches(name, [*known, *layout.raw_columns], n=1, cutoff=0.5)
            hint = f"rename it ('{close[0]}'?)" if close else "rename it as the portal does"
            raise _header_error(file, f"column {position} '{header}' is unknown; {hint} or remove it")
        if meaning in seen:
            raise _header_error(file, f"column '{header}' occurs twice; remove one of them")
        seen.add(meaning)
    times = [name for name in names if name in TIME_HEADERS]
    if STATION_HEADER not in names or len(times) != 1:
        needed = f"'{STATION_HEADER}' and one time column '{TIME_HEADERS[0]}'"
        raise _header_error(file, f"the columns {needed} are needed; download the file again with them")
    return times[0]


def _header_error(file: PortalFile, problem: str) -> UsageError:
    return UsageError(f"{file.path}, line 1: {problem}")


def _station_ids(text: pa.ChunkedArray) -> pa.ChunkedArray:
    digits = pc.match_substring_regex(text, r"^\d{1,5}$")
    return pc.if_else(digits, text, None).cast(pa.int32())


def _refuse_null(file: PortalFile, parsed: pa.ChunkedArray, text: pa.ChunkedArray, expected: str) -> None:
    row = pc.index(pc.is_null(parsed), True).as_py()
    if row >= 0:
        found = text[row].as_py() or ""
        raise bad_row(file, row, f"'{found}' is not {expected}; correct it or download the file again")
