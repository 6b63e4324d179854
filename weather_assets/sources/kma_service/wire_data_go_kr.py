"""data.go.kr as it answers: AsosHourlyInfoService and AsosDalyInfoService (getWthrDataList)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa

from weather_assets.clock import DAY, HOUR, STAMP_ZONE
from weather_assets.elements import ELEMENTS
from weather_assets.sources.kma_service.envelopes import PREVIOUS_DAY_ONLY, RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply, number_text, parse_stamp
from weather_assets.sources.kma_service.pages import page_reply
from weather_assets.sources.kma_service.readings import DATA_GO_KR_DELAY, Readings, Span
from weather_assets.sources.kma_service.rows import Row, disturbed, rows_of
from weather_assets.stations import station

MOST_ROWS = 999
_DEFAULT_ROWS = 10
_LAST_HOUR = 23

HOURLY_FIELDS = (
    "tm", "rnum", "stnId", "stnNm", "ta", "taQcflg", "rn", "rnQcflg", "ws", "wsQcflg", "wd", "wdQcflg", "hm",
    "hmQcflg", "pv", "td", "pa", "paQcflg", "ps", "psQcflg", "ss", "ssQcflg", "icsr", "dsnw", "hr3Fhsc", "dc10Tca",
    "dc10LmcsCa", "clfmAbbrCd", "lcsCh", "vs", "gndSttCd", "dmstMtphNo", "ts", "tsQcflg", "m005Te", "m01Te", "m02Te",
    "m03Te",
)  # fmt: skip
DAILY_FIELDS = (
    "stnId", "stnNm", "tm", "avgTa", "minTa", "minTaHrmt", "maxTa", "maxTaHrmt", "mi10MaxRn", "mi10MaxRnHrmt",
    "hr1MaxRn", "hr1MaxRnHrmt", "sumRnDur", "sumRn", "maxInsWs", "maxInsWsWd", "maxInsWsHrmt", "maxWs", "maxWsWd",
    "maxWsHrmt", "avgWs", "hr24SumRws", "maxWd", "avgTd", "minRhm", "minRhmHrmt", "avgRhm", "avgPv", "avgPa", "maxPs",
    "maxPsHrmt", "minPs", "minPsHrmt", "avgPs", "ssDur", "sumSsHr", "hr1MaxIcsrHrmt", "hr1MaxIcsr", "sumGsr",
    "ddMefs", "ddMefsHrmt", "ddMes", "ddMesHrmt", "sumDpthFhsc", "avgTca", "avgLmac", "avgTs", "minTg", "avgCm5Te",
    "avgCm10Te", "avgCm20Te", "avgCm30Te", "avgM05Te", "avgM10Te", "avgM15Te", "avgM30Te", "avgM50Te", "sumLrgEv",
    "sumSmlEv", "n99Rn", "iscs", "sumFogDur",
)  # fmt: skip
_WITHOUT_DECIMALS = ("WsWd", "maxWd", "minRhm", "hr24SumRws")
_TWO_DECIMALS = ("hr1MaxIcsr", "sumGsr")


def _column_of(field: str) -> str:
    """The source's column of a field: dc10LmcsCa -> dc10_lmcs_ca, taQcflg -> ta_qc."""
    return re.sub(r"(?=[A-Z])", "_", field.removesuffix("Qcflg")).lower() + ("_qc" if field.endswith("Qcflg") else "")


def _daily_decimals(field: str) -> int | None:
    """Decimals of a daily field; None for a time of day, which is passed on as it is."""
    if field.endswith("Hrmt"):
        return None
    if field in _TWO_DECIMALS:
        return 2
    return 0 if field.endswith(_WITHOUT_DECIMALS) else 1


# 0.1 has one decimal, 0.01 two; 1, 10 and 100 have none. Flags and codes are no numbers.
_DECIMALS_OF_CODE = {element.code: len(f"{element.resolution:g}".partition(".")[2]) for element in ELEMENTS}
_HOURLY_VALUES = tuple((f, _column_of(f), _DECIMALS_OF_CODE.get(_column_of(f))) for f in HOURLY_FIELDS[4:])
_DAILY_VALUES = tuple((f, _column_of(f), _daily_decimals(f)) for f in DAILY_FIELDS[3:])
"""Field, column of the source, decimals; after the fields that tell time and station."""


