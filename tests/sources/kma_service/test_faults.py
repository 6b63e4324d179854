"""Each fault does to the reply what its kind says, on the calls it is meant for, as often as it says."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weather_assets.errors import UsageError
from weather_assets.sources.kma_service import Fault, FaultKind, KmaService, parse_fault

Question = Callable[..., Any]


PAST = {"tm1": "202106010000", "tm2": "202106012300", "stn": 108}
CODES = ["01", "02", "03", "04", "05", "10", "11", "12", "20", "21", "22", "30", "31", "32", "33", "99"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("status", [200, 401])
def test_each_code_in_each_envelope(service: KmaService, hourly: Question, code: str, status: int) -> None:
    for kind in (FaultKind.SERVICE_ERROR, FaultKind.GATEWAY_XML, FaultKind.GATEWAY_JSON):
        service.inject(Fault(kind, code=code, http_status=status))
    own, xml, variant = hourly(), hourly(), hourly()
    assert (own.status, own.code) == (200, code)
    assert (xml.status, f"<returnReasonCode>{code}</returnReasonCode>".encode() in xml.body) == (status, True)
    header = variant.json["OpenAPI_ServiceResponse"]["cmmMsgHeader"]
    assert (variant.status, header["returnReasonCode"]) == (status, code)
    assert header["returnAuthMsg"].encode() in xml.body


@pytest.mark.parametrize("code", [401, 403, 404, 500, 503])
@pytest.mark.parametrize("http_status", [None, 200])
def test_hub_errors_also_behind_a_success(
    service: KmaService, hub: Question, code: int, http_status: int | None
) -> None:
    service.inject(Fault(FaultKind.HUB_ERROR, code=str(code), http_status=http_status))
    answer = hub("kma_sfctm2")
    assert (answer.status, answer.json["result"]["status"]) == (http_status or code, code)


def test_hub_403_equals_the_recorded_body(shared_data: Path, service: KmaService, hub: Question) -> None:
    service.inject(Fault(FaultKind.HUB_ERROR, code="403"))
    recorded = json.loads((shared_data / "payloads" / "apihub_403_not_applied.json").read_text(encoding="utf-8"))
    assert hub("kma_sfctm2").json == recorded


def test_quota_after_calls(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.QUOTA, endpoint="AsosHourlyInfoService", after=2, times=None))
    service.inject(Fault(FaultKind.QUOTA, endpoint="kma_sfctm3", after=1, times=None))
    portal = [hourly() for _ in range(4)]
    assert [b"<returnReasonCode>22<" in answer.body for answer in portal] == [False, False, True, True]
    text = [hub("kma_sfctm3", **PAST) for _ in range(3)]
    assert [answer.status for answer in text] == [200, 403, 403]
    assert "호출 용량 제한" in text[1].json["result"]["message"]


@pytest.mark.parametrize(
    ("fault", "status", "beginning"),
    [
        (Fault(FaultKind.PLAIN_TEXT_500), 500, b"Unexpected errors"),
        (Fault(FaultKind.HTTP_STATUS, http_status=502), 502, b"<html>"),
        (Fault(FaultKind.HTTP_STATUS, http_status=403), 403, b"<html>"),
        (Fault(FaultKind.HTML), 200, b"<html>"),
        (Fault(FaultKind.EMPTY_BODY), 200, b""),
    ],
    ids=str,
)
def test_replies_without_any_envelope(
    service: KmaService, hourly: Question, fault: Fault, status: int, beginning: bytes
) -> None:
    service.inject(fault)
    answer = hourly()
    assert answer.status == status
    assert answer.body.startswith(beginning)
    assert bool(answer.body) == bool(beginning)


def test_key_echo_holds_the_key(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.KEY_ECHO))
    answer = hourly()
    assert (answer.status, urllib.parse.quote_plus("abc+/=key==") in answer.body.decode()) == (500, True)


def test_slow_is_late_and_right(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.SLOW, delay_s=0.3))
    begin = time.monotonic()
    assert hourly().code == "00"
    assert time.monotonic() - begin >= 0.3


def test_dropped_has_no_reply_and_the_next_call_works(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.DROPPED))
    with pytest.raises(http.client.RemoteDisconnected):
        hourly()
    assert hourly().code == "00"


def test_cut_off_announces_more_than_comes(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.CUT_OFF))
    with pytest.raises(http.client.IncompleteRead):
        hourly()


def test_truncated_json_is_right_http_and_broken_json(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.TRUNCATED))
    whole, half = hourly(numOfRows=998), hourly(numOfRows=998)
    with pytest.raises(json.JSONDecodeError):
        _ = whole.json
    assert half.body.startswith(whole.body)


def test_truncated_text_lacks_only_lines_and_the_end_mark(service: KmaService, hub: Question) -> None:
    service.inject(Fault(FaultKind.TRUNCATED))
    part, whole = hub("kma_sfctm3", **PAST), hub("kma_sfctm3", **PAST)
    assert 0 < len(part.lines) < len(whole.lines) == 24
    assert part.lines == whole.lines[: len(part.lines)]
    assert "#7777END" not in part.text


def test_wrong_charset_swaps_the_two(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.WRONG_CHARSET, times=2))
    assert "서울".encode("euc-kr") in hourly().body
    assert "기온".encode() in hub("kma_sfctm2", help=1).body


def test_wrong_charset_may_be_named(service: KmaService, hub: Question) -> None:
    service.inject(Fault(FaultKind.WRONG_CHARSET, code="utf-16"))
    assert hub("kma_sfctm2").body.startswith(b"\xff\xfe")


def test_malformed_line(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.MALFORMED_LINE, times=2))
    items, lines = hourly().items, hub("kma_sfctm3", **PAST).lines
    assert [place for place, item in enumerate(items) if not item["tm"].startswith("2021-06")] == [24]
    assert [place for place, line in enumerate(lines) if len(line.split()) != 46] == [12]


def test_duplicate_rows_are_counted(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.DUPLICATE_ROWS, times=2))
    answer, lines = hourly(), hub("kma_sfctm3", **PAST).lines
    assert answer.json["response"]["body"]["totalCount"] == len(answer.items) == 96
    assert [item["tm"] for item in answer.items[::2]] == [item["tm"] for item in answer.items[1::2]]
    assert lines[::2] == lines[1::2] == hub("kma_sfctm3", **PAST).lines


def test_out_of_order_is_latest_first(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.OUT_OF_ORDER, times=2))
    times, lines = [item["tm"] for item in hourly().items], hub("kma_sfctm3", **PAST).lines
    assert times == sorted(times, reverse=True)
    assert lines[::-1] == hub("kma_sfctm3", **PAST).lines


def test_missing_row_is_still_counted(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.MISSING_ROW))
    answer = hourly()
    assert (len(answer.items), answer.json["response"]["body"]["totalCount"]) == (47, 48)


def test_shapes_of_items(service: KmaService, hourly: Question) -> None:
    for kind in (FaultKind.ITEMS_EMPTY_STRING, FaultKind.ITEMS_MISSING, FaultKind.ITEM_AS_DICT):
        service.inject(Fault(kind, times=None, when=lambda call, kind=kind: call.parameters["x"] == kind))
    one = {"endDt": "20210601", "endHh": "00"}
    bodies = {kind: hourly(x=kind, **one).json["response"]["body"] for kind in FaultKind}
    assert (bodies[FaultKind.ITEMS_EMPTY_STRING]["items"], bodies[FaultKind.ITEMS_EMPTY_STRING]["totalCount"]) == (
        "",
        0,
    )
    assert "items" not in bodies[FaultKind.ITEMS_MISSING]
    assert bodies[FaultKind.ITEM_AS_DICT]["items"]["item"]["tm"] == "2021-06-01 00:00"


def test_a_fault_acts_once_unless_told_otherwise(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.SERVICE_ERROR, code="02", after=1, times=2))
    assert [hourly().code for _ in range(5)] == ["00", "02", "02", "00", "00"]


def test_faults_wait_for_each_other_or_act_together(service: KmaService, hourly: Question) -> None:
    for code in ("01", "02"):
        service.inject(Fault(FaultKind.SERVICE_ERROR, code=code))
    service.inject(Fault(FaultKind.DUPLICATE_ROWS, after=2))
    service.inject(Fault(FaultKind.OUT_OF_ORDER, after=2))
    assert [hourly().code, hourly().code] == ["01", "02"]
    times = [item["tm"] for item in hourly().items]
    assert (len(times), times) == (96, sorted(times, reverse=True))


def test_a_fault_keeps_to_its_endpoint_and_condition(service: KmaService, hourly: Question, daily: Question) -> None:
    service.inject(Fault(FaultKind.SERVICE_ERROR, endpoint="AsosDalyInfoService", code="02"))
    service.inject(Fault(FaultKind.SERVICE_ERROR, code="05", when=lambda call: call.parameters["pageNo"] == "2"))
    assert (hourly().code, daily().code) == ("00", "02")
    assert (hourly(pageNo=1, numOfRows=20).code, hourly(pageNo=2, numOfRows=20).code) == ("00", "05")


def test_probability_is_a_share_and_repeatable(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.SERVICE_ERROR, code="01", times=None, probability=0.5))
    failures = sum(hourly(numOfRows=1).code == "01" for _ in range(60))
    assert 15 <= failures <= 45


def test_faults_can_be_cleared(service: KmaService, hourly: Question) -> None:
    service.inject(Fault(FaultKind.EMPTY_BODY, times=None))
    assert hourly().body == b""
    service.clear_faults()
    assert hourly().code == "00"


def test_a_fault_as_text() -> None:
    text = "gateway_xml:endpoint=kma_sfctm2,code=22,after=100,times=always,probability=0.5,http_status=401,delay_s=1.5"
    assert parse_fault(text) == Fault(
        FaultKind.GATEWAY_XML,
        "kma_sfctm2",
        times=None,
        probability=0.5,
        after=100,
        code="22",
        http_status=401,
        delay_s=1.5,
    )
    assert parse_fault("dropped") == Fault(FaultKind.DROPPED)


@pytest.mark.parametrize("text", ["sloow", "slow:delay=3", "slow:delay_s=soon", "quota:after"])
def test_a_fault_that_is_none_names_what_is_wrong(text: str) -> None:
    with pytest.raises(UsageError, match=r"use one of|write name=value"):
        parse_fault(text)


def test_a_fault_on_an_unknown_endpoint_is_refused(service: KmaService) -> None:
    with pytest.raises(UsageError, match=r"kma_sfctm9.*kma_sfctm2"):
        service.inject(Fault(FaultKind.SLOW, endpoint="kma_sfctm9"))
