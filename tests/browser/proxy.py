"""One address before several processes, as a load balancer is; the test says who gets what."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from browser.serving import Served

_STREAM = re.compile(rb"\r\nhelio-build:", re.IGNORECASE)
"""What the request has that opens a page's stream."""

_CONNECTION = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)


class Proxy:
    """Passes each request on: one that opens a page's stream to `streams`, others to `others`.

    Every request is on a connection of its own, so that none goes where an earlier one went.
    """

    def __init__(self, streams: Served, others: Served | None = None) -> None:
        self.streams = streams
        self.others = others or streams
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """All connections are lost."""
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody is let in any more, and nobody stays."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), self._noted(client) as client:
            head = _head(client)
            if not head:
                return
            target = self.streams if _STREAM.search(head) else self.others
            with self._noted(socket.create_connection(("127.0.0.1", target.port))) as server:
                server.sendall(_closing(head))
                threading.Thread(target=_pump, args=(client, server), daemon=True).start()
                _pump(server, client)

    @contextmanager
    def _noted(self, sock: socket.socket) -> Iterator[socket.socket]:
        """A socket that can be cut as long as it is used."""
        with self._lock:
            self._open.add(sock)
        try:
            yield sock
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()


def _head(client: socket.socket) -> bytes:
    """What comes until the headers have ended; nothing if they never do."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return b""
        data += more
    return data


def _closing(data: bytes) -> bytes:
    """The request as one after which the connection is closed."""
    head, _, body = data.partition(b"\r\n\r\n")
    return _CONNECTION.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + body


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, to the end, and then say that it has ended."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
