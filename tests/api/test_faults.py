"""What every endpoint answers while something is broken, and that it answers again once that is mended.

deploy/README.md tells it as a table; these tests compare what they see with that table.
"""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from forecast_lake import NEWEST, TOKEN, fill
from gate import Gate
from services import S3Server, free_port
from serving import wait_for

from weather_assets.api.app import build_app
from weather_assets.errors import WeatherError
from weather_assets.publication.files import publish
from weather_assets.settings import Settings

README = Path(__file__).parents[2] / "deploy" / "README.md"
FORECASTS = ("/predict/now", "/predict/morning", "/predict/evening", "/forecast/hourly", "/forecast/daily")
RESULTS = ("/result", "/api/latest", "/drift/latest")
OF_THE_LAKE = (*FORECASTS, *RESULTS)
COLUMNS = {
    "forecasts": FORECASTS,
    "results": RESULTS,
    "models": ("/models/current", "/models/air_temperature_c/history"),
    "source": ("/sources/test",),
    "health": ("/health",),
    "metrics": ("/metrics",),
}
AIR = "air_temperature_c"
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


def told(fault: str) -> dict[str, str]:
    """The line of the table about a fault: what each group of endpoints answers."""
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in README.read_text().splitlines()]
    heads = next(row for row in rows if row[0] == "fault")
    [line] = [row for row in rows if row[0] == fault]
    return dict(zip(heads[1:], line[1:], strict=True))


def seen(client: TestClient) -> dict[str, str]:
    """What each group of endpoints answers, in the words of the table; every answer of a group must be the same."""
    answers = {}
    for name, paths in COLUMNS.items():
        by_path = {path: client.get(path).status_code for path in paths}
        assert len(set(by_path.values())) == 1, by_path
        answers[name] = str(by_path[paths[0]])
    answers["health"] += f" {client.get('/health').json()['status']}"
    return answers


def up(client: TestClient) -> dict[str, str]:
    """Which parts answer, by /metrics."""
    return dict(re.findall(r'^weather_up\{part="(\w+)"\} ([01])', client.get("/metrics").text, re.MULTILINE))


