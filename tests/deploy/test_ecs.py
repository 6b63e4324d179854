"""The ECS definitions: against the service model of AWS's own client, against Dagster's schema, against each other."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import dagster as dg
import pytest
import yaml
from botocore.stub import Stubber
from botocore.validate import ParamValidator
from dagster._cli.api import ExecuteRunArgs
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.instance import InstanceRef
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster_aws.ecs import EcsRunLauncher

from weather_assets.settings import Settings

ECS = Path(__file__).parents[2] / "deploy" / "ecs"
TASKS = {
    path.stem: json.loads(path.read_text())
    for path in sorted(ECS.glob("*.json"))
    if path.stem not in {"services", "launcher-policy"}
}
SERVICES = {service["serviceName"]: service for service in json.loads((ECS / "services.json").read_text())}
KEYS_OF_THE_LAKE = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
# A pair that Fargate has: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
MEMORY_OF = {"512": range(1024, 4097, 1024), "1024": range(2048, 8193, 1024)}
LONGEST_OVERRIDE = 8192
Definition = dict[str, Any]


def report(operation: str, parameters: Definition) -> str:
    """What AWS's client would refuse to send, as text; empty where it would send it."""
    model = botocore.session.get_session().get_service_model("ecs")
    shape = model.operation_model(operation).input_shape
    return str(ParamValidator().validate(parameters, shape).generate_report())


def main_container(name: str) -> Definition:
    return next(one for one in TASKS[name]["containerDefinitions"] if one["name"] == name)


def test_the_platform_is_whole():
    assert TASKS.keys() == {"code", "dagster", "daemon", "mlflow", "app", "api", "run"}
    assert SERVICES.keys() == TASKS.keys() - {"run"}


@pytest.mark.parametrize("name", sorted(TASKS))
def test_tasks_are_what_ecs_takes(name):
    assert report("RegisterTaskDefinition", TASKS[name]) == ""
    assert int(TASKS[name]["memory"]) in MEMORY_OF[TASKS[name]["cpu"]]
    assert TASKS[name]["family"] == f"weather-{name}"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_services_are_what_ecs_takes(name):
    assert report("CreateService", SERVICES[name]) == ""
    assert SERVICES[name]["taskDefinition"] == TASKS[name]["family"]


def test_the_validator_would_notice():
    assert "Unknown parameter" in report("RegisterTaskDefinition", {**TASKS["api"], "memorry": "1"})
    assert "Invalid type" in report("CreateService", {**SERVICES["api"], "desiredCount": "2"})


@pytest.mark.parametrize("name", sorted(TASKS))
def test_containers_are_pinned_watched_and_not_root(name):
    for container in TASKS[name]["containerDefinitions"]:
        assert re.search(r"/weather-assets:\d+\.\d+\.\d+$", container["image"])
        assert container["user"] == "10001"
        assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
        assert {mount["sourceVolume"] for mount in container["mountPoints"]} == {
            volume["name"] for volume in TASKS[name]["volumes"]
        }
    assert name == "run" or main_container(name)["healthCheck"]["command"][0] == "CMD"


@pytest.mark.parametrize("name", sorted(TASKS))
def test_secrets_are_references_and_settings_are_settings(name):
    known = {f"WEATHER_{field.upper()}" for field in Settings.model_fields}
    for container in TASKS[name]["containerDefinitions"]:
        secrets = {one["name"]: one["valueFrom"] for one in container["secrets"]}
        for key, reference in secrets.items():
            assert re.fullmatch(rf"arn:aws:secretsmanager:[a-z0-9-]+:\d{{12}}:secret:weather/{key}", reference)
        settings = {one["name"]: one["value"] for one in container["environment"]}
        assert not settings.keys() & secrets.keys()
        assert {one for one in settings.keys() | secrets.keys() if one.startswith("WEATHER_")} <= known
        assert not any("://" in value and "@" in value for value in settings.values())


