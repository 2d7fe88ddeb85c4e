"""Live pages on our server: in or out of their ASGI call, they are current."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from helio import App, Topic, html, publish, region, watch
from helio.live.pace import Pace
from helio.server.application import Application, Receive, Scope, Send
from server.standin import Connection, Serve, Serving

NEWS = Topic("server-news")


class Site:
    """An application with one page that shows a number."""

    def __init__(self) -> None:
        self.number = 0
        self.size = 0
        self.app = App(pace=Pace(tick=0.0, heartbeat=0.2, stall=0.5))

        @region
        def shown() -> object:
            watch(NEWS)
            return html.p["number ", self.number, " x" * self.size]

        @self.app.page("/")
        def index() -> object:
            return html.main[shown()]

        @self.app.post("/next")
        def following() -> None:
            self.tell()
            publish(NEWS)

    def tell(self) -> None:
        self.number += 1

    def publish(self) -> None:
        self.tell()
        self.app.publish(NEWS)


class Wrapped:
    """An application below middleware."""

    def __init__(self, site: Site, around: Callable[[App], object]) -> None:
        self._app = site.app
        self._around = around(site.app)

    @property
    def development(self) -> bool:
        return self._app.development

    @development.setter
    def development(self, value: bool) -> None:
        self._app.development = value

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._around(scope, receive, send)  # type: ignore[operator]

    async def drain(self, deadline: float) -> None:
        await self._app.drain(deadline)


class Base(BaseHTTPMiddleware):
    """Passes everything through a queue of its own."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)


class Late:
    """Holds back the head of a response until something of the body has come."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held = None

        async def late(message: object) -> None:
            nonlocal held
            if held is None:
                held = message
                return
            if held is not message:
                first, held = held, message
                if first["type"] == "http.response.start":  # type: ignore[index]
                    await send(first)  # type: ignore[arg-type]
            await send(message)  # type: ignore[arg-type]

        await self._app(scope, receive, late if scope["type"] == "http" else send)


AROUND: dict[str, Callable[[App], object]] = {
    "nothing": lambda app: app,
    "a queue": Base,
    "compression": lambda app: GZipMiddleware(app, minimum_size=1),
    "something that holds back": Late,
}


@asynccontextmanager
async def streaming(serving: Serving) -> AsyncIterator[Connection]:
    head = "GET / HTTP/1.1\r\nDatastar-Request: true\r\nHelio-Request: a\r\nHelio-Tab: abcdefgh"
    connection = await serving.ask(head)
    yield connection
    connection.close()


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND.keys())
async def test_a_page_is_current_whatever_is_around_it(
    serve: Serve, around: Callable[[App], object], caplog: pytest.LogCaptureFixture
):
    site = Site()
    app: Application = Wrapped(site, around)
    async with serve(app) as serving, asyncio.timeout(20), streaming(serving) as connection:
        assert b"transfer-encoding: chunked" in await connection.until(b"\r\n\r\n")
        await connection.until(b"number 0")
        for number in range(1, 20):
            site.publish()
            await connection.until(b"number %d<" % number)
        await connection.until(b":\n\n")  # a heartbeat
        await serving.stop()
        rest = await connection.rest()
        assert b"retry: " in rest
        assert not rest.endswith(b"0\r\n\r\n")
    assert not caplog.records


async def test_a_stream_needs_no_task(serve: Serve):
    site = Site()
    async with serve(site.app) as serving:
        before = len(asyncio.all_tasks())
        connections = []
        for number in range(20):
            told = f"Datastar-Request: true\r\nHelio-Request: a\r\nHelio-Tab: abcdefgh{number}"
            connections.append(await serving.ask(f"GET / HTTP/1.1\r\n{told}"))
        for connection in connections:
            await connection.until(b"number 0")
        assert len(site.app.hub.streams) == 20
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) <= before + 1  # and not one more for each
        for connection in connections:
            connection.close()
        async with asyncio.timeout(10):
            while len(site.app.hub.streams):
                await asyncio.sleep(0.01)


async def test_a_slow_client_gets_the_newest_state_once_it_reads(serve: Serve):
    site = Site()
    site.size = 10_000
    async with serve(site.app) as serving, streaming(serving) as connection:
        await connection.until(b"number 0")
        for _ in range(200):
            site.publish()
            await asyncio.sleep(0.001)
        seen = 0
        async with asyncio.timeout(10):
            while True:
                seen += 1
                if b"number 200 " in await connection.until(b" x x"):
                    break
                await connection.until(b"</p>")
        assert seen < 150


async def test_a_client_that_never_reads_is_cut(serve: Serve):
    site = Site()
    site.size = 10_000
    async with serve(site.app) as serving, streaming(serving) as connection:
        await connection.until(b"number 0")
        async with asyncio.timeout(20):
            while len(site.app.hub.streams):
                site.publish()
                await asyncio.sleep(0.01)
            await serving.gone()


async def test_the_newer_stream_of_a_tab_replaces_the_older(serve: Serve):
    site = Site()
    async with serve(site.app) as serving, streaming(serving) as first:
        await first.until(b"number 0")
        async with streaming(serving) as second:
            await second.until(b"number 0")
            said = await first.until(b"0\r\n\r\n")
            assert b"datastar-close" in said
            assert len(site.app.hub.streams) == 1
            # Its connection serves what comes next.
            first.send(b"POST /next HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            assert b"303 See Other" in await first.until(b"\r\n\r\n")
            await second.until(b"number 1")
