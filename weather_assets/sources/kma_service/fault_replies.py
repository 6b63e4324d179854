"""What a fault does to a reply: put another in its place, or alter its body."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from weather_assets.sources.kma_service.envelopes import (
    HTML_TYPE,
    HUB_QUOTA_MESSAGE,
    TEXT_TYPE,
    gateway_json,
    gateway_xml,
    hub_error,
    service_error,
)
from weather_assets.sources.kma_service.exchange import HUB, Call, Reply
from weather_assets.sources.kma_service.faults import Fault, FaultKind
from weather_assets.sources.kma_service.wire_hub import HUB_CHARSET

_HTML = "<html><head><title>{status}</title></head><body><h1>서비스 점검 중입니다</h1></body></html>"
_OK, _FORBIDDEN, _SERVER_ERROR = 200, 403, 500


def _html(status: int) -> Reply:
    return Reply(_HTML.format(status=status).encode(), HTML_TYPE, status)


def _quota(call: Call, fault: Fault) -> Reply:
    if call.provider == HUB:
        return hub_error(_FORBIDDEN, HUB_QUOTA_MESSAGE, fault.http_status)
    return gateway_xml("22", fault.http_status or _OK)


_INSTEAD: Mapping[FaultKind, Callable[[Call, Fault], Reply]] = MappingProxyType(
    {
        FaultKind.SERVICE_ERROR: lambda call, fault: service_error(call, fault.code or "01"),
        FaultKind.GATEWAY_XML: lambda _, fault: gateway_xml(fault.code or "30", fault.http_status or _OK),
        FaultKind.GATEWAY_JSON: lambda _, fault: gateway_json(fault.code or "30", fault.http_status or _OK),
        FaultKind.PLAIN_TEXT_500: lambda *_: Reply(b"Unexpected errors", TEXT_TYPE, _SERVER_ERROR),
        FaultKind.HUB_ERROR: lambda _, fault: hub_error(int(fault.code or _SERVER_ERROR), "", fault.http_status),
        FaultKind.QUOTA: _quota,
        FaultKind.HTTP_STATUS: lambda _, fault: _html(fault.http_status or _SERVER_ERROR),
        FaultKind.HTML: lambda *_: _html(_OK),
        FaultKind.EMPTY_BODY: lambda *_: Reply(b"", TEXT_TYPE),
    }
)


def reply_instead(call: Call, faults: Iterable[Fault], request_line: str) -> Reply | None:
    """The reply that the first fault of a replacing kind gives; None where none does."""
    for fault in faults:
        if fault.kind is FaultKind.KEY_ECHO:
            return Reply(f"cannot serve {request_line}".encode(), TEXT_TYPE, _SERVER_ERROR)
        if fault.kind in _INSTEAD:
            return _INSTEAD[fault.kind](call, fault)
    return None


def altered(call: Call, faults: Iterable[Fault], reply: Reply) -> Reply:
    """The reply with the faults that concern its body."""
    for fault in faults:
        if fault.kind is FaultKind.TRUNCATED:
            reply = replace(reply, body=_first_half(call, reply.body))
        elif fault.kind is FaultKind.WRONG_CHARSET:
            right, wrong = (HUB_CHARSET, "utf-8") if reply.content_type == TEXT_TYPE else ("utf-8", HUB_CHARSET)
            reply = replace(reply, body=reply.body.decode(right).encode(fault.code or wrong))
    return reply


def _first_half(call: Call, body: bytes) -> bytes:
    half = body[: len(body) // 2]
    # The hub's half ends with a whole line: only the absent end mark tells that something is missing.
    return half[: half.rfind(b"\n") + 1] if call.provider == HUB else half
