"""The bodies of data.go.kr against recorded ones and against reference/KMA_FORMATS.md."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from weather_assets.clock import KST
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.kma_service import KmaService

Question = Callable[..., Any]


ENDPOINT = "AsosHourlyInfoService/getWthrDataList"

# The row of the portal's own file for the hour of the recorded body: bare decimals, plain zeros.
PORTAL_ROW = {
    "ta": "3.6", "ws": "2.5", "wd": "290", "hm": "76", "pv": "6", "td": "-.2", "pa": "1007.8", "ps": "1018.4",
    "ss_qc": "9", "dc10_tca": "9", "dc10_lmcs_ca": "8", "lcs_ch": "3", "vs": "310", "dmst_mtph_no": "40", "ts": "0",
    "m005_te": ".5", "m01_te": "0", "m02_te": ".2", "m03_te": ".7",
}  # fmt: skip


def recorded(shared_data: Path, name: str) -> Any:
    return json.loads((shared_data / "payloads" / name).read_text(encoding="utf-8"))


def test_hourly_body_equals_the_recorded_one(shared_data: Path, source: Any, hourly: Question) -> None:
    source.hours.append({"station_id": 108, "observed_at": datetime(2019, 1, 19, 16, tzinfo=UTC), **PORTAL_ROW})
    answer = hourly(startDt="20190120", startHh="01", endDt="20190120", endHh="01", numOfRows=1)
    body = recorded(shared_data, "asos_hourly_ok_108_20190120.json")
    assert (answer.status, answer.json) == (200, body)
    assert list(answer.items[0]) == list(body["response"]["body"]["items"]["item"][0])
    assert list(answer.json["response"]["body"]) == list(body["response"]["body"])


def test_real_portal_file_gives_the_recorded_hour(shared_data: Path, ask: Question) -> None:
    """The same hour from the portal's file of 2019 and from the service; that file layout has no flags."""
    now = datetime(2021, 1, 1, 12, tzinfo=KST)
    with KmaService(KmaCsvSource(shared_data / "asos_hourly" / "108"), now=now) as service:
        answer = ask(
            f"{service.data_go_kr_url}/{ENDPOINT}", serviceKey="local-key", dataType="JSON", dataCd="ASOS",
            dateCd="HR", startDt="20190120", startHh="01", endDt="20190120", endHh="01", stnIds="108",
        )  # fmt: skip
    item = recorded(shared_data, "asos_hourly_ok_108_20190120.json")["response"]["body"]["items"]["item"][0]
    assert answer.items == [item | {"ssQcflg": ""}]


def test_daily_body_equals_the_recorded_one(
    shared_data: Path, source: Any, service: KmaService, daily: Question
) -> None:
    body = recorded(shared_data, "asos_daily_ok_159_20220101.json")
    item = body["response"]["body"]["items"]["item"][0] | {"stnId": "108", "stnNm": "서울"}
    body["response"]["body"]["items"]["item"] = [item]
    columns = {re.sub("([A-Z])", r"_\1", name).lower(): text or None for name, text in list(item.items())[3:]}
    source.days.append({"station_id": 108, "observed_on": date(2022, 1, 1)} | columns)
    service.set_now(datetime(2022, 1, 3, tzinfo=KST))
    answer = daily(startDt="20220101", endDt="20220101", numOfRows=1)
    assert (answer.status, answer.json) == (200, body)
    assert list(answer.items[0]) == list(item)


def test_daily_is_derived_where_the_source_has_none(daily: Question) -> None:
    """0.5, 1.5 ... 23.5 on the first day: mean 12.0, lowest at 00:00, highest at 23:00; nothing known of rain."""
    first = daily().items[0]
    assert [first[name] for name in ("tm", "avgTa", "minTa", "minTaHrmt", "maxTa", "maxTaHrmt")] == [
        "2021-06-01", "12.0", "0.5", "0000", "23.5", "2300",
    ]  # fmt: skip
    assert (first["sumRn"], first["avgRhm"], first["minRhm"], first["maxInsWs"]) == ("", "50.0", "50", "")


def test_xml_holds_the_same_items_as_json(hourly: Question) -> None:
    answer = hourly(dataType="XML")
    assert answer.content_type.startswith("application/xml")
    tree = ET.fromstring(answer.body)  # noqa: S314
    items = [{child.tag: child.text or "" for child in item} for item in tree.iterfind("body/items/item")]
    assert items == hourly().items
    assert (tree.findtext("header/resultCode"), tree.findtext("body/totalCount")) == ("00", "48")


def test_xml_is_the_default(hourly: Question) -> None:
    assert hourly(dataType="").body.startswith(b"<?xml")


def test_every_value_is_text(hourly: Question) -> None:
    assert {type(value) for item in hourly().items for value in item.values()} == {str}


