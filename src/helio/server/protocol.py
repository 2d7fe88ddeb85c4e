"""HTTP/1.1 on uvicorn's httptools protocol, with one addition: a response can be *broken*.

A stream that ends on purpose without its last chunk tells the browser to come back; a clean end
would tell it that all is said. ASGI knows no such end, so an application asks for it by
returning while its chunked response is still open (uvicorn takes that for a mistake).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from helio.server.application import Application, Receive, Scope, Send

_CYCLE = "helio.cycle"


class HttpProtocol(HttpToolsProtocol):
    """Shows each request's response to `Breakable`, and whether its client reads."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # The scope of this very request: with pipelining, `self.cycle` may be a later one's
        # by the time the application runs.
        extensions: dict[str, Any] = dict(self.scope.get("extensions") or {})
        self.scope["extensions"] = {**extensions, _CYCLE: self.cycle}  # type: ignore[typeddict-item]

    @property
    def stalled(self) -> bool:
        """Whether the client keeps us from writing, or from closing."""
        return self.flow.write_paused or self.transport.is_closing()


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
        # What uvicorn would find out one turn of the loop later, and not at all with pipelining.
        cycle.disconnected |= cycle.transport.is_closing()
