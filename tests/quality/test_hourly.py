"""What becomes of each value of an hour, case by case and against an independent second writing of the rules."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quality.conftest import Clean, raw_table, run_clean
from quality.oracle import FLAGGED_BY_KMA, NUMBERS, clean_hour

from weather_assets.elements import PROVIDERS, RAW_HOURLY_COLUMNS
from weather_assets.tables import CLEAN_ASOS_HOURLY

KST = timezone(timedelta(hours=9))
SUMMER = datetime(2021, 7, 1, 14, tzinfo=KST)
WINTER_REPORT = datetime(2021, 1, 1, 15, tzinfo=KST)
WINTER_BETWEEN = datetime(2021, 1, 1, 16, tzinfo=KST)


def reading(at: datetime = SUMMER, source: str = "kma_csv", **texts: str | None) -> dict[str, object]:
    return {"station_id": 108, "observed_at": at, "source": source, **texts}


def one(clean: Clean, raw: dict[str, object], name: str) -> tuple[object, object]:
    (row,) = clean(raw_table([raw]))
    return row[name], row[f"{name}_flag"]


def test_the_columns_are_those_of_the_table() -> None:
    described = run_clean(raw_table([reading(ta="1")])).execute("DESCRIBE clean").fetchall()
    assert sorted(name for name, *_ in described) == sorted(CLEAN_ASOS_HOURLY.column_names)


@pytest.mark.parametrize(
    ("name", "texts", "source", "value", "flag"),
    [
        ("air_temperature_c", {"ta": ".9"}, "kma_csv", 0.9, "ok"),
        ("air_temperature_c", {"ta": "-.9"}, "kma_csv", -0.9, "ok"),
        ("air_temperature_c", {"ta": "-9.0"}, "kma_csv", -9.0, "ok"),
        ("air_temperature_c", {"ta": "-9.0"}, "data_go_kr", -9.0, "ok"),
        ("air_temperature_c", {"ta": "-9.0"}, "kma_api_hub", -9.0, "ok"),
        ("air_temperature_c", {"ta": "-99.0"}, "kma_api_hub", None, "missing"),
        ("air_temperature_c", {"ta": "-99"}, "kma_api_hub", None, "missing"),
        ("air_temperature_c", {"ta": "-99.0"}, "kma_csv", None, "range"),
        ("air_temperature_c", {"ta": "60.1"}, "kma_csv", None, "range"),
        ("air_temperature_c", {"ta": "-40"}, "kma_csv", -40.0, "ok"),
        ("air_temperature_c", {"ta": "-40.1"}, "kma_csv", None, "range"),
        ("air_temperature_c", {"ta": "n/a"}, "kma_csv", None, "range"),
        ("air_temperature_c", {"ta": "nan"}, "kma_csv", None, "range"),
        ("air_temperature_c", {"ta": "inf"}, "kma_csv", None, "range"),
        ("air_temperature_c", {}, "kma_csv", None, "missing"),
        ("air_temperature_c", {"ta": "5", "ta_qc": "0"}, "kma_csv", 5.0, "ok"),
        ("air_temperature_c", {"ta": "5", "ta_qc": "1"}, "kma_csv", None, "provider"),
        ("air_temperature_c", {"ta": "5", "ta_qc": "1.0"}, "kma_csv", None, "provider"),
        ("air_temperature_c", {"ta": "999", "ta_qc": "1"}, "kma_csv", None, "provider"),
        ("air_temperature_c", {"ta_qc": "1"}, "kma_csv", None, "missing"),
        ("air_temperature_c", {"ta_qc": "9"}, "kma_csv", None, "missing"),
        ("wind_speed_ms", {"ws": "0", "ws_qc": "9"}, "kma_csv", None, "provider"),
        ("wind_speed_ms", {"ws": "-9.0"}, "kma_api_hub", None, "missing"),
        ("wind_speed_ms", {"ws": "-9.0"}, "kma_csv", None, "range"),
        ("wind_speed_ms", {"ws": "75.1"}, "kma_csv", None, "range"),
        ("wind_direction_deg", {"wd": "32"}, "kma_api_hub", 320.0, "ok"),
        ("wind_direction_deg", {"wd": "320"}, "data_go_kr", 320.0, "ok"),
        ("wind_direction_deg", {"wd": "360"}, "kma_csv", 360.0, "ok"),
        ("wind_direction_deg", {"wd": "370"}, "kma_csv", None, "range"),
        ("relative_humidity_pct", {"hm": "0"}, "kma_csv", None, "range"),
        ("relative_humidity_pct", {"hm": "1"}, "kma_csv", 1.0, "ok"),
        ("relative_humidity_pct", {"hm": "101"}, "kma_csv", None, "range"),
        ("dew_point_c", {"td": "-9.0"}, "kma_api_hub", -9.0, "ok"),
        ("dew_point_c", {"td": "-99.0"}, "kma_api_hub", None, "missing"),
        ("station_pressure_hpa", {"pa": "499.9"}, "kma_csv", None, "range"),
        ("sea_level_pressure_hpa", {"ps": "1013.2"}, "kma_csv", 1013.2, "ok"),
        ("cloud_base_m", {"lcs_ch": "10"}, "data_go_kr", 1000.0, "ok"),
        ("visibility_m", {"vs": "2000"}, "kma_csv", 20000.0, "ok"),
        ("cloud_cover_tenths", {"dc10_tca": "11"}, "kma_csv", None, "range"),
        ("sunshine_h", {"ss_qc": "9"}, "kma_csv", None, "missing"),
        ("solar_radiation_mj_m2", {"icsr": "3.61"}, "kma_csv", 3.61, "ok"),
        ("ground_temperature_c", {"ts": "0", "ts_qc": "0"}, "kma_csv", 0.0, "ok"),
    ],
)
def test_one_value(clean: Clean, name: str, texts: dict[str, str], source: str, value: float | None, flag: str) -> None:
    assert one(clean, reading(source=source, **texts), name) == (value, flag)


@pytest.mark.parametrize(
    ("at", "texts", "source", "expected"),
    [
        (SUMMER, {"ta": "20"}, "kma_csv", (0.0, "ok", 1)),
        (SUMMER, {"ta": "20", "rn_qc": "9"}, "kma_csv", (0.0, "ok", 1)),
        (SUMMER, {"ta": "20", "rn": "0.0"}, "kma_csv", (0.0, "ok", 1)),
        (SUMMER, {"ta": "20", "rn": "0", "rn_qc": "9"}, "kma_csv", (None, "provider", 1)),
        (SUMMER, {"ta": "20", "rn_qc": "1"}, "kma_csv", (None, "provider", 1)),
        (SUMMER, {"ta": "20", "rn": "x"}, "kma_csv", (None, "range", 1)),
        (SUMMER, {"ta": "20", "rn": "-1"}, "kma_csv", (None, "range", 1)),
        (SUMMER, {}, "kma_csv", (None, "missing", 1)),
        (SUMMER, {"ta": "20", "rn": "-9.0"}, "kma_api_hub", (0.0, "ok", 1)),
        (SUMMER, {"ta": "-99.0", "rn": "-9.0", "hm": "-9.0"}, "kma_api_hub", (None, "missing", 1)),
        (WINTER_REPORT, {"ta": "0", "rn": "1.5"}, "kma_csv", (1.5, "ok", 3)),
        (WINTER_REPORT, {"ta": "0"}, "kma_csv", (0.0, "ok", 3)),
        (WINTER_BETWEEN, {"ta": "0"}, "kma_csv", (None, "missing", 3)),
        (WINTER_BETWEEN, {"ta": "0", "rn": "-9.0"}, "kma_api_hub", (None, "missing", 3)),
        (datetime(2021, 3, 31, 22, tzinfo=KST), {"ta": "0"}, "kma_csv", (None, "missing", 3)),
        (datetime(2021, 4, 1, 1, tzinfo=KST), {"ta": "0"}, "kma_csv", (0.0, "ok", 1)),
        (datetime(2021, 10, 31, 23, tzinfo=KST), {"ta": "0"}, "kma_csv", (0.0, "ok", 1)),
        (datetime(2021, 11, 1, 0, tzinfo=KST), {"ta": "0"}, "kma_csv", (0.0, "ok", 3)),
        # Seoul's clocks were half an hour behind KMA's stamp then.
        (datetime(1956, 2, 1, 3, tzinfo=KST), {"ta": "0"}, "kma_csv", (0.0, "ok", 3)),
    ],
)
def test_rain(
    clean: Clean, at: datetime, texts: dict[str, str], source: str, expected: tuple[float | None, str, int]
) -> None:
    (row,) = clean(raw_table([reading(at, source, **texts)]))
    assert (row["precipitation_mm"], row["precipitation_mm_flag"], row["precipitation_period_h"]) == expected


# The recorded hour of 2019-01-20 01:00 at Seoul: the four go together.
TOGETHER = {"ta": "3.6", "hm": "76", "td": "-0.2", "pv": "6.0"}


@pytest.mark.parametrize(
    ("changed", "kept_out"),
    [
        ({}, set()),
        ({"hm": "78"}, set()),
        ({"hm": "79"}, {"air_temperature_c", "relative_humidity_pct"}),
        ({"ta": "-2.4"}, {"air_temperature_c", "relative_humidity_pct"}),
        ({"td": "-5.2"}, {"dew_point_c"}),
        ({"td": "4.1"}, {"dew_point_c"}),
        ({"pv": "9.0"}, {"vapor_pressure_hpa"}),
        ({"hm": "60", "pv": None}, {"air_temperature_c", "relative_humidity_pct", "dew_point_c"}),
        ({"hm": "60", "td": None}, set()),
        ({"ta": "10", "ta_qc": "1"}, set()),
    ],
)
def test_humidity_that_disagrees(changed: dict[str, str | None], kept_out: set[str]) -> None:
    rejected = run_clean(raw_table([reading(**{**TOGETHER, **changed})])).execute(
        "SELECT element, flag FROM rejections"
    )
    assert {element for element, flag in rejected.fetchall() if flag == "inconsistent"} == kept_out


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"td": "-5.2"}, "dew_point_c", -0.2),
        ({"td": None}, "dew_point_c", -0.2),
        ({"hm": None}, "relative_humidity_pct", 76.0),
        ({"hm": "0"}, "relative_humidity_pct", 76.0),
    ],
)
def test_humidity_and_dew_point_are_rebuilt_and_say_so(
    clean: Clean, changed: dict[str, str | None], name: str, value: float
) -> None:
    assert one(clean, reading(**{**TOGETHER, **changed}), name) == (value, "filled")


def test_temperature_is_never_rebuilt(clean: Clean) -> None:
    assert one(clean, reading(**{**TOGETHER, "ta": None}), "air_temperature_c") == (None, "missing")


@pytest.mark.parametrize(
    ("code", "name", "text", "expected"),
    [
        ("dmst_mtph_no", "phenomenon_codes", "5.0", "05"),
        ("dmst_mtph_no", "phenomenon_codes", "05", "05"),
        ("dmst_mtph_no", "phenomenon_codes", "40.0", "40"),
        ("dmst_mtph_no", "phenomenon_codes", "4019.0", "4019"),
        ("dmst_mtph_no", "phenomenon_codes", "201.0", "0201"),
        ("dmst_mtph_no", "phenomenon_codes", "1916060501.0", "1916060501"),
        ("dmst_mtph_no", "phenomenon_codes", "-9", None),
        ("dmst_mtph_no", "phenomenon_codes", None, None),
        ("gnd_stt_cd", "ground_state_code", "16.0", "16"),
        ("gnd_stt_cd", "ground_state_code", "5", "5"),
        ("gnd_stt_cd", "ground_state_code", "05", "5"),
        ("gnd_stt_cd", "ground_state_code", "0.0", "0"),
        ("gnd_stt_cd", "ground_state_code", "-", None),
        ("clfm_abbr_cd", "cloud_form", "ScAs", "ScAs"),
        ("clfm_abbr_cd", "cloud_form", "-", None),
    ],
)
def test_codes_have_one_spelling(clean: Clean, code: str, name: str, text: str | None, expected: str | None) -> None:
    (row,) = clean(raw_table([reading(**{code: text})]))
    assert row[name] == expected


TEXTS = [
    None,
    "0",
    ".5",
    "-0.5",
    "-9",
    "-9.0",
    "-99.0",
    "1",
    "9.9",
    "20",
    "55",
    "100",
    "1013.2",
    "1e6",
    "-",
    "nan",
    "x",
]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_comes_is_cleaned_as_the_rules_say(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  # any numbers will do
    rows = [
        {
            **{column: chance.choice(TEXTS) for column in RAW_HOURLY_COLUMNS if not column.endswith("_qc")},
            **{f"{code}_qc": chance.choice([None, None, "0", "1", "9", "9.0", "?"]) for code in FLAGGED_BY_KMA},
            **dict(zip(("ta", "hm", "td", "pv"), chance.choice(HUMID), strict=True)),
            "station_id": 108,
            "observed_at": datetime(2020, 1, 1, tzinfo=KST) + timedelta(hours=36 * number),
            "source": chance.choice(PROVIDERS),
        }
        for number in range(300)
    ]
    assert_as_the_oracle(raw_table(rows))


HUMID = [("20.0", "53", "10.0", "12.3"), ("20.0", "80", "10.0", "12.3"), ("9", "53", "10", None), (None, "5", "x", "1")]


OF_ONE_HOUR = ("provider", "range", "humidity", "pressures", "direction", "snow in heat", "sun", "zero coding")
"""The tests that the oracle knows; those that look at other hours have tests of their own."""


def assert_as_the_oracle(raw: pa.Table) -> None:
    ordered = raw.sort_by([("station_id", "ascending"), ("observed_at", "ascending")])
    connection = run_clean(ordered)
    by_history = {
        (station, hour, element): flag
        for station, hour, element, test, flag in connection.execute(
            "SELECT station_id, observed_at, element, test, flag FROM rejections"
        ).fetchall()
        if test not in OF_ONE_HOUR
    }
    found = connection.execute("FROM clean ORDER BY station_id, observed_at").fetch_arrow_table().to_pylist()
    for before, row in zip(ordered.to_pylist(), found, strict=True):
        key = row.pop("station_id"), row.pop("observed_at")
        expected = clean_hour(before)
        for name in NUMBERS:
            if (*key, name) in by_history:
                expected |= {name: None, f"{name}_flag": by_history[(*key, name)]}
        assert row == expected, f"station {key[0]}, {key[1]}"


@pytest.mark.slow
def test_a_week_of_all_stations_against_the_oracle(week_raw: pa.Table) -> None:
    assert week_raw.num_rows == 13_680
    assert_as_the_oracle(week_raw)


@pytest.mark.slow
def test_a_year_of_seoul_against_the_oracle(seoul_raw: pa.Table) -> None:
    hours = pd.to_datetime(seoul_raw.column("observed_at").to_pandas())
    year = seoul_raw.filter(pa.array(hours.dt.tz_convert("Asia/Seoul").dt.year == 2012))
    assert year.num_rows == 366 * 24 - 1
    assert_as_the_oracle(year)


def test_the_session_time_zone_does_not_matter() -> None:
    hours = [reading(WINTER_REPORT + timedelta(hours=hour), ta="0") for hour in range(6)]
    elsewhere, korea = (
        run_clean(raw_table(hours), zone)
        .execute("SELECT precipitation_mm, precipitation_period_h FROM clean ORDER BY observed_at")
        .fetchall()
        for zone in ("America/New_York", "Asia/Seoul")
    )
    assert elsewhere == korea == [(0.0, 3), (None, 3), (None, 3), (0.0, 3), (None, 3), (None, 3)]


def test_kma_flags_of_a_real_week(week_raw: pa.Table, shared_data: Path) -> None:
    """In that week flag 9 comes with a value in 5 places (all of them zeros) and never with an error flag 1."""
    file = shared_data / "asos_hourly" / "OBS_ASOS_TIM_all_stations_20220808_14.csv"
    frame = pd.read_csv(file, encoding="cp949", dtype=str, keep_default_na=False)
    counts = dict(
        run_clean(week_raw)
        .execute(
            "SELECT element, count(*) FROM (UNPIVOT (SELECT COLUMNS('.*_flag') FROM clean) "
            "ON COLUMNS(*) INTO NAME element VALUE flag) WHERE flag = 'provider' GROUP BY element"
        )
        .fetchall()
    )
    contradicted = {
        "precipitation_mm_flag": ((frame["강수량 QC플래그"] == "9") & (frame["강수량(mm)"] != "")).sum(),
        "wind_speed_ms_flag": ((frame["풍속 QC플래그"] == "9") & (frame["풍속(m/s)"] != "")).sum(),
        "wind_direction_deg_flag": ((frame["풍향 QC플래그"] == "9") & (frame["풍향(16방위)"] != "")).sum(),
    }
    assert counts == contradicted == dict(zip(contradicted, (1, 2, 2), strict=True))
