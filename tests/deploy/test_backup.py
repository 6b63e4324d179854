"""The backup procedure: what was saved comes back with the same rows, from an embedded home and from PostgreSQL."""

import importlib.util
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from forecast_lake import NEWEST, fill, issue

from weather_assets.errors import UsageError, WeatherError
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings

_SCRIPT = Path(__file__).parents[2] / "deploy" / "backup.py"
_spec = importlib.util.spec_from_file_location("backup", _SCRIPT)
assert _spec is not None
assert _spec.loader is not None
backup = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(backup)


def rows(settings: Settings) -> list[tuple[object, ...]]:
    with open_lake(settings, read_only=True) as lake:
        return lake.query("SELECT * EXCLUDE quantiles FROM lake.forecast.hourly ORDER BY ALL").fetchall()


def test_a_home_comes_back_as_it_was_saved(tmp_path):
    home, saved = Settings(_env_file=None, home=tmp_path / "home"), tmp_path / "saved"
    fill(home, NEWEST)
    with sqlite3.connect(home.home / "mlflow.db") as database:
        database.execute("CREATE TABLE runs AS SELECT 7 AS n")
    before = rows(home)
    backup.save(home, saved)
    with open_lake(home) as lake:
        issue(lake, NEWEST.replace(hour=4))
    assert rows(home) != before
    shutil.rmtree(home.home)
    backup.restore(home, saved)
    assert rows(home) == before
    with sqlite3.connect(home.home / "mlflow.db") as database:
        assert database.execute("SELECT n FROM runs").fetchone() == (7,)
    # And it takes new rows.
    fill_more = NEWEST.replace(hour=5)
    with open_lake(home) as lake:
        issue(lake, fill_more)
    assert len(rows(home)) == 2 * len(before)


def test_it_comes_back_in_another_place(tmp_path):
    home, saved = Settings(_env_file=None, home=tmp_path / "home"), tmp_path / "saved"
    fill(home, NEWEST)
    backup.save(home, saved)
    elsewhere = Settings(_env_file=None, home=tmp_path / "elsewhere")
    backup.restore(elsewhere, saved)
    before = rows(home)
    shutil.rmtree(home.home)
    assert rows(elsewhere) == before


def test_a_postgres_catalogue(tmp_path, postgres_url):
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed (apt-get install postgresql)")
    home = Settings(_env_file=None, home=tmp_path / "home", lake_catalog=postgres_url)
    fill(home, NEWEST)
    before = rows(home)
    backup.save(home, tmp_path / "saved")
    with open_lake(home) as lake:
        issue(lake, NEWEST.replace(hour=4))
    shutil.rmtree(home.home)
    backup.restore(home, tmp_path / "saved")
    assert rows(home) == before


def test_without_pg_dump_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    home = Settings(_env_file=None, home=tmp_path / "home", lake_catalog="postgresql://w:secret@127.0.0.1:9/catalog")
    with pytest.raises(WeatherError, match="pg_dump is not installed here: install PostgreSQL's client") as raised:
        backup._run_postgres(lake_location(home), "pg_dump", "--format=custom")
    assert "secret" not in str(raised.value)


def test_nothing_is_written_over(tmp_path):
    home = Settings(_env_file=None, home=tmp_path / "home")
    fill(home, NEWEST, stations=(108,))
    (tmp_path / "saved").mkdir()
    with pytest.raises(UsageError, match="name a new folder"):
        backup.save(home, tmp_path / "saved")
    with pytest.raises(UsageError, match="is not empty"):
        backup.restore(home, tmp_path / "saved")


def test_a_writer_waits_for_the_backup(tmp_path, monkeypatch):
    home = Settings(_env_file=None, home=tmp_path / "home")
    fill(home, NEWEST, stations=(108,))
    done: list[str] = []

    def write() -> None:
        with open_lake(home) as lake:
            issue(lake, NEWEST.replace(hour=4), stations=(108,))
        done.append("write")

    writer = threading.Thread(target=write)
    copy = backup._copy

    def copy_slowly(source: Path, target: Path) -> None:
        writer.start()
        writer.join(0.5)
        copy(source, target)
        done.append("copy")

    monkeypatch.setattr(backup, "_copy", copy_slowly)
    backup.save(home, tmp_path / "saved")
    writer.join()
    assert done == ["copy", "write"]
