"""A TCP proxy before a server, which can cut a connection in the middle of what it carries, and refuse new ones."""

import socket
import struct
import threading
from contextlib import suppress
from typing import Self

_CHUNK = 1 << 14
_RESET = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Passes everything on to 127.0.0.1:`upstream` until it is told to cut. Use as a context manager."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._live: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._left: int | None = None
        self._once = False
        self.cuts = 0

    def __enter__(self) -> Self:
        self._serve()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    def cut_after(self, count: int, *, once: bool) -> None:
        """Reset the connection that carries byte number `count` from now to the server, and every later one or not."""
        with self._guard:
            self._left, self._once = count, once

    def refuse(self) -> None:
        """Reset all connections and let nobody in."""
        # Closing alone would not wake the thread that waits for the next caller.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._reset_all()

    def mend(self) -> None:
        """Pass everything on again."""
        with self._guard:
            self._left = None
        if self._listener.fileno() < 0:
            self._listener = _listen(self.port)
            self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self._upstream))
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with self._guard:
            self._live |= {client, server}
        back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
        back.start()
        self._pump(client, server)
        back.join()
        with self._guard:
            self._live -= {client, server}
        client.close()
        server.close()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if target.getpeername()[1] == self._upstream and self._is_cut(len(data)):
                    _reset(source)
                    _reset(target)
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _is_cut(self, count: int) -> bool:
        with self._guard:
            if self._left is None:
                return False
            self._left -= count
            if self._left >= 0:
                return False
            self.cuts += 1
            if self._once:
                self._left = None
            return True

    def _reset_all(self) -> None:
        with self._guard:
            live = list(self._live)
            self.cuts += bool(live)
        for end in live:
            _reset(end)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def _reset(end: socket.socket) -> None:
    """Close with a reset rather than in order; also wakes a thread that reads from it."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
