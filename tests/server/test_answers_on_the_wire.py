"""Responses byte by byte: how a client knows their end, and what an application may not say."""

import asyncio
import logging
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

import pytest

from helio.server.application import Message, Receive, Scope, Send
from server.standin import Serve, StandIn

DATE = re.compile(rb"date: ([^\r]+)\r\n")
GET = b"GET /said HTTP/1.1\r\nHost: x\r\n\r\n"
CLOSE = b"GET /said HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HEAD = b"HEAD /said HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
OLD = b"GET /said HTTP/1.0\r\n\r\n"


def start(status: int = 200, *headers: tuple[bytes, bytes], **more: object) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers), **more}


def body(data: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def saying(*messages: Message) -> StandIn:
    """An application that answers `/said` by these messages."""

    async def said(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return StandIn(said=said)


LENGTH = (b"content-length", b"5")
SAID: list[tuple[str, bytes, Sequence[Message], bytes]] = [
    (
        "whole",
        CLOSE,
        [start(), body(b"hello")],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
    (
        "in pieces",
        CLOSE,
        [start(), body(b"hello", more=True), body(b" world", more=True), body()],
        b"200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    ),
    (
        "empty pieces",
        CLOSE,
        [start(), body(more=True), body(more=True), body(b"a")],
        b"200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ),
    (
        "of a size that the application tells",
        CLOSE,
        [start(200, LENGTH), body(b"he", more=True), body(b"llo")],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
    (
        "with the application's own idea of framing",
        CLOSE,
        [start(200, (b"Transfer-Encoding", b"chunked")), body(b"hello")],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
    (
        "for a client that knows no chunks",
        OLD,
        [start(), body(b"hello", more=True), body(b" world")],
        b"200 OK\r\nconnection: close\r\n\r\nhello world",
    ),
    (
        "without a body",
        CLOSE,
        [start(204), body()],
        b"204 No Content\r\nconnection: close\r\n\r\n",
    ),
    (
        "without a body, whatever the application says",
        CLOSE,
        [start(204, LENGTH), body(b"hello")],
        b"204 No Content\r\nconnection: close\r\n\r\n",
    ),
    (
        "not modified",
        CLOSE,
        [start(304, (b"etag", b"x"), LENGTH), body()],
        b"304 Not Modified\r\netag: x\r\ncontent-length: 5\r\nconnection: close\r\n\r\n",
    ),
    (
        "HEAD",
        HEAD,
        [start(), body(b"hello")],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n",
    ),
    (
        "HEAD, in pieces",
        HEAD,
        [start(), body(b"hello", more=True), body(b"hello")],
        b"200 OK\r\nconnection: close\r\n\r\n",
    ),
    (
        "HEAD, of a size that the application tells",
        HEAD,
        [start(200, LENGTH), body()],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n",
    ),
    (
        "the last, as the application wants it",
        GET,
        [start(200, (b"Connection", b"close")), body(b"hello")],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
    (
        "fields as they were given",
        CLOSE,
        [start(200, (b"Set-Cookie", b"a=b"), (b"set-cookie", b"c=\xe4")), body()],
        b"200 OK\r\nSet-Cookie: a=b\r\nset-cookie: c=\xe4\r\n"
        b"content-length: 0\r\nconnection: close\r\n\r\n",
    ),
    (
        "an unknown status",
        CLOSE,
        [start(599), body(b"hello")],
        b"599 \r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
    (
        "trailers, which nobody reads",
        CLOSE,
        [
            start(200, trailers=True),
            body(b"hello"),
            {"type": "http.response.trailers", "headers": [(b"a", b"b")]},
        ],
        b"200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    ),
]


@pytest.mark.parametrize(
    ("request_", "messages", "expected"),
    [each[1:] for each in SAID],
    ids=[each[0] for each in SAID],
)
async def test_a_response(
    serve: Serve,
    request_: bytes,
    messages: Sequence[Message],
    expected: bytes,
    caplog: pytest.LogCaptureFixture,
):
    async with serve(saying(*messages)) as serving:
        said = await serving.exchange(request_)
    assert DATE.sub(b"", said) == b"HTTP/1.1 " + expected
    assert not caplog.records


async def test_the_date_is_now_unless_the_application_says_another(serve: Serve):
    async with serve(saying(start(), body())) as serving:
        told = DATE.search(await serving.exchange(CLOSE))
        assert told
        assert parsedate_to_datetime(told[1].decode()).tzinfo
    async with serve(saying(start(200, (b"Date", b"today")), body())) as serving:
        said = await serving.exchange(CLOSE)
        assert b"Date: today\r\n" in said
        assert not DATE.search(said)


@pytest.mark.parametrize(
    "header",
    [(b"a", b"b\r\nc: d"), (b"a", b"b\nc"), (b"a", b"b\rc"), (b"a", b"b\0c"), (b"a\r\nb", b"c")],
)
async def test_a_response_cannot_be_split(
    serve: Serve, header: tuple[bytes, bytes], caplog: pytest.LogCaptureFixture
):
    async with serve(saying(start(200, header), body(b"secret"))) as serving:
        said = await serving.exchange(GET)
    assert said.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"secret" not in said
    assert len(caplog.records) == 1


MISTAKES: dict[str, Sequence[Message]] = {
    "no answer": [],
    "a head without a body": [start()],
    "a body without a head": [body(b"hello")],
    "two heads": [start(), start(), body()],
    "a status that ends nothing": [start(100), body()],
    "text for bytes": [start(200, ("a", "b")), body()],  # type: ignore[arg-type]
    "a message of another protocol": [{"type": "websocket.send", "text": "hello"}],
    "more than it has told": [start(200, LENGTH), body(b"hello world")],
    "less than it has told": [start(200, LENGTH), body(b"hell")],
}


@pytest.mark.parametrize("messages", MISTAKES.values(), ids=MISTAKES.keys())
async def test_a_mistake_before_anything_was_sent_is_a_500(
    serve: Serve, messages: Sequence[Message], caplog: pytest.LogCaptureFixture
):
    async with serve(saying(*messages)) as serving:
        said = await serving.exchange(GET)
        assert said.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        assert said.endswith(b"\r\n\r\nSomething went wrong on the server.\n")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


LATE: dict[str, Sequence[Message]] = {
    "more than it has told": [start(200, LENGTH), body(b"hello", more=True), body(b"!")],
    "less than it has told": [start(200, LENGTH), body(b"h", more=True), body(b"e")],
    "a message of another protocol": [start(), body(b"h", more=True), {"type": "lifespan"}],
}


@pytest.mark.parametrize("messages", LATE.values(), ids=LATE.keys())
async def test_a_mistake_in_the_midst_of_a_response_breaks_it(
    serve: Serve, messages: Sequence[Message], caplog: pytest.LogCaptureFixture
):
    async with serve(saying(*messages)) as serving:
        said = await serving.exchange(GET)
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not said.endswith((b"0\r\n\r\n", b"!"))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("error", [RuntimeError("boom"), SystemExit(1), asyncio.CancelledError()])
async def test_what_the_application_raises_is_logged_once(
    serve: Serve, begun: bool, error: BaseException, caplog: pytest.LogCaptureFixture
):
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send(start())
            await send(body(b"begun", more=True))
        raise error

    async with serve(StandIn(failing=failing)) as serving:
        said = await serving.exchange(b"GET /failing HTTP/1.1\r\nHost: x\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 200 OK" if begun else b"HTTP/1.1 500 ")
        assert said.endswith(b"begun\r\n" if begun else b"on the server.\n")
        assert (await serving.fetch("GET / HTTP/1.1")).endswith(b"hello")
    (record,) = caplog.records
    assert record.message == "GET '/failing' failed"
    assert record.exc_info


async def test_a_mistake_after_the_response_is_logged_and_hurts_nobody(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    async with serve(saying(start(), body(b"hello"), body(b"again"))) as serving:
        second = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        said = await serving.exchange(GET, second)
        assert said.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_application_waits_for_its_client(serve: Serve):
    """What is not read stays unsaid: nothing piles up here."""
    count = 0

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal count
        await send(start())
        for _ in range(1000):
            await send(body(b"x" * 100_000, more=True))
            count += 1
        await send(body(b"end"))

    async with serve(StandIn(large=large)) as serving:
        connection = await serving.ask("GET /large HTTP/1.1\r\nConnection: close")
        await asyncio.sleep(0.3)
        assert count < 500
        said = await connection.rest()
        assert said.endswith(b"3\r\nend\r\n0\r\n\r\n")
        assert len(said) > 100_000_000
        assert count == 1000
