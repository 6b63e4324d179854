"""The oracle of the crash trials sees what it is there to see: lost, doubled and half-written rows, orphans."""

import random
from pathlib import Path

import pytest
from crash_stacks import folder_stack
from crash_trials import Field
from crash_work import BOOK, CLEAN, DAYS, RAW, WHOLE, compare


@pytest.fixture
def field(tmp_path: Path) -> Field:
    (tmp_path / "diaries").mkdir()
    field = Field(folder_stack(tmp_path / "lakes"), tmp_path / "diaries", random.Random(1))  # noqa: S311  # moments
    assert compare(field.healer, field.expected, []) == WHOLE
    return field


def test_a_row_that_is_gone_is_lost(field: Field) -> None:
    field.healer.query(f"DELETE FROM lake.{RAW.qualified_name} WHERE hour(observed_at) = 3 AND pass = 1")
    assert compare(field.healer, field.expected, []).lost == DAYS


def test_a_day_that_is_gone_is_lost_though_its_writer_was_killed(field: Field) -> None:
    field.healer.query(f"DELETE FROM lake.{CLEAN.qualified_name}")
    assert compare(field.healer, field.expected, [3]).lost == DAYS * 24


def test_a_row_that_is_there_twice_is_doubled(field: Field) -> None:
    table = f"lake.{RAW.qualified_name}"
    field.healer.query(f"INSERT INTO {table} FROM {table} WHERE hour(observed_at) = 3 AND pass = 1")
    assert compare(field.healer, field.expected, []).doubled == DAYS


def test_a_day_of_two_passes_is_half_written_even_if_both_were_under_way(field: Field) -> None:
    field.healer.query(f"UPDATE lake.{CLEAN.qualified_name} SET pass = 3 WHERE hour(observed_at) < 3")
    assert compare(field.healer, field.expected, [3]).mixed > 0


def test_two_tables_that_were_written_together_must_agree(field: Field) -> None:
    field.healer.query(f"UPDATE lake.{BOOK.qualified_name} SET pass = 3")
    assert compare(field.healer, field.expected, [3]).mixed == DAYS


def test_a_file_that_nothing_names_is_an_orphan_until_maintenance(field: Field) -> None:
    folder = next(path.parent for path in Path(field.location.data).rglob("*.parquet"))
    (folder / "left.parquet").write_bytes(b"half a file")
    assert field.tidy() == (1, 0)
