"""`weather up` with its real programs, and its supervisor with small ones."""

import http.client
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import SecretStr
from rich.console import Console
from services import free_port
from serving import processes_of, served, text_of, wait_for

from weather_assets.commands.serve import up
from weather_assets.commands.services import Ports, Service, environment, linked, services
from weather_assets.commands.supervisor import ServiceError, Supervisor
from weather_assets.errors import UsageError
from weather_assets.settings import Settings, load_settings

STOP_S = 15.0


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode(errors="replace")


def graph_assets(port: int) -> set[str]:
    """Assets that the Dagster page knows of, as layer/name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    query = json.dumps({"query": "{ assetNodes { assetKey { path } } }"})
    connection.request("POST", "/graphql", query, {"Content-Type": "application/json"})
    nodes = json.loads(connection.getresponse().read())["data"]["assetNodes"]
    return {"/".join(node["assetKey"]["path"]) for node in nodes}


def listening_addresses(port: int) -> set[str]:
    """Local addresses on which somebody listens on a port; 0100007F is 127.0.0.1."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in text_of(Path(f"/proc/net/{name}")).splitlines()[1:]]
    listening = "0A"
    return {
        local.split(":")[0]
        for _, local, _, state, *_ in lines
        if state == listening and int(local.split(":")[1], 16) == port
    }


@pytest.mark.slow
def test_all_pages_answer_on_this_machine_only_and_stop_within_seconds(tmp_path: Path) -> None:
    with served(tmp_path / "home") as it:
        assert {"raw/asos_hourly", "forecast/hourly"} <= graph_assets(it.ports.dagster)
        assert get(it.ports.mlflow, "/version")[0] == http.HTTPStatus.OK
        assert get(it.ports.api, "/openapi.json")[0] == http.HTTPStatus.OK
        assert get(it.ports.app, "/_stcore/health")[0] == http.HTTPStatus.OK
        for port in (it.ports.dagster, it.ports.mlflow, it.ports.api, it.ports.app):
            assert listening_addresses(port) == {"0100007F"}
        output = it.output.read_text()
        assert f"http://127.0.0.1:{it.ports.dagster}" in output
        assert f"http://127.0.0.1:{it.ports.mlflow}" in output
        assert f"http://127.0.0.1:{it.ports.app}" in output
        with pytest.raises(UsageError, match="served already"):
            up(Settings(home=it.home), Console(quiet=True), Ports(free_port(), free_port(), free_port(), free_port()))
        it.process.send_signal(signal.SIGINT)
        assert it.process.wait(STOP_S) == 0
        assert processes_of(it.home) == []
        assert it.output.read_text().rstrip().endswith("Stopped.")


@pytest.mark.slow
def test_no_program_outlives_a_killed_weather_up(tmp_path: Path) -> None:
    with served(tmp_path / "home") as it:
        assert len(processes_of(it.home)) >= 4
        it.process.kill()
        assert wait_for(lambda: processes_of(it.home) == [], STOP_S)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_program_that_cannot_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    wrong = Settings(home=tmp_path / "home", mlflow_tracking_uri="nonsense://x")
    last_words = r"(?s)^MLflow ended with exit status \d+; .*mlflow\.log ends with\n.*nonsense"
    with pytest.raises(ServiceError, match=last_words):
        up(wrong, Console(quiet=True), Ports(free_port(), free_port(), free_port(), free_port()))
    assert wait_for(lambda: processes_of(tmp_path / "home") == [], STOP_S)


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = Ports(free_port(), port, free_port(), free_port())
        with pytest.raises(UsageError, match=rf"port {port} .* choose another with --mlflow-port"):
            up(Settings(home=tmp_path / "home"), Console(quiet=True), ports)
    assert not (tmp_path / "home").exists()


def test_one_port_for_two_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="asked for twice"):
        up(Settings(home=tmp_path / "home"), Console(quiet=True), Ports(3900, 3901, 3900))


def test_a_home_is_served_once(tmp_path: Path) -> None:
    free = Ports(free_port(), free_port(), free_port(), free_port())
    with FileLock(tmp_path / "up.lock"), pytest.raises(UsageError, match="served already"):
        up(Settings(home=tmp_path), Console(quiet=True), free)


