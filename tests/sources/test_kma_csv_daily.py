"""Daily values and PM10 from a folder of portal files: columns, days, overlaps, and the real files."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from weather_assets.clock import KST
from weather_assets.daily_elements import RAW_DAILY_COLUMNS
from weather_assets.errors import UsageError
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_PM10_SCHEMA

SEOUL = 108
EVER = (date(1900, 1, 1), date(2100, 1, 1))
ALL_HOURS = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
Rows = list[dict[str, object]]


def write(path: Path, *lines: str, encoding: str = "cp949") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*lines, "")), encoding=encoding)


def days(folder: Path, start: date = EVER[0], end: date = EVER[1]) -> Rows:
    tables = list(KmaCsvSource(folder).asos_daily([SEOUL], start, end))
    assert all(table.schema == RAW_DAILY_SCHEMA and table.num_rows for table in tables)
    return [row for table in tables for row in table.to_pylist()]


def dust(folder: Path, start: datetime = ALL_HOURS[0], end: datetime = ALL_HOURS[1]) -> Rows:
    tables = list(KmaCsvSource(folder).pm10_hourly([SEOUL], start, end))
    assert all(table.schema == RAW_PM10_SCHEMA and table.num_rows for table in tables)
    return [row for table in tables for row in table.to_pylist()]


@pytest.mark.parametrize(
    "header",
    [
        "날짜,지점,평균기온,최저기온,최고기온",
        "날짜,지점,평균기온(°C),최저기온(℃),최고기온 (°C)",
        "\ufeff날짜,지점,평균기온,최저기온,최고기온",
        "癤?날짜,지점,평균기온,최저기온,최고기온",
    ],
)
def test_units_and_byte_order_marks_do_not_matter(tmp_path: Path, header: str) -> None:
    write(tmp_path / "x.csv", header, "1907-10-01,108,13.5,-.9,", encoding="utf-8")
    (row,) = days(tmp_path)
    assert (row["station_id"], row["observed_on"]) == (SEOUL, date(1907, 10, 1))
    assert (row["avg_ta"], row["min_ta"], row["max_ta"]) == ("13.5", "-.9", None)
    assert {row[name] for name in RAW_DAILY_COLUMNS if name not in {"avg_ta", "min_ta"}} == {None}


def test_columns_may_come_in_any_order_with_times_and_names(tmp_path: Path) -> None:
    header = "일시,최고기온 시각(hhmi),최고기온(°C),지점명,0.5m 지중온도(°C),지점,일강수량(mm)"
    write(tmp_path / "OBS_ASOS_DD.csv", header, "2021-07-01,1530,31.2,서울,24.1,108,")
    (row,) = days(tmp_path)
    assert {name: text for name, text in row.items() if text is not None} == {
        "station_id": 108,
        "observed_on": date(2021, 7, 1),
        "max_ta_hrmt": "1530",
        "max_ta": "31.2",
        "avg_m05_te": "24.1",
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2021-02-29,108,1", "line 2: '2021-02-29' is not a day; expected YYYY-MM-DD"),
        ("2021-03-01 00:00,108,1", "line 2: '2021-03-01 00:00' is not a day"),
        ("20210301,108,1", "line 2: '20210301' is not a day"),
        ("2021-03-01,서울,1", "line 2: '서울' is not a station number"),
    ],
)
def test_a_wrong_day_or_station_is_named_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    write(tmp_path / "x.csv", "날짜,지점,평균기온", line)
    with pytest.raises(UsageError) as caught:
        days(tmp_path)
    assert problem in str(caught.value)


def test_a_column_with_and_without_its_unit_is_one_too_many(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "날짜,지점,평균기온,평균기온(°C)")
    with pytest.raises(UsageError, match=r"column '평균기온\(°C\)' occurs twice"):
        days(tmp_path)


def test_the_first_day_is_in_the_window_and_the_end_is_not(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "날짜,지점,평균기온", *(f"2021-12-{day},108,{day}" for day in range(10, 32)))
    assert [row["avg_ta"] for row in days(tmp_path, date(2021, 12, 12), date(2021, 12, 14))] == ["12", "13"]
    assert [row["avg_ta"] for row in days(tmp_path, date(2021, 12, 31), date(2022, 2, 1))] == ["31"]
    assert not days(tmp_path, date(2022, 1, 1), date(2022, 2, 1))


def test_the_last_file_by_name_decides_what_it_speaks_of(tmp_path: Path) -> None:
    write(tmp_path / "z" / "1.csv", "날짜,지점,평균기온,최저기온", "2021-01-01,108,1,-5", "2021-01-02,108,2,-4")
    write(tmp_path / "a" / "2.csv", "날짜,지점,평균기온", "2021-01-02,108,2.5", "2021-01-03,108,3")
    found = [(row["avg_ta"], row["min_ta"]) for row in days(tmp_path)]
    assert found == [("1", "-5"), ("2.5", "-4"), ("3", None)]


def test_the_time_of_dust_has_two_names_and_a_24th_hour(tmp_path: Path) -> None:
    write(
        tmp_path / "2016.csv", "지점,시간,1시간평균 미세먼지농도(㎍/㎥)", "108,2016-12-31 24:00,72.0", encoding="utf-8"
    )
    write(tmp_path / "2017.csv", "지점,일시,1시간평균 미세먼지농도", "108,2017-01-01 01:00,", "108,2017-01-01 02:00,9")
    found = [(row["observed_at"], row["pm10"], row["pm10_qc"]) for row in dust(tmp_path)]
    assert found == [
        (datetime(2017, 1, 1, 0, tzinfo=KST), "72.0", None),
        (datetime(2017, 1, 1, 1, tzinfo=KST), None, None),
        (datetime(2017, 1, 1, 2, tzinfo=KST), "9", None),
    ]
    window = (datetime(2017, 1, 1, 1, tzinfo=KST), datetime(2017, 1, 1, 2, tzinfo=KST))
    assert [row["pm10"] for row in dust(tmp_path, *window)] == [None]


def test_a_folder_without_daily_or_dust_files_gives_none(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", "108,2021-01-01 00:00,1")
    write(tmp_path / "stations.csv", "지점,지점명,위도,경도", "108,서울,37.57,126.97")
    assert days(tmp_path) == []
    assert dust(tmp_path) == []
    with pytest.raises(UsageError, match="is not a folder"):
        days(tmp_path / "gone")


def test_seoul_since_1907_comes_out_as_the_file_holds_it(shared_data: Path) -> None:
    path = shared_data / "asos_daily" / "ta_108_1907_2026.csv"
    plain = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    # The whole tree lies around it, hourly files, PM10 and the list of stations.
    table = pa.concat_tables(KmaCsvSource(shared_data).asos_daily([SEOUL], *EVER))
    assert table.num_rows == len(plain) == 42_965
    assert [day.isoformat() for day in table["observed_on"].to_pylist()] == [row["날짜"] for row in plain]
    for header, code in {"평균기온": "avg_ta", "최저기온": "min_ta", "최고기온": "max_ta"}.items():
        assert table[code].to_pylist() == [row[header] or None for row in plain]
    assert table["avg_ta"].null_count == 756


def test_dust_of_seoul_comes_out_as_the_files_hold_it(shared_data: Path) -> None:
    folder = shared_data / "pm10_hourly"
    texts: dict[str, str] = {}
    lines = 0
    for path in sorted(folder.rglob("*.csv")):
        content = path.read_bytes()
        encoding = "utf-8" if content.startswith("지점".encode()) else "cp949"
        rows = [line.split(",") for line in content.decode(encoding).splitlines()[1:]]
        lines += len(rows)
        texts |= {stamp: text for _, stamp, text in rows}
    table = pa.concat_tables(KmaCsvSource(folder).pm10_hourly([SEOUL], *ALL_HOURS))
    assert lines == 51_417
    assert table.num_rows == len(texts) == lines - 1, "2017-01-01 00:00 ends one file and begins the next"
    stamps = [instant.astimezone(KST).strftime("%Y-%m-%d %H:%M") for instant in table["observed_at"].to_pylist()]
    assert dict(zip(stamps, table["pm10"].to_pylist(), strict=True)) == {at: text or None for at, text in texts.items()}
    assert stamps == sorted(stamps)
