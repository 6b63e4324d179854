"""The hub's hourly readings: kma_sfctm2 (one time) and kma_sfctm3 (a period), 46 columns of fixed width.

The layout follows recorded replies; columns that no source has (gusts, tendency, cloud heights) hold their sentinel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa

from weather_assets.clock import HOUR
from weather_assets.elements import ELEMENTS, TEXT_ELEMENTS, Element, TextElement
from weather_assets.sources.kma_service.envelopes import RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply, number_text, tens_text
from weather_assets.sources.kma_service.faults import FaultKind
from weather_assets.sources.kma_service.readings import HUB_DELAY, Readings, Span
from weather_assets.sources.kma_service.rows import Row, disturbed, rows_of
from weather_assets.sources.kma_service.wire_hub import (
    latest_hour,
    numbered,
    text_reply,
    wanted_stations,
    wanted_time,
    wants_help,
)

LONGEST_PERIOD = 31 * 24 * HOUR
_MINUTE = timedelta(minutes=1)
_DRY, _RAIN = "3", "1"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its name, its place in the two header lines, its sentinel; `code` = the source's column."""

    name: str
    head: str
    unit: str
    width: int
    sentinel: str
    code: str | None = None


_C = _Column
_COLUMNS = (
    _C("TM", "YYMMDDHHMI", "KST", 12, ""), _C("STN", "STN", "ID", 3, ""), _C("WD", "WD", "16", 3, "-9", "wd"),
    _C("WS", "WS", "m/s", 4, "-9.0", "ws"), _C("GST_WD", "GST", "WD", 3, "-9"), _C("GST_WS", "GST", "WS", 4, "-9.0"),
    _C("GST_TM", "GST", "TM", 4, "-9"), _C("PA", "PA", "hPa", 6, "-9.0", "pa"), _C("PS", "PS", "hPa", 6, "-9.0", "ps"),
    _C("PT", "PT", "-", 2, "-9"), _C("PR", "PR", "hPa", 5, "-9.0"), _C("TA", "TA", "C", 5, "-99.0", "ta"),
    _C("TD", "TD", "C", 5, "-99.0", "td"), _C("HM", "HM", "%", 5, "-9.0", "hm"), _C("PV", "PV", "hPa", 5, "-9.0", "pv"),
    _C("RN", "RN", "mm", 6, "-9.0", "rn"), _C("RN_DAY", "RN", "DAY", 6, "-9.0"), _C("RN_JUN", "RN", "JUN", 6, "-9.0"),
    _C("RN_INT", "RN", "INT", 6, "-9.0"), _C("SD_HR3", "SD", "HR3", 6, "-9.0", "hr3_fhsc"),
    _C("SD_DAY", "SD", "DAY", 6, "-9.0"), _C("SD_TOT", "SD", "TOT", 6, "-9.0", "dsnw"), _C("WC", "WC", "--", 2, "-9"),
    _C("WP", "WP", "--", 2, "-9"), _C("WW", "WW", "-" * 22, -22, "-", "dmst_mtph_no"),
    _C("CA_TOT", "CA", "TOT", 3, "-9", "dc10_tca"), _C("CA_MID", "CA", "MID", 3, "-9", "dc10_lmcs_ca"),
    _C("CH_MIN", "CH", "MIN", 4, "-9", "lcs_ch"), _C("CT", "CT", "-" * 8, -8, "-", "clfm_abbr_cd"),
    _C("CT_TOP", "CT", "TOP", 3, "-9"), _C("CT_MID", "CT", "MID", 3, "-9"), _C("CT_LOW", "CT", "LOW", 3, "-9"),
    _C("VS", "VS", "", 5, "-9", "vs"), _C("SS", "SS", "", 4, "-9.0", "ss"), _C("SI", "SI", "", 5, "-9.00", "icsr"),
    _C("ST_GD", "ST", "GD", 2, "-9", "gnd_stt_cd"), _C("TS", "TS", "C", 5, "-99.0", "ts"),
    _C("TE_005", "TE", "5", 5, "-99.0", "m005_te"), _C("TE_01", "TE", "10", 5, "-99.0", "m01_te"),
    _C("TE_02", "TE", "20", 5, "-99.0", "m02_te"), _C("TE_03", "TE", "30", 5, "-99.0", "m03_te"),
    _C("ST_SEA", "ST", "SEA", 3, "-9"), _C("WH", "WH", "m", 4, "-9.0"), _C("BF", "BF", "--", 2, "-9"),
    _C("IR", "IR", "-", 2, ""), _C("IX", "IX", "-", 2, "-9"),
)  # fmt: skip
COLUMN_NAMES = tuple(column.name for column in _COLUMNS)

