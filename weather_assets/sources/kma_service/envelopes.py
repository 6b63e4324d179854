"""Error replies of the three providers, in every envelope that has been seen."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from weather_assets.sources.kma_service.exchange import AIR_KOREA, Call, Reply

JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"
TEXT_TYPE = "text/plain"
HTML_TYPE = "text/html;charset=UTF-8"

ERROR_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "01": "APPLICATION_ERROR",
        "02": "DB_ERROR",
        "03": "NODATA_ERROR",
        "04": "HTTP_ERROR",
        "05": "SERVICETIME_OUT",
        "10": "INVALID_REQUEST_PARAMETER_ERROR",
        "11": "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
        "12": "NO_OPENAPI_SERVICE_ERROR",
        "20": "SERVICE_ACCESS_DENIED_ERROR",
        "21": "TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR",
        "22": "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
        "30": "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
        "31": "DEADLINE_HAS_EXPIRED_ERROR",
        "32": "UNREGISTERED_IP_ERROR",
        "33": "UNSIGNED_CALL_ERROR",
        "99": "UNKNOWN_ERROR",
    }
)
PREVIOUS_DAY_ONLY = "전날 자료까지 제공됩니다."
HUB_QUOTA_MESSAGE = "일일 최대 호출 용량 제한으로 사용할 수 없습니다."
_HUB_MESSAGES = {
    401: "유효한 인증키가 아닙니다.",
    403: "활용신청이 필요한 API 입니다.",
    404: "요청한 API 를 찾을 수 없습니다.",
}


class RefusedError(Exception):
    """The service refuses the request: a result code of data.go.kr or a status of the hub, and its message."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def wants_json(call: Call) -> bool:
    """Whether JSON was asked for; XML is the services' default."""
    name = "returnType" if call.provider == AIR_KOREA else "dataType"
    return call.parameters.get(name, "").upper() == "JSON"


def json_reply(content: object, status: int = 200) -> Reply:
    """Compact JSON in UTF-8, as the services send it."""
    return Reply(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), JSON_TYPE, status)


def service_error(call: Call, code: str, message: str = "") -> Reply:
    """Envelope 1: the service's own, header only, HTTP 200."""
    text = message or ERROR_NAMES.get(code, ERROR_NAMES["99"])
    if wants_json(call):
        return json_reply({"response": {"header": {"resultCode": code, "resultMsg": text}}})
    header = f"<header><resultCode>{code}</resultCode><resultMsg>{text}</resultMsg></header>"
    return Reply(f'<?xml version="1.0" encoding="UTF-8"?><response>{header}</response>'.encode(), XML_TYPE)


def gateway_xml(code: str, status: int = 200) -> Reply:
    """Envelope 2: the gateway's, XML even when JSON was asked."""
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in _gateway_header(code).items())
    body = f"<OpenAPI_ServiceResponse><cmmMsgHeader>{inner}</cmmMsgHeader></OpenAPI_ServiceResponse>"
    return Reply(body.encode(), XML_TYPE, status)


def gateway_json(code: str, status: int = 200) -> Reply:
    """Envelope 2 in its reported JSON variant."""
    return json_reply({"OpenAPI_ServiceResponse": {"cmmMsgHeader": _gateway_header(code)}}, status)


def _gateway_header(code: str) -> dict[str, str]:
    name = ERROR_NAMES.get(code, ERROR_NAMES["99"])
    return {"errMsg": "SERVICE ERROR", "returnAuthMsg": name, "returnReasonCode": code}


def hub_error(status: int, message: str = "", http_status: int | None = None) -> Reply:
    """The hub's JSON error; its HTTP status is usually the same, and sometimes 200."""
    text = message or _HUB_MESSAGES.get(status, "요청을 처리할 수 없습니다.")
    return json_reply({"result": {"status": status, "message": text}}, http_status or status)