@dataclass(frozen=True, slots=True)
class _Query:
    """A request that the service accepts."""

    station_id: int
    span: Span
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class _Product:
    """What the hourly and the daily service do differently."""

    date_code: str
    mandatory: tuple[str, ...]
    table: Callable[[Readings, Sequence[int], Span], pa.Table]
    item: Callable[[Row, int], dict[str, str]]


def answer_hourly(call: Call, readings: Readings) -> Reply:
    """AsosHourlyInfoService/getWthrDataList."""
    return _answer(call, readings, _HOURLY)


def answer_daily(call: Call, readings: Readings) -> Reply:
    """AsosDalyInfoService/getWthrDataList."""
    return _answer(call, readings, _DAILY)


def _answer(call: Call, readings: Readings, product: _Product) -> Reply:
    query = _accepted(call, product)
    table = disturbed(product.table(readings, [query.station_id], query.span), call)
    first = (query.page - 1) * query.size
    rows = rows_of(table.slice(first, query.size))
    items = [product.item(row, number) for number, row in enumerate(rows, start=first + 1)]
    if not items:
        raise RefusedError("03")
    return page_reply(call, items, query.page, query.size, table.num_rows)


def _accepted(call: Call, product: _Product) -> _Query:
    given = call.parameters
    page, size = _paging(given)
    if any(not given.get(name) for name in product.mandatory):
        raise RefusedError("11")
    if given["dataCd"] != "ASOS" or given["dateCd"] != product.date_code or not given["stnIds"].isdecimal():
        raise RefusedError("10")
    first, last = parse_stamp(given["startDt"], "%Y%m%d"), parse_stamp(given["endDt"], "%Y%m%d")
    if first is None or last is None:
        raise RefusedError("10")
    end = last + DAY
    if product.date_code == "HR":
        first, end = first + _hour(given["startHh"]), last + _hour(given["endHh"]) + HOUR
    if first >= end:
        raise RefusedError("10")
    if last.date() >= call.now.astimezone(STAMP_ZONE).date():
        raise RefusedError("99", PREVIOUS_DAY_ONLY)
    return _Query(int(given["stnIds"]), Span(first, end, call.now, DATA_GO_KR_DELAY), page, size)


def _paging(given: Mapping[str, str]) -> tuple[int, int]:
    """Page number and rows per page; more than 999 rows are refused with 99, nonsense and unknown formats with 10."""
    page, size = given.get("pageNo") or "1", given.get("numOfRows") or str(_DEFAULT_ROWS)
    data_type = (given.get("dataType") or "XML").upper()
    if not page.isdecimal() or not size.isdecimal() or 0 in {int(page), int(size)} or data_type not in {"JSON", "XML"}:
        raise RefusedError("10")
    if int(size) > MOST_ROWS:
        raise RefusedError("99")
    return int(page), int(size)


def _hour(text: str) -> timedelta:
    if not re.fullmatch(r"\d\d", text) or int(text) > _LAST_HOUR:
        raise RefusedError("10")
    return int(text) * HOUR


def _hourly_item(row: Row, number: int) -> dict[str, str]:
    return {"tm": f"{row.time:%Y-%m-%d %H:%M}", "rnum": str(number), **_identity(row), **_values(row, _HOURLY_VALUES)}


def _daily_item(row: Row, _number: int) -> dict[str, str]:
    return {**_identity(row), "tm": f"{row.time:%Y-%m-%d}", **_values(row, _DAILY_VALUES)}


def _identity(row: Row) -> dict[str, str]:
    return {"stnId": str(row.station_id), "stnNm": station(row.station_id).name_ko}


def _values(row: Row, values: Iterable[tuple[str, str, int | None]]) -> dict[str, str]:
    texts = ((field, row.text(column), decimals) for field, column, decimals in values)
    return {field: text if decimals is None else number_text(text, decimals) for field, text, decimals in texts}


_COMMON = ("dataCd", "dateCd", "startDt", "endDt", "stnIds")
_HOURLY = _Product("HR", (*_COMMON, "startHh", "endHh"), Readings.hourly, _hourly_item)
_DAILY = _Product("DAY", _COMMON, Readings.daily, _daily_item)
