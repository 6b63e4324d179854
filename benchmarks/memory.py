"""Memory of everything that `weather up` starts, idle and while runs are under way. Linux; prints Markdown.

    python benchmarks/memory.py --home .weather-demo

The home must hold models (make demo SERVE=0). A training, an evaluation and the hourly cycle are started at once, the
most that a machine is asked for by itself, and every page is asked for meanwhile. Memory is the proportional set size:
what several processes share is counted once.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from measuring import meanwhile

from weather_assets.clock import kst_date, now

HOST = "127.0.0.1"
PORTS = {"dagster": 3900, "mlflow": 5900, "app": 8590, "api": 8090}
RUNS = {"train": "air_temperature_c", "evaluate": "relative_humidity_pct", "hourly_cycle": str(kst_date(now()))}
PAGES = (("app", "/"), ("api", "/predict/now"), ("api", "/metrics"), ("mlflow", "/"), ("dagster", "/asset-groups"))
START_S, SETTLED_S, RUNS_S, PAUSE_S = 180.0, 30.0, 1800.0, 0.5
LAUNCH = """mutation($p: ExecutionParams!) {
  launchRun(executionParams: $p) { __typename ... on LaunchRunSuccess { run { runId } } }
}"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
NAMES = {
    "streamlit": "app",
    "weather_assets.api.app": "API",
    "mlflow": "MLflow",
    "dagster_webserver": "Dagster webserver",
    "dagster._daemon": "Dagster daemon",
    "dagster api grpc": "code server",
    "multiprocessing": "runs",
}
"""What is found in the command of a service -> its name. MLflow's server is started by the same program as the API."""


@contextmanager
def served(home: Path) -> Iterator[int]:
    """`weather up` on a home, once Dagster answers; gives its process."""
    ports = [part for name, port in PORTS.items() for part in (f"--{name}-port", str(port))]
    weather = str(Path(sys.executable).with_name("weather"))
    with subprocess.Popen([weather, "up", *ports], env={**os.environ, "WEATHER_HOME": str(home)}) as process:
        try:
            _wait_for_dagster()
            yield process.pid
        finally:
            process.terminate()


def _wait_for_dagster() -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"http://{HOST}:{PORTS['dagster']}/server_info").is_success:
                return
        time.sleep(1)
    raise TimeoutError(f"Dagster does not answer on port {PORTS['dagster']}")


def asked(query: str, variables: Mapping[str, object] | None = None) -> dict[str, object]:
    """What Dagster answers to a GraphQL query."""
    question = {"query": query, "variables": variables or {}}
    answer = httpx.post(f"http://{HOST}:{PORTS['dagster']}/graphql", json=question, timeout=60)
    data: dict[str, object] = answer.raise_for_status().json()["data"]
    return data


def launch(job: str, partition: str) -> str:
    """Start a run of a partition, as somebody in Dagster's pages does; its id."""
    selector = {"repositoryLocationName": "weather_assets", "repositoryName": "__repository__", "jobName": job}
    tags = [{"key": "dagster/partition", "value": partition}]
    parameters = {"selector": selector, "runConfigData": "{}", "executionMetadata": {"tags": tags}}
    outcome = asked(LAUNCH, {"p": parameters})["launchRun"]
    if not isinstance(outcome, dict) or "run" not in outcome:
        raise RuntimeError(f"Dagster does not start {job} {partition}: {outcome}")
    return str(outcome["run"]["runId"])


def visit() -> None:
    """Ask for every page once."""
    for service, page in PAGES:
        with suppress(httpx.HTTPError):
            httpx.get(f"http://{HOST}:{PORTS[service]}{page}", timeout=10)


def memory_mib(root: int) -> Counter[str]:
    """Proportional memory of a process and all that descend from it, by service."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found: Counter[str] = Counter()
    for process in parents:
        if _descends(process, root, parents):
            with suppress(OSError, StopIteration):
                found[_service(process)] += _proportional_mib(process)
    return found


def _descends(process: int, root: int, parents: Mapping[int, int]) -> bool:
    while process in parents and process != root:
        process = parents[process]
    return process == root


def _proportional_mib(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) // 1024


def _service(process: int) -> str:
    command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return next((name for word, name in NAMES.items() if word in command), "the rest")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Memory of all services together", allow_abbrev=False)
    parser.add_argument("--home", type=Path, default=Path(".weather-demo"))
    with served(parser.parse_args().home) as root:
        visit()
        time.sleep(SETTLED_S)
        idle = memory_mib(root)
        with meanwhile(visit, PAUSE_S):
            peak = largest(root, [launch(job, partition) for job, partition in RUNS.items()])
    print("| service | idle MiB | at the peak MiB |\n|---|---|---|")
    for name in sorted({*idle, *peak}):
        print(f"| {name} | {idle[name]} | {peak[name]} |")
    print(f"| all | {idle.total()} | {peak.total()} |")


def largest(root: int, run_ids: Sequence[str]) -> Counter[str]:
    """Memory at the moment when all together have most of it, until the runs have succeeded."""
    best, deadline = Counter[str](), time.monotonic() + RUNS_S
    while time.monotonic() < deadline:
        best = max(best, memory_mib(root), key=Counter.total)
        statuses = [status(run_id) for run_id in run_ids]
        if ENDED.issuperset(statuses):
            if set(statuses) != {"SUCCESS"}:
                raise RuntimeError(f"a run failed, so this is no measurement: {statuses}")
            return best
        time.sleep(PAUSE_S)
    raise TimeoutError(f"runs are still under way after {RUNS_S:.0f} s")


def status(run_id: str) -> str:
    """How far a run is."""
    run = asked(STATUS, {"id": run_id})["runOrError"]
    return str(run.get("status", "unknown")) if isinstance(run, dict) else "unknown"


if __name__ == "__main__":
    main()
