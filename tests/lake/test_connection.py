"""Opening a lake: readers, places that cannot be reached, and secrets that never show."""

import logging
import os
import shutil
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from lakes import DAY, FIRST, READINGS, contents, day_rows, open_lake, rows_sql, write_day
from services import HUSH, PostgresServer, free_port

from weather_assets.errors import UsageError
from weather_assets.lake import connection as connection_module
from weather_assets.lake.errors import LakeError
from weather_assets.lake.location import LakeLocation, S3Access

PASSWORD, S3_SECRET, TOKEN = f"{HUSH} @/'quoted'", f"{HUSH}/+'quoted'", f"{HUSH}/token+'quoted'"


@pytest.fixture
def filled(location: LakeLocation) -> LakeLocation:
    """A lake with one day."""
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 1.0)
    return location


WRITING = [
    "INSERT INTO lake.raw.readings SELECT * FROM lake.raw.readings",
    "DELETE FROM lake.raw.readings",
    "UPDATE lake.raw.readings SET value = 0",
    "CREATE TABLE lake.raw.other (a INTEGER)",
    "DROP TABLE lake.raw.readings",
]


def test_a_reader_cannot_write(filled: LakeLocation) -> None:
    with open_lake(filled, read_only=True) as lake:
        for statement in WRITING:
            with pytest.raises(duckdb.Error, match="read-only"):
                lake.query(statement)
        assert contents(lake) == day_rows(108, FIRST, 1.0)


def test_a_reader_makes_nothing_where_no_lake_is(local_location: LakeLocation) -> None:
    with pytest.raises(LakeError, match=r"no lake at .*catalog\.sqlite; make one with weather backfill"):
        open_lake(local_location, read_only=True)
    assert not local_location.catalog_path.parent.exists()


def test_a_reader_of_an_empty_database_is_told_so(server_location: LakeLocation) -> None:
    with pytest.raises(LakeError, match="cannot open the lake of the PostgreSQL catalogue"):
        open_lake(server_location, read_only=True)


def test_an_open_reader_sees_what_is_written_later(filled: LakeLocation) -> None:
    with open_lake(filled, read_only=True) as reader, open_lake(filled) as writer:
        write_day(writer, 108, FIRST, 2.0)
        assert contents(reader) == day_rows(108, FIRST, 2.0)


def test_a_commit_in_between_does_not_change_what_a_transaction_reads(location: LakeLocation) -> None:
    days = [FIRST + number * DAY for number in range(8)]
    loaded = [row for day in days for row in day_rows(108, day, 0.0)]
    with open_lake(location) as writer, open_lake(location, read_only=True) as reader:
        writer.replace_window(READINGS, rows_sql(loaded), [108], days[0], days[-1] + DAY)
        for day in (days[1], days[-1]):
            write_day(writer, 108, day, 1.0)
        before = contents(reader)
        reader.query("BEGIN")
        reader.snapshot()
        # The deletions of the first year's file are rewritten while those of the second's stay.
        write_day(writer, 108, days[2], 2.0)
        assert contents(reader) == before
        reader.query("COMMIT")
        assert contents(reader) == contents(writer) != before


def test_a_lake_moved_with_its_folder_opens_at_its_new_place(tmp_path: Path) -> None:
    old = LakeLocation(str(tmp_path / "old" / "catalog.sqlite"), str(tmp_path / "old" / "lake"))
    with open_lake(old) as lake:
        write_day(lake, 108, FIRST, 1.0)
    shutil.move(tmp_path / "old", tmp_path / "new")
    new = LakeLocation(str(tmp_path / "new" / "catalog.sqlite"), str(tmp_path / "new" / "lake"))
    with open_lake(new) as lake:
        write_day(lake, 108, FIRST + DAY, 2.0)
        assert contents(lake) == [*day_rows(108, FIRST, 1.0), *day_rows(108, FIRST + DAY, 2.0)]


def test_a_relative_path_means_the_same_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_lake(LakeLocation("home/catalog.sqlite", "home/lake")) as lake:
        write_day(lake, 108, FIRST, 1.0)
    monkeypatch.chdir("/")
    absolute = LakeLocation(str(tmp_path / "home" / "catalog.sqlite"), str(tmp_path / "home" / "lake"))
    with open_lake(absolute, read_only=True) as lake:
        assert len(contents(lake)) == 24


def test_files_in_another_folder_are_not_looked_for(tmp_path: Path) -> None:
    right = LakeLocation(str(tmp_path / "catalog.sqlite"), str(tmp_path / "lake"))
    with open_lake(right) as lake:
        write_day(lake, 108, FIRST, 1.0)
    with pytest.raises(LakeError, match=rf"has its files in {right.data_path}, not in .*; set WEATHER_LAKE_DATA"):
        open_lake(replace(right, data=str(tmp_path / "elsewhere")))


def _under_a_file(folder: Path) -> LakeLocation:
    (folder / "file").write_text("not a folder")
    return LakeLocation(str(folder / "file" / "catalog.sqlite"), str(folder / "lake"))


def _data_under_a_file(folder: Path) -> LakeLocation:
    (folder / "file").write_text("not a folder")
    return LakeLocation(str(folder / "catalog.sqlite"), str(folder / "file" / "lake"))


