"""The lake as ticks and assets are handed it, before and after it is made."""

from pathlib import Path

from weather_assets.assets.resources import LakeStore
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
