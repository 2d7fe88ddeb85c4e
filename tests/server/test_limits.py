"""What a client may send and how long it may take: nobody holds memory or a connection for ever."""

import asyncio

import pytest

from helio.server import Limits
from helio.server.application import Receive, Scope, Send
from server.standin import Serve, StandIn

SHORT = Limits(head_time=0.05, body_time=0.05, keep_alive=0.05, read_time=0.05)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\n", *[b"x: %b\r\n" % (b"a" * 1000)] * 1000],
        [b"GET / HTTP/1.1\r\nx: ", *[b"a" * 1000] * 1000],
        [b"GET /", *[b"a" * 1000] * 1000],
    ],
    ids=["headers", "header", "url"],
)
async def test_an_endless_head_is_refused(serve: Serve, pieces: list[bytes]):
    async with serve(StandIn()) as serving:
        said = await serving.exchange(*pieces)
        assert said.startswith(b"HTTP/1.1 431 ")
        await serving.gone()
        assert not serving.app.scopes


async def test_endless_trailers_are_cut(serve: Serve):
    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    head = b"POST /patient HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    async with serve(StandIn(patient=patient)) as serving:
        said = await serving.exchange(head, *[b"x: %b\r\n" % (b"a" * 1000)] * 1000)
        assert said.startswith(b"HTTP/1.1 400 ")
        await serving.gone()


async def test_a_large_head_and_a_larger_body_are_fine(serve: Serve):
    sizes: list[int] = []

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        sizes.append(size)
        await serving.app.index(scope, receive, send)

    head = b"POST /count HTTP/1.1\r\nHost: x\r\nx: %b\r\nConnection: close\r\n" % (b"a" * 50_000)
    body = b"b" * 3_000_000
    async with serve(StandIn(count=count)) as serving:
        said = await serving.exchange(head, b"Content-Length: %d\r\n\r\n" % len(body), body)
    assert said.endswith(b"hello")
    assert sizes == [3_000_000]


@pytest.mark.parametrize("begun", [b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_who_does_not_ask_is_not_waited_for(serve: Serve, begun: bytes):
    async with serve(StandIn(), limits=Limits(head_time=0.05)) as serving:
        assert await serving.exchange(begun) == b""
        first = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        if begun:
            assert (await serving.exchange(first, begun)).endswith(b"hello")
        await serving.gone()


async def test_a_stream_may_take_its_time(serve: Serve):
    async with serve(StandIn(), limits=SHORT) as serving:
        connection = await serving.ask("GET /stream HTTP/1.1", "GET /")
        await connection.until(b": open\n\n\r\n")
        await asyncio.sleep(0.3)
        await serving.stop()
        assert (await connection.rest()).endswith(b"retry: 5\n\n\r\n")


async def test_who_does_not_read_his_answer_is_cut(serve: Serve):

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            body = b"x" * 1_000_000
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async with serve(StandIn(large=large), limits=SHORT) as serving:
        connection = await serving.ask("GET /large HTTP/1.1")
        await connection.until(b"\r\n\r\n")
        await serving.gone()
        connection.close()


async def test_who_does_not_read_the_end_of_a_broken_response_is_cut(serve: Serve):

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        body = b"x" * 20_000_000
        sending = send({"type": "http.response.body", "body": body, "more_body": True})
        await asyncio.wait([asyncio.ensure_future(sending)], timeout=0.1)

    async with serve(StandIn(large=large), limits=Limits(last_words=0.05)) as serving:
        connection = await serving.ask("GET /large HTTP/1.1")
        await connection.until(b"\r\n\r\n")
        await serving.gone()
        connection.close()
