"""The one client, against a real server: retries, time-outs, budget, connections, and a key that never shows."""

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import SecretStr

from weather_assets.clock import KST
from weather_assets.errors import UsageError
from weather_assets.sources import http
from weather_assets.sources.call_budget import CallBudget
from weather_assets.sources.data_go_kr_reply import read_page
from weather_assets.sources.failures import (
    PermanentFailure,
    QuotaExceeded,
    ServiceFailure,
    TransientFailure,
    status_failure,
)
from weather_assets.sources.fetching import in_order
from weather_assets.sources.http import Access, Reply, Service, ServiceClient

from .conftest import Answer, Request, ScriptedServer

KEY = "qW3+secret/key=="
ESCAPED_KEY = "qW3%2Bsecret%2Fkey%3D%3D"
NOON = datetime(2024, 5, 1, 12, tzinfo=KST)


def service(url: str, key: str = KEY, daily_calls: int = 1000) -> Service:
    return Service(
        provider="data_go_kr",
        base_url=url,
        key=SecretStr(key),
        key_parameter="serviceKey",
        daily_calls=daily_calls,
        key_setting="DATA_GO_KR_KEY",
        url_setting="WEATHER_DATA_GO_KR_URL",
        calls_setting="WEATHER_DATA_GO_KR_DAILY_CALLS",
    )


def body_of(reply: Reply) -> bytes:
    if reply.status != httpx.codes.OK:
        raise status_failure(reply.origin, reply.status, reply.retry_after_s)
    return reply.body


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(server: ScriptedServer, waits: list[float]) -> Iterator[ServiceClient]:
    with ServiceClient(service(server.url + "/1360000"), Access(sleep=waits.append, now=lambda: NOON)) as opened:
        yield opened


def test_the_key_is_escaped_once_however_the_portal_spelt_it(server: ScriptedServer) -> None:
    for spelling in (KEY, ESCAPED_KEY, f" {KEY}\n"):
        with ServiceClient(service(server.url, spelling), Access()) as client:
            client.get("x", {"stnIds": "108"}, body_of)
    for request in server.requests:
        assert request.raw_query == f"stnIds=108&serviceKey={ESCAPED_KEY}"
        assert dict(parse_qsl(request.raw_query))["serviceKey"] == KEY


def test_the_endpoint_lies_below_the_address(server: ScriptedServer, client: ServiceClient) -> None:
    server.say("good")
    assert client.get("A/getB", {}, body_of) == b"good"
    assert server.requests[0].path == "/1360000/A/getB"


def test_a_passing_failure_is_tried_again_with_growing_waits(
    server: ScriptedServer, client: ServiceClient, waits: list[float]
) -> None:
    server.say(Answer(status=503), Answer(dropped=True), Answer(b"{}", announced=50), Answer(status=500), b"good")
    assert client.get("x", {}, body_of) == b"good"
    assert len(server.requests) == 5
    for wait_s, least_s in zip(waits, (1, 2, 4, 8), strict=True):
        assert least_s <= wait_s <= least_s + 1


def test_waits_are_spread_by_chance(server: ScriptedServer, client: ServiceClient, waits: list[float]) -> None:
    for _ in range(5):
        server.say(Answer(status=503), b"good")
        client.get("x", {}, body_of)
    assert len(set(waits)) == 5


def test_after_five_attempts_the_failure_is_told(
    server: ScriptedServer, client: ServiceClient, waits: list[float]
) -> None:
    server.say(Answer(status=502))
    with pytest.raises(TransientFailure) as caught:
        client.get("AsosHourlyInfoService/getWthrDataList", {}, body_of)
    assert str(caught.value) == (
        "data_go_kr AsosHourlyInfoService/getWthrDataList: HTTP 502 (5 attempts); nothing to mend here, try again later"
    )
    assert len(server.requests) == 5
    assert len(waits) == 4


