"""Launching a run over HTTP: it is queued at the real Dagster, and whatever Dagster does wrong becomes a problem."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from fastapi.testclient import TestClient
from forecast_lake import NEWEST, TOKEN
from serving import served

from weather_assets.api.app import build_app
from weather_assets.automation.instance import open_instance

GIVEN = {"Authorization": f"Bearer {TOKEN}"}


class Dagster(HTTPServer):
    """Answers every question with `reply` and keeps what was asked."""

    reply: bytes = b""
    asked: dict[str, object]


class _Handler(BaseHTTPRequestHandler):
    server: Dagster

    def do_POST(self) -> None:
        self.server.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def dagster() -> Iterator[Dagster]:
    with Dagster(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def client(settings, dagster, set_clock) -> Iterator[TestClient]:
    set_clock(NEWEST)
    address = f"http://127.0.0.1:{dagster.server_port}"
    with TestClient(build_app(settings.model_copy(update={"dagster_url": address}))) as client:
        yield client


@pytest.mark.parametrize(("job", "key"), [("hourly_cycle", "2026-03-10"), ("load_daily", "2026")])
def test_the_run_is_asked_for_todays_partition(client, dagster, job, key):
    dagster.reply = b'{"data": {"launchRun": {"__typename": "LaunchRunSuccess", "run": {"runId": "abc"}}}}'
    answer = client.post("/pipeline/trigger", json={"job": job}, headers=GIVEN)
    assert answer.status_code == 202
    assert answer.json() == {"run_id": "abc", "job": job, "partitions": key}
    params = dagster.asked["variables"]["params"]
    assert params["selector"]["jobName"] == job
    tags = {tag["key"]: tag["value"] for tag in params["executionMetadata"]["tags"]}
    assert tags["dagster/asset_partition_range_start"] == tags["dagster/asset_partition_range_end"] == key


def test_dagster_may_be_asked_elsewhere_than_links_lead(settings, dagster, set_clock):
    set_clock(NEWEST)
    dagster.reply = b'{"data": {"launchRun": {"__typename": "LaunchRunSuccess", "run": {"runId": "abc"}}}}'
    inside = f"http://127.0.0.1:{dagster.server_port}"
    behind = settings.model_copy(update={"dagster_url": "http://127.0.0.1:9", "dagster_api_url": inside})
    with TestClient(build_app(behind)) as client:
        assert client.post("/pipeline/trigger", json={}, headers=GIVEN).status_code == 202


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b'{"data": {"launchRun": {"__typename": "PythonError"}}}', "refused the run (PythonError)"),
        (b'{"errors": [{"message": "secret"}]}', "does not answer"),
        (b"<html>", "does not answer"),
    ],
)
def test_what_dagster_does_wrong_is_a_problem(client, dagster, reply, said):
    dagster.reply = reply
    answer = client.post("/pipeline/trigger", json={}, headers=GIVEN)
    assert answer.status_code == 503
    assert said in answer.json()["detail"]
    assert "secret" not in answer.text


def test_without_dagster_it_says_what_to_do(settings):
    nobody = settings.model_copy(update={"dagster_url": "http://127.0.0.1:9"})
    with TestClient(build_app(nobody)) as client:
        answer = client.post("/pipeline/trigger", json={}, headers=GIVEN)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "weather up starts it" in answer.json()["detail"]


@pytest.mark.slow
def test_weather_up_takes_a_run_from_its_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEATHER_API_TOKEN", TOKEN)
    with served(tmp_path / "home") as it:
        api = f"http://127.0.0.1:{it.ports.api}"
        # load_pm10 of a station without dust is the lightest run there is.
        answer = httpx.post(f"{api}/pipeline/trigger", json={"job": "load_pm10"}, headers=GIVEN, timeout=60)
        assert answer.status_code == 202, answer.text
        monkeypatch.setenv("DAGSTER_HOME", "restored afterwards")
        with open_instance(it.home) as instance:
            run = instance.get_run_by_id(answer.json()["run_id"])
        assert run is not None
        assert run.job_name == "load_pm10"
        assert run.tags["weather/launched_by"] == "HTTP API"
