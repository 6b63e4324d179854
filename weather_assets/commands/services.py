"""What `weather up` serves: the programs, their addresses, and how to see that each is ready."""

import http.client
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, SecretStr

import weather_assets
from weather_assets.forecasting.mlflow_access import without_login
from weather_assets.settings import Settings

HOST = "127.0.0.1"
CODE_SERVER = "Dagster code server"
APP_FILE = Path(weather_assets.__file__).parents[1] / "streamlit_app" / "app.py"
API_FACTORY = "weather_assets.api.app:application"
_DEFINITIONS, _LOCATION = "weather_assets.definitions", "weather_assets"
_SOCKET, _WORKSPACE = "code", "workspace.yaml"


@dataclass(frozen=True, slots=True)
class Ports:
    """Port of each page on 127.0.0.1."""

    dagster: int = 3000
    mlflow: int = 5000
    app: int = 8501
    api: int = 8000


@dataclass(frozen=True, slots=True)
class Service:
    """A program of `weather up`: `address` is what a person opens, `after` names the service it needs ready."""

    name: str
    arguments: tuple[str, ...]
    is_ready: Callable[[], bool] = lambda: True
    address: str | None = None
    after: str | None = None

    @property
    def log_name(self) -> str:
        """File name of its output."""
        return f"{self.name.lower().replace(' ', '-')}.log"


def services(settings: Settings, ports: Ports, folder: Path) -> list[Service]:
    """The programs in the order of their start. One process holds the graph for both Dagster's pages and daemon.

    `folder` holds the socket of that process and the workspace file (write_workspace) that points there.
    """
    code_socket, graph = folder / _SOCKET, ("--workspace", str(folder / _WORKSPACE))
    code = ("dagster", "api", "grpc", "--module-name", _DEFINITIONS, "--location-name", _LOCATION)
    dagster_page = ("dagster_webserver", "--host", HOST, "--port", str(ports.dagster), *graph)
    chosen = [Service(CODE_SERVER, (*code, "--socket", str(code_socket)), lambda: _accepts(code_socket))]
    if not serves_elsewhere(settings):
        chosen.append(_page("MLflow", _mlflow(settings, ports.mlflow), ports.mlflow, "/health"))
    chosen.append(_page("App", _streamlit(ports.app), ports.app, "/_stcore/health"))
    chosen.append(_page("API", _uvicorn(ports.api), ports.api, "/openapi.json"))
    chosen.append(_page("Dagster", dagster_page, ports.dagster, "/server_info", after=CODE_SERVER))
    chosen.append(Service("Dagster daemon", ("dagster._daemon", "run", *graph), after=CODE_SERVER))
    return chosen


def write_workspace(folder: Path) -> None:
    """Write the file that tells Dagster where the graph is served.

    It names the location as the project's workspace.yaml does: what is switched on or remembered hangs on that name.
    """
    server = {"grpc_server": {"host": "localhost", "socket": str(folder / _SOCKET), "location_name": _LOCATION}}
    (folder / _WORKSPACE).write_text(json.dumps({"load_from": [server]}), encoding="utf-8")


def serves_elsewhere(settings: Settings) -> bool:
    """Whether MLFLOW_TRACKING_URI names a server that runs already."""
    return settings.tracking_uri.startswith(("http://", "https://"))


def linked(settings: Settings, ports: Ports) -> Settings:
    """The settings with the addresses of what is served, which the app links to."""
    mlflow = without_login(settings.tracking_uri) if serves_elsewhere(settings) else _address(ports.mlflow)
    return settings.model_copy(update={"dagster_url": _address(ports.dagster), "mlflow_url": mlflow})


def environment(settings: Settings, dagster_home: Path) -> Mapping[str, str]:
    """Environment of the programs: this one's, with the settings as they are here, options included."""
    extra = {
        "DAGSTER_HOME": str(dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # Jobs of MLflow's own would be a fleet of processes that nothing here uses.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # Not on its command line, where everybody on the machine would see the password of a database.
        "MLFLOW_BACKEND_STORE_URI": settings.tracking_uri,
        "PYTHONUNBUFFERED": "1",
    }
    if settings.aws_endpoint_url_s3:
        extra["MLFLOW_S3_ENDPOINT_URL"] = settings.aws_endpoint_url_s3
    return {**os.environ, **_as_variables(settings), **extra}


def _as_variables(settings: Settings) -> Mapping[str, str]:
    variables = {}
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        alias = field.validation_alias
        variable = str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"WEATHER_{name.upper()}"
        if value is not None:
            variables[variable] = _as_text(value)
    return variables


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{entry}" for key, entry in value.items())
    return str(value)


def _mlflow(settings: Settings, port: int) -> Sequence[str]:
    where = ("--artifacts-destination", settings.models_root)
    return ("mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1", *where)


def _streamlit(port: int) -> Sequence[str]:
    server = ("--server.address", HOST, "--server.port", str(port), "--server.headless", "true")
    quiet = ("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none")
    return ("streamlit", "run", str(APP_FILE), *server, *quiet)


def _uvicorn(port: int) -> Sequence[str]:
    quiet = ("--no-access-log", "--no-server-header")
    return ("uvicorn", "--factory", API_FACTORY, "--host", HOST, "--port", str(port), *quiet)


def _page(name: str, arguments: Sequence[str], port: int, health: str, after: str | None = None) -> Service:
    return Service(name, tuple(arguments), lambda: _answers(port, health), _address(port), after)


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def command(service: Service) -> list[str]:
    """The command line of a service: modules of this very Python, tied to the process that starts it.

    -P keeps the current folder off the module path: a folder named mlflow there must not be taken for MLflow.
    """
    python = [sys.executable, "-P", "-m"]
    return [*python, "weather_assets.commands.tied", *python, *service.arguments]


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True
