"""A real Prometheus scrapes the API and fires a rule; a real Alertmanager tells the webhook, also when it is over."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
import yaml
from forecast_lake import NEWEST, fill
from programs import program
from services import free_port
from serving import wait_for
from webhook import Webhook, webhook

from weather_assets.api.app import build_app
from weather_assets.settings import Settings
from weather_assets.sources.call_budget import CallBudget

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
ALERTMANAGER = DEPLOY / "alertmanager" / "alertmanager.yml"
RULE, PROVIDER, ALLOWED = "QuotaNearItsEnd", "airkorea", 10
PATIENCE_S = 60


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
def running(folder: Path, *command: str) -> Iterator[None]:
    """A program in a folder, with its words in a file there, until the block ends."""
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def alertmanager(folder: Path, webhook_url: str) -> Iterator[str]:
    """Alertmanager with the project's settings, hurried; gives its address."""
    text = ALERTMANAGER.read_text()
    for word in ("group_wait", "group_interval"):
        text = re.sub(rf"{word}: \w+", f"{word}: 1s", text)
    (folder / "alertmanager.yml").write_text(text.replace("/run/secrets/slack_webhook_url", str(folder / "url")))
    (folder / "url").write_text(webhook_url)
    address = f"127.0.0.1:{free_port()}"
    options = ["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="]
    with running(folder, program("prometheus-alertmanager"), *options, f"--web.listen-address={address}"):
        yield address


@contextmanager
def prometheus(folder: Path, api_port: int, alertmanager_address: str) -> Iterator[str]:
    """Prometheus with the project's rules, hurried; gives its address."""
    shutil.copy(RULES, folder)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [RULES.name],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager_address]}]}]},
        "scrape_configs": [
            {"job_name": "weather-assets", "static_configs": [{"targets": [f"127.0.0.1:{api_port}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{free_port()}"
    options = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--rules.alert.resend-delay=1s"]
    with running(folder, program("prometheus"), *options, f"--web.listen-address={address}"):
        yield f"http://{address}"


def told(hook: Webhook, status: str) -> bool:
    """Whether the webhook was told this of the rule, with what to do."""
    attachments = [one for message in hook.received for one in message["attachments"]]
    words = [one["text"] for one in attachments if one["title"].startswith(f"{status} {RULE} (warning)")]
    return any("calls of airkorea allowed today are used. Put off backfills" in text for text in words)


@pytest.mark.slow
def test_a_rule_fires_into_the_webhook_and_resolves(tmp_path, served):
    settings, port = served
    budget = CallBudget(settings.home / "calls.sqlite")
    while budget.spent(PROVIDER) < ALLOWED:
        budget.take(PROVIDER, ALLOWED)
    folders = [tmp_path / name for name in ("prometheus", "alertmanager")]
    for folder in folders:
        folder.mkdir()
    with (
        webhook() as hook,
        alertmanager(folders[1], hook.url) as manager,
        prometheus(folders[0], port, manager) as address,
    ):
        assert wait_for(lambda: told(hook, "FIRING"), PATIENCE_S), [(one / "log").read_text() for one in folders]
        scraped = httpx.get(f"{address}/api/v1/query", params={"query": "weather_raw_rows"}).json()["data"]["result"]
        assert {one["metric"]["table"]: one["value"][1] for one in scraped}["raw.asos_hourly"] == "98"
        # The next day the count begins anew.
        (settings.home / "calls.sqlite").unlink()
        assert wait_for(lambda: told(hook, "RESOLVED"), PATIENCE_S), [(one / "log").read_text() for one in folders]
