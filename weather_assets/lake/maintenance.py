"""Keeping a lake small: drop deleted rows, merge small files, forget old snapshots and what they alone need.

Each step commits by itself and leaves every kept snapshot as it was, so a stop between two of them, or a second run,
does no harm.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from weather_assets.lake.lake import Lake
from weather_assets.lake.lock import commit_lock
from weather_assets.lake.windows import instant_sql

SNAPSHOTS_KEPT, ALL_KEPT = timedelta(days=7), timedelta(hours=12)
"""The last snapshot of each KST day stays so long, for reading the lake as it was, and every one as long as a
training, which names the snapshot that it began with, may take.

An hourly run makes ten. Each names its files, and the catalogue is asked of all of them at every query: with those of
three days an hourly run took nearly three times as long.
"""

FILES_KEPT = timedelta(days=1)
"""A file that nothing names any more is deleted when this has passed: a reader or a writer may still hold it."""


@dataclass(frozen=True)
class LakeSize:
    """Files and bytes that the newest state of the tables takes, and the snapshots there are."""

    files: int
    bytes: int
    snapshots: int


@dataclass(frozen=True)
class Tidied:
    """What maintenance did to a lake."""

    before: LakeSize
    after: LakeSize
    snapshots_expired: int
    files_deleted: int


def tidy(lake: Lake, pinned: Collection[int], now: datetime, *, least_deleted: float = 0.0) -> Tidied:
    """Do all steps in order; `pinned` snapshots (those that registered models name) are never forgotten.

    A file of which at least the share `least_deleted` is deleted, and any at all, is written anew without those rows.
    Only a file without deleted rows is merged with others, so this comes first. Waits for writers between steps and
    lets them in.
    """
    before = size(lake)
    _call(lake, f"ducklake_rewrite_data_files('lake', delete_threshold => {least_deleted})")
    _call(lake, "ducklake_merge_adjacent_files('lake')")
    expired = _expire(lake, pinned, now)
    _forget_statistics(lake)
    unused_since = instant_sql(now - FILES_KEPT)
    deleted = _call(lake, f"ducklake_cleanup_old_files('lake', older_than => {unused_since})")
    deleted += _call(lake, f"ducklake_delete_orphaned_files('lake', older_than => {unused_since})")
    return Tidied(before, size(lake), expired, deleted)


def size(lake: Lake) -> LakeSize:
    """How large the lake is."""
    files, total = lake.query(
        "SELECT coalesce(sum(file_count + delete_file_count), 0)::BIGINT, "
        "coalesce(sum(file_size_bytes + delete_file_size_bytes), 0)::BIGINT FROM ducklake_table_info('lake')"
    ).fetchall()[0]
    (snapshots,) = lake.query("SELECT count(*) FROM lake.snapshots()").fetchall()[0]
    return LakeSize(int(files), int(total), int(snapshots))


def _expire(lake: Lake, pinned: Collection[int], now: datetime) -> int:
    """Forget the snapshots that are no longer kept, but for the newest and those pinned; returns how many."""
    kept = ", ".join(str(int(number)) for number in [*pinned, lake.snapshot()])
    old = lake.query(
        f"""
SELECT snapshot_id FROM lake.snapshots() WHERE snapshot_time < {instant_sql(now - ALL_KEPT)}
QUALIFY snapshot_id NOT IN ({kept}) AND (snapshot_time < {instant_sql(now - SNAPSHOTS_KEPT)}
    OR snapshot_id < max(snapshot_id) OVER (PARTITION BY CAST(snapshot_time AS DATE)))"""
    ).fetchall()
    if not old:
        return 0
    versions = ", ".join(str(number) for (number,) in old)
    return _call(lake, f"ducklake_expire_snapshots('lake', versions => [{versions}])")


def _forget_statistics(lake: Lake) -> None:
    """Forget the statistics of the columns of files that only older snapshots name: their readers skip none of them.

    At every query the catalogue goes through all statistics, 154 rows for a file of features. With those of the
    snapshots that half a year's models name, a query of one day took three times as long.
    """
    catalogue = "__ducklake_metadata_lake"
    older = f"SELECT data_file_id FROM {catalogue}.ducklake_data_file WHERE end_snapshot IS NOT NULL"
    with commit_lock(lake.location, lake.connection):
        lake.query(f"DELETE FROM {catalogue}.ducklake_file_column_stats WHERE data_file_id IN ({older})").fetchall()


def _call(lake: Lake, procedure: str) -> int:
    """Run one of DuckLake's procedures while no process writes; returns the rows it tells of."""
    with commit_lock(lake.location, lake.connection):
        return len(lake.query(f"CALL {procedure}").fetchall())
