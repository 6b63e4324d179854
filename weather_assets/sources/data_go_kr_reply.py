"""How data.go.kr answers: one page of items, or one of its errors in any of the envelopes it uses.

Belongs here: envelopes and error codes, which weather and air-quality services share. Does not: what an item holds.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from weather_assets.sources.failures import (
    PermanentFailure,
    QuotaExceeded,
    ServiceFailure,
    TransientFailure,
    key_refused,
    status_failure,
)
from weather_assets.sources.http import Reply

Item = Mapping[str, Any]

_OK = 0
_NO_DATA = 3
_QUOTA = 22
_UNKNOWN = 99
_PREVIOUS_DAY_ONLY = "전날"
# The gateway answers in XML even when JSON was asked for; both kinds of error name their code like this.
_XML_CODE = re.compile(r"<(returnReasonCode|resultCode)>\s*(\d+)\s*</\1>")

_TRANSIENT = {
    1: "APPLICATION_ERROR",
    2: "DB_ERROR",
    4: "HTTP_ERROR",
    5: "SERVICETIME_OUT",
    21: "TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR",
}
_MALFORMED_REQUEST = "check WEATHER_STATIONS, and whether a newer version of weather-assets is out"
_PERMANENT = {
    10: ("INVALID_REQUEST_PARAMETER_ERROR", _MALFORMED_REQUEST),
    11: ("NO_MANDATORY_REQUEST_PARAMETERS_ERROR", _MALFORMED_REQUEST),
    12: ("NO_OPENAPI_SERVICE_ERROR", _MALFORMED_REQUEST),
    20: ("SERVICE_ACCESS_DENIED_ERROR", "apply for this service (활용신청) at data.go.kr"),
    32: ("UNREGISTERED_IP_ERROR", "register the address of this machine at data.go.kr"),
}
_KEY = {
    30: "SERVICE_KEY_IS_NOT_REGISTERED_ERROR, the key is wrong or not approved for this service (활용신청)",
    31: "DEADLINE_HAS_EXPIRED_ERROR, the key's term is over and can be extended at data.go.kr",
    33: "UNSIGNED_CALL_ERROR",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Items of one page, and how many the question has in all."""

    items: Sequence[Item]
    total: int


def read_page(reply: Reply, page: int, rows_per_page: int) -> Page:
    """One page of a good reply; no data is an empty page. Raises a ServiceFailure that says what kind of error it is.

    A page with fewer rows than announced is a TransientFailure.
    """
    document = _json(reply.text())
    code, message = _result(document, reply.text())
    if code == _NO_DATA:
        return Page((), 0)
    if code is not None and code != _OK:
        raise _failure(reply, code, message)
    if reply.status != HTTPStatus.OK:
        raise status_failure(reply.origin, reply.status, reply.retry_after_s)
    if code is None:
        raise TransientFailure(reply.origin, f"the answer of {len(reply.body)} bytes is cut off or no answer at all")
    body = _at(document, "response", "body")
    return _checked(reply, Page(_items(body), _total(reply, body)), page, rows_per_page)


def _checked(reply: Reply, found: Page, page: int, rows_per_page: int) -> Page:
    """The page, unless rows are missing. Missing hours are no shortage, for totalCount counts the rows that exist."""
    announced = min(rows_per_page, found.total - (page - 1) * rows_per_page)
    if len(found.items) < announced:
        raise TransientFailure(
            reply.origin, f"page {page} has {len(found.items)} rows where {announced} were announced"
        )
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _at(node: object, *path: str) -> object:
    """What lies under a path of keys, or None."""
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _result(document: object, text: str) -> tuple[int | None, str]:
    """Result code and message; the code is None where there is neither an envelope nor an error in XML."""
    header = _at(document, "response", "header")
    gateway = _at(document, "OpenAPI_ServiceResponse", "cmmMsgHeader")
    code = _at(header, "resultCode") or _at(gateway, "returnReasonCode")
    if code is None:
        in_xml = _XML_CODE.search(text)
        return (int(in_xml[2]), text) if in_xml else (None, "")
    return int(str(code)) if str(code).isdecimal() else _UNKNOWN, str(_at(header, "resultMsg"))


def _failure(reply: Reply, code: int, message: str) -> ServiceFailure:
    origin = reply.origin
    if code in _KEY:
        return key_refused(origin, f"code {code} {_KEY[code]}")
    if code in _PERMANENT:
        name, remedy = _PERMANENT[code]
        return PermanentFailure(origin, f"code {code} {name}", remedy)
    if code == _QUOTA:
        problem = f"code {code} LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR, the day's calls are used up"
        return QuotaExceeded(origin, problem, "a larger quota can be applied for at data.go.kr", at=reply.received_at)
    if code == _UNKNOWN and _PREVIOUS_DAY_ONLY in message:
        return PermanentFailure(origin, f"code {code}, today was asked for", "set the clock of this machine")
    return TransientFailure(origin, f"code {code:02} {_TRANSIENT.get(code, 'UNKNOWN_ERROR')}")


def _items(body: object) -> Sequence[Item]:
    """The items, which come as items.item (list, or one object), as a plain list, or as "" when there are none."""
    items = _at(body, "items")
    if isinstance(items, Mapping):
        items = items.get("item")
    if isinstance(items, Mapping):
        return [items]
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _total(reply: Reply, body: object) -> int:
    total = str(_at(body, "totalCount"))
    if not total.isdecimal():
        raise TransientFailure(reply.origin, "the answer does not say how many rows there are")
    return int(total)
