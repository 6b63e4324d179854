"""The Kubernetes manifests: against the schema of Kubernetes, against Dagster's own, and against each other."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import grpc
import kubernetes_validate
import pytest
import yaml
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.instance import InstanceRef
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.test_utils import create_run_for_test
from dagster_k8s import K8sRunLauncher, k8s_job_executor
from dagster_k8s.container_context import K8sContainerContext
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub
from kubernetes.client import ApiClient
from services import free_port

from weather_assets.definitions import build_definitions
from weather_assets.errors import UsageError
from weather_assets.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY / "kubernetes"
BASE = ROOT / "base"
VERSIONS = ("1.30", "1.37")
OF_KUSTOMIZE = {"kustomization.yaml", "dagster.yaml", "workspace.yaml", "run_config.yaml"}
SECRET_KEYS = set(re.findall(r"^([A-Z_0-9]+)=$", (ROOT / "example" / "secrets.env.example").read_text(), re.MULTILINE))
Manifest = dict[str, Any]


@cache
def kustomization(folder: str) -> Manifest:
    return yaml.safe_load((ROOT / folder / "kustomization.yaml").read_text())


def manifests(folder: str) -> list[Manifest]:
    """What the files of a folder say, in the order of kustomize; other folders that it names are left out."""
    files = [BASE.parent / folder / name for name in kustomization(folder)["resources"] if name.endswith(".yaml")]
    return [one for file in files for one in yaml.safe_load_all(file.read_text())]


def of_kind(kind: str, folder: str = "base") -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in manifests(folder) if one["kind"] == kind}


DEPLOYMENTS = of_kind("Deployment")


def pod(deployment: Manifest) -> Manifest:
    return deployment["spec"]["template"]["spec"]


def containers(spec: Manifest) -> list[Manifest]:
    return [*spec.get("initContainers", []), *spec["containers"]]


def instance_config() -> Manifest:
    return yaml.safe_load((BASE / "dagster.yaml").read_text())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", ["base", "steps", "example"])
def test_every_manifest_is_what_kubernetes_takes(folder, version):
    for one in manifests(folder):
        kubernetes_validate.validate(one, version, strict=True)


def test_the_validator_would_notice():
    broken = manifests("base")[-3]
    broken["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSIONS[-1], strict=True)


def test_the_platform_is_whole_and_every_file_is_used():
    assert DEPLOYMENTS.keys() == {"code", "dagster", "daemon", "mlflow", "app", "api"}
    for folder in ("base", "steps", "example"):
        there = {path.name for path in (ROOT / folder).glob("*.yaml")} - OF_KUSTOMIZE
        assert there == {name for name in kustomization(folder)["resources"] if name.endswith(".yaml")}
    assert (BASE / "workspace.yaml").read_text() == (DEPLOY / "workspace.yaml").read_text()


@pytest.mark.parametrize("folder", ["base", "example", "steps"])
def test_what_kustomize_builds_is_what_kubernetes_takes(folder, tmp_path):
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed; the files themselves are validated by the other tests")
    built_from = tmp_path / "kubernetes"
    shutil.copytree(ROOT, built_from)
    if folder == "steps":
        text = (built_from / "example" / "kustomization.yaml").read_text()
        (built_from / "example" / "kustomization.yaml").write_text(text.replace("# components:", "components:"))
    target = built_from / ("base" if folder == "base" else "example")
    built = subprocess.run(["kubectl", "kustomize", target], capture_output=True, text=True, check=True).stdout
    parts = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(built)}
    for one in parts.values():
        kubernetes_validate.validate(one, VERSIONS[-1], strict=True)
        assert one["kind"] == "Namespace" or one["metadata"]["namespace"] == "weather"
    code = pod(parts["Deployment", "code"])["containers"][0]
    given = {variable["name"]: variable.get("value") for variable in code["env"]}
    assert given["DAGSTER_CONTAINER_IMAGE"] == code["image"]
    assert ("DAGSTER_CONTAINER_CONTEXT" in given) == (folder == "steps")
    settings = parts["ConfigMap", "weather-settings"]["data"]
    assert settings.get("WEATHER_EXECUTOR") == ("kubernetes" if folder == "steps" else None)
    mlflow = pod(parts["Deployment", "mlflow"])["containers"][0]["command"]
    assert mlflow[-1] == f"--artifacts-destination={settings['WEATHER_LAKE_DATA']}/models"


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_pods_are_bounded_watched_pinned_and_may_do_little(name):
    spec = pod(DEPLOYMENTS[name])
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 10001
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] == (name in {"dagster", "daemon"})
    assert spec["enableServiceLinks"] is False
    assert not any("persistentVolumeClaim" in volume or "hostPath" in volume for volume in spec["volumes"])
    for container in containers(spec):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        assert re.fullmatch(r"weather-assets:\d+\.\d+\.\d+", container["image"])
    assert "livenessProbe" in spec["containers"][0]
    assert name == "daemon" or "readinessProbe" in spec["containers"][0]


def test_the_image_runs_as_the_user_of_the_pods():
    assert "useradd --uid 10001" in (DEPLOY / "Dockerfile").read_text()


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_names_ports_and_references_hold_together(name):
    deployment, spec = DEPLOYMENTS[name], pod(DEPLOYMENTS[name])
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert spec["serviceAccountName"] in of_kind("ServiceAccount")
    maps = of_kind("ConfigMap").keys() | {one["name"] for one in kustomization("base")["configMapGenerator"]}
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    assert {volume["configMap"]["name"] for volume in volumes.values() if "configMap" in volume} <= maps
    for container in containers(spec):
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes.keys()
        assert {source["configMapRef"]["name"] for source in container["envFrom"]} <= maps
    ports = {port["name"]: port["containerPort"] for port in spec["containers"][0].get("ports", [])}
    if name == "daemon":
        assert ports == {}
        return
    service = of_kind("Service")[name]["spec"]
    assert service["selector"].items() <= labels.items()
    assert [ports[port["targetPort"]] for port in service["ports"]] == [port["port"] for port in service["ports"]]
    assert re.search(rf"\b{service['ports'][0]['port']}\b", " ".join(spec["containers"][0]["command"]))


def test_addresses_in_the_settings_are_those_of_services():
    services = {f"{name}:{one['spec']['ports'][0]['port']}" for name, one in of_kind("Service").items()}
    settings = of_kind("ConfigMap")["weather-settings"]["data"]
    named = {settings[name].removeprefix("http://") for name in ("WEATHER_DAGSTER_API_URL", "MLFLOW_TRACKING_URI")}
    server = yaml.safe_load((BASE / "workspace.yaml").read_text())["load_from"][0]["grpc_server"]
    assert {*named, f"{server['host']}:{server['port']}"} <= services
    for rule in of_kind("Ingress", "example")["weather"]["spec"]["rules"]:
        backend = rule["http"]["paths"][0]["backend"]["service"]
        ports = of_kind("Service")[backend["name"]]["spec"]["ports"]
        assert backend["port"]["name"] in {port["name"] for port in ports}


def test_only_app_and_api_are_reached_from_outside():
    """Dagster and MLflow have no sign-in of their own."""
    open_to_all = set()
    for policy in of_kind("NetworkPolicy").values():
        if any("from" not in rule for rule in policy["spec"].get("ingress", [])):
            chosen = policy["spec"]["podSelector"]["matchExpressions"][0]
            open_to_all |= set(chosen["values"])
    assert open_to_all == {"app", "api"}
    assert of_kind("NetworkPolicy")["nothing-comes-in"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    assert {one["spec"].get("type", "ClusterIP") for one in of_kind("Service").values()} == {"ClusterIP"}


def test_what_may_go_away_at_once_is_never_all_of_it():
    budgets = of_kind("PodDisruptionBudget")
    assert budgets.keys() == {name for name, one in DEPLOYMENTS.items() if one["spec"]["replicas"] > 1}
    for name, budget in budgets.items():
        assert budget["spec"]["minAvailable"] < DEPLOYMENTS[name]["spec"]["replicas"]


def test_no_secret_has_a_value_here():
    assert not [one for folder in ("base", "steps", "example") for one in of_kind("Secret", folder)]
    settings = of_kind("ConfigMap")["weather-settings"]["data"]
    assert not SECRET_KEYS & settings.keys()
    for deployment in DEPLOYMENTS.values():
        for container in containers(pod(deployment)):
            for variable in container.get("env", []):
                if variable["name"] in SECRET_KEYS:
                    reference = variable["valueFrom"]["secretKeyRef"]
                    assert (reference["name"], reference["key"]) == ("weather-secrets", variable["name"])
                else:
                    assert variable["name"] in {"DAGSTER_HOME", "DAGSTER_CONTAINER_IMAGE"}


def test_settings_are_settings_of_the_platform():
    known = {f"WEATHER_{name.upper()}" for name in Settings.model_fields}
    given = {name for name in of_kind("ConfigMap")["weather-settings"]["data"] if name.startswith("WEATHER_")}
    for text in (
        (ROOT / "steps" / "kustomization.yaml").read_text(),
        (ROOT / "example" / "kustomization.yaml").read_text(),
    ):
        given |= set(re.findall(r"^\s+(WEATHER_[A-Z_]+):", text, re.MULTILINE))
    assert given | {name for name in SECRET_KEYS if name.startswith("WEATHER_")} <= known


@pytest.fixture
def instance(tmp_path, postgres_server, postgres_url, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """The instance of dagster.yaml; only the database's address is another one, and there is no cluster."""
    config = instance_config()
    for part in ("run_storage", "event_log_storage", "schedule_storage"):
        database = config[part]["config"]["postgres_db"]
        assert (database["hostname"], database["password"]) == ({"env": "POSTGRES_HOST"}, {"env": "POSTGRES_PASSWORD"})
        config[part] = {**config[part], "config": {"postgres_db": {**database, "port": postgres_server.port}}}
        config[part]["config"]["postgres_db"]["db_name"] = postgres_url.rpartition("/")[2]
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config))
    for name, value in {
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PASSWORD": postgres_server.password,
        "LOGS_BUCKET": "weather",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("kubernetes.config.load_incluster_config", lambda: None)
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path))) as opened:
        yield opened


