"""`weather up`: Dagster, MLflow, the app and the HTTP API on 127.0.0.1 until Ctrl-C."""

import dataclasses
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout
from rich.console import Console

from weather_assets.automation.instance import dagster_home
from weather_assets.automation.pools import register_pools
from weather_assets.commands.services import (
    HOST,
    Ports,
    Service,
    environment,
    linked,
    serves_elsewhere,
    services,
    write_workspace,
)
from weather_assets.commands.supervisor import Supervisor
from weather_assets.errors import UsageError
from weather_assets.forecasting.mlflow_access import without_login
from weather_assets.settings import Settings

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(settings: Settings, console: Console, ports: Ports | None = None) -> None:
    """Serve the home of the settings until Ctrl-C or SIGTERM; logs go to `logs/` in it.

    Raises UsageError, before anything starts, where a port is taken or the home is served already; WeatherError where
    a program ends by itself, after stopping the others.
    """
    ports = ports or Ports()
    refuse_taken(ports)
    settings.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_alone_in(settings.home))
        stopped = stack.enter_context(_stop_signals())
        # A socket, unlike a port, is no one else's to talk to; its path must be short.
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="weather-")))
        write_workspace(folder)
        register_pools(settings)
        variables = environment(linked(settings, ports), dagster_home(settings))
        supervisor = stack.enter_context(Supervisor(settings.home / "logs", variables, stopped))
        chosen = services(settings, ports, folder)
        console.print("Starting Dagster, MLflow and the pages; this takes some seconds ...")
        _start(supervisor, chosen)
        if not stopped.is_set():
            _announce(settings, chosen, console)
            supervisor.watch()
        console.print("Stopping ...")
    console.print("Stopped.")


def _start(supervisor: Supervisor, chosen: list[Service]) -> None:
    by_name = {service.name: service for service in chosen}
    for service in chosen:
        if service.after is not None:
            supervisor.wait_until_ready(by_name[service.after])
        supervisor.start(service)
    for service in chosen:
        supervisor.wait_until_ready(service)


def _announce(settings: Settings, chosen: list[Service], console: Console) -> None:
    for service in chosen:
        if service.address is not None:
            console.print(f"{service.name:<8} {service.address}", highlight=False)
    if serves_elsewhere(settings):
        console.print(f"MLflow   {without_login(settings.tracking_uri)}", highlight=False, markup=False)
    console.print("Press Ctrl-C to stop.")


def refuse_taken(ports: Ports) -> None:
    """Raise UsageError where two pages ask for one port, or somebody listens on one."""
    chosen = dataclasses.asdict(ports)
    for page, port in chosen.items():
        if list(chosen.values()).count(port) > 1:
            raise UsageError(f"port {port} is asked for twice; choose another with --{page}-port")
        with socket.socket() as probe:
            # As servers do: what lingers of a connection that is over does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                reason = f"port {port} of {HOST} cannot be used ({error.strerror})"
                raise UsageError(f"{reason}; stop what uses it or choose another with --{page}-port") from None


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    """One at a time: a second daemon would start every scheduled run twice."""
    lock = FileLock(home / "up.lock", blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise UsageError(f"{home} is served already by another weather up; stop that one or use another home") from None
    with lock:
        yield


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that is set by the signals that ask this process to end, inside the block."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in _SIGNALS}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
