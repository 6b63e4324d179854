"""PM10 from the hub and from AirKorea against recorded lines and fields."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from weather_assets.clock import KST
from weather_assets.sources.kma_service import KmaService

Question = Callable[..., Any]


KEY = "abc+/=key=="


@pytest.fixture(autouse=True)
def dust(source: Any, service: KmaService) -> None:
    """PM10 of two days to 2026-07-02 18:00: 39 at the first hour shown, 14 at 17:00 and a gap at 16:00."""
    first = datetime(2026, 7, 1, 0, tzinfo=KST)
    values = {number: str(40 + number) for number in range(43)}
    values |= {18: "39", 40: "", 41: "14"}
    source.dust.extend(
        {"station_id": 108, "observed_at": (first + timedelta(hours=number)).astimezone(UTC), "pm10": value or None}
        for number, value in values.items()
    )
    service.set_now(datetime(2026, 7, 2, 18, 20, tzinfo=KST))


def test_five_minute_line_equals_the_recorded_one(hub: Question) -> None:
    assert hub("kma_pm10", tm1="202607011800", tm2="202607011800", stn=108).lines == [
        "202607011800,   108,   39,000000,,="
    ]


def test_twelve_values_make_an_hour(hub: Question) -> None:
    lines = hub("kma_pm10", tm1="202607011705", tm2="202607011800", stn=108).lines
    assert [line[8:12] for line in lines] == [f"17{minute:02}" for minute in range(5, 60, 5)] + ["1800"]
    assert {line.split(",")[2].strip() for line in lines} == {"39"}


def test_an_hour_without_dust_has_no_lines(hub: Question) -> None:
    assert hub("kma_pm10", tm1="202607021505", tm2="202607021600", stn=108).lines == []


def test_more_than_a_day_is_refused(hub: Question) -> None:
    assert hub("kma_pm10", tm1="202607010000", tm2="202607020000").status == 200
    assert hub("kma_pm10", tm1="202607010000", tm2="202607020005").status == 400


def test_hour_statistics_equal_the_recorded_line_but_for_the_station(shared_data: Path, hub: Question) -> None:
    """The recorded row is of station 90 with a spread; here all twelve values are the mean."""
    row, foreign = (shared_data / "payloads" / "apihub_dst_pm10_hr.txt").read_text(encoding="ascii").splitlines()[1:3]
    expected = row.replace("    90 ", "   108 ").replace("    6     22", "   14     14")
    assert hub("dst_pm10_hr", tm="202607021700", org="'kma'", mode=1).lines == [expected]
    assert hub("dst_pm10_hr", tm="202607021700", mode=1).lines == [expected, foreign]


def test_organisation_needs_its_quotes(hub: Question) -> None:
    assert hub("dst_pm10_hr", tm="202607021700", org="kma").status == 400


def test_air_korea_has_the_recorded_fields(shared_data: Path, service: KmaService, ask: Question) -> None:
    answer = ask(f"{service.airkorea_url}/getCtprvnRltmMesureDnsty", serviceKey=KEY, returnType="json", sidoName="서울")
    recorded = json.loads((shared_data / "payloads" / "airkorea_ctprvn_20241025.json").read_text(encoding="utf-8"))
    assert answer.json["response"]["header"] == recorded["response"]["header"]
    body = answer.json["response"]["body"]
    assert body.keys() == recorded["response"]["body"].keys()
    assert body["items"][0].keys() == recorded["response"]["body"]["items"][0].keys()
    assert {(item["dataTime"], item["pm10Value"]) for item in body["items"]} == {("2026-07-02 18:00", "82")}


def site(service: KmaService, ask: Question, **changes: object) -> Any:
    usual = {"serviceKey": KEY, "returnType": "json", "stationName": "종로구", "dataTerm": "DAILY", "numOfRows": 100}
    return ask(f"{service.airkorea_url}/getMsrstnAcctoRltmMesureDnsty", **usual | changes)


def test_air_korea_day_is_24_hours_latest_first_with_hour_24(service: KmaService, ask: Question) -> None:
    items = site(service, ask).json["response"]["body"]["items"]
    times = [item["dataTime"] for item in items]
    assert (len(items), times[0], times[-1]) == (24, "2026-07-02 18:00", "2026-07-01 19:00")
    assert times[18] == "2026-07-01 24:00"


def test_air_korea_writes_a_missing_value_as_a_dash(service: KmaService, ask: Question) -> None:
    items = site(service, ask).json["response"]["body"]["items"]
    assert [(item["pm10Value"], item["pm10Grade"]) for item in items[:3]] == [("82", "3"), ("14", "1"), ("-", None)]
    assert items[0]["pm10Flag"] is None
    assert items[2]["pm10Flag"]


def test_air_korea_pages_and_refuses(service: KmaService, ask: Question) -> None:
    page = site(service, ask, numOfRows=10, pageNo=3).json["response"]["body"]
    assert (len(page["items"]), page["totalCount"], page["pageNo"], page["numOfRows"]) == (4, 24, 3, 10)
    assert site(service, ask, stationName="").code == "11"
    assert site(service, ask, dataTerm="YEAR").code == "10"
    assert site(service, ask, serviceKey="wrong").body.startswith(b"<OpenAPI_ServiceResponse>")
    assert b"<resultCode>00</resultCode>" in site(service, ask, returnType="xml").body
