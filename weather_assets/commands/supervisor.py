"""Keeps the programs of `weather up` running together: one dies, all stop."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Self

from weather_assets.commands.services import Service, command
from weather_assets.commands.tied import GRACE_S
from weather_assets.errors import WeatherError

START_TIMEOUT_S = 180.0
_LOOK_EVERY_S = 0.2
_SHOWN_LINES = 15


class ServiceError(WeatherError):
    """A program ended by itself or never became ready; the message ends with the last lines of its log."""


class Supervisor:
    """Starts programs and watches them; leaving the block stops them all, whatever the reason."""

    def __init__(self, logs: Path, environment: Mapping[str, str], stopped: threading.Event) -> None:
        """Output goes to `logs`; `stopped` is set when the user wants to end."""
        self._logs = logs
        self._environment = dict(environment)
        self._stopped = stopped
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, service: Service) -> None:
        """Start a program at the head of a process group of its own: Ctrl-C reaches this process only."""
        if self._stopped.is_set():
            return
        with self._log(service).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # no word of it comes from outside
                command(service),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append((service, process))

    def wait_until_ready(self, service: Service) -> None:
        """Return when it is ready or the user wants to end; raises ServiceError when one ended or time is up."""
        deadline = monotonic() + START_TIMEOUT_S
        while not self._stopped.is_set() and not service.is_ready():
            self._check()
            if monotonic() > deadline:
                raise ServiceError(
                    f"{service.name} was not ready in {START_TIMEOUT_S:.0f} s{self._last_words(service)}"
                )
            self._stopped.wait(_LOOK_EVERY_S)

    def watch(self) -> None:
        """Return when the user wants to end; raises ServiceError when a program ended by itself."""
        while not self._stopped.wait(_LOOK_EVERY_S):
            self._check()

    def stop(self) -> None:
        """End all programs, the last one started first; kill what has not ended in time."""
        for _, process in reversed(self._running):
            process.terminate()
        deadline = monotonic() + GRACE_S + 1
        for _, process in self._running:
            try:
                process.wait(max(0.0, deadline - monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for _, process in self._running:
            _kill_group(process)
        self._running.clear()

    def _check(self) -> None:
        for service, process in self._running:
            status = process.poll()
            if status is not None:
                raise ServiceError(f"{service.name} ended with exit status {status}{self._last_words(service)}")

    def _log(self, service: Service) -> Path:
        return self._logs / service.log_name

    def _last_words(self, service: Service) -> str:
        log = self._log(service)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:]
        return f"; {log} ends with\n" + "\n".join(f"  {line}" for line in lines or ["(nothing)"])


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