def test_dagster_opens_the_instance_and_its_parts(instance):
    assert instance.get_runs_count() == 0
    assert type(instance.event_log_storage).__name__ == "BatchingPostgresEventLogStorage"
    assert type(instance.compute_log_manager).__name__ == "S3ComputeLogManager"
    assert isinstance(instance.run_launcher, K8sRunLauncher)
    queue = instance.get_concurrency_config().run_queue_config
    assert queue is not None
    assert list(queue.tag_concurrency_limits) == [{"key": "dagster/backfill", "limit": 1}]


def test_the_pod_of_a_run_is_what_kubernetes_takes_and_may_do_little(instance, monkeypatch):
    """The launcher's own manifest of a job, as it would be sent."""
    sent = []
    launcher = instance.run_launcher
    monkeypatch.setattr(
        launcher._api_client,
        "create_namespaced_job_with_retries",
        lambda body, namespace: sent.append((namespace, ApiClient().sanitize_for_serialization(body))),
    )
    code = RepositoryPythonOrigin(
        sys.executable, ModuleCodePointer("weather_assets.definitions", "defs"), container_image="weather-assets:0.1.0"
    )
    run = create_run_for_test(instance, "hourly_cycle", job_code_origin=JobPythonOrigin("hourly_cycle", code))
    launcher._launch_k8s_job_with_args("dagster-run-1", ["dagster", "api", "execute_run"], run)
    [(namespace, manifest)] = sent
    kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)
    spec = manifest["spec"]["template"]["spec"]
    [container] = spec["containers"]
    assert namespace == "weather"
    assert container["image"] == "weather-assets:0.1.0"
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {"secretRef": {"name": "weather-secrets"}} in container["envFrom"]
    assert {mount["mountPath"] for mount in container["volumeMounts"]} >= {"/tmp", "/var/lib/weather"}  # noqa: S108
    assert container["resources"]["limits"] == {"memory": "6Gi"}
    policy = of_kind("NetworkPolicy")["mlflow-for-what-trains-and-tells"]["spec"]["ingress"][0]["from"][1]
    assert policy["podSelector"]["matchExpressions"][0]["key"] in manifest["spec"]["template"]["metadata"]["labels"]


