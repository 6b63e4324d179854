"""Rules, dashboard and Alertmanager: promtool's verdict, and that every metric they name is exported."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from programs import program
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from weather_assets.api.app import build_app
from weather_assets.monitoring.metrics import LAKE_GAUGES
from weather_assets.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
NAME = re.compile(r"\b(?:weather|process)_[a-z_]+")


def promtool(*arguments: str, folder: Path = DEPLOY / "prometheus") -> subprocess.CompletedProcess[str]:
    return subprocess.run([program("promtool"), *arguments], cwd=folder, capture_output=True, text=True, check=False)


def rules() -> list[dict[str, object]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of samples: of the lake's gauges, of an API that was asked once, and of the runs of a home."""
    from dagster._core.test_utils import create_run_for_test
    from fastapi.testclient import TestClient

    from weather_assets.api.run_metrics import run_families
    from weather_assets.automation.instance import open_instance

    home = tmp_path_factory.mktemp("home")
    with TestClient(build_app(Settings(_env_file=None, home=home))) as client:
        client.get("/models/current")
        text = client.get("/metrics").text
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "restored afterwards")
        with open_instance(home) as instance:
            create_run_for_test(instance, job_name="hourly_cycle")
    families: list[Metric] = list(run_families(Settings(_env_file=None, home=home)))
    assert all(isinstance(family, GaugeMetricFamily) for family in families)
    described = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")}
    samples = {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}
    # A daemon's sign of life is there once a daemon was.
    late = {"weather_daemon_heartbeat_timestamp_seconds"}
    return described | samples | {gauge.name for gauge in LAKE_GAUGES} | {family.name for family in families} | late


def test_promtool_finds_settings_and_rules_sound():
    checked = promtool("check", "config", "prometheus.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_promtool_fires_every_rule_and_none_while_all_is_well():
    tested = promtool("test", "rules", "rules_test.yml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_the_unit_tests_would_notice_a_broken_rule(tmp_path):
    broken = RULES.read_text().replace("> scalar(", "> 100 * scalar(", 1)
    (tmp_path / "rules.yml").write_text(broken)
    shutil.copy(DEPLOY / "prometheus" / "rules_test.yml", tmp_path)
    assert promtool("test", "rules", "rules_test.yml", folder=tmp_path).returncode != 0


def test_every_rule_is_tested_graded_and_says_what_to_do():
    fired = (DEPLOY / "prometheus" / "rules_test.yml").read_text()
    severities = [rule["labels"]["severity"] for rule in rules()]
    assert len(severities) >= 16
    assert set(severities) == {"critical", "warning", "info"}
    for rule in rules():
        assert f'{{alertname="{rule["alert"]}"}}' in fired
        assert {"summary", "action"} == rule["annotations"].keys()


def test_every_metric_of_the_rules_is_exported(exported):
    named = {name for rule in rules() for name in NAME.findall(str(rule["expr"]))}
    assert named - exported == set()


def test_every_metric_of_the_dashboard_is_exported(exported):
    board = json.loads((DEPLOY / "grafana" / "dashboards" / "weather.json").read_text())
    assert len(board["panels"]) >= 10
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in board["panels"]:
        named = {name for target in panel["targets"] for name in NAME.findall(target["expr"])}
        assert named - exported == set(), panel["title"]


def test_amtool_finds_alertmanagers_settings_sound():
    settings = DEPLOY / "alertmanager" / "alertmanager.yml"
    checked = subprocess.run([program("amtool"), "check-config", settings], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("severity", "route"), [("critical", 1), ("warning", 0), ("info", 2)])
def test_amtool_routes_every_severity_to_the_one_webhook(severity, route):
    settings = DEPLOY / "alertmanager" / "alertmanager.yml"
    command = [program("amtool"), "config", "routes", "test", f"--config.file={settings}", f"severity={severity}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "slack"
    chosen = yaml.safe_load(settings.read_text())["route"]
    of_severity = [chosen, *chosen["routes"]][route]
    assert of_severity.get("matchers", [f'severity="{severity}"']) == [f'severity="{severity}"']


def test_alertmanager_sends_every_severity_to_a_receiver_that_is_there():
    chosen = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager.yml").read_text())
    receivers = {receiver["name"] for receiver in chosen["receivers"]}
    routes = [chosen["route"], *chosen["route"]["routes"]]
    assert {route["receiver"] for route in routes} <= receivers
    assert "api_url_file" in chosen["receivers"][0]["slack_configs"][0]
