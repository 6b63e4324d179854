"""Maintenance leaves every kept state of the lake as it was, whatever happens in between."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lakes import FIRST, READINGS, Row, contents, open_lake, write_day
from services import S3Server

from weather_assets.automation.maintenance import LEAST_DELETED_BETWEEN
from weather_assets.clock import KST
from weather_assets.lake import maintenance
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.maintenance import size, tidy

DAY = timedelta(days=1)
LATER = datetime.now(UTC) + timedelta(days=30)


def fill(lake: Lake, days: int = 12) -> list[int]:
    """Days written one by one, then some of them again; returns the snapshot after each write."""
    numbers = []
    for n in [*range(days), 2, 5, 7]:
        write_day(lake, 108, FIRST + n * DAY, float(100 * len(numbers) + n))
        numbers.append(lake.snapshot())
    return numbers


def as_of(lake: Lake, snapshot: int) -> list[Row]:
    return lake.query(f"FROM lake.{READINGS.qualified_name} AT (VERSION => {snapshot}) ORDER BY ALL").fetchall()


def parquet_files(location: LakeLocation) -> int:
    return len(list(Path(location.data).rglob("*.parquet")))


def test_rows_stay_and_files_become_few(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        fill(lake)
        rows, files = contents(lake), parquet_files(local_location)
        done = tidy(lake, [], LATER)
        assert contents(lake) == rows
        assert done.before.files > done.after.files
        assert parquet_files(local_location) == done.after.files < files
        assert done.after.snapshots == 1
        assert done.snapshots_expired >= done.before.snapshots - 1 > 10
        assert done.files_deleted > 0


def test_a_pinned_snapshot_is_the_same_before_and_after(any_location: LakeLocation) -> None:
    with open_lake(any_location) as lake:
        numbers = fill(lake)
        pinned = numbers[8]
        before = as_of(lake, pinned)
        tidy(lake, [pinned], LATER)
        tidy(lake, [pinned], LATER + 30 * DAY)
        assert as_of(lake, pinned) == before
        assert before != contents(lake)
        with pytest.raises(Exception, match=str(numbers[7])):
            as_of(lake, numbers[7])


FILTERS = (
    "observed_at >= TIMESTAMPTZ '2021-01-04 00:00:00+09'",
    "station_id = 108",
    "station_id = 7",
    "value > 150",
    "value = 303",
    "value IS NULL",
    "value IS NOT NULL",
    "isnan(value)",
)


def test_a_pinned_snapshot_without_statistics_gives_the_same_rows_to_every_filter(location: LakeLocation) -> None:
    with open_lake(location) as lake:
        fill(lake)
        lake.query(f"DELETE FROM lake.{READINGS.qualified_name} WHERE value > 700").fetchall()
        pinned = lake.snapshot()
        write_day(lake, 108, FIRST, 1.0)
        before = [filtered(lake, pinned, condition) for condition in FILTERS]
        tidy(lake, [pinned], LATER)
        assert statistics_of(lake, "NOT NULL") == 0 < statistics_of(lake, "NULL")
        assert [filtered(lake, pinned, condition) for condition in FILTERS] == before
        assert len({len(rows) for rows in before}) > 3


def filtered(lake: Lake, snapshot: int, condition: str) -> list[Row]:
    table = f"lake.{READINGS.qualified_name} AT (VERSION => {snapshot})"
    return lake.query(f"SELECT * FROM {table} WHERE {condition} ORDER BY ALL").fetchall()


def statistics_of(lake: Lake, end: str) -> int:
    """Statistics of columns of the files of the newest state (NULL), or of those that it does not name (NOT NULL)."""
    catalogue = "__ducklake_metadata_lake.ducklake"
    row = lake.first_row(
        f"SELECT count(*) FROM {catalogue}_file_column_stats "
        f"JOIN {catalogue}_data_file USING (data_file_id) WHERE end_snapshot IS {end}"
    )
    return int(row[0]) if row else -1


def test_young_snapshots_and_their_files_stay(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        numbers = fill(lake)
        states = [as_of(lake, number) for number in numbers]
        done = tidy(lake, [], datetime.now(UTC))
        assert (done.snapshots_expired, done.files_deleted) == (0, 0)
        assert [as_of(lake, number) for number in numbers] == states


def test_of_older_days_the_last_snapshot_stays_for_a_week(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        fill(lake)
        numbers = [number for (number,) in lake.query("SELECT snapshot_id FROM lake.snapshots() ORDER BY 1").fetchall()]
    noon = datetime(2026, 3, 20, 12, tzinfo=KST)
    # Two a day: 01:00 and 23:00 KST, up to this noon.
    times = [noon - timedelta(hours=11) - n * DAY + late for n in range(20) for late in (timedelta(hours=22), 0 * DAY)]
    stamped = dict(zip(reversed(numbers), (time for time in times if time <= noon), strict=False))
    with closing(sqlite3.connect(local_location.catalog)) as catalog, catalog:
        for number, time in stamped.items():
            catalog.execute(
                "UPDATE ducklake_snapshot SET snapshot_time = ? WHERE snapshot_id = ?", [f"{time:%F %T}+09", number]
            )
    with open_lake(local_location) as lake:
        tidy(lake, [numbers[0]], noon)
        left = {number for (number,) in lake.query("SELECT snapshot_id FROM lake.snapshots()").fetchall()}
    late_ones = {number for number, time in stamped.items() if time.hour == 23 and noon - time < 7 * DAY}
    made_by_tidying = {number for number in left if number > numbers[-1]}
    # Of today only 01:00 is there, the newest before tidying began.
    assert left - made_by_tidying - {numbers[-1]} == late_ones | {numbers[0]}
    assert len(late_ones) == 7


def test_an_orphan_goes_once_it_is_old(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        fill(lake)
        orphan = Path(local_location.data) / "raw" / "readings" / "left_by_a_killed_run.parquet"
        orphan.write_bytes(b"half a file")
        tidy(lake, [], datetime.now(UTC))
        assert orphan.exists()
        tidy(lake, [], LATER)
        assert not orphan.exists()


def test_an_orphan_in_s3_goes_once_it_is_old(server_location: LakeLocation, s3_server: S3Server) -> None:
    with open_lake(server_location) as lake:
        fill(lake, days=1)
        # Into S3 by a copy through DuckDB, as a write that was killed before its commit leaves it.
        orphan = f"{server_location.data}/raw/readings/left_by_a_killed_run.parquet"
        lake.query(f"COPY (SELECT 1 AS one) TO '{orphan}'")
        lying = s3_server.folder.parent / orphan.removeprefix("s3://")
        tidy(lake, [], datetime.now(UTC))
        assert lying.exists()
        tidy(lake, [], LATER)
        assert not lying.exists()


@pytest.mark.parametrize(
    "stopped_at",
    ["rewrite_data_files", "merge_adjacent_files", "expire_snapshots", "cleanup_old_files", "delete_orphaned_files"],
)
def test_a_stop_in_the_middle_loses_nothing_and_the_next_run_finishes(
    local_location: LakeLocation, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    run = maintenance._call

    def stopping(lake: Lake, procedure: str) -> int:
        if stopped_at in procedure:
            raise KeyboardInterrupt
        return run(lake, procedure)

    with open_lake(local_location) as lake:
        numbers = fill(lake)
        rows, pinned = contents(lake), as_of(lake, numbers[8])
        monkeypatch.setattr(maintenance, "_call", stopping)
        with pytest.raises(KeyboardInterrupt):
            tidy(lake, [numbers[8]], LATER)
    monkeypatch.undo()
    with open_lake(local_location) as lake:
        assert contents(lake) == rows
        assert as_of(lake, numbers[8]) == pinned
        write_day(lake, 108, FIRST + 20 * DAY, 1.0)
        tidy(lake, [numbers[8]], LATER)
        assert as_of(lake, numbers[8]) == pinned
        assert len(contents(lake)) == len(rows) + 24


def test_days_written_hour_by_hour_leave_few_files_however_many_they_are(local_location: LakeLocation) -> None:
    """Each write deletes the day's rows so far and writes them anew; the newest day is in a large file by then."""
    with open_lake(local_location) as lake:
        counts, pinned, before = [], [], []
        for day in range(30):
            for value in range(3):
                write_day(lake, 108, FIRST + day * DAY, float(value))
                if value:
                    # Between the hours of a day, and at its end.
                    tidy(lake, pinned, LATER, least_deleted=LEAST_DELETED_BETWEEN)
            counts.append(size(lake).files)
            if day == 10:
                pinned, before = [lake.snapshot()], contents(lake)
        rows = contents(lake)
        tidy(lake, pinned, LATER)
        assert contents(lake) == rows
        assert as_of(lake, pinned[0]) == before
        assert max(counts) <= 6, counts
        # That of the stamp, and one of each year.
        assert size(lake).files == 3


def test_an_empty_lake_is_left_alone(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        done = tidy(lake, [], datetime.now(UTC))
        assert done.after.files == size(lake).files
        assert contents(lake) == []