def test_steps_run_in_one_process_unless_the_settings_say_otherwise():
    settings = Settings(_env_file=None)
    assert build_definitions(settings).executor is dg.in_process_executor
    apart = build_definitions(settings.model_copy(update={"executor": "kubernetes"}))
    assert apart.executor is k8s_job_executor
    job = apart.resolve_job_def("hourly_cycle")
    example = yaml.safe_load((ROOT / "steps" / "run_config.yaml").read_text())
    assert dg.validate_run_config(job, example)["execution"]["k8s"]["max_concurrent"] == 2
    assert example["execution"]["config"]["per_step_k8s_config"].keys() <= set(job.graph.node_dict)
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(job, {"execution": {"config": {"max_concurent": 2}}})


def test_the_context_of_the_code_lets_runs_start_pods():
    patches = kustomization("steps")["patches"]
    value = yaml.safe_load(patches[1]["patch"])[0]["value"]
    context = K8sContainerContext.create_from_config(yaml.safe_load(value["value"]))
    assert context.run_k8s_config.pod_spec_config == {"automount_service_account_token": True}


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "dagster_k8s", None)
    with pytest.raises(UsageError, match=r"weather-assets\[kubernetes\]"):
        build_definitions(Settings(_env_file=None, executor="kubernetes"))


def test_the_code_answers_the_probe_of_kubernetes(tmp_path):
    """Kubernetes asks a gRPC server by the standard health protocol, under the name that the probe gives."""
    probe = pod(DEPLOYMENTS["code"])["containers"][0]["readinessProbe"]["grpc"]
    assert probe["port"] == pod(DEPLOYMENTS["code"])["containers"][0]["ports"][0]["containerPort"]
    (tmp_path / "empty.py").write_text("import dagster\n\ndefs = dagster.Definitions()\n")
    port = free_port()
    command = [sys.executable, "-m", "dagster", "api", "grpc", "--python-file", "empty.py", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                question = health_pb2.HealthCheckRequest(service=probe["service"])
                answer = HealthStub(channel).Check(question, timeout=60, wait_for_ready=True)
        finally:
            # Told to stop so soon after its start it may wait for ever.
            server.kill()
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
