"""`weather up` in a process of its own, for tests that talk to its pages."""

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from services import free_port

from weather_assets.commands.services import Ports

START_S = 180.0
_UP = """
import sys
from pathlib import Path
from rich.console import Console
from weather_assets.commands.serve import up
from weather_assets.commands.services import Ports
from weather_assets.settings import load_settings
up(load_settings(home=Path(sys.argv[1])), Console(), Ports(*map(int, sys.argv[2:])))
"""


@dataclass(frozen=True)
class Served:
    """A `weather up` at work, and the file that its words go to."""

    process: "subprocess.Popen[bytes]"
    home: Path
    ports: Ports
    output: Path


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """`weather up` on free ports, once it says that all is up; whatever is left of it is killed at the end."""
    ports = Ports(free_port(), free_port(), free_port(), free_port())
    command = [sys.executable, "-c", _UP, str(home), *map(str, dataclasses.astuple(ports))]
    output = home.parent / "output"
    with output.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_for(lambda: "Press Ctrl-C" in output.read_text() or process.poll() is not None, START_S)
            assert process.poll() is None, output.read_text()
            yield Served(process, home, ports, output)
        finally:
            process.terminate()
            process.wait(30)
            for pid in processes_of(home):
                os.kill(pid, signal.SIGKILL)


def wait_for(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it became so within the time."""
    deadline = monotonic() + seconds
    while not is_so() and monotonic() < deadline:
        sleep(0.1)
    return is_so()


def processes_of(home: Path) -> list[int]:
    """Processes at work whose environment names the home, as everything that `weather up` starts has it."""
    return [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdecimal() and f"WEATHER_HOME={home}" in text_of(folder / "environ").split("\0")
    ]


def text_of(path: Path) -> str:
    """Text of a file; none where it is gone or not ours."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