def test_the_programs_see_the_very_settings_that_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(
        home=tmp_path / "home",
        source="csv:readings",
        stations=(108, 129),
        lake_data="s3://bucket/x",
        data_go_kr_key=SecretStr("a key"),
        aws_endpoint_url_s3="http://127.0.0.1:9",
    )
    for name, value in environment(given, tmp_path / "dagster").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert load_settings() == given
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert os.environ["MLFLOW_S3_ENDPOINT_URL"] == "http://127.0.0.1:9"


def test_the_app_links_to_the_pages_that_are_served(tmp_path: Path) -> None:
    here = linked(Settings(home=tmp_path), Ports(dagster=3100, mlflow=5100))
    assert (here.dagster_url, here.mlflow_url) == ("http://127.0.0.1:3100", "http://127.0.0.1:5100")
    there = linked(Settings(home=tmp_path, mlflow_tracking_uri="http://tracking:5000"), Ports())
    assert there.mlflow_url == "http://tracking:5000"


def test_no_password_is_shown_in_a_command_line_or_a_link(tmp_path: Path) -> None:
    database = Settings(home=tmp_path, mlflow_tracking_uri="postgresql://weather:secret@db/mlflow")
    lines = [service.arguments for service in services(database, Ports(), tmp_path)]
    assert not any("secret" in argument for line in lines for argument in line)
    assert environment(database, tmp_path)["MLFLOW_BACKEND_STORE_URI"] == database.mlflow_tracking_uri
    server = Settings(home=tmp_path, mlflow_tracking_uri="https://weather:secret@tracking:5000")
    assert linked(server, Ports()).mlflow_url == "https://tracking:5000"


def test_an_mlflow_that_runs_elsewhere_is_not_started(tmp_path: Path) -> None:
    names = {service.name for service in services(Settings(home=tmp_path), Ports(), tmp_path)}
    remote = Settings(home=tmp_path, mlflow_tracking_uri="http://127.0.0.1:5001")
    assert names - {service.name for service in services(remote, Ports(), tmp_path)} == {"MLflow"}


@pytest.fixture
def stopped() -> threading.Event:
    return threading.Event()


@pytest.fixture
def supervisor(tmp_path: Path, stopped: threading.Event) -> Iterator[Supervisor]:
    (tmp_path / "modules").mkdir()
    variables = {**os.environ, "PYTHONPATH": str(tmp_path / "modules"), "WEATHER_HOME": str(tmp_path)}
    with Supervisor(tmp_path / "logs", variables, stopped) as supervisor:
        yield supervisor


def program(folder: Path, name: str, before: str = "", after: str = "time.sleep(600)") -> Service:
    """A module on the supervised programs' path; between `before` and `after` it makes the file that says ready."""
    sign = folder / f"{name}.ready"
    lines = ["import pathlib, signal, subprocess, sys, time", before, f"pathlib.Path({str(sign)!r}).touch()", after]
    (folder / "modules" / f"{name}.py").write_text("\n".join(lines))
    return Service(name, (name,), sign.exists)


def test_one_that_dies_is_named_and_stops_the_others(tmp_path: Path, supervisor: Supervisor) -> None:
    dying = program(tmp_path, "dying", "print('the reason', flush=True)", "time.sleep(1)\nsys.exit(7)")
    for service in (program(tmp_path, "sleeper"), dying):
        supervisor.start(service)
        supervisor.wait_until_ready(service)
    last_words = r"(?s)^dying ended with exit status 7; .*dying\.log ends with\n  the reason$"
    with pytest.raises(ServiceError, match=last_words):
        supervisor.watch()
    supervisor.stop()
    assert processes_of(tmp_path) == []


@pytest.mark.slow
def test_one_that_does_not_want_to_end_is_killed_with_its_children(tmp_path: Path, supervisor: Supervisor) -> None:
    child = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    service = program(tmp_path, "deaf", f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{child}")
    supervisor.start(service)
    supervisor.wait_until_ready(service)
    # The program, its child and what ties them to us.
    assert len(processes_of(tmp_path)) == 3
    supervisor.stop()
    assert processes_of(tmp_path) == []


def test_nothing_is_started_after_the_user_wants_to_end(
    tmp_path: Path, supervisor: Supervisor, stopped: threading.Event
) -> None:
    stopped.set()
    supervisor.start(program(tmp_path, "late"))
    supervisor.wait_until_ready(Service("never", ("never",), lambda: False))
    supervisor.watch()
    assert processes_of(tmp_path) == []
