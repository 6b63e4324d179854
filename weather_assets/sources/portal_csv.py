"""Files of the KMA data portal (data.kma.go.kr) as text: their kind, encoding, header, rows and line numbers.

Belongs here: what is true of every portal file, whatever it measures. Does not: what its columns mean (see
`portal_readings`) and which files of a folder count (see `kma_csv`).
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from weather_assets.daily_elements import DAILY_ELEMENTS
from weather_assets.elements import OBSERVED
from weather_assets.errors import UsageError

# A byte order mark that an earlier program read in the wrong encoding: neither ASCII nor Hangul.
_BROKEN_BYTE_ORDER_MARK = re.compile(r"^[^\x00-\x7f가-힣]+\??")
PM10_HEADER = "1시간평균미세먼지농도"
"""Column name of PM10, without its unit."""

_PLACE_HEADERS = ({"위도", "경도"}, {"lat", "lon"})


class PortalKind(StrEnum):
    """What one file of the portal holds; the value is the name of its table."""

    ASOS_HOURLY = "asos_hourly"
    ASOS_DAILY = "asos_daily"
    PM10_HOURLY = "pm10_hourly"
    STATIONS = "stations"
    """A list of places, as it lies beside the readings at the portal; it holds no readings."""


@dataclass(frozen=True, slots=True)
class PortalFile:
    """A recognised file: where it lies, what it holds, how it is encoded, and its column headers as written."""

    path: Path
    kind: PortalKind
    encoding: str
    header: tuple[str, ...]


def column_name(header: str) -> str:
    """A header without blanks and in one spelling: `최저운고(100m )` and `기온(℃)` have more than one in real files."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header))


def without_unit(name: str) -> str:
    """A column name without the brackets at its end: daily and PM10 files are around with and without units."""
    return re.sub(r"\([^()]*\)$", "", name)


ASOS_HOURLY_CODES = {column_name(element.portal_header): element.code for element in OBSERVED}
"""Column name of an element in an hourly file -> KMA's code of the element."""

ASOS_DAILY_CODES = {without_unit(column_name(element.portal_header)): element.code for element in DAILY_ELEMENTS}
"""Column name, without its unit, of a value in a daily file -> KMA's code of the value."""


def recognise(header: Iterable[str]) -> PortalKind | None:
    """What a file with these column headers (any order, any subset) holds; None if it is no portal file we read."""
    names = [column_name(column) for column in header]
    if not ASOS_HOURLY_CODES.keys().isdisjoint(names):
        return PortalKind.ASOS_HOURLY
    bare_names = [without_unit(name) for name in names]
    if not ASOS_DAILY_CODES.keys().isdisjoint(bare_names):
        return PortalKind.ASOS_DAILY
    if PM10_HEADER in bare_names:
        return PortalKind.PM10_HOURLY
    return PortalKind.STATIONS if any(places.issubset(bare_names) for places in _PLACE_HEADERS) else None


def open_portal_file(path: Path) -> PortalFile:
    """Recognise a file by its first line. Raises UsageError when it cannot be read or is no portal file."""
    try:
        with path.open("rb") as stream:
            first_line = stream.readline().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise _unreadable(path, error) from None
    # The header is Korean in every portal file, so it alone tells UTF-8 from the portal's own CP949.
    encoding = "utf-8" if _is_utf8(first_line) else "cp949"
    line = _BROKEN_BYTE_ORDER_MARK.sub("", _decode(path, first_line, encoding))
    header = tuple(next(csv.reader([line]), []))
    kind = recognise(header)
    if kind is None:
        message = (
            f"{path}, line 1: '{line.strip()[:60]}' is not the header of an hourly ASOS, daily ASOS or PM10 file; "
            "download the file again from data.kma.go.kr with its header, or move it out of the folder"
        )
        raise UsageError(message)
    return PortalFile(path, kind, encoding, header)


def read_rows(file: PortalFile) -> pa.Table:
    """All rows as text, columns in the file's order under `column_name(header)`; a blank field is null.

    Raises UsageError naming the line of the first row whose number of fields differs from the header's, or whose
    quotation mark stays open.
    """
    names = [column_name(header) for header in file.header]
    text = _text(file)
    misshapen: list[pa_csv.InvalidRow] = []

    def keep_note(row: pa_csv.InvalidRow) -> str:
        misshapen.append(row)
        return "skip"

    table = pa_csv.read_csv(
        # The line break saves a file that ends in its header: the reader cannot skip a line without an end.
        pa.py_buffer((text + "\n").encode()),
        # One thread: only then does the reader know the number of a bad row.
        read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1, use_threads=False),
        parse_options=pa_csv.ParseOptions(invalid_row_handler=keep_note),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    if misshapen:
        row = misshapen[0]
        problem = f"{row.actual_columns} fields where the header has {row.expected_columns}"
        raise bad_row(file, row.number - 2, f"{problem}; repair the line or download the file again")
    if '"' in text:
        _refuse_open_quote(file, table)
    return table.combine_chunks()


def _refuse_open_quote(file: PortalFile, table: pa.Table) -> None:
    """An unclosed quotation mark in a last column makes one field of all lines below, in a row of the right length."""
    for column in table.columns:
        row = pc.index(pc.match_substring(column, "\n"), True).as_py()
        if row >= 0:
            raise bad_row(file, row, "a quotation mark is not closed; remove it or download the file again")


def bad_row(file: PortalFile, row: int, problem: str) -> UsageError:
    """The error for a data row (0 = the first below the header), with the line number an editor shows."""
    filled = (number for number, line in enumerate(_text(file).split("\n"), start=1) if line.rstrip("\r"))
    line_number = next(islice(filled, row + 1, None))
    return UsageError(f"{file.path}, line {line_number}: {problem}")


def _text(file: PortalFile) -> str:
    try:
        content = file.path.read_bytes()
    except OSError as error:
        raise _unreadable(file.path, error) from None
    return _decode(file.path, content.removeprefix(codecs.BOM_UTF8), file.encoding)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line_number = content.count(b"\n", 0, error.start) + 1
        message = (
            f"{path}, line {line_number}: byte 0x{content[error.start]:02x} is not {encoding.upper()} text; "
            "save the file as UTF-8, or download it again from data.kma.go.kr"
        )
        raise UsageError(message) from None


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path}: cannot be read ({error.strerror}); check that it exists and may be read")
