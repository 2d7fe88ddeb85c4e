"""Readiness: whether a balancer may send requests here."""

from collections.abc import Callable

from helio.server.application import Message, Receive, Scope, Send
from helio.server.service import Served

PATH = "/_helio/ready"


class Ready:
    """The application, for which `GET /_helio/ready` is answered if it does not do so itself.

    200 while requests are wanted, 503 while the process ends.
    """

    __slots__ = ("_app", "_wanted")

    def __init__(self, app: Served, wanted: Callable[[], bool]) -> None:
        self._app = app
        self._wanted = wanted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != PATH or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        missing = False

        async def unless_missing(message: Message) -> None:
            nonlocal missing
            missing = missing or message.get("status") == 404
            if not missing:
                await send(message)

        await self._app(scope, receive, unless_missing)
        if missing:
            await self._answer(send)

    async def _answer(self, send: Send) -> None:
        status, body = (200, b"ready\n") if self._wanted() else (503, b"ending\n")
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
