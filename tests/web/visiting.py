"""Visits to an application without a browser: plain, by our runtime, and by stock Datastar."""

import asyncio
import contextlib
import html
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from helio import App
from helio.live.pace import Pace
from helio.wire import Event, Parser

PATIENCE = 10.0
"""Seconds until something that should happen at once is taken for not happening."""

BRISK = Pace(tick=0.002)
HOST = "http://testserver"
STOCK = {"datastar-request": "true"}


def own(**headers: str) -> dict[str, str]:
    """The headers of our runtime, for a user action of its own."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {**STOCK, "helio-request": secrets.token_hex(8), **named}


def browser(app: App, base: str = HOST) -> httpx.AsyncClient:
    """A visitor with a cookie jar, who sees redirects instead of following them."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)


def events(response: httpx.Response) -> list[Event]:
    return Parser().feed(response.content)


def detail(response: httpx.Response, effect: str) -> Any:
    """What the answer's only effect of this name carries."""
    [event] = [event for event in events(response) if event.event == f"helio-{effect}"]
    return json.loads(event.data.removeprefix("detail "))


def stream_url(document: httpx.Response) -> str | None:
    """Where a document's runtime opens the stream."""
    found = re.search(r"data-init=\"@get\('([^']*)'", document.text)
    return html.unescape(json.loads(f'"{found[1]}"')) if found else None


class Streaming:
    """A page's stream: status, headers, and the text that has come so far."""

    def __init__(self, body: bytes = b"") -> None:
        self._body = [body]
        self.status = 0
        self.headers = httpx.Headers()
        self.text = ""
        self.whole = False  # ended in the ordinary way
        self.gone = asyncio.Event()
        self.task: asyncio.Task[None]

    @property
    def events(self) -> list[Event]:
        return Parser().feed(self.text.encode())

    async def says(self, text: str) -> None:
        await until(lambda: text in self.text or self.task.done())
        assert text in self.text

    def of(self, kind: str) -> list[Event]:
        """The events of this type that have come so far."""
        return [event for event in self.events if event.event == kind]

    async def _receive(self) -> dict[str, Any]:
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = httpx.Headers(message["headers"])
        else:
            self.text += message["body"].decode()
            self.whole = not message.get("more_body", False)


@asynccontextmanager
async def stream(
    app: App, path: str, said: object = None, **headers: str
) -> AsyncIterator[Streaming]:
    """A page's stream as an ASGI server would carry it; the client goes at the end.

    `said` is what the tab says in a body: its versions, its mounts, where it is.
    """
    url = httpx.URL(HOST + path)
    sent = {"host": "testserver", **own(**headers)}
    if said is not None:
        sent |= {"helio-stream": "open", "content-type": "application/json"}
    request = {
        "type": "http",
        "method": "GET" if said is None else "POST",
        "scheme": "http",
        "server": ("testserver", 80),
        "path": url.path,
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
    }
    opened = Streaming(b"" if said is None else json.dumps(said).encode())
    opened.task = asyncio.create_task(app(request, opened._receive, opened._send))
    try:
        await until(lambda: opened.status or opened.task.done())
        yield opened
    finally:
        opened.gone.set()
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(asyncio.CancelledError):
                await opened.task


async def until(question: Callable[[], object]) -> None:
    """Wait until the answer is true."""
    async with asyncio.timeout(PATIENCE):
        while not question():
            await asyncio.sleep(0.001)
