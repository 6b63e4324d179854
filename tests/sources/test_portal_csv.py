"""Portal files as text: kind, encoding, line numbers."""

import codecs
from pathlib import Path

import pytest

from weather_assets.errors import UsageError
from weather_assets.sources.portal_csv import PortalKind, bad_row, open_portal_file, read_rows, recognise

TEXT = "지점,일시,기온(°C)\n108,2021-01-01 00:00,-8.3\n108,2021-01-01 01:00,.9\n"


def written(folder: Path, content: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("지점,일시,기온(°C),강수량(mm)", PortalKind.ASOS_HOURLY),
        ("지점,지점명,일시,습도(%),습도 QC플래그", PortalKind.ASOS_HOURLY),
        ("지점,일시,최저운고(100m )", PortalKind.ASOS_HOURLY),
        ("지점,일시,기온(℃)", PortalKind.ASOS_HOURLY),
        ("날짜,지점,평균기온,최저기온,최고기온", PortalKind.ASOS_DAILY),
        ("날짜,지점,평균기온(℃),최저기온(℃),최고기온(℃)", PortalKind.ASOS_DAILY),
        ("지점,지점명,일시,평균기온(°C),최저기온(°C),최저기온 시각(hhmi)", PortalKind.ASOS_DAILY),
        ("지점,시간,1시간평균 미세먼지농도(㎍/㎥)", PortalKind.PM10_HOURLY),
        ("지점,일시,일강수량(mm)", PortalKind.ASOS_DAILY),
        ("station_id,name_ko,lat,lon", PortalKind.STATIONS),
        ("지점,시작일,종료일,지점명,위도,경도,노장해발고도(m)", PortalKind.STATIONS),
        ("지점,지점명,위도", None),
        ("지점,일시", None),
    ],
)
def test_a_kind_is_recognised_by_its_columns(header: str, kind: PortalKind | None) -> None:
    assert recognise(header.split(",")) is kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("asos_hourly/108/SURFACE_ASOS_108_HR_2017.csv", PortalKind.ASOS_HOURLY),
        ("asos_hourly/OBS_ASOS_TIM_all_stations_20220808_14.csv", PortalKind.ASOS_HOURLY),
        ("asos_daily/ta_108_1907_2026.csv", PortalKind.ASOS_DAILY),
        ("pm10_hourly/108/ENV_YDST_108_HR_2016.csv", PortalKind.PM10_HOURLY),
        ("pm10_hourly/108/ENV_YDST_108_HR_2021.csv", PortalKind.PM10_HOURLY),
    ],
)
def test_the_kinds_of_real_files(shared_data: Path, path: str, kind: PortalKind) -> None:
    assert open_portal_file(shared_data / path).kind is kind


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("cp949"),
        TEXT.encode("utf-8-sig"),
        codecs.BOM_UTF8 + TEXT.encode("cp949"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8-sig"),
        ("ï»¿" + TEXT).encode("utf-8"),
        ("癤?" + TEXT).encode("cp949"),
        ("吏" + TEXT).encode("utf-8"),
        TEXT.replace("\n", "\r\n").encode("cp949"),
        TEXT.replace("지점", '"지점"').encode("utf-8-sig"),
        TEXT.rstrip("\n").encode("cp949"),
    ],
    ids=[
        "utf-8",
        "cp949",
        "utf-8 with mark",
        "cp949 with a utf-8 mark",
        "two marks",
        "mark read as latin-1",
        "mark read as cp949",
        "mark and header run together",
        "windows line ends",
        "quoted after a mark",
        "no last line end",
    ],
)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, content: bytes) -> None:
    table = read_rows(open_portal_file(written(tmp_path, content)))
    assert table.to_pydict() == {
        "지점": ["108", "108"],
        "일시": ["2021-01-01 00:00", "2021-01-01 01:00"],
        "기온(°C)": ["-8.3", ".9"],
    }


def test_only_an_empty_field_is_null(tmp_path: Path) -> None:
    text = '지점,일시,기온(°C),강수량(mm),풍속(m/s)\n108,2021-01-01 00:00,,"",-\n108,2021-01-01 01:00,NA,null,NaN\n'
    table = read_rows(open_portal_file(written(tmp_path, text)))
    assert table.column("기온(°C)").to_pylist() == [None, "NA"]
    assert table.column("강수량(mm)").to_pylist() == [None, "null"]
    assert table.column("풍속(m/s)").to_pylist() == ["-", "NaN"]


@pytest.mark.parametrize("text", ["지점,일시,기온(°C)", "지점,일시,기온(°C)\n", "지점,일시,기온(°C)\r\n\r\n"])
def test_a_header_alone_is_a_file_without_rows(tmp_path: Path, text: str) -> None:
    assert read_rows(open_portal_file(written(tmp_path, text))).num_rows == 0


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (TEXT.encode() + b"108,2021-01-01 02:00,\xff\n", 4, "0xff is not UTF-8"),
        (TEXT.encode("cp949") + b"108,2021-01-01 02:00,\xff\n", 4, "0xff is not CP949"),
        (TEXT.encode("utf-16"), 1, "0xff is not CP949"),
    ],
)
def test_an_unreadable_byte_is_named_with_its_line(tmp_path: Path, content: bytes, line: int, byte: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UsageError) as caught:
        read_rows(open_portal_file(path))
    message = str(caught.value)
    assert message.startswith(f"{path}, line {line}: byte {byte}")
    assert "save the file as UTF-8" in message


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "지점,일시\n108,2021-01-01 00:00\n"])
def test_a_file_that_is_no_portal_file_is_refused(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError, match="is not the header of an hourly ASOS, daily ASOS or PM10 file") as caught:
        open_portal_file(path)
    assert str(caught.value).startswith(f"{path}, line 1: ")
    assert "download the file again" in str(caught.value)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.csv: cannot be read \(No such file or directory\); check"):
        open_portal_file(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("108,2021-01-01 02:00", "2 fields where the header has 3"),
        ("108,2021-01-01 02:00,1,2", "4 fields where the header has 3"),
        ('108,2021-01-01 02:00,"1', "a quotation mark is not closed"),
    ],
)
@pytest.mark.parametrize("gap", ["", "\n\n", "\r\n"])
def test_a_row_of_the_wrong_shape_is_named_with_its_line(tmp_path: Path, row: str, problem: str, gap: str) -> None:
    path = written(tmp_path, f"{TEXT}{gap}{row}\n108,2021-01-01 03:00,7\n")
    line = 4 + gap.count("\n")
    with pytest.raises(UsageError) as caught:
        read_rows(open_portal_file(path))
    assert str(caught.value).startswith(f"{path}, line {line}: {problem}")


def test_a_row_number_becomes_the_line_that_an_editor_shows(tmp_path: Path) -> None:
    file = open_portal_file(written(tmp_path, "지점,일시,기온(°C)\r\n\r\na,b,c\r\n\r\n\r\nd,e,f\r\n"))
    assert str(bad_row(file, 0, "x")) == f"{file.path}, line 3: x"
    assert str(bad_row(file, 1, "x")) == f"{file.path}, line 6: x"
