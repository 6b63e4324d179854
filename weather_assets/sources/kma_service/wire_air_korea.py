"""AirKorea as it answers: getMsrstnAcctoRltmMesureDnsty (one site) and getCtprvnRltmMesureDnsty (a province).

Only PM10 comes from the source; the other pollutants are "-", as AirKorea writes what it lacks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from weather_assets.clock import DAY, HOUR
from weather_assets.sources.kma_service.envelopes import XML_TYPE, RefusedError, json_reply, wants_json
from weather_assets.sources.kma_service.exchange import Call, Reply, number_text
from weather_assets.sources.kma_service.faults import FaultKind
from weather_assets.sources.kma_service.pages import xml_text
from weather_assets.sources.kma_service.readings import HUB_DELAY, Readings, Span
from weather_assets.sources.kma_service.rows import Row, disturbed, rows_of

SITES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {"종로구": ("서울", 108), "중구": ("서울", 108), "동문동": ("충남", 129)}
)
"""Site -> its province, and the KMA station whose dust it shows here."""

_TICK = timedelta(microseconds=1)
_TERMS = {"DAILY": DAY, "MONTH": 31 * DAY, "3MONTH": 93 * DAY}
_POLLUTANTS = ("so2", "co", "o3", "no2")
_GRADE_LIMITS_UGM3 = (30, 80, 150)
_MISSING = "-"
_WHOLE_COUNTRY = "전국"
_SENSOR_FAULT = "점검및교정"


def answer_site(call: Call, readings: Readings) -> Reply:
    """Hours of one site, latest first, over a term that ends now."""
    site, term = call.parameters.get("stationName", ""), call.parameters.get("dataTerm", "")
    if not site or not term:
        raise RefusedError("11")
    if term not in _TERMS:
        raise RefusedError("10")
    return _reply(call, _items(site, call, readings, _TERMS[term]) if site in SITES else [])


def answer_province(call: Call, readings: Readings) -> Reply:
    """The latest hour of every site of a province."""
    province = call.parameters.get("sidoName", "")
    if not province:
        raise RefusedError("11")
    sites = [site for site, (home, _) in SITES.items() if province in {home, _WHOLE_COUNTRY}]
    return _reply(call, [item for site in sites for item in _items(site, call, readings, HOUR)[:1]])


def _items(site: str, call: Call, readings: Readings, term: timedelta) -> list[dict[str, str | None]]:
    latest = call.now - HUB_DELAY
    # Open at the start, closed at the end: a day has 24 hours, the latest among them.
    span = Span(latest - term + _TICK, latest + _TICK, call.now, HUB_DELAY)
    table = disturbed(readings.dust([SITES[site][1]], span), call)
    return [_item(site, row) for row in reversed(list(rows_of(table)))]


def _item(site: str, row: Row) -> dict[str, str | None]:
    value = number_text(row.text("pm10"), 0)
    item: dict[str, str | None] = {
        "dataTime": stamp(row.time),
        "stationName": site,
        "sidoName": SITES[site][0],
        "pm10Value": value or _MISSING,
        "pm10Grade": _grade(value),
        "pm10Flag": None if value else _SENSOR_FAULT,
        "khaiValue": _MISSING,
        "khaiGrade": None,
    }
    for pollutant in _POLLUTANTS:
        item |= {f"{pollutant}Value": _MISSING, f"{pollutant}Grade": None, f"{pollutant}Flag": _SENSOR_FAULT}
    return item


def stamp(time: datetime) -> str:
    """An hour as AirKorea writes it: midnight is 24:00 of the day that ends."""
    return f"{time - DAY:%Y-%m-%d} 24:00" if time.hour == 0 else f"{time:%Y-%m-%d %H:%M}"


def _grade(value: str) -> str | None:
    """1 good to 4 very bad (limits of the Korean PM10 index)."""
    try:
        return str(1 + sum(float(value) > limit for limit in _GRADE_LIMITS_UGM3))
    except ValueError:
        return None


def _reply(call: Call, items: list[dict[str, str | None]]) -> Reply:
    page, size = _paging(call)
    shown = items[(page - 1) * size : page * size]
    if FaultKind.MALFORMED_LINE in call.disturbances and shown:
        shown[len(shown) // 2] = shown[len(shown) // 2] | {"dataTime": "점검중"}
    if FaultKind.MISSING_ROW in call.disturbances:
        shown = shown[:-1]
    body = {"totalCount": len(items), "items": shown, "pageNo": page, "numOfRows": size}
    header = {"resultMsg": "NORMAL_CODE", "resultCode": "00"}
    if wants_json(call):
        return json_reply({"response": {"body": body, "header": header}})
    content = {"response": {"header": header, "body": body | {"items": {"item": shown}}}}
    return Reply(f'<?xml version="1.0" encoding="UTF-8"?>{xml_text(content)}'.encode(), XML_TYPE)


def _paging(call: Call) -> tuple[int, int]:
    page, size = call.parameters.get("pageNo") or "1", call.parameters.get("numOfRows") or "10"
    if not page.isdecimal() or not size.isdecimal() or 0 in {int(page), int(size)}:
        raise RefusedError("10")
    return int(page), int(size)
