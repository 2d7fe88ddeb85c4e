"""One line a request: short while one develops, or with time and client as an access log."""

import sys
import time
from collections.abc import Callable

from helio.server.application import Message, Receive, Scope, Send
from helio.server.service import Served


class RequestLog:
    """Prints `200 GET /todos 3 ms` when a response is complete, and streams as they open.

    Helio's own files are left out unless they fail. An access log leaves out nothing, and begins
    its lines with time and client: `2026-01-31T12:00:00Z 192.0.2.1 200 GET /todos 3 ms`.
    """

    __slots__ = ("_access", "_app")

    def __init__(self, app: Served, *, access: bool = False) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = _Line(scope, send, self._print)
        try:
            await self._app(scope, receive, line.send)
        except Exception:
            line.failed()
            raise

    def _print(self, scope: Scope, status: int, end: str) -> None:
        path = scope["path"]
        if not self._access and path.startswith("/_helio/") and status < 400:
            return
        query = scope["query_string"].decode("latin-1")
        # `datastar` carries all signals of the page: too long to read, and maybe private.
        query = "&".join(part for part in query.split("&") if not part.startswith("datastar="))
        url = path + (f"?{query}" if query else "")
        line = f"{status} {scope['method']} {_printable(url)} {end}\n"
        if self._access:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            client = scope["client"]
            line = f"{now} {client[0] if client else '-'} {line}"
        sys.stderr.write(line)


class _Line:
    __slots__ = ("_print", "_scope", "_send", "_start", "_status", "_stream")

    def __init__(
        self, scope: Scope, send: Send, print_line: Callable[[Scope, int, str], None]
    ) -> None:
        self._scope = scope
        self._send = send
        self._print = print_line
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
                self._say("stream")
        elif not self._stream and not message.get("more_body", False):
            self._say(f"{(time.perf_counter() - self._start) * 1000:.0f} ms")

    def failed(self) -> None:
        """The application raised; the HTTP server answers 500 if nothing was sent yet."""
        self._status = self._status or 500
        self._say("failed")

    def _say(self, end: str) -> None:
        self._print(self._scope, self._status, end)


def _printable(text: str) -> str:
    """`text` without control characters, which could rewrite the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:300])
