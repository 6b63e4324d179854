"""The lake as ticks and assets are handed it, before and after it is made."""

from pathlib import Path

import pytest

from weather_assets.assets.resources import LakeStore
from weather_assets.errors import UsageError
from weather_assets.settings import Settings


def store(home: Path, **settings: str) -> LakeStore:
    return LakeStore(Settings(_env_file=None, home=home, source="data_go_kr", **settings))


def test_a_reader_makes_nothing(tmp_path: Path) -> None:
    with store(tmp_path / "home").reader() as lake:
        assert lake is None
    assert not (tmp_path / "home").exists()


def test_a_reader_sees_what_a_writer_made(tmp_path: Path) -> None:
    made = store(tmp_path)
    with made.writer():
        pass
    with made.reader() as lake:
        assert lake is not None
        assert lake.query("SELECT count(*) FROM lake.meta.builds").fetchone() == (0,)
    made.close()


def test_a_new_server_catalogue_has_tables_to_read(tmp_path: Path, postgres_url: str) -> None:
    made = store(tmp_path, lake_catalog=postgres_url)
    with made.reader() as lake:
        assert lake is not None
        assert lake.query("SELECT count(*) FROM lake.meta.builds").fetchone() == (0,)
    made.close()


def test_only_who_brings_readings_is_asked_for_their_kind(tmp_path: Path) -> None:
    brings_real = LakeStore(Settings(_env_file=None, home=tmp_path, source="csv:readings"))
    with brings_real.writer() as lake:
        assert lake.is_simulated() is None
        lake.claim(simulated=False)
    brings_real.close()
    with LakeStore(Settings(_env_file=None, home=tmp_path, source="simulator")).writer() as lake:
        assert lake.is_simulated() is False
        with pytest.raises(UsageError, match="refuses simulated"):
            lake.claim(simulated=True)
