"""compose.yaml, the image and the workflows, as far as they can be judged without Docker.

The workflow test.yml has the real `docker compose config` look at the file too.
"""

import re
import runpy
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
STACK = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = STACK["services"]
OURS = {name for name, service in SERVICES.items() if "weather-assets" in service["image"]}
SECRETS = {
    "POSTGRES_PASSWORD",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "GRAFANA_PASSWORD",
    "PROXY_USER",
    "PROXY_PASSWORD_HASH",
    "SLACK_WEBHOOK_URL",
}
ONCE = {"prepare"}


def resolved(text: str, given: Mapping[str, str]) -> str:
    """compose.yaml with its variables filled in as compose does; raises LookupError where a needed one is not set."""

    def value(found: re.Match[str]) -> str:
        name, rule, rest = found.groups()
        if rule == ":?" and not given.get(name):
            raise LookupError(name)
        return given.get(name) or (rest if rule == ":-" else "")

    return re.sub(r"\$\{([A-Z_0-9]+)(?:(:[-?])([^}]*))?\}", value, text)


def validate(text: str) -> None:
    """Raises ValueError where the text is no compose file. Anchors are resolved first, as every YAML reader does."""
    PyCompose.from_yaml(yaml.safe_dump(yaml.safe_load(text))).validate()


def test_a_parser_of_the_compose_specification_takes_the_stack():
    text = (DEPLOY / "compose.yaml").read_text()
    validate(resolved(text, dict.fromkeys(SECRETS, "made-up")))
    with pytest.raises(LookupError, match="POSTGRES_PASSWORD"):
        resolved(text, dict.fromkeys(SECRETS - {"POSTGRES_PASSWORD"}, "made-up"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("healthcheck:", "healthchek:"),
        ("condition: service_healthy", "condition: service_heathy"),
        ("interval: 60s", "interval: sixty"),
        ("secrets: [slack_webhook_url]", "secrets: [slack]"),
        ("restart: unless-stopped", "restart: sometimes"),
        (":8000:8000", ":8000:eight"),
    ],
)
def test_the_parser_would_notice(right, wrong):
    text = resolved((DEPLOY / "compose.yaml").read_text(), dict.fromkeys(SECRETS, "made-up"))
    assert right in text
    with pytest.raises(ValueError, match=r"."):
        validate(text.replace(right, wrong, 1))


def test_the_stack_is_whole():
    assert {"prepare", "mlflow", "code", "dagster", "daemon", "app", "api"} == OURS
    assert {"postgres", "s3", "prometheus", "alertmanager", "grafana", "proxy"} == SERVICES.keys() - OURS


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_watched_pinned_and_not_root(name):
    service = SERVICES[name]
    assert name in ONCE or service["healthcheck"]["test"][0] == "CMD"
    assert name in OURS or re.search(r":v?\d", service["image"]), "the image names no version"
    assert name in OURS or service["user"] not in {"root", "0"}
    assert not service.get("privileged")


def test_the_image_is_not_root():
    users = re.findall(r"^USER (\S+)$", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert users == ["weather"]


def test_the_image_dumps_what_the_server_holds():
    client = re.search(r"postgresql-client-(\d+)", (DEPLOY / "Dockerfile").read_text())
    server = re.search(r"postgres:(\d+)", SERVICES["postgres"]["image"])
    assert client is not None
    assert server is not None
    assert int(client[1]) >= int(server[1])


def test_links_lead_through_the_proxy_and_the_api_asks_dagster_itself():
    given, caddy = SERVICES["api"]["environment"], (DEPLOY / "Caddyfile").read_text()
    for name, page in (("WEATHER_DAGSTER_URL", "dagster:3000"), ("WEATHER_MLFLOW_URL", "mlflow:5000")):
        port = re.search(r":(\d+)\}$", given[name])
        assert port is not None
        site = next(part for part in re.split(r"^:", caddy, flags=re.MULTILINE) if part.startswith(port[1]))
        assert f"reverse_proxy {page}" in site
    assert given["WEATHER_DAGSTER_API_URL"] == "http://dagster:3000"


def test_ports_are_of_this_machine_only_and_pages_without_sign_in_have_none():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports.keys() == {"api", "proxy"}
    assert all(port.startswith("${BIND:-127.0.0.1}:") for listed in ports.values() for port in listed)
    caddy = (DEPLOY / "Caddyfile").read_text()
    for page in ("dagster:3000", "mlflow:5000"):
        site = next(part for part in re.split(r"^:", caddy, flags=re.MULTILINE) if page in part)
        assert "import signed_in" in site


def test_no_secret_has_a_default():
    text = (DEPLOY / "compose.yaml").read_text()
    example = dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", (DEPLOY / ".env.example").read_text(), flags=re.MULTILINE))
    assert example == dict.fromkeys(SECRETS, "")
    for name in SECRETS:
        used = re.findall(rf"\$\{{{name}(.*?)\}}", text)
        assert used
        assert all(rest.startswith(":?") for rest in used), name


def test_what_is_mounted_is_there_and_volumes_are_declared():
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in STACK["volumes"]
        for dependency in service.get("depends_on", {}):
            assert dependency in SERVICES


def test_settings_of_the_stack_are_settings_of_the_platform():
    from weather_assets.settings import Settings

    known = {f"WEATHER_{name.upper()}" for name in Settings.model_fields}
    for name in OURS:
        given = {key for key in SERVICES[name]["environment"] if key.startswith("WEATHER_")}
        assert given <= known


def test_dagster_opens_the_instance_that_the_image_carries(tmp_path, postgres_server, postgres_url, monkeypatch):
    """Only the address of the server is another one here."""
    import dagster as dg

    config = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())
    database = {"username": postgres_server.user, "password": {"env": "POSTGRES_PASSWORD"}, "hostname": "127.0.0.1"}
    for part in ("run_storage", "event_log_storage", "schedule_storage"):
        here = {**database, "port": postgres_server.port, "db_name": postgres_url.rpartition("/")[2]}
        config[part] = {**config[part], "config": {"postgres_db": here}}
    config["compute_logs"]["config"]["base_dir"] = str(tmp_path / "logs")
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("POSTGRES_PASSWORD", postgres_server.password)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.get_runs_count() == 0


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_have_bounds_and_no_more_rights_than_needed(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 90
        assert all("@" in step["uses"] for step in job.get("steps", []) if "uses" in step)


def test_what_is_missing_is_made_once_and_again(tmp_path, s3_server, monkeypatch):
    """prepare.py runs before every service on Kubernetes and ECS."""
    import boto3
    import dagster as dg

    monkeypatch.setattr("weather_assets.automation.instance.PROJECT_CONFIG", ROOT / "dagster.yaml")
    for name, value in {
        "WEATHER_HOME": str(tmp_path / "home"),
        "WEATHER_LAKE_DATA": "s3://fresh-bucket/home",
        "AWS_ENDPOINT_URL_S3": s3_server.endpoint_url,
        "AWS_ACCESS_KEY_ID": s3_server.key_id,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        runpy.run_path(str(DEPLOY / "prepare.py"), run_name="__main__")
    client = boto3.client("s3", endpoint_url=s3_server.endpoint_url)
    assert "fresh-bucket" in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    with dg.DagsterInstance.from_config(str(tmp_path / "home" / "dagster")) as instance:
        assert {(pool.name, pool.limit) for pool in instance.event_log_storage.get_pool_limits()} == {("training", 1)}
