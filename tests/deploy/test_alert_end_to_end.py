"""A real Prometheus scrapes the API, fires one of the project's rules into a webhook and tells when it is over."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
import uvicorn
import yaml
from forecast_lake import NEWEST, fill
from services import free_port
from serving import wait_for

from weather_assets.api.app import build_app
from weather_assets.settings import Settings
from weather_assets.sources.call_budget import CallBudget

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "rules.yml"
RULE, PROVIDER, ALLOWED = "QuotaNearItsEnd", "airkorea", 10
PATIENCE_S = 60


class Webhook(HTTPServer):
    """Speaks enough of Alertmanager's API to be told of alerts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Told)
        self.told: list[dict[str, object]] = []

    def is_told(self, *, resolved: bool) -> bool:
        """Whether the newest word about the rule is that it fires, or that it is over."""
        newest = [alert for alert in self.told if alert["labels"]["alertname"] == RULE][-1:]
        return any((datetime.fromisoformat(str(a["endsAt"])) <= datetime.now(UTC)) == resolved for a in newest)


class _Told(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.told += json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Settings, int]]:
    """The API on a port, over a home with a lake."""
    settings = Settings(_env_file=None, home=tmp_path / "home", airkorea_daily_calls=ALLOWED)
    fill(settings, NEWEST)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(build_app(settings), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield settings, port
    server.should_exit = True
    thread.join()


@contextmanager
def prometheus(folder: Path, api_port: int, webhook_port: int) -> Iterator[str]:
    """Prometheus with the project's rules, hurried; gives its address."""
    shutil.copy(RULES, folder)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [RULES.name],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{webhook_port}"]}]}]},
        "scrape_configs": [
            {"job_name": "weather-assets", "static_configs": [{"targets": [f"127.0.0.1:{api_port}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    command += [f"--web.listen-address={address}", "--rules.alert.resend-delay=1s"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        try:
            yield f"http://{address}"
        finally:
            process.terminate()


@pytest.mark.slow
def test_a_rule_fires_into_the_webhook_and_resolves(tmp_path, served, webhook):
    if shutil.which("prometheus") is None:
        pytest.skip("Prometheus is not installed (apt-get install prometheus)")
    settings, port = served
    budget = CallBudget(settings.home / "calls.sqlite")
    while budget.spent(PROVIDER) < ALLOWED:
        budget.take(PROVIDER, ALLOWED)
    folder = tmp_path / "prometheus"
    folder.mkdir()
    with prometheus(folder, port, webhook.server_port) as address:
        assert wait_for(lambda: webhook.is_told(resolved=False), PATIENCE_S), (folder / "log").read_text()
        scraped = httpx.get(f"{address}/api/v1/query", params={"query": "weather_raw_rows"}).json()["data"]["result"]
        assert {one["metric"]["table"]: one["value"][1] for one in scraped}["raw.asos_hourly"] == "98"
        # The next day the count begins anew.
        (settings.home / "calls.sqlite").unlink()
        assert wait_for(lambda: webhook.is_told(resolved=True), PATIENCE_S)