def _no_database(folder: Path) -> LakeLocation:
    (folder / "catalog.sqlite").write_text("no database " * 500)
    return LakeLocation(str(folder / "catalog.sqlite"), str(folder / "lake"))


def _nobody_listens(folder: Path) -> LakeLocation:
    url = f"postgresql://weather:{quote(PASSWORD, safe='')}@127.0.0.1:{free_port()}/lake"
    return LakeLocation(url, str(folder / "lake"))


UNREACHABLE = [_under_a_file, _data_under_a_file, _no_database, _nobody_listens]


@pytest.mark.parametrize("place", UNREACHABLE)
def test_what_cannot_be_opened_is_said_in_one_line_with_a_remedy(
    tmp_path: Path, place: Callable[[Path], LakeLocation]
) -> None:
    with pytest.raises(LakeError) as raised:
        open_lake(place(tmp_path))
    message = str(raised.value)
    assert "\n" not in message
    assert "check WEATHER_" in message
    assert HUSH not in "".join(traceback.format_exception(raised.value))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(LakeError, match=r"cannot make the folder .*Permission denied.*check WEATHER_HOME"):
        open_lake(LakeLocation(str(closed / "home" / "catalog.sqlite"), str(closed / "home" / "lake")))
    with pytest.raises(LakeError, match=r"cannot lock .*Permission denied.*right to write"):
        open_lake(LakeLocation(str(closed / "catalog.sqlite"), str(tmp_path / "lake")))


def test_a_wrong_password_is_refused_without_showing_it(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = f"postgresql://{postgres_server.user}:{quote(PASSWORD, safe='')}@127.0.0.1:{postgres_server.port}/postgres"
    with pytest.raises(LakeError, match="password authentication failed") as raised:
        open_lake(LakeLocation(url, str(tmp_path / "lake")))
    assert HUSH not in "".join(traceback.format_exception(raised.value))


def test_s3_that_does_not_answer_fails_the_write_and_leaves_the_lake(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    access = S3Access("KEYID", S3_SECRET, TOKEN, endpoint_url=f"http://127.0.0.1:{free_port()}")
    location = LakeLocation(str(tmp_path / "catalog.sqlite"), "s3://bucket/lake", s3=access)
    with caplog.at_level(logging.DEBUG), open_lake(location, simulated=None) as lake:
        lake.query("SET http_retries = 0")
        with pytest.raises(LakeError, match=r"could not replace raw\.readings .*nothing was written") as raised:
            write_day(lake, 108, FIRST, 1.0)
        assert contents(lake) == []
    shown = "".join(traceback.format_exception(raised.value))
    assert HUSH not in shown + caplog.text + repr(location) + repr(lake)


def test_nobody_can_find_a_secret_by_sql(server_location: LakeLocation) -> None:
    with open_lake(server_location) as lake:
        shown = [
            lake.query(f"SELECT * FROM {table}").fetchall()
            for table in ("duckdb_secrets()", "duckdb_databases()", "duckdb_settings()", "lake.options()")
        ]
    assert HUSH not in str(shown) + repr(server_location)
    assert HUSH in server_location.catalog


@pytest.mark.parametrize(
    ("catalog", "data", "setting"),
    [
        ("mysql://user:pass@host/db", "lake", "WEATHER_LAKE_CATALOG"),
        ("postgresql://host", "lake", "WEATHER_LAKE_CATALOG"),
        ("postgresql:///database", "lake", "WEATHER_LAKE_CATALOG"),
        ("postgresql://host:port/database", "lake", "WEATHER_LAKE_CATALOG"),
        ("catalog.sqlite", "gs://bucket/lake", "WEATHER_LAKE_DATA"),
    ],
)
def test_a_place_of_another_kind_is_refused_by_name(catalog: str, data: str, setting: str) -> None:
    with pytest.raises(UsageError, match=f"setting {setting}: ") as raised:
        LakeLocation(catalog, data)
    assert "user:pass@host" not in str(raised.value)


def test_a_lock_that_is_never_free_is_an_error(filled: LakeLocation) -> None:
    with open_lake(filled) as holder, open_lake(replace(filled, patience_s=1)) as other:
        with holder._lock(), pytest.raises(LakeError, match=r"another process has been writing .* for 1 s; wait"):
            write_day(other, 108, FIRST, 2.0)
        write_day(other, 108, FIRST, 3.0)
        assert contents(holder) == day_rows(108, FIRST, 3.0)


def test_signatures_are_checked_once_per_process_and_of_each_extension(
    local_location: LakeLocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "_VERIFIED", set())
    for allows_unsigned in (False, True):
        with closing(connection_module.connect(local_location, read_only=False, memory_limit="1GB")) as opened:
            setting = opened.execute("SELECT current_setting('allow_unsigned_extensions')").fetchone()
            assert setting == (allows_unsigned,)
    sound = connection_module._extension_file

    def tampered(name: str) -> Path:
        copy = tmp_path / sound(name).name
        content = bytearray(sound(name).read_bytes())
        content[len(content) // 2] ^= 1
        copy.write_bytes(content)
        return copy

    monkeypatch.setattr(connection_module, "_extension_file", tampered)
    with pytest.raises(LakeError, match="signature"):
        connection_module.connect(local_location, read_only=False, memory_limit="1GB")
