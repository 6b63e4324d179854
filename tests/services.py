"""Real servers for tests, as a pytest plugin: PostgreSQL from the system, S3 from rclone. All on 127.0.0.1."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
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


@dataclass(frozen=True)
class S3Server:
    """A running S3 server with one bucket, whose files lie in `folder`."""

    endpoint_url: str
    bucket: str
    folder: Path
    key_id: str = _S3_KEY_ID
    secret: str = _S3_SECRET


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; skips where none is installed, except in CI, where it must be."""
    tools = _postgres_tools()
    if tools is None:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Not below pytest's own folder, which only its user may enter: the server runs as another one.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    password_file = folder / "password"
    password_file.write_text(_POSTGRES_PASSWORD)
    as_user = _unprivileged(folder)
    data, port = folder / "data", free_port()
    try:
        _run(*as_user, tools / "initdb", "-D", data, "-U", _POSTGRES_USER, "--auth=scram-sha-256",
             f"--pwfile={password_file}", "--no-sync", "--encoding=UTF8", "--locale=C")  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        pg_ctl = (*as_user, tools / "pg_ctl", "-D", data, "-w")
        _run(*pg_ctl, "-o", options, "-l", folder / "log", "start")
        yield PostgresServer(port)
        _run(*pg_ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of an empty database, dropped after the test."""
    from urllib.parse import quote

    name = f"test_{uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    password = quote(postgres_server.password, safe="")
    yield f"postgresql://{postgres_server.user}:{password}@127.0.0.1:{postgres_server.port}/{name}"
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 server over a folder."""
    root = tmp_path_factory.mktemp("s3")
    # Made before the server starts: it looks for new buckets only now and then.
    folder = root / "weather"
    folder.mkdir()
    address = f"127.0.0.1:{free_port()}"
    rclone = Path(sys.executable).with_name("rclone")
    command = [rclone, "serve", "s3", "--auth-key", f"{_S3_KEY_ID},{_S3_SECRET}", "--addr", address, root]
    environment = {**os.environ, "RCLONE_CONFIG": str(root.with_name("rclone.conf"))}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _wait_for(address, process)
        yield S3Server(f"http://{address}", folder.name, folder)
        process.terminate()


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
