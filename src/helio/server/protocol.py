"""HTTP/1.1 on uvicorn's httptools protocol, with two additions.

A response can be *broken*. A stream that ends on purpose without its last chunk tells the browser
to come back; a clean end would tell it that all is said. ASGI knows no such end, so an application
asks for it by returning while its chunked response is still open (uvicorn takes that for a
mistake).

A client has *limits*: of what it may send before a request is complete enough to be answered, and
of how long it may take to send it, or to take its answer.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from helio.server.application import Application, Receive, Scope, Send

_CYCLE = "helio.cycle"

HEAD = 64 * 1024
"""Bytes of a request's line and headers, and of what may stand between two pieces of a body."""

PATIENCE = 30.0
"""Seconds that a client may take to send a head, and between two signs that it reads."""

LAST_WORDS = 2.0
"""Seconds that a client may take to read the end of a broken response."""


class HttpProtocol(HttpToolsProtocol):
    """Shows each request's response to `Breakable`, and holds its client to the limits."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._in_head = True
        self._unread = 0  # bytes of which nothing came yet but, at most, headers
        self._head_due: asyncio.TimerHandle | None = None
        self._read_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_due = self._later(self._head_late)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._head_due, self._read_due):
            if timer is not None:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._unread > HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._in_head and self._head_due is None:
            self._head_due = self._later(self._head_late)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._read_due = self._later(self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._read_due is not None:
            self._read_due.cancel()
            self._read_due = None

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._unread = 0
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
        super().on_headers_complete()
        # The scope of this very request: with pipelining, `self.cycle` may be a later one's
        # by the time the application runs.
        extensions: dict[str, Any] = dict(self.scope.get("extensions") or {})
        self.scope["extensions"] = {**extensions, _CYCLE: self.cycle}  # type: ignore[typeddict-item]

    @property
    def stalled(self) -> bool:
        """Whether the client keeps us from writing, or from closing."""
        return self.flow.write_paused or self.transport.is_closing()

    def _later(self, what: Callable[[], object]) -> asyncio.TimerHandle:
        return self.loop.call_later(PATIENCE, what)

    @property
    def _answering(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete

    def _head_late(self) -> None:
        self._head_due = None
        # Behind a response that is not complete, it may be we who do not read.
        if not self._answering:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, unless that would stand in the middle of a response, and end."""
        if self._answering:
            self.transport.abort()
            return
        text = status.phrase.encode()
        head = b"HTTP/1.1 %d %b\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n"
        self.transport.write(head % (status, text, len(text)) + b"connection: close\r\n\r\n" + text)
        self.transport.close()


class Breakable:
    """The application, whose open chunked responses are broken when it returns.

    The connection is closed after what was written has been flushed.
    """

    __slots__ = ("_app",)

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions: dict[str, Any] = scope.get("extensions") or {}
        cycle: RequestResponseCycle | None = extensions.get(_CYCLE)
        if cycle is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            # The process ends, and has closed the connection before it cancelled the request.
            if not cycle.transport.is_closing():
                raise
        if cycle.chunked_encoding and not cycle.response_complete:
            cycle.transport.close()
            asyncio.get_running_loop().call_later(LAST_WORDS, cycle.transport.abort)
        # What uvicorn would find out one turn of the loop later, and not at all with pipelining.
        cycle.disconnected |= cycle.transport.is_closing()
