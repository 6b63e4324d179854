"""predictions/: what is written to a folder and to S3, and that a reader never sees half of it."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from forecast_lake import NEWEST, fill

from weather_assets.errors import WeatherError
from weather_assets.lake.open import open_lake
from weather_assets.publication.files import publish
from weather_assets.publication.latest import latest_document
from weather_assets.publication.newest import HOURLY, newest, newest_issue
from weather_assets.settings import Settings


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(_env_file=None, home=tmp_path_factory.mktemp("lake"))
    fill(settings, NEWEST)
    return settings


def publish_newest(source: Settings, to: Settings) -> str:
    with open_lake(source, read_only=True) as lake:
        issued_at = newest_issue(lake)
        assert issued_at is not None
        return publish(to, latest_document(lake, issued_at), newest(lake, HOURLY, issued_at))


def test_both_files_say_the_same(source, tmp_path):
    where = Path(publish_newest(source, Settings(_env_file=None, home=tmp_path)))
    document = json.loads((where / "latest.json").read_text())
    rows = duckdb.sql(
        f"SELECT station_id, target, lead_hours, p50 FROM '{where}/latest.parquet' ORDER BY ALL"
    ).fetchall()
    assert len(rows) == 2 * 2 * 48
    keys = ("station_id", "target", "lead_hours", "p50")
    assert rows == sorted(tuple(row[key] for key in keys) for row in document["hourly"])
    assert document["issued_at"] == "2026-03-10T12:10:00+09:00"
    assert sorted(path.name for path in where.iterdir()) == ["latest.json", "latest.parquet"]


def test_on_s3(source, s3_server, s3_prefix, tmp_path):
    settings = Settings(
        _env_file=None,
        home=tmp_path,
        lake_data=s3_prefix,
        aws_access_key_id=s3_server.key_id,
        aws_secret_access_key=s3_server.secret,
        aws_endpoint_url_s3=s3_server.endpoint_url,
    )
    assert publish_newest(source, settings) == f"{s3_prefix}/predictions"
    stored = s3_server.folder / s3_prefix.rpartition("/")[2] / "predictions"
    assert json.loads((stored / "latest.json").read_text())["layout"] == 1
    assert duckdb.sql(f"SELECT count(*) FROM '{stored}/latest.parquet'").fetchone() == (192,)


def test_what_cannot_be_written_leaves_the_old_file(source, tmp_path, monkeypatch):
    settings = Settings(_env_file=None, home=tmp_path)
    where = Path(publish_newest(source, settings))
    before = (where / "latest.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WeatherError, match=r"No space left on device.*check the free space"):
        publish_newest(source, settings)
    assert (where / "latest.json").read_bytes() == before
    assert sorted(path.name for path in where.iterdir()) == ["latest.json", "latest.parquet"]
    shutil.rmtree(where)
