"""`GET /_helio/ready`: whether a balancer may send requests here."""

import asyncio

import pytest

from helio.server.application import Receive, Scope, Send
from server.standin import Serve, StandIn, answer

ASK = b"GET /_helio/ready HTTP/1.1\r\nHost: x\r\n\r\n"


class Routed(StandIn):
    """Knows `/` and `/slow`, and where it says so `/_helio/ready`."""

    def __init__(self, *, ready: bool = False) -> None:
        super().__init__(slow=self.slow)
        self.ready = ready
        self.finish = asyncio.Event()

    async def index(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/" or self.ready:
            await answer(send, b"mine")
            return
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"no such page"})

    async def slow(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.finish.wait()
        await answer(send, b"slow")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_it_is_ready_as_soon_as_it_accepts(serve: Serve, method: str):
    async with serve(Routed()) as serving:
        said = await serving.fetch(f"{method} /_helio/ready HTTP/1.1")
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\ncache-control: no-store\r\n" in said
        assert said.endswith(b"\r\n\r\nready\n" if method == "GET" else b"\r\n\r\n")


async def test_it_is_not_while_it_ends(serve: Serve):
    app = Routed()
    async with serve(app) as serving:
        connection = await serving.ask("GET /slow HTTP/1.1")
        idle = await serving.ask("GET / HTTP/1.1")
        await idle.until(b"mine")
        serving.server.leave()
        idle.send(ASK)
        assert (await idle.rest()).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        app.finish.set()
        assert (await connection.rest()).endswith(b"slow")


async def test_the_application_s_own_answer_goes_before(serve: Serve):
    async with serve(Routed(ready=True)) as serving:
        assert (await serving.fetch("GET /_helio/ready HTTP/1.1")).endswith(b"mine")


@pytest.mark.parametrize("ask", ["POST /_helio/ready", "GET /_helio/ready/", "GET /_helio"])
async def test_nothing_else_is_answered(serve: Serve, ask: str):
    async with serve(Routed()) as serving:
        said = await serving.fetch(f"{ask} HTTP/1.1")
        assert said.startswith(b"HTTP/1.1 404 Not Found\r\n")
        assert said.endswith(b"no such page")