def assert_all_is_well(client: TestClient) -> None:
    assert seen(client) == told("none")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the lake for its snapshot at every request."""
    monkeypatch.setattr("weather_assets.api.lake_reader.SNAPSHOT_AGE_S", 0.0)


def test_no_lake_yet_then_one(settings, set_clock):
    set_clock(NEWEST.replace(minute=30))
    settings.home.mkdir()
    with TestClient(build_app(settings)) as client:
        assert seen(client) == told("no lake yet")
        assert client.get("/openapi.json").status_code == 200
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
    assert seen(client) == told("catalogue locked by a writer")
    holder.execute("ROLLBACK")
    holder.close()


def test_the_catalogue_is_spoilt_then_restored(client, filled):
    assert_all_is_well(client)
    catalog = filled.home / "catalog.sqlite"
    sound = catalog.read_bytes()
    catalog.unlink()
    catalog.write_bytes(b"not a database" * 1000)
    assert seen(client) == told("catalogue spoilt")
    catalog.unlink()
    catalog.write_bytes(sound)
    assert_all_is_well(client)


def champion(client: TestClient) -> int:
    """Number of the only champion."""
    [only] = client.get("/models/current").json()["champions"]
    return int(only["version"])


def assert_nothing_moves(client: TestClient) -> None:
    """Both commands say that the lake is away and when to come back, and the champion stays."""
    for path, given in (("/models/rollback", {}), ("/models/promote", {"version": 1})):
        answer = client.post(path, json={"target": AIR, **given}, headers=GIVEN)
        assert (answer.status_code, answer.json()["title"]) == (503, "Lake unavailable")
        assert answer.headers["retry-after"] == "5"
    assert champion(client) == 2


def assert_it_moves(client: TestClient) -> None:
    answer = client.post("/models/rollback", json={"target": AIR}, headers=GIVEN)
    assert (answer.status_code, answer.json()["recorded"]) == (200, True)
    assert champion(client) == 1


def test_no_champion_moves_while_the_catalogue_is_spoilt(registered):
    catalog = registered.home / "catalog.sqlite"
    sound = catalog.read_bytes()
    catalog.unlink()
    catalog.write_bytes(b"not a database" * 1000)
    with TestClient(build_app(registered)) as client:
        assert_nothing_moves(client)
        catalog.write_bytes(sound)
        assert_it_moves(client)


def test_no_champion_moves_while_the_catalogues_database_is_down(registered, postgres_server, postgres_url):
    closed = postgres_url.replace(f":{postgres_server.port}/", f":{free_port()}/")
    with TestClient(build_app(registered.model_copy(update={"lake_catalog": closed}))) as client:
        assert_nothing_moves(client)
    # Not through a gate: its threads would wait for the interpreter, which DuckDB holds while it writes.
    with TestClient(build_app(registered.model_copy(update={"lake_catalog": postgres_url}))) as client:
        assert_it_moves(client)


def test_the_data_files_are_away(client, filled):
    kept = client.get("/predict/now")
    (filled.home / "data").rename(filled.home / "away")
    # What was answered of this snapshot still holds; anything else needs the files.
    assert client.get("/predict/now").content == kept.content
    assert client.get("/forecast/daily").status_code == 503
    assert client.get("/health").json()["status"] == "failing"
    (filled.home / "away").rename(filled.home / "data")
    assert_all_is_well(client)


@contextmanager
def s3_on(port: int, root: Path, keys: str) -> Iterator[None]:
    """An S3 server of its own on a port, killed at the end."""
    command = [
        Path(sys.executable).with_name("rclone"),
        "serve",
        "s3",
        "--auth-key",
        keys,
        "--addr",
        f"127.0.0.1:{port}",
    ]
    environment = {**os.environ, "RCLONE_CONFIG": str(root.with_name("rclone.conf"))}
    with subprocess.Popen([*command, root], env=environment, stderr=subprocess.DEVNULL) as server:
        assert wait_for(lambda: is_open(port), 30)
        try:
            yield
        finally:
            server.kill()


def is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_s3_is_down(tmp_path, set_clock):
    set_clock(NEWEST.replace(minute=30))
    root, port = tmp_path / "s3", free_port()
    (root / "weather").mkdir(parents=True)
    keys = S3Server("", "", root)
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        lake_data="s3://weather/home",
        aws_access_key_id=keys.key_id,
        aws_secret_access_key=keys.secret,
        aws_endpoint_url_s3=f"http://127.0.0.1:{port}",
    )
    with TestClient(build_app(settings)) as client:
        with s3_on(port, root, f"{keys.key_id},{keys.secret}"):
            fill(settings, NEWEST)
            kept = client.get("/predict/now")
            assert kept.status_code == 200
        # What was answered of this snapshot still holds; what was never read needs the files.
        assert client.get("/predict/now").content == kept.content
        assert client.get("/forecast/daily").status_code == 503
        set_clock(NEWEST.replace(minute=31))
        assert seen(client) == told("S3 down, or the data files away")
        assert up(client)["lake"] == "0"
        with s3_on(port, root, f"{keys.key_id},{keys.secret}"):
            assert_all_is_well(client)


def test_the_catalogues_database_is_down(tmp_path, postgres_server, postgres_url, set_clock):
    set_clock(NEWEST.replace(minute=30))
    gate = Gate(postgres_server.port)
    address = postgres_url.replace(f":{postgres_server.port}/", f":{gate.port}/")
    settings = Settings(_env_file=None, home=tmp_path / "home", lake_catalog=address)
    fill(settings, NEWEST)
    with TestClient(build_app(settings)) as client:
        assert_all_is_well(client)
        gate.shut()
        set_clock(NEWEST.replace(minute=31))
        assert seen(client) == told("PostgreSQL down")
        assert {part for part, is_up in up(client).items() if is_up == "0"} == {"lake", "calls"}
        gate.open()
        assert_all_is_well(client)
    gate.shut()


@contextmanager
def mlflow_server(home: Path) -> Iterator[int]:
    """MLflow's own REST service over the home's store, in a thread; gives its port."""
    from mlflow.server import app
    from mlflow.server.handlers import initialize_backend_stores
    from werkzeug.serving import make_server

    store = f"sqlite:///{home / 'mlflow.db'}"
    initialize_backend_stores(store, store, str(home))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.mark.slow
def test_mlflow_is_down(filled, set_clock, monkeypatch):
    set_clock(NEWEST.replace(minute=30))
    monkeypatch.setattr("weather_assets.api.models.AGE_S", 0.0)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with mlflow_server(filled.home) as port:
        gate = Gate(port)
        remote = filled.model_copy(update={"mlflow_tracking_uri": f"http://127.0.0.1:{gate.port}"})
        with TestClient(build_app(remote)) as client:
            assert_all_is_well(client)
            gate.shut()
            assert seen(client) == told("MLflow down")
            assert up(client)["mlflow"] == "0"
            answer = client.post("/models/rollback", json={"target": "air_temperature_c"}, headers=GIVEN)
            assert (answer.status_code, answer.json()["title"]) == (503, "Mlflow unavailable")
            gate.open()
            assert_all_is_well(client)


def test_dagster_is_down(client):
    """Nobody serves it here: only a run cannot be started."""
    assert seen(client) == told("Dagster down")
    assert client.post("/pipeline/trigger", json={}, headers=GIVEN).status_code == 503


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_the_clock_jumps(client, set_clock, jump):
    assert_all_is_well(client)
    set_clock(NEWEST + jump)
    assert seen(client) == told("clock a year off")
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
        assert seen(client) == told("disk full")
        with pytest.raises(WeatherError, match="No space left on device"):
            publish(settings, {"layout": 1, "padding": "x" * 10_000}, [])
        assert_all_is_well(client)
        filler.unlink()
        assert_all_is_well(client)