def test_what_starts_tasks_does_so_by_its_role():
    """boto3 prefers keys in the environment to the task's role: with the lake's keys the launcher starts nothing."""
    for name in ("dagster", "daemon"):
        assert TASKS[name]["taskRoleArn"].endswith("/weather-launcher")
        for container in TASKS[name]["containerDefinitions"]:
            assert not {one["name"] for one in container["secrets"]} & KEYS_OF_THE_LAKE
    for name in ("run", "code", "app", "api", "mlflow"):
        assert {one["name"] for one in main_container(name)["secrets"]} >= KEYS_OF_THE_LAKE


def test_the_role_may_hand_over_just_the_roles_of_runs():
    statements = json.loads((ECS / "launcher-policy.json").read_text())["Statement"]
    passed = next(one for one in statements if one["Action"] == ["iam:PassRole"])["Resource"]
    assert set(passed) == {TASKS["run"]["taskRoleArn"], TASKS["run"]["executionRoleArn"]}
    assert not any("*" in action for one in statements for action in one["Action"])


def test_services_find_each_other_under_the_names_in_the_settings():
    names = {}
    for service in SERVICES.values():
        for one in service["serviceConnectConfiguration"].get("services", []):
            alias = one["clientAliases"][0]
            names[alias["dnsName"]] = alias["port"]
            [port] = main_container(service["serviceName"])["portMappings"]
            assert (port["name"], port["containerPort"]) == (one["portName"], alias["port"])
    settings = {one["name"]: one["value"] for one in main_container("api")["environment"]}
    server = yaml.safe_load((ECS.parent / "workspace.yaml").read_text())["load_from"][0]["grpc_server"]
    assert settings["WEATHER_DAGSTER_API_URL"] == f"http://dagster:{names['dagster']}"
    assert settings["MLFLOW_TRACKING_URI"] == f"http://mlflow:{names['mlflow']}"
    assert names[server["host"]] == server["port"]
    # Dagster and MLflow have no sign-in: no load balancer leads to them.
    assert {name for name, service in SERVICES.items() if "loadBalancers" in service} == {"app", "api"}


def test_there_is_never_a_second_daemon():
    assert SERVICES["daemon"]["desiredCount"] == 1
    assert SERVICES["daemon"]["deploymentConfiguration"]["maximumPercent"] == 100


@pytest.fixture
def instance(tmp_path, postgres_server, postgres_url, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """The instance of dagster.yaml; only the database's address is another one, and AWS is a stub."""
    config = yaml.safe_load((ECS / "dagster.yaml").read_text())
    for part in ("run_storage", "event_log_storage", "schedule_storage"):
        database = {**config[part]["config"]["postgres_db"], "port": postgres_server.port}
        config[part] = {
            **config[part],
            "config": {"postgres_db": {**database, "db_name": postgres_url.rpartition("/")[2]}},
        }
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config))
    for name, value in {
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PASSWORD": postgres_server.password,
        "LOGS_BUCKET": "weather",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }.items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path))) as opened:
        yield opened


def test_dagster_opens_the_instance_and_finds_the_task_of_runs(instance, monkeypatch):
    client = boto3.client("ecs")
    described = {"taskDefinition": {**TASKS["run"], "taskDefinitionArn": "arn:run:1", "revision": 1}}
    make = boto3.client
    monkeypatch.setattr(boto3, "client", lambda name, **given: client if name == "ecs" else make(name, **given))
    with Stubber(client) as aws:
        aws.add_response("describe_task_definition", described, {"taskDefinition": TASKS["run"]["family"]})
        launcher = instance.run_launcher
    assert isinstance(launcher, EcsRunLauncher)
    assert launcher.task_definition == "arn:run:1"
    assert launcher.secrets_tags == []
    assert instance.get_runs_count() == 0


def test_what_starts_a_run_is_short_enough_for_ecs(instance):
    """ECS takes 8,192 characters of overrides; the command carries the whole of dagster.yaml, compressed."""
    code = RepositoryPythonOrigin(sys.executable, ModuleCodePointer("weather_assets.definitions", "defs"))
    args = ExecuteRunArgs(
        job_origin=JobPythonOrigin("hourly_cycle", code),
        run_id="0" * 36,
        instance_ref=instance.get_ref(),
        set_exit_code_on_failure=True,
    )
    command = json.dumps(args.get_command_args())
    assert len(command) < LONGEST_OVERRIDE - 500
