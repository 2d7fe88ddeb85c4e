"""One line a request, for development."""

import sys
import time

from helio.server.application import Message, Receive, Scope, Send
from helio.server.protocol import Breakable


class RequestLog:
    """Prints `200 GET /todos 3 ms` when a response is complete, and streams as they open.

    Helio's own files are left out unless they fail.
    """

    __slots__ = ("_app",)

    def __init__(self, app: Breakable) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = _Line(scope, send)
        try:
            await self._app(scope, receive, line.send)
        except Exception:
            line.failed()
            raise


class _Line:
    __slots__ = ("_scope", "_send", "_start", "_status", "_stream")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start = time.perf_counter()
        self._status = 0
        self._stream = False

    async def send(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = dict(message.get("headers", ()))
            self._stream = headers.get(b"content-type", b"").startswith(b"text/event-stream")
            if self._stream:
                self._print("stream")
        elif not self._stream and not message.get("more_body", False):
            self._print(f"{(time.perf_counter() - self._start) * 1000:.0f} ms")

    def failed(self) -> None:
        """The application raised; the HTTP server answers 500 if nothing was sent yet."""
        self._status = self._status or 500
        self._print("failed")

    def _print(self, end: str) -> None:
        path = self._scope["path"]
        if path.startswith("/_helio/") and self._status < 400:
            return
        query = self._scope["query_string"].decode("latin-1")
        # `datastar` carries all signals of the page: too long to read, and maybe private.
        query = "&".join(part for part in query.split("&") if not part.startswith("datastar="))
        url = path + (f"?{query}" if query else "")
        sys.stderr.write(f"{self._status} {self._scope['method']} {_printable(url)} {end}\n")


def _printable(text: str) -> str:
    """`text` without control characters, which could rewrite the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:300])
