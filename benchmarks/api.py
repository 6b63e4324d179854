"""Load on the HTTP API from another process, with a run writing to the lake meanwhile.

    python benchmarks/api.py --home .weather-demo --seconds 180

The home must hold a forecast (make demo SERVE=0). Three phases on /predict/now: a steady rate while `weather backfill`
writes and /metrics is asked for every 15 s as Prometheus does, and twice as fast as 100 connections go; the memory of
the server before, between and after. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.request import urlopen

from measuring import meanwhile

HOST = "127.0.0.1"
OK = b"200"
SERVER_START_S = 60.0
SCRAPE_EVERY_S = 15.0


@dataclass
class Figures:
    """What was measured of one phase: seconds of each answer, and answers that were none."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def told(self, took_s: float) -> dict[str, float]:
        """Requests a second and percentiles in milliseconds."""
        cuts = quantiles(self.seconds, n=100, method="inclusive")
        names = {"p50_ms": 49, "p95_ms": 94, "p99_ms": 98}
        rate = len(self.seconds) / took_s
        milliseconds = {name: round(cuts[place] * 1000, 2) for name, place in names.items()}
        return {"requests": len(self.seconds), "per_second": round(rate, 1), **milliseconds, "errors": self.errors}


class Connection:
    """One kept HTTP/1.1 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def get(self, path: str) -> bytes:
        """Ask, read the whole answer and return its status."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length or 0))
        return head.split(b" ", 2)[1]


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """A connection, closed at the end."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def timed(connection: Connection, path: str, figures: Figures, since: float) -> None:
    """Ask once; the time counts from when the request was due."""
    status = await connection.get(path)
    figures.seconds.append(perf_counter() - since)
    figures.errors += status != OK


async def at_a_rate(port: int, path: str, per_second: int, seconds: float) -> dict[str, float]:
    """A request every 1 / per_second, whether the last one was answered or not."""
    figures, idle = Figures(), asyncio.Queue[Connection]()
    async with asyncio.TaskGroup() as group, _pool(port, per_second, idle):
        begun = perf_counter()
        for number in range(int(seconds * per_second)):
            due = begun + number / per_second
            await asyncio.sleep(max(0.0, due - perf_counter()))
            group.create_task(_once(idle, path, figures, due))
        while len(figures.seconds) < int(seconds * per_second):  # noqa: ASYNC110  # a measurement, not a service
            await asyncio.sleep(0.05)
    return figures.told(seconds)


async def _once(idle: "asyncio.Queue[Connection]", path: str, figures: Figures, due: float) -> None:
    connection = await idle.get()
    await timed(connection, path, figures, due)
    idle.put_nowait(connection)


@asynccontextmanager
async def _pool(port: int, size: int, idle: "asyncio.Queue[Connection]") -> AsyncIterator[None]:
    connections = [connected(port) for _ in range(size)]
    for one in connections:
        idle.put_nowait(await one.__aenter__())
    try:
        yield
    finally:
        for one in connections:
            await one.__aexit__(None, None, None)


async def flat_out(port: int, path: str, connections: int, seconds: float) -> dict[str, float]:
    """Every connection asks again as soon as it was answered."""
    figures = Figures()
    until = perf_counter() + seconds

    async def ask_on() -> None:
        async with connected(port) as connection:
            while perf_counter() < until:
                await timed(connection, path, figures, perf_counter())

    await asyncio.gather(*(ask_on() for _ in range(connections)))
    return figures.told(seconds)


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The API of a home in a process of its own."""
    environment = {**os.environ, "WEATHER_HOME": str(home), "WEATHER_API_REQUESTS_PER_MINUTE": "100000000"}
    command = [sys.executable, "-m", "uvicorn", "--factory", "weather_assets.api.app:application"]
    with subprocess.Popen(
        [*command, "--host", HOST, "--port", str(port), "--no-access-log", "--log-level", "warning"], env=environment
    ) as server:
        try:
            _wait_for(port)
            yield server
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    deadline = perf_counter() + SERVER_START_S
    while perf_counter() < deadline:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=0.2):
            return
    raise TimeoutError(f"no API on port {port}")


def backfill(home: Path) -> None:
    """`weather backfill` over the last 30 days; raises CalledProcessError where it fails."""
    today = datetime.now(UTC).date()
    span = ["--from", str(today - timedelta(days=30)), "--to", str(today), "--through", "features"]
    command = [str(Path(sys.executable).with_name("weather")), "backfill", *span]
    subprocess.run(command, env={**os.environ, "WEATHER_HOME": str(home)}, capture_output=True, check=True)


def scrape(port: int) -> None:
    """Ask for the metrics as Prometheus does."""
    with urlopen(f"http://{HOST}:{port}/metrics", timeout=SCRAPE_EVERY_S) as answer:
        answer.read()


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(".weather-demo"))
    parser.add_argument("--seconds", type=float, default=180.0, help="length of the phase of 100 connections")
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--rate", type=int, default=50, help="requests a second of the steady phase")
    parser.add_argument("--path", default="/predict/now")
    given = parser.parse_args()
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with serving(given.home, port) as server:
        asyncio.run(at_a_rate(port, given.path, given.rate, 5))
        figures: dict[str, object] = {"cores": os.cpu_count(), "path": given.path, "memory_mb_start": memory_mb(server)}
        with meanwhile(partial(backfill, given.home)), meanwhile(partial(scrape, port), SCRAPE_EVERY_S):
            steady = asyncio.run(at_a_rate(port, given.path, given.rate, min(given.seconds, 60)))
        figures[f"{given.rate}_a_second_while_writing"] = steady
        for half in ("first", "second"):
            told = asyncio.run(flat_out(port, given.path, given.connections, given.seconds / 2))
            figures[f"{given.connections}_connections_{half}_half"] = {**told, "memory_mb": memory_mb(server)}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
