"""The hub's text against recorded lines (public recordings of the live service) and reference/KMA_FORMATS.md."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from weather_assets.clock import KST
from weather_assets.sources.kma_service import Fault, FaultKind, KmaService

Question = Callable[..., Any]


# kma_sfctm2 as recorded live: Seoul, 2025-11-13 08:00.
NAMES = (
    "# YYMMDDHHMI STN  WD   WS GST  GST  GST     PA     PS PT    PR    TA    TD    HM    PV     RN     RN     RN     "
    "RN     SD     SD     SD WC WP WW                      CA  CA   CH CT        CT  CT  CT    VS   SS    SI ST    TS "
    "   TE    TE    TE    TE  ST   WH BF IR IX"
)
UNITS = (
    "#        KST  ID  16  m/s  WD   WS   TM    hPa    hPa  -   hPa     C     C     %   hPa     mm    DAY    JUN    "
    "INT    HR3    DAY    TOT -- -- ---------------------- TOT MID  MIN -------- TOP MID LOW                  GD     C "
    "    5    10    20    30 SEA    m --  -  -"
)
LINE = (
    "202511130800 108   5  2.6  -9 -9.0   -9 1010.5 1021.0 -9  -9.0   8.1   5.0  81.0   8.7   -9.0   -9.0   -9.0   "
    "-9.0   -9.0   -9.0   -9.0 -9 -9 -                        9   9   10 Sc         0   0   5  1074  0.0  0.04 -9   "
    "8.2   8.7   9.1  10.8  11.7  -9 -9.0 -9  3  2"
)
# Cloud heights and the kind of station are in no source.
EXPECTED_LINE = LINE.replace("Sc         0   0   5", "Sc        -9  -9  -9").removesuffix(" 2") + "-9"

READING = {
    "wd": "50", "ws": "2.6", "pa": "1010.5", "ps": "1021", "ta": "8.1", "td": "5", "hm": "81", "pv": "8.7",
    "dc10_tca": "9", "dc10_lmcs_ca": "9", "lcs_ch": "10", "clfm_abbr_cd": "Sc", "vs": "1074", "ss": "0", "icsr": ".04",
    "ts": "8.2", "m005_te": "8.7", "m01_te": "9.1", "m02_te": "10.8", "m03_te": "11.7",
}  # fmt: skip

# kma_sfcdd as recorded live: Seoul, 2026-08-09 (a dry day; 56 values and a closing comma).
DAY_LINE = (
    "20260809,108,4.0,3445,5,6.0,1040,2,11.4,1048,27.6,31.6,1354,24.5,546,18.7,32.0,21.7,58.9,51.0,1352,21.7,7.3,5.1,"
    "-9.00,999.7,1009.3,1011.2,2328,1008.0,1541,6.4,6.5,13.8,-9.0,18.71,2.31,1300,-9.0,-9.0,-9.00,-9.0,-9,-9.0,-9,-9.0,"
    "-9,-9.0,-9,-9.0,-9,29.4,26.8,25.4,20.3,15.9,"
)
DAY = {
    "avg_ws": "4", "hr24_sum_rws": "3445", "max_ws_wd": "50", "max_ws": "6.0", "max_ws_hrmt": "1040",
    "max_ins_ws_wd": "20", "max_ins_ws": "11.4", "max_ins_ws_hrmt": "1048", "avg_ta": "27.6", "max_ta": "31.6",
    "max_ta_hrmt": "1354", "min_ta": "24.5", "min_ta_hrmt": "0546", "avg_td": "18.7", "avg_ts": "32", "min_tg": "21.7",
    "avg_rhm": "58.9", "min_rhm": "51", "min_rhm_hrmt": "1352", "avg_pv": "21.7", "sum_sml_ev": "7.3",
    "sum_lrg_ev": "5.1", "avg_pa": "999.7", "avg_ps": "1009.3", "max_ps": "1011.2", "max_ps_hrmt": "2328",
    "min_ps": "1008", "min_ps_hrmt": "1541", "avg_tca": "6.4", "sum_ss_hr": "6.5", "ss_dur": "13.8", "sum_gsr": "18.71",
    "hr1_max_icsr": "2.31", "hr1_max_icsr_hrmt": "1300", "avg_m05_te": "29.4", "avg_m10_te": "26.8",
    "avg_m15_te": "25.4", "avg_m30_te": "20.3", "avg_m50_te": "15.9",
}  # fmt: skip


@pytest.fixture
def november(source: Any, service: KmaService) -> None:
    source.hours.append({"station_id": 108, "observed_at": datetime(2025, 11, 12, 23, tzinfo=UTC), **READING})
    service.set_now(datetime(2025, 11, 13, 8, 30, tzinfo=KST))


@pytest.mark.usefixtures("november")
def test_hourly_text_equals_the_recorded_one(hub: Question) -> None:
    answer = hub("kma_sfctm2", tm="202511130800", stn=108, help=0)
    lines = answer.text.splitlines()
    ruler = "#" + "".join(str(place % 10) for place in range(2, len(NAMES) + 1))
    assert lines[:4] == ["#START7777", ruler, NAMES, UNITS]
    assert lines[-1] == "#7777END"
    assert answer.lines == [EXPECTED_LINE]
    assert (answer.status, answer.content_type) == (200, "text/plain")


@pytest.mark.usefixtures("november")
def test_without_a_time_the_latest_hour_comes(hub: Question) -> None:
    assert [line.split()[0] for line in hub("kma_sfctm2").lines] == ["202511130800"]


def test_help_lists_46_columns_in_korean(hub: Question) -> None:
    text = hub("kma_sfctm2", help=1).text
    numbered = [line.split()[1:3] for line in text.splitlines() if line.startswith("# ") and ". " in line[:6]]
    assert [number for number, _ in numbered] == [f"{place}." for place in range(1, 47)]
    assert [name for _, name in numbered][15:19] == ["RN", "RN_DAY", "RN_JUN", "RN_INT"]
    assert "기온" in text
    assert "기온" not in hub("kma_sfctm2", help=0).text


def test_each_element_has_its_own_sentinel(source: Any, service: KmaService, hub: Question) -> None:
    """Columns of a reading without a value: -99 for temperatures, - for texts, -9 elsewhere; 3 = no rain."""
    source.hours.append({"station_id": 108, "observed_at": datetime(2022, 1, 1, tzinfo=UTC)})
    service.set_now(datetime(2022, 1, 1, 10, tzinfo=KST))
    (line,) = hub("kma_sfctm2", tm="202201010900", stn=108).lines
    assert " ".join(line.split()[2:]) == (
        "-9 -9.0 -9 -9.0 -9 -9.0 -9.0 -9 -9.0 -99.0 -99.0 -9.0 -9.0 -9.0 -9.0 -9.0 -9.0 -9.0 -9.0 -9.0 -9 -9 - "
        "-9 -9 -9 - -9 -9 -9 -9 -9.0 -9.00 -9 -99.0 -99.0 -99.0 -99.0 -99.0 -9 -9.0 -9 3 -9"
    )


def test_real_minus_nine_degrees_differ_from_a_missing_temperature(hub: Question) -> None:
    (line,) = hub("kma_sfctm2", tm="202106011200", stn=129).lines
    assert line.split()[11] == "-9.0"


@pytest.mark.parametrize(
    ("degrees", "tens"), [("320", "32"), ("0", "0"), ("360", "36"), ("270.0", "27"), ("34", "3.4")]
)
def test_wind_direction_goes_out_in_tens_of_degrees(
    source: Any, service: KmaService, hub: Question, degrees: str, tens: str
) -> None:
    source.hours.append({"station_id": 108, "observed_at": datetime(2022, 1, 1, tzinfo=UTC), "wd": degrees})
    service.set_now(datetime(2022, 1, 1, 10, tzinfo=KST))
    assert hub("kma_sfctm2", stn=108).lines[0].split()[2] == tens


def test_layout_without_rn_jun_has_45_columns(service: KmaService, hub: Question) -> None:
    service.inject(Fault(FaultKind.COLUMNS_45))
    assert len(hub("kma_sfctm2", stn=108).lines[0].split()) == 45
    assert len(hub("kma_sfctm2", stn=108).lines[0].split()) == 46


@pytest.mark.parametrize(
    ("stn", "stations"),
    [("0", ["108", "129"]), ("", ["108", "129"]), ("129:108", ["108", "129"]), ("129", ["129"]), ("999", [])],
)
def test_stations_of_one_hour(hub: Question, stn: str, stations: list[str]) -> None:
    lines = hub("kma_sfctm2", tm="202106011200", stn=stn).lines
    assert [line.split()[1] for line in lines] == stations


def test_a_reading_is_there_ten_minutes_after_its_hour(service: KmaService, hub: Question) -> None:
    service.set_now(datetime(2021, 6, 3, 15, 9, tzinfo=KST))
    assert hub("kma_sfctm2", tm="202106031500", stn=108).lines == []
    service.set_now(datetime(2021, 6, 3, 15, 10, tzinfo=KST))
    assert len(hub("kma_sfctm2", tm="202106031500", stn=108).lines) == 1


def test_a_time_to_come_has_marks_and_no_lines(hub: Question) -> None:
    answer = hub("kma_sfctm2", tm="203001010000")
    assert answer.text.startswith("#START7777\n")
    assert answer.text.endswith("#7777END\n")
    assert answer.lines == []


def test_a_period_includes_both_ends(hub: Question) -> None:
    lines = hub("kma_sfctm3", tm1="202106010300", tm2="202106020300", stn=108).lines
    assert (len(lines), lines[0][:12], lines[-1][:12]) == (25, "202106010300", "202106020300")


def test_a_period_has_at_most_31_days(hub: Question) -> None:
    assert hub("kma_sfctm3", tm1="202105010000", tm2="202105312300").status == 200
    refused = hub("kma_sfctm3", tm1="202105010000", tm2="202106010000")
    assert (refused.status, refused.json["result"]["status"]) == (400, 400)


@pytest.mark.parametrize("parameters", [{"tm": "2021-06-01"}, {"tm": "202106311200"}, {"stn": "108,129"}])
def test_nonsense_is_refused_in_json(hub: Question, parameters: dict[str, str]) -> None:
    answer = hub("kma_sfctm2", **parameters)
    assert (answer.status, answer.json["result"]["status"]) == (400, 400)


@pytest.mark.parametrize("key", ["", "wrong"])
def test_wrong_keys_get_the_recorded_json(shared_data: Path, hub: Question, key: str) -> None:
    answer = hub("kma_sfctm2", authKey=key)
    expected = json.loads((shared_data / "payloads" / "apihub_401.json").read_text(encoding="utf-8"))
    assert (answer.status, answer.json) == (401, expected)


def test_unknown_endpoint_is_a_json_404(hub: Question) -> None:
    answer = hub("kma_sfctm9")
    assert (answer.status, answer.json["result"]["status"]) == (404, 404)


@pytest.fixture
def august(source: Any, service: KmaService) -> None:
    source.days.append({"station_id": 108, "observed_on": date(2026, 8, 9), **DAY})
    service.set_now(datetime(2026, 8, 10, 9, tzinfo=KST))


@pytest.mark.usefixtures("august")
def test_one_day_equals_the_recorded_line(hub: Question) -> None:
    assert hub("kma_sfcdd", tm="20260809", stn=108).lines == [DAY_LINE]


@pytest.mark.usefixtures("august")
def test_a_period_of_days_is_separated_by_blanks(hub: Question) -> None:
    by_blanks = hub("kma_sfcdd3", tm1="20260801", tm2="20260809", stn=108).lines
    assert [line.split() for line in by_blanks] == [DAY_LINE.rstrip(",").split(",")]
    assert hub("kma_sfcdd", tm="20260809", stn=108, disp=1).lines == by_blanks


def test_a_day_without_values_has_sentinels(source: Any, service: KmaService, hub: Question) -> None:
    source.days.append({"station_id": 108, "observed_on": date(2022, 1, 1)})
    service.set_now(datetime(2022, 1, 2, 9, tzinfo=KST))
    values = hub("kma_sfcdd", tm="20220101", stn=108).lines[0].split(",")
    assert [values[place] for place in (10, 11, 13, 38, 44)] == ["-99.0", "-99.0", "-99.0", "-9.0", "-9"]


def test_today_has_no_daily_values_yet(hub: Question) -> None:
    assert hub("kma_sfcdd", stn=108).lines == []
    assert [line[:8] for line in hub("kma_sfcdd3", tm1="20210601", tm2="20210603", stn=108).lines] == [
        "20210601",
        "20210602",
    ]


def test_a_year_of_days_is_one_call_and_more_is_refused(hub: Question) -> None:
    assert hub("kma_sfcdd3", tm1="20200101", tm2="20201231").status == 200
    assert hub("kma_sfcdd3", tm1="20200101", tm2="20210101").status == 400


def test_station_list_is_korean_text_in_euc_kr(hub: Question) -> None:
    answer = hub("stn_inf", inf="SFC")
    assert "서울".encode("euc-kr") in answer.body
    fields = answer.lines[0].split()
    assert (fields[0], float(fields[1]), float(fields[2]), fields[10]) == ("108", 126.9658, 37.5714, "서울")
    assert [line.split()[0] for line in answer.lines] == ["108", "129"]
    assert hub("stn_inf", inf="AWS").status == 400