def test_no_answer_in_time_is_a_passing_failure(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_TIMEOUT", httpx.Timeout(0.05))
    server.say(Answer(b"late", delay_s=0.3), b"good")
    with ServiceClient(service(server.url), Access(sleep=lambda _: None)) as hasty:
        assert hasty.get("x", {}, body_of) == b"good"
    server.say(Answer(b"late", delay_s=0.3))
    with (
        ServiceClient(service(server.url), Access(sleep=lambda _: None)) as hasty,
        pytest.raises(TransientFailure, match=r"no answer in time \(5 attempts\); check the network"),
    ):
        hasty.get("x", {}, body_of)


def test_a_refused_connection_is_a_passing_failure() -> None:
    with (
        ServiceClient(service("http://127.0.0.1:1"), Access(sleep=lambda _: None)) as client,
        pytest.raises(TransientFailure, match=r"the connection failed \(ConnectError\)"),
    ):
        client.get("x", {}, body_of)


def test_the_server_may_ask_for_a_longer_wait(
    server: ScriptedServer, client: ServiceClient, waits: list[float]
) -> None:
    server.say(
        Answer(status=429, headers={"Retry-After": "17"}), Answer(status=503, headers={"Retry-After": "99999"}), b"good"
    )
    client.get("x", {}, body_of)
    assert waits == [17.0, 120.0]


def test_a_permanent_failure_is_tried_once_and_stops_what_follows(
    server: ScriptedServer, client: ServiceClient, waits: list[float]
) -> None:
    server.say(Answer(status=401))
    for _ in range(3):
        with pytest.raises(PermanentFailure, match="HTTP 401, the key is not accepted; check DATA_GO_KR_KEY"):
            client.get("x", {}, body_of)
    assert len(server.requests) == 1
    assert waits == []


def test_four_at_once_still_meet_a_wrong_key_only_once(server: ScriptedServer, client: ServiceClient) -> None:
    server.say(Answer(status=403))
    with pytest.raises(PermanentFailure):
        list(in_order(range(20), lambda n: client.get("x", {"n": str(n)}, body_of), at_once=4))
    assert len(server.requests) == 1


def test_results_keep_their_order_and_at_most_four_calls_are_open(
    server: ScriptedServer, client: ServiceClient
) -> None:
    server.respond = lambda request: Answer(
        request.query["n"].encode(), delay_s=0.03 if request.query["n"] < "5" else 0
    )
    answers = in_order(range(20), lambda n: client.get("x", {"n": str(n)}, body_of), at_once=4)
    assert [int(answer) for answer in answers] == list(range(20))
    assert 1 < server.busiest <= 4


def test_what_is_not_taken_is_not_fetched(server: ScriptedServer, client: ServiceClient) -> None:
    answers = in_order(range(100), lambda n: client.get("x", {"n": str(n)}, body_of), at_once=4)
    next(answers)
    next(answers)
    answers.close()
    assert len(server.requests) <= 6


def test_one_connection_serves_many_calls(server: ScriptedServer, client: ServiceClient) -> None:
    for _ in range(10):
        client.get("x", {}, body_of)
    assert len({request.client_port for request in server.requests}) == 1


def test_the_budget_of_the_day_counts_every_attempt_and_stops(
    server: ScriptedServer, tmp_path: Path, waits: list[float]
) -> None:
    budget = CallBudget(tmp_path / "calls.sqlite", now=lambda: NOON)
    access = Access(budget=budget, now=lambda: NOON, sleep=waits.append)
    server.say(Answer(status=500), b"good")
    with ServiceClient(service(server.url, daily_calls=3), access) as client:
        client.get("x", {}, body_of)
        client.get("x", {}, body_of)
        with pytest.raises(QuotaExceeded) as caught:
            client.get("x", {}, body_of)
    assert len(server.requests) == 3
    assert budget.spent("data_go_kr") == 3
    assert caught.value.resumes_at == datetime(2024, 5, 2, tzinfo=KST)
    assert str(caught.value) == (
        "data_go_kr x: the 3 calls a day allowed by WEATHER_DATA_GO_KR_DAILY_CALLS are used up; it goes on after "
        "2024-05-02 00:00 KST; raise WEATHER_DATA_GO_KR_DAILY_CALLS if your account at the service has more"
    )


@pytest.mark.parametrize("address", ["", "apis.data.go.kr", "ftp://x/y", "http://", "http://x:y:z"])
def test_an_address_that_is_none_is_a_users_mistake(address: str) -> None:
    with pytest.raises(UsageError, match="setting WEATHER_DATA_GO_KR_URL: is not an address"):
        ServiceClient(service(address), Access())


def test_text_is_read_whatever_its_encoding(server: ScriptedServer, client: ServiceClient) -> None:
    for encoding in ("utf-8", "cp949"):
        server.say("서울 뷁".encode(encoding))
        assert client.get("x", {}, Reply.text) == "서울 뷁"


def everything_said(failure: BaseException | None) -> str:
    """All that a logger, Dagster or a debugger could print of a failure and of what hangs on it."""
    said: list[str] = []
    while failure is not None:
        said += [str(failure), repr(failure), repr(vars(failure)), repr(failure.args)]
        said += traceback.format_exception(failure)
        failure = failure.__cause__ or failure.__context__
    return "\n".join(said)


def echo_of_key(request: Request) -> Answer:
    """A gateway that repeats the question in its error."""
    text = f"<cmmMsgHeader>{request.raw_query} {KEY}<returnReasonCode>30</returnReasonCode></cmmMsgHeader>"
    return Answer(text.encode(), headers={"X-Asked": request.raw_query, "Location": f"/?{request.raw_query}"})


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=401),
        Answer(b"nonsense"),
        Answer(dropped=True),
        Answer(b"{", announced=9),
        Answer(status=302),
        None,
    ],
)
def test_the_key_is_in_no_exception_and_in_no_log_record(
    server: ScriptedServer, answer: Answer | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.respond = echo_of_key if answer is None else lambda _: answer
    access = Access(sleep=lambda _: None, now=lambda: datetime.now(UTC))
    with ServiceClient(service(server.url), access) as client, pytest.raises(ServiceFailure) as caught:
        client.get("x", {"stnIds": "108"}, lambda reply: read_page(reply, 1, 999))
    assert "serviceKey" in server.requests[0].raw_query
    said = everything_said(caught.value) + repr(service(server.url)) + repr(client) + repr(vars(client))
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for spelling in (KEY, ESCAPED_KEY, "secret"):
        assert spelling not in said
        assert spelling not in logged


def test_httpx_logs_the_question_without_the_key(
    server: ScriptedServer, client: ServiceClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="httpx")
    client.get("x", {"stnIds": "108"}, body_of)
    assert f"HTTP Request: GET {server.url}/1360000/x?stnIds=108 " in caplog.text
