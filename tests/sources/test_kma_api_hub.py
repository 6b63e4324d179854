"""The API hub client over a real connection: columns by position, texts as received, marks, errors, all at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from weather_assets.clock import KST
from weather_assets.sources.failures import Origin, PermanentFailure, TransientFailure
from weather_assets.sources.http import Access, Reply
from weather_assets.sources.hub_reply import fields, read_text
from weather_assets.sources.kma_api_hub import KmaApiHubSource
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA

from .conftest import Answer, Request, ScriptedServer

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW = datetime(2026, 7, 2, 12, 20, tzinfo=KST)

# Columns of the hub's own help text, each with a value that says where it stands.
LINE_46 = (
    "202601150900 108 32 1.2 33 5.6 0912 998.6 1002.8 2 0.4 -9.0 -12.3 66.0 1.9 -9.0 9.7 9.8 0.1 0.5 1.5 2.5 3 6 40 "
    "10 8 12 Sc 1 2 3 1500 0.7 1.25 5 -1.5 0.6 1.1 2.2 3.3 -9.0 -9.0 -9 3 2"
)
EXPECTED = {
    "wd": "32",
    "ws": "1.2",
    "pa": "998.6",
    "ps": "1002.8",
    "ta": "-9.0",
    "td": "-12.3",
    "hm": "66.0",
    "pv": "1.9",
    "rn": "-9.0",
    "hr3_fhsc": "0.5",
    "dsnw": "2.5",
    "dmst_mtph_no": "40",
    "dc10_tca": "10",
    "dc10_lmcs_ca": "8",
    "lcs_ch": "12",
    "clfm_abbr_cd": "Sc",
    "vs": "1500",
    "ss": "0.7",
    "icsr": "1.25",
    "gnd_stt_cd": "5",
    "ts": "-1.5",
    "m005_te": "0.6",
    "m01_te": "1.1",
    "m02_te": "2.2",
    "m03_te": "3.3",
}
RN_JUN = 17

Make = Callable[..., KmaApiHubSource]


@pytest.fixture
def make(server: ScriptedServer) -> Make:
    def source(now: datetime = NOW) -> KmaApiHubSource:
        access = Access(now=lambda: now, sleep=lambda _: None)
        return KmaApiHubSource(key=SecretStr("secret"), url=f"{server.url}/api/typ01/url", access=access)

    return source


HEADING = """# 기상청 지상관측 시간자료 [입력단위 : 시각]
# YYMMDDHHMI STN  WD   WS GST  GST  GST     PA     PS PT    PR    TA    TD    HM    PV     RN     RN     RN     RN
#        KST  ID                WD   WS   TM                                                     DAY    JUN    INT
"""
EARLIER_HEADING = HEADING.replace("JUN", "")


def body(*lines: str, heading: str = HEADING) -> bytes:
    return f"#START7777\n{heading}{''.join(line + chr(10) for line in lines)}#7777END\n".encode("cp949")


def line(stamp: str, station: int, ta: str = "1.5") -> str:
    values = LINE_46.split()
    values[0], values[1], values[11] = stamp, str(station), ta
    return "  ".join(values)


def read_hour(source: KmaApiHubSource, *stations: int) -> list[dict[str, Any]]:
    start = datetime(2026, 1, 15, 9, tzinfo=KST)
    return [row for table in source.asos_hourly(stations or [108], start, start + HOUR) for row in table.to_pylist()]


@pytest.mark.parametrize("columns", [45, 46])
def test_a_line_by_position_as_received(server: ScriptedServer, make: Make, columns: int) -> None:
    values = LINE_46.split()
    if columns == 45:
        del values[RN_JUN]
    server.say(body(" ".join(values), heading=HEADING if columns == 46 else EARLIER_HEADING))
    start = datetime(2026, 1, 15, 9, tzinfo=KST)
    (table,) = make().asos_hourly([108], start, start + HOUR)
    assert table.schema.equals(RAW_HOURLY_SCHEMA)
    (row,) = table.to_pylist()
    assert row.pop("station_id") == 108
    assert row.pop("observed_at") == datetime(2026, 1, 15, 0, tzinfo=UTC)
    assert {column: value for column, value in row.items() if value is not None} == EXPECTED


def test_the_recorded_hour_filled_up_to_46_columns(server: ScriptedServer, make: Make, shared_data: Path) -> None:
    recorded = (shared_data / "payloads" / "apihub_kma_sfctm2_truncated_26cols.txt").read_text()
    server.say(recorded)
    one = datetime(2026, 5, 27, 16, tzinfo=KST)
    with pytest.raises(TransientFailure, match="row 1 of the answer is malformed"):
        list(make().asos_hourly([108], one, one + HOUR))
    server.say(recorded.replace(" -9 10\n", " -9 10" + " -9" * 20 + "\n"))
    (table,) = make().asos_hourly([108], one, one + HOUR)
    (row,) = table.to_pylist()
    assert row["observed_at"] == datetime(2026, 5, 27, 7, tzinfo=UTC)
    wanted = {
        "wd": "32",
        "ws": "1.2",
        "pa": "998.6",
        "ps": "1002.8",
        "ta": "25.1",
        "td": "20.6",
        "hm": "66.0",
        "pv": "24.3",
        "rn": "-9.0",
        "hr3_fhsc": "-9.0",
        "dsnw": "-9.0",
        "dmst_mtph_no": "-9",
        "dc10_tca": "10",
        "vs": "-9",
    }
    assert {column: row[column] for column in wanted} == wanted


def test_the_recorded_hour_of_dust(server: ScriptedServer, make: Make, shared_data: Path) -> None:
    server.say((shared_data / "payloads" / "apihub_dst_pm10_hr.txt").read_bytes())
    start = datetime(2026, 7, 2, 17, tzinfo=KST)
    (table,) = make(start + HOUR).pm10_hourly([90, 108, 52203], start, start + HOUR)
    assert table.schema.equals(RAW_PM10_SCHEMA)
    assert table.to_pylist() == [
        {"station_id": 90, "observed_at": datetime(2026, 7, 2, 8, tzinfo=UTC), "pm10": "14", "pm10_qc": None}
    ], "the Chinese station of the same reply is none of KMA's"
    (request,) = server.requests
    assert request.path == "/api/typ01/url/dst_pm10_hr.php"
    assert request.query["org"] == "'kma'"
    assert (request.query["tm"], request.query["stn"]) == ("202607021700", "0")


def test_the_recorded_lines_of_other_endpoints(shared_data: Path) -> None:
    def lines(name: str) -> list[list[str]]:
        recorded = (shared_data / "payloads" / name).read_bytes()
        reply = Reply(Origin("kma_api_hub", "x", "K", "U"), 200, recorded, NOW)
        return [fields(text) for text in read_text(reply).lines]

    assert lines("apihub_kma_pm10.txt") == [
        ["202607011800", "108", "39", "000000", ""],
        ["202607012230", "100", "0", "000000", ""],
    ]
    assert lines("apihub_sfc_aws_day.txt") == [
        ["20250701", "108", "126.96580000", "37.57142000", "85.67", "31.7", "서울"],
        ["20250701", "212", "127.88043000", "37.68360000", "140.20", "30.1", "홍천"],
    ]


DAILY = (
    "20220101 159 2.2 1938 32 7.1 635 32 11.7 17 1.9 7.4 1332 -9.0 645 -16.6 1.0 -9.5 24.4 17.0 1041 1.7 3.7 2.6 -9.0 "
    "1019.6 1028.4 1030.8 1014 1026.7 2322 3.4 9.2 9.9 -9.0 12.72 2.14 1200 -9.0 -9.0 -9.0 -9.0 -9 -9.0 -9 -9.0 -9 "
    "-9.0 -9 -9.0 -9 7.0 11.6 14.7 19.4 19.8"
)


@pytest.mark.parametrize("separator", [" ", ", "])
def test_a_day_by_position(server: ScriptedServer, make: Make, separator: str) -> None:
    end = ",=" if separator == ", " else ""
    server.say(body(separator.join(DAILY.split()) + end))
    (table,) = make().asos_daily([159], date(2022, 1, 1), date(2022, 1, 2))
    assert table.schema.equals(RAW_DAILY_SCHEMA)
    (row,) = table.to_pylist()
    assert (row["station_id"], row["observed_on"]) == (159, date(2022, 1, 1))
    assert (row["avg_ta"], row["max_ta"], row["min_ta"]) == ("1.9", "7.4", "-9.0")
    assert (row["avg_ws"], row["max_ws_wd"], row["max_ins_ws"]) == ("2.2", "32", "11.7")
    assert (row["min_ta_hrmt"], row["sum_lrg_ev"], row["sum_sml_ev"]) == ("645", "2.6", "3.7")
    assert (row["sum_gsr"], row["hr1_max_icsr"], row["sum_rn"]) == ("12.72", "2.14", "-9.0")
    assert (row["avg_m05_te"], row["avg_m50_te"]) == ("7.0", "19.8")
    assert (row["max_wd"], row["avg_cm5_te"], row["iscs"]) == (None, None, None), "the hub has no such column"
    assert server.requests[0].path == "/api/typ01/url/kma_sfcdd3.php"
    assert server.requests[0].query == {
        "tm1": "20220101",
        "tm2": "20220101",
        "stn": "159",
        "help": "0",
        "authKey": "secret",
    }


def test_the_current_hour_of_all_stations_is_one_call(server: ScriptedServer, make: Make) -> None:
    stations = range(90, 185)
    server.say(body(*(line("202607021200", station, f"{station / 10}") for station in range(80, 300))))
    start = datetime(2026, 7, 2, 12, tzinfo=KST)
    (table,) = make().asos_hourly(stations, start, start + HOUR)
    assert table["station_id"].to_pylist() == list(stations)
    assert table["ta"].to_pylist() == [f"{station / 10}" for station in stations]
    (request,) = server.requests
    assert request.path == "/api/typ01/url/kma_sfctm2.php"
    assert request.query == {"tm": "202607021200", "stn": "0", "help": "0", "authKey": "secret"}


def hours_service(request: Request) -> Answer:
    """What the real one does with station 108 and 129: every hour of the span, oldest first."""
    first = datetime.strptime(request.query["tm1"] + "+0900", "%Y%m%d%H%M%z")
    last = datetime.strptime(request.query["tm2"] + "+0900", "%Y%m%d%H%M%z")
    asked = int(request.query["stn"])
    hours = [first + n * HOUR for n in range((last - first) // HOUR + 1)]
    stations = [asked] if asked else [108, 129]
    return Answer(body(*(line(f"{hour:%Y%m%d%H%M}", station) for hour in hours for station in stations)))


def test_three_months_in_31_day_windows(server: ScriptedServer, make: Make) -> None:
    server.respond = hours_service
    start, end = datetime(2024, 1, 1, tzinfo=KST), datetime(2024, 4, 1, tzinfo=KST)
    tables = list(make().asos_hourly([108], start, end))
    hours = [hour for table in tables for hour in table["observed_at"].to_pylist()]
    assert hours == [start + n * HOUR for n in range(91 * 24)]
    assert [(request.query["tm1"], request.query["tm2"]) for request in sorted(server.requests, key=str)] == [
        ("202401010000", "202401312300"),
        ("202402010000", "202403022300"),
        ("202403030000", "202403312300"),
    ]
    assert {request.path for request in server.requests} == {"/api/typ01/url/kma_sfctm3.php"}


def test_today_of_two_stations_is_one_call(server: ScriptedServer, make: Make) -> None:
    server.respond = hours_service
    start = datetime(2026, 7, 2, tzinfo=KST)
    (table,) = make().asos_hourly([108, 129], start, start + DAY)
    assert table.num_rows == 2 * 13, "hours 00 to 12: it is 12:20"
    (request,) = server.requests
    assert (request.query["tm2"], request.query["stn"]) == ("202607021200", "0")


def test_no_lines_are_no_rows(server: ScriptedServer, make: Make) -> None:
    server.say(body())
    assert read_hour(make()) == []
    assert len(server.requests) == 1


GOOD = body(line("202601150900", 108, "-9.0"))


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(GOOD[:-4], id="end mark cut"),
        pytest.param(GOOD[:-60], id="line cut"),
        pytest.param(GOOD.replace(b" -12.3", b"", 1), id="a blank field, so as many columns as of old"),
        pytest.param(GOOD.replace(b"\n#7777", b" 1\n#7777"), id="one column more"),
        pytest.param(GOOD.replace(b"202601150900", b"2026-01-99"), id="bad time"),
        pytest.param(GOOD.replace(b" 108 ", b" abc "), id="bad station"),
        pytest.param(b"<html></html>", id="a page"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_spoilt_answer_is_asked_for_again(server: ScriptedServer, make: Make, spoilt: bytes) -> None:
    assert spoilt != GOOD
    server.say(spoilt, GOOD)
    (row,) = read_hour(make())
    assert row["ta"] == "-9.0", "a real winter temperature, not a sentinel"
    assert len(server.requests) == 2
    server.say(spoilt)
    with pytest.raises(TransientFailure, match=r"\(5 attempts\)"):
        read_hour(make())


def test_without_a_heading_all_lines_must_have_as_many_columns_as_the_first(server: ScriptedServer, make: Make) -> None:
    lines = [line("202601150900", 108), line("202601150900", 129).replace(" -12.3", "")]
    server.say(body(*lines, heading=""))
    with pytest.raises(TransientFailure, match="row 2 of the answer is malformed"):
        read_hour(make(), 108, 129)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_the_encoding_of_the_help_lines_does_not_matter(server: ScriptedServer, make: Make, encoding: str) -> None:
    server.say(GOOD.decode("cp949").replace("\n", "\r\n").encode(encoding))
    assert len(read_hour(make())) == 1


def test_double_and_disordered_lines_become_one_each_in_order_the_last_counting(
    server: ScriptedServer, make: Make
) -> None:
    server.say(
        body(
            line("202601151100", 108, "3"),
            line("202601150900", 108, "1"),
            line("202601151000", 108, "2"),
            line("202601150900", 108, "9"),
        )
    )
    start = datetime(2026, 1, 15, 9, tzinfo=KST)
    (table,) = make().asos_hourly([108], start, start + 3 * HOUR)
    assert table["ta"].to_pylist() == ["9", "2", "3"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"result":{"status":401,"message":"유효한 인증키가 아닙니다."}}', "check KMA_API_HUB_KEY"),
        ('{"result":{"status":403,"message":"활용신청이 필요한 API 입니다."}}', "kma_sfctm3.php: HTTP 403"),
    ],
)
def test_an_error_with_http_200_is_an_error_and_is_met_once(
    server: ScriptedServer, make: Make, answer: str, words: str
) -> None:
    server.say(answer)
    with pytest.raises(PermanentFailure, match=words):
        list(make().asos_hourly([108], datetime(2020, 1, 1, tzinfo=KST), datetime(2021, 1, 1, tzinfo=KST)))
    assert len(server.requests) == 1


def test_the_source_tells_what_it_is_without_its_key(make: Make) -> None:
    source = make()
    assert (source.name, source.simulated) == ("kma_api_hub", False)
    assert "secret" not in repr(source)
