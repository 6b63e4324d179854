"""What every endpoint answers while something is broken, and that it answers again once that is mended."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from forecast_lake import NEWEST, fill

from weather_assets.api.app import build_app
from weather_assets.errors import WeatherError
from weather_assets.publication.files import publish
from weather_assets.settings import Settings

OF_THE_LAKE = (
    "/predict/now",
    "/predict/morning",
    "/predict/evening",
    "/forecast/hourly",
    "/forecast/daily",
    "/result",
    "/api/latest",
    "/drift/latest",
)
OF_THE_REST = ("/models/current", "/models/air_temperature_c/history", "/sources/test", "/metrics", "/openapi.json")


def statuses(client: TestClient, paths: tuple[str, ...]) -> dict[str, int]:
    return {path: client.get(path).status_code for path in paths}


def answering(status: int, paths: tuple[str, ...]) -> dict[str, int]:
    return dict.fromkeys(paths, status)


def assert_all_is_well(client: TestClient) -> None:
    assert statuses(client, OF_THE_LAKE) == answering(200, OF_THE_LAKE)
    assert client.get("/health").status_code == 200


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the lake for its snapshot at every request."""
    monkeypatch.setattr("weather_assets.api.lake_reader.SNAPSHOT_AGE_S", 0.0)


def test_no_lake_yet_then_one(settings, set_clock):
    set_clock(NEWEST.replace(minute=30))
    settings.home.mkdir()
    with TestClient(build_app(settings)) as client:
        assert statuses(client, OF_THE_LAKE) == answering(503, OF_THE_LAKE)
        assert statuses(client, OF_THE_REST) == answering(200, OF_THE_REST)
        health = client.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "failing")
        assert client.get("/predict/now").headers["retry-after"] == "5"
        assert str(settings.home) not in client.get("/predict/now").text
        fill(settings, NEWEST)
        assert_all_is_well(client)


def test_the_catalogue_is_locked(client, filled):
    assert_all_is_well(client)
    holder = sqlite3.connect(filled.home / "catalog.sqlite", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    # Another process writing never keeps a reader waiting: the catalogue is in WAL mode.
    holder.execute("BEGIN IMMEDIATE")
    assert_all_is_well(client)
    holder.execute("ROLLBACK")
    holder.close()


def test_the_catalogue_is_spoilt_then_restored(client, filled):
    assert_all_is_well(client)
    catalog = filled.home / "catalog.sqlite"
    sound = catalog.read_bytes()
    catalog.unlink()
    catalog.write_bytes(b"not a database" * 1000)
    assert statuses(client, OF_THE_LAKE[:2]) == answering(503, OF_THE_LAKE[:2])
    assert client.get("/health").status_code == 503
    catalog.unlink()
    catalog.write_bytes(sound)
    assert_all_is_well(client)


def test_the_data_files_are_away(client, filled):
    kept = client.get("/predict/now")
    (filled.home / "data").rename(filled.home / "away")
    # What was answered of this snapshot still holds; anything else needs the files.
    assert client.get("/predict/now").content == kept.content
    assert client.get("/forecast/daily").status_code == 503
    (filled.home / "away").rename(filled.home / "data")
    assert_all_is_well(client)


def test_s3_is_down(tmp_path, s3_server, s3_prefix, set_clock):
    set_clock(NEWEST.replace(minute=30))
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        lake_data=s3_prefix,
        aws_access_key_id=s3_server.key_id,
        aws_secret_access_key=s3_server.secret,
        aws_endpoint_url_s3=s3_server.endpoint_url,
    )
    fill(settings, NEWEST, stations=(108,))
    # The catalogue is here; the server of the files is one that refuses.
    down = settings.model_copy(update={"aws_endpoint_url_s3": "http://127.0.0.1:9"})
    with TestClient(build_app(down)) as client:
        assert statuses(client, ("/predict/now", "/result")) == answering(503, ("/predict/now", "/result"))
        assert client.get("/health").status_code == 503
        assert client.get("/models/current").status_code == 200
        # It answers again: the same application, the server back.
        client.app.state.shared.lake._settings = settings
        assert client.get("/predict/now").status_code == 200


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_the_clock_jumps(client, set_clock, jump):
    assert client.get("/predict/now").status_code == 200
    set_clock(NEWEST + jump)
    then = statuses(client, OF_THE_LAKE)
    assert then.pop("/result") == then.pop("/api/latest") == then.pop("/drift/latest") == 200
    assert set(then.values()) == {404}
    assert client.get("/health").status_code == 200
    set_clock(NEWEST.replace(minute=31))
    assert_all_is_well(client)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB; skips where it cannot be mounted (no root)."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill_up(path: Path) -> None:
    """Write a file until there is no space left."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_the_disk_is_full(small_disk, set_clock):
    set_clock(NEWEST.replace(minute=30))
    settings = Settings(_env_file=None, home=small_disk)
    fill(settings, NEWEST)
    with TestClient(build_app(settings)) as client:
        assert_all_is_well(client)
        filler = small_disk / "filler"
        fill_up(filler)
        # Reading needs no space, and writing fails with its reason and leaves nothing behind.
        assert_all_is_well(client)
        with pytest.raises(WeatherError, match="No space left on device"):
            publish(settings, {"layout": 1, "padding": "x" * 10_000}, [])
        assert_all_is_well(client)
        filler.unlink()
        assert_all_is_well(client)
