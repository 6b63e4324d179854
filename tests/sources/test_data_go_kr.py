"""The data.go.kr client over a real connection: recorded bodies, paging, and what services do wrong."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from weather_assets.clock import KST
from weather_assets.sources.data_go_kr import DataGoKrSource
from weather_assets.sources.failures import PermanentFailure, QuotaExceeded, TransientFailure
from weather_assets.sources.http import Access
from weather_assets.sources.protocol import (
    RAW_DAILY_SCHEMA,
    RAW_HOURLY_SCHEMA,
    RAW_PM10_SCHEMA,
    Progress,
    Series,
    whole,
)

from .conftest import Answer, Request, ScriptedServer

HOUR = timedelta(hours=1)
NOW = datetime(2026, 7, 2, 12, 20, tzinfo=KST)

Make = Callable[..., DataGoKrSource]


@pytest.fixture
def make(server: ScriptedServer) -> Make:
    def source(**more: Any) -> DataGoKrSource:
        now = more.pop("now", NOW)
        return DataGoKrSource(
            key=SecretStr("a+secret="),
            url=f"{server.url}/1360000",
            airkorea_url=f"{server.url}/B552584/ArpltnInforInqireSvc",
            access=Access(now=lambda: now, sleep=lambda _: None),
            **more,
        )

    return source


def body(items: object, total: int) -> str:
    header = {"resultCode": "00", "resultMsg": "NORMAL_SERVICE"}
    paging = {"dataType": "JSON", "items": items, "pageNo": 1, "numOfRows": 999, "totalCount": total}
    return json.dumps({"response": {"header": header, "body": paging}})


def item(stamp: str, ta: str = "3.6", station: str = "108") -> dict[str, str]:
    return {"tm": stamp, "stnId": station, "stnNm": "서울", "ta": ta, "taQcflg": ""}


def hourly_service(request: Request) -> Answer:
    """What the real one does with a station that has every hour: rows of the span, page by page."""
    query = request.query
    first = datetime.strptime(query["startDt"] + query["startHh"] + "+0900", "%Y%m%d%H%z")
    last = datetime.strptime(query["endDt"] + query["endHh"] + "+0900", "%Y%m%d%H%z")
    hours = [first + n * HOUR for n in range((last - first) // HOUR + 1)]
    rows, page = int(query["numOfRows"]), int(query["pageNo"])
    shown = hours[(page - 1) * rows : page * rows]
    items = [item(f"{hour:%Y-%m-%d %H:%M}", f"{hour.timestamp() / 3600 % 40:.1f}", query["stnIds"]) for hour in shown]
    return Answer(body({"item": items}, len(hours)).encode())


def one_hour(source: DataGoKrSource) -> list[dict[str, Any]]:
    start = datetime(2019, 1, 20, 1, tzinfo=KST)
    return [row for table in source.asos_hourly([108], start, start + HOUR) for row in table.to_pylist()]


def test_the_recorded_hour(server: ScriptedServer, make: Make, shared_data: Path) -> None:
    server.say((shared_data / "payloads" / "asos_hourly_ok_108_20190120.json").read_bytes())
    start = datetime(2019, 1, 20, 1, tzinfo=KST)
    (table,) = make().asos_hourly([108], start, start + HOUR)
    assert table.schema.equals(RAW_HOURLY_SCHEMA)
    (row,) = table.to_pylist()
    values = {column: value for column, value in row.items() if value is not None}
    assert values == {
        "station_id": 108,
        "observed_at": datetime(2019, 1, 19, 16, tzinfo=UTC),
        "ta": "3.6",
        "ws": "2.5",
        "wd": "290",
        "hm": "76",
        "pv": "6.0",
        "td": "-0.2",
        "pa": "1007.8",
        "ps": "1018.4",
        "ss_qc": "9",
        "dc10_tca": "9",
        "dc10_lmcs_ca": "8",
        "lcs_ch": "3",
        "vs": "310",
        "dmst_mtph_no": "40",
        "ts": "0.0",
        "m005_te": "0.5",
        "m01_te": "0.0",
        "m02_te": "0.2",
        "m03_te": "0.7",
    }


def test_the_recorded_day(server: ScriptedServer, make: Make, shared_data: Path) -> None:
    server.say((shared_data / "payloads" / "asos_daily_ok_159_20220101.json").read_bytes())
    (table,) = make().asos_daily([159], date(2022, 1, 1), date(2022, 1, 2))
    assert table.schema.equals(RAW_DAILY_SCHEMA)
    (row,) = table.to_pylist()
    assert row["station_id"] == 159
    assert row["observed_on"] == date(2022, 1, 1)
    assert (row["avg_ta"], row["min_ta"], row["max_ta"]) == ("1.9", "-3.9", "7.4")
    assert (row["min_ta_hrmt"], row["hr24_sum_rws"], row["avg_m50_te"]) == ("0645", "1938", "19.8")
    assert row["hr1_max_icsr"] == "2.14"
    assert (row["sum_rn"], row["n99_rn"], row["iscs"]) == (None, None, None)
    # The body has 62 fields; station, name and time are 3, and 14 are empty.
    assert sum(value is not None for value in row.values()) - 2 == 59 - 14
    assert server.requests[0].path == "/1360000/AsosDalyInfoService/getWthrDataList"
    asked = server.requests[0].query
    assert (asked["dateCd"], asked["startDt"], asked["endDt"]) == ("DAY", "20220101", "20220101")
    assert "startHh" not in asked


def test_the_recorded_dust(server: ScriptedServer, make: Make, shared_data: Path) -> None:
    recorded = json.loads((shared_data / "payloads" / "airkorea_ctprvn_20241025.json").read_bytes())
    # The recording is the first of 40 sites; a question for one site has as many rows as it says.
    recorded["response"]["body"]["totalCount"] = 1
    server.say(json.dumps(recorded))
    start = datetime(2024, 10, 25, tzinfo=KST)
    (table,) = make(now=start + 12 * HOUR).pm10_hourly([108], start, start + 24 * HOUR)
    assert table.schema.equals(RAW_PM10_SCHEMA)
    assert table.to_pylist() == [
        {"station_id": 108, "observed_at": datetime(2024, 10, 25, 2, tzinfo=UTC), "pm10": "24", "pm10_qc": None}
    ]
    asked = server.requests[0]
    assert asked.path == "/B552584/ArpltnInforInqireSvc/getMsrstnAcctoRltmMesureDnsty"
    assert (asked.query["stationName"], asked.query["dataTerm"], asked.query["returnType"]) == ("중구", "DAILY", "json")


def test_hour_24_of_airkorea_is_midnight_and_blank_values_keep_their_reason(server: ScriptedServer, make: Make) -> None:
    items = [
        {"dataTime": "2026-07-01 24:00", "pm10Value": "31", "pm10Flag": None},
        {"dataTime": "2026-07-01 23:00", "pm10Value": "-", "pm10Flag": "통신장애"},
    ]
    server.say(body(items, 2))
    start = datetime(2026, 7, 1, 12, tzinfo=KST)
    (table,) = make(airkorea_sites={108: "종로구"}).pm10_hourly([108, 129], start, start + 24 * HOUR)
    assert table.to_pylist() == [
        {"station_id": 108, "observed_at": datetime(2026, 7, 1, 14, tzinfo=UTC), "pm10": "-", "pm10_qc": "통신장애"},
        {"station_id": 108, "observed_at": datetime(2026, 7, 1, 15, tzinfo=UTC), "pm10": "31", "pm10_qc": None},
    ]
    assert len(server.requests) == 1, "a station without a site is not asked for"


@pytest.mark.parametrize(
    ("days_back", "term"), [(0.5, "DAILY"), (2, "MONTH"), (29, "MONTH"), (31, "3MONTH"), (400, "3MONTH")]
)
def test_the_shortest_term_that_reaches_back(server: ScriptedServer, make: Make, days_back: float, term: str) -> None:
    server.say(body([], 0))
    assert list(make().pm10_hourly([108], NOW - timedelta(days=days_back), NOW)) == []
    assert server.requests[0].query["dataTerm"] == term


def test_dust_older_than_three_months_is_not_asked_for(server: ScriptedServer, make: Make) -> None:
    assert list(make().pm10_hourly([108], NOW - timedelta(days=200), NOW - timedelta(days=100))) == []
    assert server.requests == []


def test_a_year_is_nine_calls_and_every_hour_once(server: ScriptedServer, make: Make) -> None:
    server.respond = hourly_service
    seen: list[Progress] = []
    start, end = datetime(2021, 1, 1, tzinfo=KST), datetime(2022, 1, 1, tzinfo=KST)
    answers = make().answers(Series.ASOS_HOURLY, whole([108], start, end), seen.append)
    tables = [answer.table for answer in answers]
    hours = [hour for table in tables for hour in table["observed_at"].to_pylist()]
    assert hours == [start + n * HOUR for n in range(8760)]
    assert [table.num_rows for table in tables] == [999] * 8 + [768]
    assert len(server.requests) == 9
    assert seen == [Progress("data_go_kr", n, 9, 999 if n < 9 else 768) for n in range(1, 10)]
    assert server.busiest <= 4
    assert tables[0]["ta"][5].as_py() == f"{(start + 5 * HOUR).timestamp() / 3600 % 40:.1f}"


def test_what_is_asked(server: ScriptedServer, make: Make) -> None:
    server.respond = hourly_service
    list(make().asos_hourly([108], datetime(2021, 1, 1, 3, tzinfo=KST), datetime(2021, 1, 2, 5, tzinfo=KST)))
    (request,) = server.requests
    assert request.path == "/1360000/AsosHourlyInfoService/getWthrDataList"
    assert request.query == {
        "serviceKey": "a+secret=",
        "pageNo": "1",
        "numOfRows": "999",
        "dataType": "JSON",
        "dataCd": "ASOS",
        "dateCd": "HR",
        "startDt": "20210101",
        "startHh": "03",
        "endDt": "20210102",
        "endHh": "04",
        "stnIds": "108",
    }


def test_today_is_never_asked_for(server: ScriptedServer, make: Make) -> None:
    server.respond = hourly_service
    list(make().asos_hourly([108], datetime(2026, 7, 1, 22, tzinfo=KST), datetime(2026, 7, 3, tzinfo=KST)))
    (request,) = server.requests
    assert (request.query["endDt"], request.query["endHh"]) == ("20260701", "23")
    assert list(make().asos_hourly([108], datetime(2026, 7, 2, tzinfo=KST), datetime(2026, 7, 3, tzinfo=KST))) == []
    assert list(make().asos_daily([108], date(2026, 7, 2), date(2026, 7, 3))) == []
    assert len(server.requests) == 1


def twice(answer: Answer) -> Answer:
    """Each row doubled and counted, of which the first 999 are shown."""
    whole = json.loads(answer.body)["response"]["body"]["items"]["item"]
    doubled = [row for row in whole for _ in range(2)]
    return Answer(body({"item": doubled[:999]}, len(doubled)).encode())


# 999 hours doubled, then 500 + 499; doubled again, the 500 do not fit either.
@pytest.mark.parametrize(("times", "calls"), [(1, 3), (2, 5), (None, 5)])
def test_a_window_with_more_rows_than_fit_is_read_in_halves(
    server: ScriptedServer, make: Make, times: int | None, calls: int
) -> None:
    def doubling(request: Request) -> Answer:
        whole = hourly_service(request)
        return twice(whole) if times is None or len(server.requests) <= times else whole

    server.respond = doubling
    start = datetime(2021, 1, 1, tzinfo=KST)
    (table,) = make().asos_hourly([108], start, start + 999 * HOUR)
    assert table["observed_at"].to_pylist() == [start + n * HOUR for n in range(999)]
    assert len(server.requests) == calls


def test_days_with_more_rows_than_fit_are_read_in_halves(server: ScriptedServer, make: Make) -> None:
    def doubling(request: Request) -> Answer:
        first, last = (date.fromisoformat(request.query[name]) for name in ("startDt", "endDt"))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1) for _ in range(2)]
        return Answer(body({"item": [item(day.isoformat()) for day in days[:999]]}, len(days)).encode())

    server.respond = doubling
    start = date(2019, 1, 1)
    (table,) = make().asos_daily([108], start, start + timedelta(days=999))
    assert table["observed_on"].to_pylist() == [start + timedelta(days=n) for n in range(999)]


@pytest.mark.parametrize(
    "items", [{"item": [item("2019-01-20 01:00")]}, {"item": item("2019-01-20 01:00")}, [item("2019-01-20 01:00")]]
)
def test_items_come_in_three_shapes(server: ScriptedServer, make: Make, items: object) -> None:
    server.say(body(items, 1))
    (row,) = one_hour(make())
    assert row["ta"] == "3.6"


@pytest.mark.parametrize("items", ["", None, {"item": ""}, {"item": []}, []])
def test_nothing_comes_in_many_shapes(server: ScriptedServer, make: Make, items: object) -> None:
    server.say(body(items, 0))
    assert one_hour(make()) == []


def test_no_data_is_no_rows_and_no_retry(server: ScriptedServer, make: Make) -> None:
    server.say('{"response":{"header":{"resultCode":"03","resultMsg":"NODATA_ERROR"}}}')
    assert one_hour(make()) == []
    assert len(server.requests) == 1


GOOD = body({"item": [item("2019-01-20 01:00", "-9.0")]}, 1)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(body({"item": [item("2019-01-20 01:00")]}, 2), id="fewer rows than announced"),
        pytest.param(body("", 1), id="rows announced, none sent"),
        pytest.param(body({"item": [item("2019-01-20")]}, 1), id="bad time"),
        pytest.param(body({"item": [item("2019-13-20 01:00")]}, 1), id="no such month"),
        pytest.param(body({"item": [{"stnId": "108"}]}, 1), id="no time"),
        pytest.param(body({"item": [item("2019-01-20 01:00", station="")]}, 1), id="no station"),
        pytest.param(body({"item": [item("2019-01-20 01:00", station="129")]}, 1), id="another station"),
        pytest.param(GOOD.replace('"totalCount": 1', '"totalCount": ""'), id="no total"),
        pytest.param(GOOD[:-40], id="cut off"),
        pytest.param("", id="empty"),
    ],
)
def test_a_spoilt_answer_is_asked_for_again(server: ScriptedServer, make: Make, spoilt: str) -> None:
    server.say(spoilt, spoilt, GOOD)
    (row,) = one_hour(make())
    assert row["ta"] == "-9.0", "a real winter temperature, not a sentinel"
    assert len(server.requests) == 3
    server.say(spoilt)
    with pytest.raises(TransientFailure, match=r"\(5 attempts\)"):
        one_hour(make())


def test_double_and_disordered_rows_become_one_each_in_order_the_last_counting(
    server: ScriptedServer, make: Make
) -> None:
    stamps = [
        ("2019-01-20 03:00", "3"),
        ("2019-01-20 01:00", "1"),
        ("2019-01-20 02:00", "2"),
        ("2019-01-20 01:00", "9"),
    ]
    server.say(body({"item": [item(*each) for each in stamps]}, 3))
    start = datetime(2019, 1, 20, 1, tzinfo=KST)
    (table,) = make().asos_hourly([108], start, start + 3 * HOUR)
    assert table["ta"].to_pylist() == ["9", "2", "3"]


def test_rows_out_of_the_asked_span_are_left_out(server: ScriptedServer, make: Make) -> None:
    server.say(body({"item": [item("2019-01-20 01:00"), item("2019-01-20 02:00")]}, 2))
    assert len(one_hour(make())) == 1


def test_a_flag_of_radiation_is_kept_where_a_service_sends_one(server: ScriptedServer, make: Make) -> None:
    server.say(body({"item": [item("2019-01-20 01:00") | {"icsrQcflg": "9", "hr3Fhsc": "0.4", "rn": " "}]}, 1))
    (row,) = one_hour(make())
    assert (row["icsr_qc"], row["hr3_fhsc"], row["rn"]) == ("9", "0.4", None)


@pytest.mark.parametrize(("code", "kind"), [("30", PermanentFailure), ("22", QuotaExceeded)])
def test_a_failure_that_stays_is_met_once_by_a_long_fetch(
    server: ScriptedServer, make: Make, code: str, kind: type[Exception]
) -> None:
    server.say(f"<r><returnReasonCode>{code}</returnReasonCode></r>")
    with pytest.raises(kind):
        list(make().asos_hourly([108, 129], datetime(2010, 1, 1, tzinfo=KST), datetime(2020, 1, 1, tzinfo=KST)))
    assert len(server.requests) == 1


def test_what_came_before_a_failure_is_handed_over(server: ScriptedServer, make: Make) -> None:
    lock, answered = threading.Lock(), []

    def quota_after_five(request: Request) -> Answer:
        with lock:
            answered.append(request)
        over = Answer(b"<r><returnReasonCode>22</returnReasonCode></r>")
        return hourly_service(request) if request.query["startDt"] < "20210701" else over

    server.respond = quota_after_five
    start = datetime(2021, 1, 1, tzinfo=KST)
    got: list[datetime] = []
    tables = make().asos_hourly([108], start, datetime(2022, 1, 1, tzinfo=KST))
    with pytest.raises(QuotaExceeded):
        got.extend(hour for table in tables for hour in table["observed_at"].to_pylist())
    # Windows of 999 hours begin on 1 Jan, 11 Feb, 25 Mar, 5 May, 16 June and 27 July.
    assert got == [start + n * HOUR for n in range(5 * 999)]


def test_the_source_tells_what_it_is_without_its_key(make: Make) -> None:
    source = make()
    assert (source.name, source.simulated) == ("data_go_kr", False)
    assert "secret=" not in repr(source)
