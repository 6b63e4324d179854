"""Append-only raw readings: what counts as a change, from when a row may be used, which row counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from lakes import HOUR

from weather_assets import clock
from weather_assets.lake.errors import LakeError
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.versions import known_at_sql, newest_rows_sql
from weather_assets.lake.windows import condition_sql
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA
from weather_assets.tables import RAW_ASOS_HOURLY

START = datetime(2024, 1, 1, tzinfo=UTC)
END = START + 24 * HOUR
LATER = datetime(2024, 3, 1, 12, 34, 56, 789012, tzinfo=UTC)
LAST = LATER + timedelta(days=1)


class Clock:
    """The clock of the code under test, stopped."""

    instant = LATER


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", lambda: stopped.instant)
    return stopped


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    home = tmp_path_factory.mktemp("home")
    with Lake(LakeLocation(str(home / "catalog.sqlite"), str(home / "lake")), [RAW_ASOS_HOURLY]) as lake:
        yield lake


@pytest.fixture
def lake(opened: Lake) -> Lake:
    """The one lake of these tests, emptied: making one takes longer than using it."""
    opened.query("DELETE FROM lake.raw.asos_hourly")
    return opened


def reading(hour: int = 0, station_id: int = 108, **texts: str | None) -> dict[str, object]:
    return {"station_id": station_id, "observed_at": START + hour * HOUR, **texts}


def receive(lake: Lake, *readings: dict[str, object], station_ids: tuple[int, ...] = (108,)) -> int:
    rows = [{field.name: row.get(field.name) for field in RAW_HOURLY_SCHEMA} for row in readings]
    table = pa.Table.from_pylist(rows, schema=RAW_HOURLY_SCHEMA)
    return append_readings(lake, "kma_csv", table, station_ids, START, END)


def stored(lake: Lake, columns: str) -> list[tuple[object, ...]]:
    sql = f"SELECT {columns} FROM lake.raw.asos_hourly ORDER BY station_id, observed_at, fetched_at"
    return lake.query(sql).fetchall()


def newest(lake: Lake, among: str = "TRUE") -> list[tuple[object, ...]]:
    condition = f"{condition_sql(RAW_ASOS_HOURLY, [108], START, END)} AND {among}"
    relation = newest_rows_sql(RAW_ASOS_HOURLY, ("station_id", "observed_at"), condition)
    return lake.query(f"SELECT ta, rn FROM {relation} ORDER BY observed_at").fetchall()


@pytest.mark.usefixtures("stopped")
def test_a_first_reading_is_available_ten_minutes_after_its_hour(lake: Lake) -> None:
    assert receive(lake, reading(0, ta="1.5"), reading(1, ta="-9.0")) == 2
    assert stored(lake, "ta, source, fetched_at, available_at") == [
        ("1.5", "kma_csv", LATER, START + timedelta(minutes=10)),
        ("-9.0", "kma_csv", LATER, START + timedelta(minutes=70)),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [(".9", "0.9"), ("0.9", ".9"), ("-.5", "-0.50"), ("40.0", "40"), ("05", "5.0"), (None, None), ("x", "x")],
)
def test_a_value_written_another_way_is_no_change(
    lake: Lake, stopped: Clock, before: str | None, after: str | None
) -> None:
    receive(lake, reading(ta=before, hm="50"))
    stopped.instant = LAST
    snapshot = lake.snapshot()
    assert receive(lake, reading(ta=after, hm="50")) == 0
    assert lake.snapshot() == snapshot
    assert stored(lake, "ta") == [(before,)]


@pytest.mark.parametrize(
    ("before", "after"), [("0.9", "0.8"), ("0.9", None), (None, "0.9"), ("0.9", "x"), ("x", "y"), ("9", "-9")]
)
def test_a_changed_value_is_a_new_row_available_when_fetched(
    lake: Lake, stopped: Clock, before: str | None, after: str | None
) -> None:
    receive(lake, reading(0, ta=before, hm="50"), reading(1, ta="7"))
    stopped.instant = LAST
    assert receive(lake, reading(0, ta=after, hm="50"), reading(1, ta="7")) == 1
    assert stored(lake, "ta, fetched_at, available_at") == [
        (before, LATER, START + timedelta(minutes=10)),
        (after, LAST, LAST),
        ("7", LATER, START + timedelta(minutes=70)),
    ]


def test_a_changed_flag_or_code_is_a_change(lake: Lake, stopped: Clock) -> None:
    receive(lake, reading(ta="1", clfm_abbr_cd="Sc"))
    stopped.instant = LAST
    assert receive(lake, reading(ta="1", ta_qc="1", clfm_abbr_cd="Sc")) == 1
    stopped.instant = LAST + HOUR
    assert receive(lake, reading(ta="1", ta_qc="1", clfm_abbr_cd="ScAc")) == 1


def test_the_newest_row_counts_and_a_value_may_come_back(lake: Lake, stopped: Clock) -> None:
    for days, text in enumerate(["1.0", "2.0", "1.0"]):
        stopped.instant = LATER + timedelta(days=days)
        assert receive(lake, reading(ta=text, rn="0.5")) == 1
    assert stored(lake, "ta") == [("1.0",), ("2.0",), ("1.0",)]
    assert newest(lake) == [("1.0", "0.5")]


def test_what_was_known_at_an_instant_leaves_out_later_corrections(lake: Lake, stopped: Clock) -> None:
    receive(lake, reading(0, ta="1.0"), reading(1, ta="5.0"))
    stopped.instant = LAST
    receive(lake, reading(0, ta="2.0"))
    just_before = known_at_sql(RAW_ASOS_HOURLY, LAST - timedelta(microseconds=1))
    assert newest(lake, just_before) == [("1.0", None), ("5.0", None)]
    assert newest(lake, known_at_sql(RAW_ASOS_HOURLY, LAST)) == [("2.0", None), ("5.0", None)]
    assert newest(lake) == [("2.0", None), ("5.0", None)]


def test_a_reading_outside_what_was_asked_is_left_out(lake: Lake) -> None:
    received = [reading(-1, ta="1"), reading(0, ta="2"), reading(24, ta="3"), reading(0, station_id=129, ta="4")]
    assert receive(lake, *received) == 1
    assert stored(lake, "station_id, ta") == [(108, "2")]


def test_stations_do_not_mix(lake: Lake, stopped: Clock) -> None:
    both = (108, 129)
    receive(lake, reading(ta="1"), reading(station_id=129, ta="2"), station_ids=both)
    stopped.instant = LAST
    assert receive(lake, reading(ta="1"), reading(station_id=129, ta="3"), station_ids=both) == 1
    assert stored(lake, "station_id, ta") == [(108, "1"), (129, "2"), (129, "3")]


def test_an_hour_received_twice_at_once_is_refused(lake: Lake) -> None:
    with pytest.raises(LakeError, match=r"raw\.asos_hourly occurs twice \(station_id 108, observed_at 2024-01-01"):
        receive(lake, reading(ta="1"), reading(ta="2"))
    assert stored(lake, "ta") == []


def test_received_readings_are_not_kept_in_memory(lake: Lake) -> None:
    receive(lake, reading(ta="1"))
    views = lake.query("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert views == []
