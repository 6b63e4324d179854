"""A folder of portal files as a source: what counts, windows, overlaps, and the real files."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weather_assets.clock import HOUR, KST
from weather_assets.errors import UsageError
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA, ReadingsSource

EVER = (datetime(1990, 1, 1, tzinfo=KST), datetime(2030, 1, 1, tzinfo=KST))
SEOUL = 108
SEOSAN = 129


def kst(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=KST)


def write(path: Path, header: str, *rows: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((header, *rows, "")), encoding="cp949")


def readings(
    folder: Path, station_ids: Iterable[int] = (SEOUL,), window: tuple[datetime, datetime] = EVER
) -> list[dict[str, object]]:
    tables = list(KmaCsvSource(folder).asos_hourly(list(station_ids), *window))
    assert all(table.schema == RAW_HOURLY_SCHEMA for table in tables)
    assert all(table.num_rows for table in tables)
    rows: list[dict[str, object]] = [row for table in tables for row in table.to_pylist()]
    return rows


def values(folder: Path, column: str) -> list[object]:
    return [row[column] for row in readings(folder)]


def test_it_is_a_source_of_real_readings(tmp_path: Path) -> None:
    source: ReadingsSource = KmaCsvSource(tmp_path)
    assert source.name == "kma_csv"
    assert not source.simulated


def test_a_folder_of_every_kind_gives_its_hourly_readings(tmp_path: Path) -> None:
    write(tmp_path / "a" / "file_set.csv", "지점,일시,기온(°C)", "108,2021-01-01 00:00,-.9")
    write(tmp_path / "b" / "c" / "QUERY.CSV", "지점,지점명,일시,기온(°C)", "108,서울,2021-01-01 01:00,1.0")
    write(tmp_path / "daily.csv", "날짜,지점,평균기온,최저기온,최고기온", "2021-01-01,108,1,2,3")
    write(tmp_path / "dust.csv", "지점,시간,1시간평균 미세먼지농도(㎍/㎥)", "108,2021-01-01 00:00,59")
    write(tmp_path / "header_only.csv", "지점,일시,기온(°C)")
    write(tmp_path / ".hidden.csv", "no,portal,file")
    (tmp_path / "notes.txt").write_text("no csv")
    assert [(row["observed_at"], row["ta"]) for row in readings(tmp_path)] == [
        (kst(2021, 1, 1, 0), "-.9"),
        (kst(2021, 1, 1, 1), "1.0"),
    ]


def test_start_is_in_the_window_and_end_is_not(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", *(f"108,2021-01-01 {hour:02}:00,{hour}" for hour in range(24)))
    rows = readings(tmp_path, window=(kst(2021, 1, 1, 5), kst(2021, 1, 1, 8)))
    assert [row["ta"] for row in rows] == ["5", "6", "7"]
    assert not readings(tmp_path, window=(kst(2020, 1, 1), kst(2021, 1, 1)))


def test_stations_that_are_not_asked_stay_out(tmp_path: Path) -> None:
    stamp = "2021-01-01 00:00"
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", f"129,{stamp},2", f"90,{stamp},3", f"108,{stamp},1")
    assert [row["station_id"] for row in readings(tmp_path, [129, 90])] == [90, 129]


def test_a_year_file_may_end_in_the_next_year(tmp_path: Path) -> None:
    write(
        tmp_path / "2020.csv",
        "지점,일시,기온(°C)",
        "108,2020-12-31 23:00,a",
        "108,2020-12-31 24:00,b",
        "108,2021-01-01 01:00,c",
    )
    write(tmp_path / "2021.csv", "지점,일시,기온(°C)", "108,2021-01-01 01:00,c", "108,2021-01-01 02:00,d")
    assert values(tmp_path, "ta") == ["a", "b", "c", "d"]
    years = [table.num_rows for table in KmaCsvSource(tmp_path).asos_hourly([SEOUL], *EVER)]
    assert years == [1, 3]


def test_of_different_values_the_last_file_by_name_wins_wherever_it_lies(tmp_path: Path) -> None:
    header = "지점,일시,기온(°C),강수량(mm)"
    write(tmp_path / "z" / "OBS_20230101.csv", header, "108,2021-01-01 00:00,old,1", "108,2021-01-01 01:00,only,2")
    write(tmp_path / "a" / "OBS_20240101.csv", header, "108,2021-01-01 00:00,new,")
    assert values(tmp_path, "ta") == ["new", "only"]
    assert values(tmp_path, "rn") == [None, "2"]


def test_within_a_file_the_last_row_wins(tmp_path: Path) -> None:
    write(
        tmp_path / "x.csv",
        "지점,일시,기온(°C)",
        "108,2021-01-01 00:00,1",
        "108,2021-01-01 01:00,2",
        "108,2021-01-01 00:00,3",
    )
    assert values(tmp_path, "ta") == ["3", "2"]


def test_files_of_different_elements_complete_each_other(tmp_path: Path) -> None:
    write(tmp_path / "1.csv", "지점,일시,기온(°C),기온 QC플래그,습도(%)", "108,2021-01-01 00:00,5,9,80")
    write(tmp_path / "2.csv", "지점,일시,강수량(mm),기온(°C)", "108,2021-01-01 00:00,.5,6")
    (row,) = readings(tmp_path)
    assert (row["hm"], row["rn"], row["ta"]) == ("80", ".5", "6")
    assert row["ta_qc"] is None, "the flag belonged to the value that was replaced"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    files=st.lists(
        st.lists(st.tuples(st.sampled_from([90, 108]), st.integers(0, 9), st.integers(0, 99)), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_any_overlap_gives_each_hour_once_with_the_last_value(
    tmp_path: Path, files: list[list[tuple[int, int, int]]]
) -> None:
    first = datetime(2020, 12, 31, 20, tzinfo=UTC)
    expected: dict[tuple[datetime, int], str] = {}
    for number in range(4):
        rows = files[number] if number < len(files) else []
        stamped = [(station, first + hour * HOUR, str(value)) for station, hour, value in rows]
        lines = [f"{station},{stamp:%Y-%m-%d %H:%M},{value}" for station, stamp, value in stamped]
        write(tmp_path / f"{number}.csv", "지점,일시,기온(°C)", *lines)
        expected |= {(stamp - timedelta(hours=9), station): value for station, stamp, value in stamped}
    asked = sorted({station for _, station in expected})
    if asked:
        found = [((row["observed_at"], row["station_id"]), row["ta"]) for row in readings(tmp_path, asked)]
        assert found == sorted(expected.items())


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    source = KmaCsvSource(tmp_path)
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", "108,2021-01-01 00:00,1")
    assert sum(table.num_rows for table in source.asos_hourly([SEOUL], *EVER)) == 1
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", "108,2021-01-01 00:00,1", "108,2022-01-01 00:00,2")
    assert sum(table.num_rows for table in source.asos_hourly([SEOUL], *EVER)) == 2


def test_an_absent_or_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone: is not a folder; name the folder"):
        readings(tmp_path / "gone")
    with pytest.raises(UsageError, match=r"holds no csv file; put the files downloaded"):
        readings(tmp_path)
    write(tmp_path / "daily.csv", "날짜,지점,평균기온", "2021-01-01,108,1")
    with pytest.raises(UsageError, match=r"no file here holds hourly ASOS readings; download"):
        readings(tmp_path)


def test_an_unknown_station_is_refused_with_those_there_are(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "지점,일시,기온(°C)", "129,2021-01-01 00:00,1", "108,2021-01-01 00:00,1")
    with pytest.raises(UsageError) as caught:
        readings(tmp_path, [108, 7, 999])
    assert str(caught.value) == f"{tmp_path}: no file holds station 7, 999; choose among 108, 129 or add its file"


def test_an_error_comes_before_the_first_table(tmp_path: Path) -> None:
    write(tmp_path / "1.csv", "지점,일시,기온(°C)", "108,2020-01-01 00:00,1")
    write(tmp_path / "2.csv", "지점,일시,기온(°C)", "108,2021-01-01 00:00,1", "108,never,1")
    with pytest.raises(UsageError, match=r"2\.csv, line 3: 'never' is not a time"):
        KmaCsvSource(tmp_path).asos_hourly([SEOUL], *EVER)


def plain_rows(paths: Iterable[Path]) -> list[dict[str, str]]:
    """The same files through nothing but the csv module; no real file needs a byte order mark removed."""
    rows: list[dict[str, str]] = []
    for path in paths:
        content = path.read_bytes()
        encoding = "utf-8" if content.startswith("지점".encode()) else "cp949"
        rows.extend(csv.DictReader(content.decode(encoding).splitlines()))
    return rows


def observed(table: pa.Table) -> list[datetime]:
    stamps: list[datetime] = table.column("observed_at").to_pylist()
    return stamps


def test_seoul_comes_out_as_the_files_hold_it(shared_data: Path) -> None:
    folder = shared_data / "asos_hourly" / "108"
    table = pa.concat_tables(KmaCsvSource(folder).asos_hourly([SEOUL], kst(2010, 1, 1), kst(2022, 1, 1)))
    plain = plain_rows(sorted(folder.glob("*.csv")))
    assert table.num_rows == len(plain) == 105_191
    stamps = [stamp.astimezone(KST) for stamp in observed(table)]
    assert [f"{stamp:%Y-%m-%d %H:%M}" for stamp in stamps] == [row["일시"] for row in plain]
    assert set(table.column("station_id").to_pylist()) == {SEOUL}
    every_hour = {kst(2010, 1, 1) + hour * HOUR for hour in range(105_192)}
    assert every_hour.difference(stamps) == {kst(2012, 11, 29, 2)}
    for header, code in {
        "기온(°C)": "ta",
        "강수량(mm)": "rn",
        "최저운고(100m )": "lcs_ch",
        "운형(운형약어)": "clfm_abbr_cd",
    }.items():
        assert table.column(code).to_pylist() == [row[header] or None for row in plain]
    exactly_minus_nine = [text for text in table.column("ta").to_pylist() if text and float(text) == -9.0]
    assert len(exactly_minus_nine) == sum(bool(row["기온(°C)"]) and float(row["기온(°C)"]) == -9.0 for row in plain)
    assert len(exactly_minus_nine) > 24


def test_years_of_seosan_that_end_in_the_next_year_come_out_whole(shared_data: Path) -> None:
    folder = shared_data / "asos_hourly" / "129"
    tables = list(KmaCsvSource(folder).asos_hourly([SEOSAN], *EVER))
    plain = plain_rows(sorted(folder.glob("*.csv")))
    assert sum(table.num_rows for table in tables) == len(plain)
    for year, table in enumerate(tables, start=2015):
        ours = [row for row in plain if row["일시"].startswith(str(year))]
        assert [f"{stamp.astimezone(KST):%Y-%m-%d %H:%M}" for stamp in observed(table)] == [row["일시"] for row in ours]
        assert table.column("ws").to_pylist() == [row["풍속(m/s)"] or None for row in ours]
    assert any(str(text).startswith(".") for text in tables[0].column("ws").to_pylist())


def test_a_week_of_all_stations_keeps_the_flags(shared_data: Path) -> None:
    path = shared_data / "asos_hourly" / "OBS_ASOS_TIM_all_stations_20220808_14.csv"
    plain = sorted(plain_rows([path]), key=lambda row: (row["일시"], int(row["지점"])))
    stations = {int(row["지점"]) for row in plain}
    # The whole tree lies beside it: neither its other stations' files nor their overlaps may disturb this week.
    source = KmaCsvSource(shared_data / "asos_hourly")
    (table,) = source.asos_hourly(sorted(stations), kst(2022, 8, 1), kst(2022, 9, 1))
    assert table.num_rows == len(plain) == 13_680
    assert table.column("station_id").to_pylist() == [int(row["지점"]) for row in plain]
    for header, code in {
        "기온(°C)": "ta",
        "일사 QC플래그": "icsr_qc",
        "강수량 QC플래그": "rn_qc",
        "지면온도 QC플래그": "ts_qc",
    }.items():
        assert table.column(code).to_pylist() == [row[header] or None for row in plain]
