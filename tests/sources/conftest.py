"""A real HTTP server that says what a test tells it to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest


@dataclass(frozen=True)
class Request:
    """What came over the wire."""

    path: str
    raw_query: str
    client_port: int

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What to send. `announced` is a false Content-Length; `dropped` closes the connection without a word."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    dropped: bool = False
    announced: int | None = None


@dataclass
class ScriptedServer:
    """Answers each request by `respond`; `busiest` is the greatest number of requests that were open at once."""

    url: str
    respond: Callable[[Request], Answer] = lambda _: Answer()
    requests: list[Request] = field(default_factory=list)
    busiest: int = 0
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, *answers: Answer | bytes | str) -> None:
        """One answer after the other; the last one for ever."""
        script = [self._answer(answer) for answer in answers]
        remaining = iter(script)
        self.respond = lambda _: next(remaining, script[-1])

    @staticmethod
    def _answer(answer: Answer | bytes | str) -> Answer:
        if isinstance(answer, Answer):
            return answer
        return Answer(answer.encode() if isinstance(answer, str) else answer)

    def receive(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            self._open += 1
            self.busiest = max(self.busiest, self._open)
            answer = self.respond(request)
        time.sleep(answer.delay_s)
        with self._lock:
            self._open -= 1
        return answer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            answer = scripted.receive(Request(address.path, address.query, self.client_address[1]))
            if answer.dropped:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(answer.announced or len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.announced is not None

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted = ScriptedServer(f"http://127.0.0.1:{httpd.server_address[1]}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield scripted
    httpd.shutdown()
    httpd.server_close()
    thread.join()
