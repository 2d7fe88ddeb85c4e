"""Several requests on one connection: answered in order, and the same however they arrive."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helio.server import Limits
from helio.server.application import Receive, Scope, Send
from server.standin import Echo, Serve, Serving, StandIn, answer

HOST = b"Host: x\r\n"
REQUESTS = [
    b"GET /get?a=b HTTP/1.1\r\n" + HOST + b"\r\n",
    b"HEAD /head HTTP/1.1\r\n" + HOST + b"\r\n",
    b"\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"Accept: \xe4\r\n\r\n",
    b"POST /sized HTTP/1.1\r\n" + HOST + b"Content-Length: 12\r\n\r\nGET / HTTP/1",
    b"POST /none HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    b"PUT /chunks HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b"3;x\r\n\r\n\r\r\n5\r\n0\r\n\r\n\r\n0\r\nA: b\r\n\r\n",
    b"POST /expecting HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    b"GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
]
LAST = b"GET /last HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"

_CHANGING = re.compile(rb"date: [^\r]*\r\n|HTTP/1.1 100 Continue\r\n\r\n")


@pytest.fixture
async def echo(serve: Serve) -> AsyncIterator[Serving]:
    async with serve(Echo()) as serving:
        yield serving


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    requests=st.lists(st.sampled_from(REQUESTS), max_size=5),
    cuts=st.lists(st.integers(0, 2000), max_size=10),
)
async def test_the_answers_are_the_same_however_the_requests_are_cut(
    echo: Serving, requests: list[bytes], cuts: list[int]
):
    alone = [await echo.exchange(each, LAST) for each in requests]
    last = _CHANGING.sub(b"", await echo.exchange(LAST))
    expected = b"".join(_CHANGING.sub(b"", each).removesuffix(last) for each in alone) + last
    sent = b"".join(requests) + LAST
    places = sorted({0, len(sent), *(cut % len(sent) for cut in cuts)})
    parts = [sent[a:b] for a, b in pairwise(places)]
    assert _CHANGING.sub(b"", await echo.exchange(*parts)) == expected


async def test_a_request_is_begun_when_the_one_before_it_is_answered(serve: Serve):
    log: list[str] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["query_string"].decode()
        log.append(f"{name} begins")
        await asyncio.sleep(0.01)
        await answer(send, name.encode())
        log.append(f"{name} ends")

    async with serve(StandIn(slow=slow)) as serving:
        names = ["a", "b", "c"]
        asked = b"".join(b"GET /slow?%b HTTP/1.1\r\nHost: x\r\n\r\n" % n.encode() for n in names)
        await serving.exchange(asked + LAST)
    assert log == [f"{name} {what}" for name in names for what in ("begins", "ends")]


async def test_requests_that_wait_are_bounded(serve: Serve):
    """Who asks and asks before he is answered is not read on."""
    go = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go.wait()
        await answer(send, b"slow")

    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    count, sent = 1_000_000, 0
    async with serve(StandIn(slow=slow)) as serving:
        reader, writer = await serving.connect()
        writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")

        async def send() -> None:
            nonlocal sent
            for _ in range(count // 1000):
                writer.write(request * 1000)
                await writer.drain()
                sent += 1000

        sending = asyncio.create_task(send())
        await asyncio.sleep(0.5)
        assert sent < count / 2
        sending.cancel()
        go.set()
        for _ in range(1000):
            await reader.readuntil(b"hello")
        writer.close()


@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", True),
    ],
)
async def test_the_connection_is_kept_if_its_client_wants_that(
    serve: Serve, request_: bytes, kept: bool
):
    async with serve(StandIn()) as serving:
        said = await serving.exchange(request_ + LAST)
        assert said.count(b"HTTP/1.1 200 OK") == (2 if kept else 1)
        first = said.partition(b"\r\n\r\n")[0]
        assert (b"\r\nconnection: close" in first) is not kept
        assert (b"\r\nconnection: keep-alive" in first) is (kept and b"/1.0" in request_)


async def test_an_idle_connection_is_closed_in_the_end(serve: Serve):
    async with serve(StandIn(), limits=Limits(keep_alive=0.1)) as serving:
        said = await serving.exchange(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert said.endswith(b"hello")
        await serving.gone()


async def test_who_sends_no_more_still_hears_the_answers(serve: Serve):
    async with serve(Echo()) as serving:
        reader, writer = await serving.connect()
        writer.write(b"".join(REQUESTS[:6]))
        writer.write_eof()
        said = await asyncio.wait_for(reader.read(), 10)
        assert said.count(b"HTTP/1.1 200 OK\r\n") == 6
        await serving.gone()
        writer.close()
