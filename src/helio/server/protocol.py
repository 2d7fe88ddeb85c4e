"""HTTP/1.1 on uvicorn's httptools protocol, with one addition: a response can be *broken*.

A stream that ends on purpose without its last chunk tells the browser to come back; a clean end
would tell it that all is said. ASGI knows no such end, so an application asks for it by
returning while its chunked response is still open (uvicorn takes that for a mistake).
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from helio.server.application import Application, Receive, Scope, Send

_CYCLE = "helio.cycle"


class HttpProtocol(HttpToolsProtocol):
    """Shows each request's response to `Breakable`."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # The scope of this very request: with pipelining, `self.cycle` may be a later one's
        # by the time the application runs.
        extensions: dict[str, Any] = dict(self.scope.get("extensions") or {})
        self.scope["extensions"] = {**extensions, _CYCLE: self.cycle}  # type: ignore[typeddict-item]


class Breakable:
    """The application, whose open chunked responses are broken when it returns.

    The connection is closed after what was written has been flushed.
    """

    __slots__ = ("_app",)

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        extensions: dict[str, Any] = scope.get("extensions") or {}
        cycle = extensions.get(_CYCLE)
        if cycle is not None and cycle.chunked_encoding and not cycle.response_complete:
            cycle.transport.close()
            while (await receive())["type"] != "http.disconnect":
                pass
