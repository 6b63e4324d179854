"""One hourly file: columns, stations, hours, and the errors a user must mend."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weather_assets.clock import KST
from weather_assets.errors import UsageError
from weather_assets.sources.portal_csv import open_portal_file
from weather_assets.sources.portal_readings import read_readings

# Copied from the headers that the portal writes, and the codes of its web service.
CODE_OF_HEADER = {
    "기온(°C)": "ta",
    "기온 QC플래그": "ta_qc",
    "강수량(mm)": "rn",
    "강수량 QC플래그": "rn_qc",
    "풍속(m/s)": "ws",
    "풍속 QC플래그": "ws_qc",
    "풍향(16방위)": "wd",
    "풍향 QC플래그": "wd_qc",
    "습도(%)": "hm",
    "습도 QC플래그": "hm_qc",
    "증기압(hPa)": "pv",
    "이슬점온도(°C)": "td",
    "현지기압(hPa)": "pa",
    "현지기압 QC플래그": "pa_qc",
    "해면기압(hPa)": "ps",
    "해면기압 QC플래그": "ps_qc",
    "일조(hr)": "ss",
    "일조 QC플래그": "ss_qc",
    "일사(MJ/m2)": "icsr",
    "일사 QC플래그": "icsr_qc",
    "적설(cm)": "dsnw",
    "3시간신적설(cm)": "hr3_fhsc",
    "전운량(10분위)": "dc10_tca",
    "중하층운량(10분위)": "dc10_lmcs_ca",
    "운형(운형약어)": "clfm_abbr_cd",
    "최저운고(100m )": "lcs_ch",
    "시정(10m)": "vs",
    "지면상태(지면상태코드)": "gnd_stt_cd",
    "현상번호(국내식)": "dmst_mtph_no",
    "지면온도(°C)": "ts",
    "지면온도 QC플래그": "ts_qc",
    "5cm 지중온도(°C)": "m005_te",
    "10cm 지중온도(°C)": "m01_te",
    "20cm 지중온도(°C)": "m02_te",
    "30cm 지중온도(°C)": "m03_te",
}
ELEMENT_HEADERS = [header for header in CODE_OF_HEADER if not header.endswith("QC플래그")]
FIELDS = st.one_of(
    st.sampled_from(["", ".9", "-.4", "0", "-9.0", "ScAs", "-"]), st.decimals(-99, 99, places=1).map(str)
)


def read(folder: Path, text: str, encoding: str = "cp949") -> dict[str, list[object]]:
    path = folder / "x.csv"
    path.write_text(text, encoding=encoding, newline="")
    columns: dict[str, list[object]] = read_readings(open_portal_file(path)).to_pydict()
    return columns


@st.composite
def portal_text(draw: st.DrawFn) -> tuple[str, dict[str, list[object]]]:
    """A file with any columns in any order, and the columns that must come out of it."""
    chosen = draw(st.lists(st.sampled_from(ELEMENT_HEADERS), min_size=1, unique=True))
    flags = draw(
        st.lists(st.sampled_from([header for header in CODE_OF_HEADER if header.endswith("QC플래그")]), unique=True)
    )
    extra = draw(st.sampled_from([[], ["지점명"]]))
    header = draw(st.permutations(["지점", "일시", *chosen, *flags, *extra]))
    hours = draw(st.lists(st.integers(0, 10_000), max_size=6))
    naive = [datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in hours]
    values: dict[str, list[str]] = {name: [draw(FIELDS) for _ in hours] for name in [*chosen, *flags]}
    values["지점"] = [draw(st.sampled_from(["108", "90"])) for _ in hours]
    values["지점명"] = ["서울" for _ in hours]
    values["일시"] = [f"{stamp:%Y-%m-%d %H:%M}" for stamp in naive]
    out = io.StringIO()
    writer = csv.writer(out, quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])))
    writer.writerow([name.replace(" ", draw(st.sampled_from(["", " "]))) for name in header])
    writer.writerows(zip(*(values[name] for name in header), strict=True))
    expected: dict[str, list[object]] = {
        CODE_OF_HEADER[name]: [text or None for text in values[name]] for name in [*chosen, *flags]
    }
    expected["station_id"] = [int(text) for text in values["지점"]]
    expected["observed_at"] = [stamp - timedelta(hours=9) for stamp in naive]
    return out.getvalue(), expected


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(file=portal_text(), encoding=st.sampled_from(["cp949", "utf-8", "utf-8-sig"]))
def test_any_columns_in_any_order_and_encoding_come_out_as_received(
    tmp_path: Path, file: tuple[str, dict[str, list[object]]], encoding: str
) -> None:
    text, expected = file
    assert read(tmp_path, text, encoding) == expected


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2021-01-01 00:00", datetime(2021, 1, 1, 0, tzinfo=KST)),
        ("2021-12-31 23:00", datetime(2021, 12, 31, 23, tzinfo=KST)),
        ("2021-12-31 24:00", datetime(2022, 1, 1, 0, tzinfo=KST)),
        ("2020-02-28 24:00", datetime(2020, 2, 29, 0, tzinfo=KST)),
        ("2020-02-29 05:00", datetime(2020, 2, 29, 5, tzinfo=KST)),
        ("2021-01-01 9:00", datetime(2021, 1, 1, 9, tzinfo=KST)),
        ("2021-01-01 09:00:00", datetime(2021, 1, 1, 9, tzinfo=KST)),
        # Seoul's civil clock had summer time that day; the observations did not.
        ("1987-05-10 02:00", datetime(1987, 5, 9, 17, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_korean_standard_time(tmp_path: Path, stamp: str, expected: datetime) -> None:
    assert read(tmp_path, f"지점,일시,기온(°C)\n108,{stamp},1\n")["observed_at"] == [expected]


@pytest.mark.parametrize(
    "stamp",
    [
        "2021-13-01 00:00",
        "2021-02-29 00:00",
        "2021-04-31 00:00",
        "2021-01-01 25:00",
        "2021-01-01 00:30",
        "2021-01-01",
        "2021-01-01 00:00Z",
        "20210101 00:00",
        "",
        "어제",
    ],
)
def test_a_bad_time_is_named_with_its_line(tmp_path: Path, stamp: str) -> None:
    text = f"지점,일시,기온(°C)\n108,2021-01-01 01:00,1\n108,{stamp},1\n108,2021-01-01 03:00,1\n"
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == (
        f"{tmp_path / 'x.csv'}, line 3: '{stamp}' is not a time; expected YYYY-MM-DD HH:MM on the full hour; "
        "correct it or download the file again"
    )


@pytest.mark.parametrize("station", ["", "서울", "-108", "108.0", "0x6C", "1 08"])
def test_a_bad_station_is_named_with_its_line(tmp_path: Path, station: str) -> None:
    text = f"지점,일시,기온(°C)\n108,2021-01-01 01:00,1\n\n{station},2021-01-01 02:00,1\n"
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == (
        f"{tmp_path / 'x.csv'}, line 4: '{station}' is not a station number; expected digits such as 108; "
        "correct it or download the file again"
    )


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("지점,일시,기온(°C),온도", "column 4 '온도' is unknown; rename it as the portal does or remove it"),
        ("지점,일시,습도(%),기온(C)", "column 4 '기온(C)' is unknown; rename it ('기온(°C)'?) or remove it"),
        ("지점,일시,기온(°C),", "column 4 '' is unknown; rename it as the portal does or remove it"),
        ("지점,일시,증기압(hPa),증기압 QC플래그", "column 4 '증기압 QC플래그' is unknown"),
        ("지점,일시,기온(°C),기온(℃)", "column '기온(℃)' occurs twice; remove one of them"),
        ("일시,기온(°C)", "the columns '지점' and one time column '일시' are needed; download"),
        ("지점,기온(°C)", "the columns '지점' and one time column '일시' are needed; download"),
        ("지점,일시,시간,기온(°C)", "the columns '지점' and one time column '일시' are needed; download"),
    ],
)
def test_a_wrong_column_is_named(tmp_path: Path, header: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, f"{header}\n")
    assert str(caught.value).startswith(f"{tmp_path / 'x.csv'}, line 1: {problem}")
    assert "\n" not in str(caught.value)
