"""A page of items in the envelope of data.go.kr, as JSON and as XML, and the faults that concern a page."""

from typing import Any
from xml.sax.saxutils import escape

from weather_assets.sources.kma_service.envelopes import XML_TYPE, json_reply, wants_json
from weather_assets.sources.kma_service.exchange import Call, Reply
from weather_assets.sources.kma_service.faults import FaultKind

_BROKEN_TIME = "2019-13-45 99:99"


def page_reply(call: Call, items: list[dict[str, str]], page: int, size: int, total: int) -> Reply:
    """HTTP 200 with one page; faults may break, drop or hide items."""
    body: dict[str, Any] = {
        "dataType": "JSON" if wants_json(call) else "XML",
        "items": {"item": _with_faults(items, call)},
        "pageNo": page,
        "numOfRows": size,
        "totalCount": total,
    }
    if FaultKind.ITEM_AS_DICT in call.disturbances and len(items) == 1:
        body["items"] = {"item": items[0]}
    if FaultKind.ITEMS_EMPTY_STRING in call.disturbances:
        body |= {"items": "", "totalCount": 0}
    if FaultKind.ITEMS_MISSING in call.disturbances:
        del body["items"]
        body["totalCount"] = 0
    content = {"response": {"header": {"resultCode": "00", "resultMsg": "NORMAL_SERVICE"}, "body": body}}
    if wants_json(call):
        return json_reply(content)
    return Reply(f'<?xml version="1.0" encoding="UTF-8"?>{xml_text(content)}'.encode(), XML_TYPE)


def _with_faults(items: list[dict[str, str]], call: Call) -> list[dict[str, str]]:
    if FaultKind.MALFORMED_LINE in call.disturbances:
        middle = len(items) // 2
        items = [*items[:middle], items[middle] | {"tm": _BROKEN_TIME}, *items[middle + 1 :]]
    return items[:-1] if FaultKind.MISSING_ROW in call.disturbances else items


def xml_text(content: object) -> str:
    """Elements named by the keys; a list repeats its element; None and "" are empty elements."""
    if not isinstance(content, dict):
        return "" if content is None else escape(str(content))
    parts: list[str] = []
    for name, value in content.items():
        values = value if isinstance(value, list) else [value]
        parts.extend(f"<{name}>{xml_text(one)}</{name}>" for one in values)
    return "".join(parts)
