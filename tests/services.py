"""Real servers for tests and benchmarks: PostgreSQL from the system, S3 from rclone and from moto. All on 127.0.0.1.

A pytest plugin; the context managers serve without pytest too.
"""

import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg2
import pytest

SECONDS_TO_START = 30
_POSTGRES_USER = "weather"
HUSH = "hush"
"""In every password and key of these servers: where it shows, a secret shows, however it was quoted."""
_POSTGRES_PASSWORD = f"{HUSH}: it's 'quoted'@?&"
_S3_KEY_ID, _S3_SECRET = "TESTKEYID", f"{HUSH}/with+signs"


@dataclass(frozen=True)
class PostgresServer:
    """A running server with a superuser that needs a password."""

    port: int
    control: tuple[str | Path, ...] = field(repr=False)
    user: str = _POSTGRES_USER
    password: str = _POSTGRES_PASSWORD

    def execute(self, statement: str) -> None:
        """Run one statement in the maintenance database, outside of a transaction."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=self.user, password=self.password, dbname="postgres"
        )
        with closing(connection):
            connection.autocommit = True
            connection.cursor().execute(statement)

    def restart(self) -> None:
        """Stop it as a lost machine would, and start it again: every session is gone, what was committed is there."""
        _run(*self.control, "-m", "immediate", "restart")

    def new_database(self) -> str:
        """URL of an empty database."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        return f"postgresql://{self.user}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Drop a database, whoever is in it."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


@dataclass(frozen=True)
class S3Server:
    """A running S3 server with one bucket, whose files lie in `folder`."""

    endpoint_url: str
    bucket: str
    folder: Path
    key_id: str = _S3_KEY_ID
    secret: str = _S3_SECRET


@contextmanager
def run_postgres() -> Iterator[PostgresServer | None]:
    """A PostgreSQL server, or None where there is none. Without fsync it survives its own crash, not the machine's."""
    tools = _postgres_tools()
    if tools is None:
        yield None
        return
    # Not below pytest's own folder, which only its user may enter: the server runs as another one.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    password_file = folder / "password"
    password_file.write_text(_POSTGRES_PASSWORD)
    as_user = _unprivileged(folder)
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    pg_ctl = (*as_user, tools / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log")
    try:
        _run(*as_user, tools / "initdb", "-D", data, "-U", _POSTGRES_USER, "--auth=scram-sha-256",
             f"--pwfile={password_file}", "--no-sync", "--encoding=UTF8", "--locale=C")  # fmt: skip
        _run(*pg_ctl, "start")
        yield PostgresServer(port, pg_ctl)
        _run(*pg_ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def s3_arguments(address: str, root: Path) -> list[str]:
    """What rclone is told to serve a folder; the stack's server is told the same."""
    return ["serve", "s3", "--addr", address, str(root)]


def s3_keys(key_id: str, secret: str) -> dict[str, str]:
    """The environment in which rclone knows a pair of keys: a line of CSV, whose one field holds a comma."""
    return {"RCLONE_AUTH_KEY": f'"{key_id},{secret}"'}


@contextmanager
def run_s3(root: Path) -> Iterator[S3Server]:
    """An S3 server over a folder, which may be there already."""
    # Made before the server starts: it looks for new buckets only now and then.
    folder = root / "weather"
    folder.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{free_port()}"
    rclone = Path(sys.executable).with_name("rclone")
    command = [rclone, *s3_arguments(address, root)]
    environment = {**os.environ, "RCLONE_CONFIG": str(root.with_name("rclone.conf")), **s3_keys(_S3_KEY_ID, _S3_SECRET)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(address, process)
            yield S3Server(f"http://{address}", folder.name, folder)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; skips where none is installed, except in CI, where it must be."""
    with run_postgres() as server:
        if server is None:
            reason = "PostgreSQL is not installed (apt-get install postgresql)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of an empty database, dropped after the test."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 server over a folder."""
    with run_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def moto_server() -> Iterator[S3Server]:
    """A second S3 server, by other people and in memory: it has no folder."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    made = S3Server(f"http://{host}:{port}", "weather", Path("/nonexistent"))
    client = boto3.client("s3", endpoint_url=made.endpoint_url, region_name="us-east-1",
                          aws_access_key_id=made.key_id, aws_secret_access_key=made.secret)  # fmt: skip
    client.create_bucket(Bucket=made.bucket)
    yield made
    server.stop()


@pytest.fixture
def s3_prefix(s3_server: S3Server) -> str:
    """An s3:// prefix that nobody else uses."""
    return f"s3://{s3_server.bucket}/{uuid4().hex}"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _postgres_tools() -> Path | None:
    """Folder of initdb and pg_ctl; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _unprivileged(folder: Path) -> tuple[str, ...]:
    """How to run a program as a user that is not root, which PostgreSQL insists on; the folder becomes that user's."""
    if os.geteuid() != 0:
        return ()
    shutil.chown(folder, "postgres", "postgres")
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


def _run(*command: str | Path) -> None:
    # Output goes to a file that ends with the program: the server it leaves behind would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, check=False, timeout=SECONDS_TO_START)
        output.seek(0)
        assert done.returncode == 0, output.read().decode()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    host, _, port = address.partition(":")
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with closing(socket.socket()) as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"no server answered at {address} within {SECONDS_TO_START} s")