_OBSERVED: tuple[Element | TextElement, ...] = (*ELEMENTS, *TEXT_ELEMENTS)
_MEANING = {element.code: element.label_ko for element in _OBSERVED}
_TEXT_CODES = frozenset(element.code for element in TEXT_ELEMENTS)


def answer_one_time(call: Call, readings: Readings) -> Reply:
    """kma_sfctm2: the readings of one hour; without `tm`, of the latest hour there is."""
    stations = wanted_stations(call, readings.station_ids)
    time = wanted_time(call, "tm") or latest_hour(call)
    return _reply(call, readings.hourly(stations, Span(time, time + _MINUTE, call.now, HUB_DELAY)))


def answer_period(call: Call, readings: Readings) -> Reply:
    """kma_sfctm3: the readings from tm1 to tm2, both included, at most 31 days of hours."""
    stations = wanted_stations(call, readings.station_ids)
    latest = latest_hour(call)
    start, last = wanted_time(call, "tm1") or latest, wanted_time(call, "tm2") or latest
    if last < start or last + HOUR - start > LONGEST_PERIOD:
        raise RefusedError("400", "조회 기간은 최대 31일입니다.")
    return _reply(call, readings.hourly(stations, Span(start, last + _MINUTE, call.now, HUB_DELAY)))


def _reply(call: Call, table: pa.Table) -> Reply:
    shown = [c for c in _COLUMNS if c.name != "RN_JUN" or FaultKind.COLUMNS_45 not in call.disturbances]
    header = [
        _ruler(shown),
        "# " + _joined((c, c.head) for c in shown)[2:],
        "#" + _joined((c, c.unit) for c in shown)[1:],
    ]
    if wants_help(call):
        names = numbered((c.name for c in shown), (_meaning(c) for c in shown))
        header = ["#  기상청 지상관측 시간자료", *names, *header]
    return text_reply(call, header, [_line(row, shown) for row in rows_of(disturbed(table, call))])


def _line(row: Row, columns: list[_Column]) -> str:
    texts = {"TM": f"{row.time:%Y%m%d%H%M}", "STN": str(row.station_id), "IR": _RAIN if row.text("rn") else _DRY}
    return _joined((column, texts.get(column.name) or _value(row, column)) for column in columns)


def _value(row: Row, column: _Column) -> str:
    text = row.text(column.code)
    if not text:
        return column.sentinel
    if column.name == "WD":
        return tens_text(text)
    if column.code in _TEXT_CODES:
        return text
    return number_text(text, len(column.sentinel.partition(".")[2]))


def _placed(column: _Column, text: str) -> str:
    return text.ljust(-column.width) if column.width < 0 else text.rjust(column.width)


def _joined(texts: Iterable[tuple[_Column, str]]) -> str:
    return " ".join(_placed(column, text) for column, text in texts)


def _ruler(columns: list[_Column]) -> str:
    length = sum(abs(column.width) + 1 for column in columns) - 1
    return "#" + "".join(str(place % 10) for place in range(2, length + 1))


def _meaning(column: _Column) -> str:
    return _MEANING.get(column.code or "", column.unit)
