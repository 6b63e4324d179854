"""Connections: how a reply goes out, the two ways in which it does not, and how many are open."""

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from weather_assets.sources.kma_service.exchange import Reply


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply (None: the connection is closed instead), and whether it breaks off in the middle of its body."""

    reply: Reply | None
    cut_off: bool = False


def handler_for(deliver: Callable[[str], Delivery]) -> type[BaseHTTPRequestHandler]:
    """A request handler class that asks `deliver` what to do with a path and query."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "local-kma-service"
        # Headers and body leave in one packet: else each reply waits for the peer's delayed acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            delivery = deliver(self.path)
            if delivery.reply is None:
                self._hang_up()
                return
            body = delivery.reply.body
            self.send_response(delivery.reply.status)
            self.send_header("Content-Type", delivery.reply.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if delivery.cut_off else body)
            self.wfile.flush()
            if delivery.cut_off:
                self._hang_up()

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: object) -> None:
            """Nothing: a request line holds the key."""

    return Handler


class Server(ThreadingHTTPServer):
    """Counts its connections and closes those that clients keep open."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.opened = 0
        self.failures: list[BaseException] = []
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        self.opened += 1
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection and forget it."""
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        """Keep an error of the service itself for its owner; a client that has gone is none."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.failures.append(error)

    def close_connections(self) -> None:
        """Close what is still open; the threads that wait there end."""
        for connection in list(self._open):
            self.shutdown_request(connection)
