"""Every error code in every envelope: which kind of failure it is, what it says, and what it never says."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from weather_assets.clock import KST
from weather_assets.errors import UsageError, WeatherError
from weather_assets.sources.data_go_kr_reply import read_page
from weather_assets.sources.failures import (
    Origin,
    PermanentFailure,
    QuotaExceeded,
    ServiceFailure,
    TransientFailure,
)
from weather_assets.sources.http import Reply
from weather_assets.sources.hub_reply import read_text

ORIGIN = Origin("data_go_kr", "AsosHourlyInfoService/getWthrDataList", "DATA_GO_KR_KEY", "WEATHER_DATA_GO_KR_URL")
HUB = Origin("kma_api_hub", "kma_sfctm2.php", "KMA_API_HUB_KEY", "WEATHER_KMA_API_HUB_URL")
EVENING = datetime(2024, 5, 1, 23, 30, tzinfo=KST)

# From the portal's table of codes: code, name, kind, and a word of the remedy.
CODES = [
    ("01", "APPLICATION_ERROR", TransientFailure, "again later"),
    ("02", "DB_ERROR", TransientFailure, "again later"),
    ("04", "HTTP_ERROR", TransientFailure, "again later"),
    ("05", "SERVICETIME_OUT", TransientFailure, "again later"),
    ("10", "INVALID_REQUEST_PARAMETER_ERROR", PermanentFailure, "WEATHER_STATIONS"),
    ("11", "NO_MANDATORY_REQUEST_PARAMETERS_ERROR", PermanentFailure, "WEATHER_STATIONS"),
    ("12", "NO_OPENAPI_SERVICE_ERROR", PermanentFailure, "newer version"),
    ("20", "SERVICE_ACCESS_DENIED_ERROR", PermanentFailure, "활용신청"),
    ("21", "TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR", TransientFailure, "again later"),
    ("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR", QuotaExceeded, "2024-05-02 00:00 KST"),
    ("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR", PermanentFailure, "DATA_GO_KR_KEY"),
    ("31", "DEADLINE_HAS_EXPIRED_ERROR", PermanentFailure, "DATA_GO_KR_KEY"),
    ("32", "UNREGISTERED_IP_ERROR", PermanentFailure, "register"),
    ("33", "UNSIGNED_CALL_ERROR", PermanentFailure, "DATA_GO_KR_KEY"),
    ("99", "UNKNOWN_ERROR", TransientFailure, "again later"),
    ("77", "UNKNOWN_ERROR", TransientFailure, "again later"),
]

ENVELOPES = {
    "service, JSON": '{{"response":{{"header":{{"resultCode":"{code}","resultMsg":"{name}"}}}}}}',
    "service, XML": (
        "<response><header><resultCode>{code}</resultCode><resultMsg>{name}</resultMsg></header></response>"
    ),
    "gateway, XML": (
        '<?xml version="1.0"?>\n<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>'
        "<returnAuthMsg>{name}</returnAuthMsg><returnReasonCode> {code} </returnReasonCode></cmmMsgHeader>"
        "</OpenAPI_ServiceResponse>"
    ),
    "gateway, JSON": (
        '{{"OpenAPI_ServiceResponse":{{"cmmMsgHeader":{{"errMsg":"SERVICE ERROR","returnAuthMsg":"{name}",'
        '"returnReasonCode":"{code}"}}}}}}'
    ),
}


def reply(body: str | bytes, status: int = 200, origin: Origin = ORIGIN) -> Reply:
    return Reply(origin, status, body.encode() if isinstance(body, str) else body, EVENING)


def data_go_kr_failure(body: str | bytes, status: int = 200) -> ServiceFailure:
    with pytest.raises(ServiceFailure) as caught:
        read_page(reply(body, status), 1, 999)
    return caught.value


def hub_failure(body: str | bytes, status: int = 200) -> ServiceFailure:
    with pytest.raises(ServiceFailure) as caught:
        read_text(reply(body, status, HUB))
    return caught.value


@pytest.mark.parametrize("status", [200, 401, 403, 500])
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize(("code", "name", "kind", "remedy"), CODES)
def test_a_code_means_the_same_in_every_envelope_and_with_every_status(
    code: str, name: str, kind: type[ServiceFailure], remedy: str, envelope: str, status: int
) -> None:
    failure = data_go_kr_failure(ENVELOPES[envelope].format(code=code, name=name), status)
    assert type(failure) is kind
    assert f"code {code}" in str(failure)
    assert remedy in str(failure)
    assert str(failure).startswith("data_go_kr AsosHourlyInfoService/getWthrDataList: ")


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_no_data_is_an_empty_page(envelope: str) -> None:
    page = read_page(reply(ENVELOPES[envelope].format(code="03", name="NODATA_ERROR")), 1, 999)
    assert list(page.items) == []
    assert page.total == 0


def test_the_recorded_bodies_are_told_apart(shared_data: Path) -> None:
    payloads = shared_data / "payloads"
    assert read_page(reply((payloads / "datago_03_nodata.json").read_bytes()), 1, 999).total == 0
    key = data_go_kr_failure((payloads / "datago_30_key_not_registered.xml").read_bytes())
    assert type(key) is PermanentFailure
    assert "code 30 SERVICE_KEY_IS_NOT_REGISTERED_ERROR" in str(key)
    today = data_go_kr_failure((payloads / "datago_99_previous_day_only.json").read_bytes())
    assert type(today) is PermanentFailure
    assert "today was asked for; set the clock of this machine" in str(today)
    refused = hub_failure((payloads / "apihub_401.json").read_bytes())
    assert type(refused) is PermanentFailure
    assert "kma_api_hub kma_sfctm2.php: HTTP 401" in str(refused)
    assert "check KMA_API_HUB_KEY" in str(refused)
    not_applied = hub_failure((payloads / "apihub_403_not_applied.json").read_bytes())
    assert type(not_applied) is PermanentFailure
    assert "HTTP 403" in str(not_applied)
    assert "apply for it (활용신청) at apihub.kma.go.kr" in str(not_applied)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_previous_day_only_is_known_in_both_encodings(encoding: str) -> None:
    body = '{"response":{"header":{"resultCode":"99","resultMsg":"전날 자료까지 제공됩니다."}}}'.encode(encoding)
    assert type(data_go_kr_failure(body)) is PermanentFailure


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, PermanentFailure),
        (401, PermanentFailure),
        (403, PermanentFailure),
        (404, PermanentFailure),
        (302, PermanentFailure),
        (408, TransientFailure),
        (429, TransientFailure),
        (500, TransientFailure),
        (502, TransientFailure),
        (503, TransientFailure),
        (504, TransientFailure),
    ],
)
def test_a_status_without_an_explanation(status: int, kind: type[ServiceFailure]) -> None:
    for failure in (
        data_go_kr_failure("Unexpected errors", status),
        hub_failure("<html>error</html>", status),
        hub_failure(json.dumps({"result": {"status": status, "message": ""}})),
    ):
        assert type(failure) is kind
        assert f"HTTP {status}" in str(failure)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Unexpected errors",
        "<html><body>점검 중</body></html>",
        '{"response":{"header":{"resultCode":"00"},"body":{"items":{"item":[{"tm":"2019-01-20 01:0',
        "null",
        "[]",
        '{"response":[]}',
        '{"response":{"header":{"resultCode":"00"}}}',
    ],
)
def test_a_body_that_is_no_answer_is_a_passing_failure(body: str) -> None:
    assert type(data_go_kr_failure(body)) is TransientFailure


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        "{",
        "{}",
        '{"result": 3}',
        '{"result": {"status": 200}}',
        "#START7777\n202401010000 108 1",
        "#START7777\n#7777",
        "202401010000 108 1\n#7777END",
    ],
)
def test_a_hub_body_without_its_marks_is_a_passing_failure(body: str) -> None:
    assert type(hub_failure(body)) is TransientFailure


@pytest.mark.parametrize("words", ["API 호출 한도를 초과했습니다.", "일일 최대 호출 용량 제한으로 사용할 수 없습니다."])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_the_hubs_quota(encoding: str, words: str) -> None:
    failure = hub_failure(
        json.dumps({"result": {"status": 403, "message": words}}, ensure_ascii=False).encode(encoding)
    )
    assert isinstance(failure, QuotaExceeded)
    assert failure.resumes_at == datetime(2024, 5, 2, tzinfo=KST)


def test_only_what_a_user_can_mend_is_a_usage_error() -> None:
    assert issubclass(PermanentFailure, UsageError)
    assert not issubclass(TransientFailure, UsageError)
    assert not issubclass(QuotaExceeded, UsageError)
    assert all(issubclass(kind, WeatherError) for kind in (TransientFailure, QuotaExceeded))


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_words_of_the_server_are_never_repeated(envelope: str) -> None:
    for code, *_ in CODES:
        failure = data_go_kr_failure(ENVELOPES[envelope].format(code=code, name="serviceKey=qW3secret"))
        assert "qW3secret" not in str(failure)
    assert "qW3secret" not in str(hub_failure('{"result":{"status":401,"message":"authKey=qW3secret"}}'))
    assert "qW3secret" not in repr(reply("serviceKey=qW3secret"))