def test_pages_share_the_rows_without_loss(hourly: Question) -> None:
    pages = [hourly(pageNo=page, numOfRows=20) for page in (1, 2, 3)]
    assert [len(page.items) for page in pages] == [20, 20, 8]
    assert {page.json["response"]["body"]["totalCount"] for page in pages} == {48}
    rows = [item for page in pages for item in page.items]
    assert [row["rnum"] for row in rows] == [str(number) for number in range(1, 49)]
    assert [row["tm"] for row in rows] == [row["tm"] for row in hourly().items]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stnIds": ""}, "11"),
        ({"startHh": ""}, "11"),
        ({"dataCd": ""}, "11"),
        ({"dataCd": "AWS"}, "10"),
        ({"dateCd": "DAY"}, "10"),
        ({"startDt": "2021-06-01"}, "10"),
        ({"startDt": "20210631"}, "10"),
        ({"startDt": "2021601"}, "10"),
        ({"startHh": "24"}, "10"),
        ({"startHh": "1"}, "10"),
        ({"startDt": "20210603"}, "10"),
        ({"pageNo": "0"}, "10"),
        ({"dataType": "CSV"}, "10"),
        ({"stnIds": "108,129"}, "10"),
        ({"numOfRows": "1000"}, "99"),
        ({"pageNo": "2"}, "03"),
        ({"stnIds": "999"}, "03"),
        ({"startDt": "19990101", "endDt": "19990102"}, "03"),
    ],
)
def test_refusals_have_the_documented_code(hourly: Question, changes: dict[str, str], code: str) -> None:
    answer = hourly(**changes)
    assert answer.status == 200
    if "dataType" in changes:
        assert ET.fromstring(answer.body).findtext("header/resultCode") == code  # noqa: S314
    else:
        assert answer.code == code


def test_999_rows_are_accepted(hourly: Question) -> None:
    assert hourly(numOfRows=999).code == "00"


def test_no_data_equals_the_recorded_body(shared_data: Path, hourly: Question) -> None:
    answer = hourly(stnIds="999")
    assert (answer.status, answer.json) == (200, recorded(shared_data, "datago_03_nodata.json"))


@pytest.mark.parametrize("last", ["20210603", "20210604", "20300101"])
def test_today_or_later_fails_the_whole_request(shared_data: Path, hourly: Question, last: str) -> None:
    answer = hourly(endDt=last)
    assert (answer.status, answer.json) == (200, recorded(shared_data, "datago_99_previous_day_only.json"))


def test_today_is_the_services_own(service: KmaService, hourly: Question) -> None:
    service.set_now(datetime(2021, 6, 2, 23, 59, tzinfo=KST))
    assert hourly().code == "99"
    service.set_now(datetime(2021, 6, 3, 0, 0, tzinfo=KST))
    assert hourly().code == "00"


def test_yesterday_is_complete_at_ten(service: KmaService, hourly: Question, daily: Question) -> None:
    service.set_now(datetime(2021, 6, 3, 9, 59, tzinfo=KST))
    assert hourly().items[-1]["tm"] == "2021-06-02 22:00"
    assert [item["tm"] for item in daily().items] == ["2021-06-01"]
    service.set_now(datetime(2021, 6, 3, 10, 0, tzinfo=KST))
    assert hourly().items[-1]["tm"] == "2021-06-02 23:00"
    assert [item["tm"] for item in daily().items] == ["2021-06-01", "2021-06-02"]


@pytest.mark.parametrize("key", ["", "wrong", "abc%2B%2F%3Dkey%3D%3D"], ids=["absent", "wrong", "encoded twice"])
def test_wrong_keys_get_the_gateways_xml_even_for_json(shared_data: Path, hourly: Question, key: str) -> None:
    answer = hourly(serviceKey=key)
    expected = (shared_data / "payloads" / "datago_30_key_not_registered.xml").read_bytes().strip()
    assert (answer.status, answer.body) == (200, expected)


def test_the_key_may_be_called_service_key_with_a_capital(hourly: Question) -> None:
    assert hourly(serviceKey="", ServiceKey="abc+/=key==").code == "00"


def test_stamps_ignore_the_summer_time_of_1988(source: Any, hourly: Question) -> None:
    source.hours.append({"station_id": 108, "observed_at": datetime(1988, 7, 1, 0, tzinfo=UTC), "ta": "20"})
    answer = hourly(startDt="19880701", endDt="19880701")
    assert [(item["tm"], item["ta"]) for item in answer.items] == [("1988-07-01 09:00", "20.0")]


def test_digits_of_the_source_are_never_lost(source: Any, hourly: Question) -> None:
    source.hours.append(
        {"station_id": 108, "observed_at": datetime(2020, 1, 1, tzinfo=UTC), "ta": "-9", "icsr": "1.234", "rn": "abc"}
    )
    (item,) = hourly(startDt="20200101", endDt="20200101").items
    assert (item["ta"], item["icsr"], item["rn"]) == ("-9.0", "1.234", "abc")
