"""Bodies of requests: chunks and sizes, however they arrive; strict, bounded, and at one's pace."""

import asyncio
from contextlib import suppress

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.server import Limits
from helio.server.application import Receive, Scope, Send
from helio.server.body import Body, Chunked, Sized
from helio.server.head import RequestError
from server.standin import Echo, Serve, StandIn, answer, whole

CHUNKED = b"POST /%b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data, cut at these places."""
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def taken(body: Body, parts: list[bytes]) -> tuple[bytes, bytes] | None:
    """Content and what is behind it; None if it is refused or not complete."""
    content, rest = b"", b""
    try:
        for part in parts:
            if body.complete:
                rest += part
            else:
                got, rest = body.take(part)
                content += got
    except RequestError:
        return None
    return (content, rest) if body.complete else None


CUTS = st.lists(st.integers(0, 1000), max_size=12)


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=5),
    extension=st.sampled_from([b"", b";a", b";a=b;c", b';a="b c;\\"\\\\"']),
    trailers=st.sampled_from([b"", b"A: b\r\n", b"A: b\r\nC:\r\n"]),
    rest=st.binary(max_size=20),
    cuts=CUTS,
)
def test_chunks_are_the_same_however_they_are_cut(
    chunks: list[bytes], extension: bytes, trailers: bytes, rest: bytes, cuts: list[int]
):
    sent = b"".join(b"%X%b\r\n%b\r\n" % (len(each), extension, each) for each in chunks)
    sent += b"0%b\r\n%b\r\n" % (extension, trailers) + rest
    assert taken(Chunked(), pieces(sent, cuts)) == (b"".join(chunks), rest)


@given(content=st.binary(max_size=60), rest=st.binary(max_size=20), cuts=CUTS)
def test_a_body_of_a_known_size_ends_where_it_ends(content: bytes, rest: bytes, cuts: list[int]):
    if content:
        assert taken(Sized(len(content)), pieces(content + rest, cuts)) == (content, rest)


class _Peer:
    """What httptools makes of the same bytes."""

    def __init__(self, body: bytes) -> None:
        self.content = b""
        self.complete = False
        parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(CHUNKED % b"" + body)
        except httptools.HttpParserError:
            self.complete = False

    def on_body(self, data: bytes) -> None:
        self.content += data

    def on_message_complete(self) -> None:
        self.complete = True


_ODD = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b"\0", b"", *(bytes([c]) for c in b' \t;=",01fx-+:\\')]
)


@given(
    changes=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2), _ODD), max_size=3), cuts=CUTS
)
def test_what_another_parser_refuses_is_refused(
    changes: list[tuple[int, int, bytes]], cuts: list[int]
):
    body = b'3\r\nabc\r\n2;x=y;z="a b"\r\nde\r\n0\r\nA: b\r\n\r\n'
    for at, drop, odd in changes:
        body = body[:at] + odd + body[at + drop :]
    ours = taken(Chunked(), [body])
    assert taken(Chunked(), pieces(body, cuts)) == ours
    if ours is not None and not ours[1]:
        peer = _Peer(body)
        assert peer.complete
        assert peer.content == ours[0]


MALFORMED = {
    "LF after a size": b"1\na\r\n0\r\n\r\n",
    "CR after a size": b"1\ra\r\n0\r\n\r\n",
    "a space after a size": b"1 \r\na\r\n0\r\n\r\n",
    "a space before a size": b" 1\r\na\r\n0\r\n\r\n",
    "a negative size": b"-1\r\na\r\n0\r\n\r\n",
    "a signed size": b"+1\r\na\r\n0\r\n\r\n",
    "0x1": b"0x1\r\na\r\n0\r\n\r\n",
    "an underscore": b"1_0\r\naaaaaaaaaaaaaaaa\r\n0\r\n\r\n",
    "no size": b"\r\na\r\n0\r\n\r\n",
    "no number": b"z\r\na\r\n0\r\n\r\n",
    "an endless size": b"f" * 17 + b"\r\na",
    "a space in an extension": b"1;a b\r\na\r\n0\r\n\r\n",
    "an extension without a name": b"1;\r\na\r\n0\r\n\r\n",
    "an extension that is not unquoted": b'1;a="b\r\na\r\n0\r\n\r\n',
    "LF in an extension": b"1;a\nb\r\na\r\n0\r\n\r\n",
    "CR in an extension": b"1;a\rb\r\na\r\n0\r\n\r\n",
    "a long extension": b"1;" + b"a" * 2000 + b"\r\na\r\n0\r\n\r\n",
    "an endless extension": b"1;" + b"a" * 200_000,
    "a chunk that is longer": b"1\r\naa\r\n0\r\n\r\n",
    "a chunk without an end": b"1\r\na0\r\n\r\n",
    "LF after a chunk": b"1\r\na\n0\r\n\r\n",
    "a trailer without a colon": b"0\r\na b\r\n\r\n",
    "a folded trailer": b"0\r\na: b\r\n c\r\n\r\n",
    "LF after a trailer": b"0\r\na: b\n\r\n\r\n",
    "many trailers": b"0\r\n" + b"a: b\r\n" * 5000 + b"\r\n",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_malformed_chunks_are_refused(serve: Serve, body: bytes):
    ended = asyncio.Event()

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(ConnectionError):
            await whole(receive)
        ended.set()

    async with serve(StandIn(read=read)) as serving:
        said = await serving.exchange(CHUNKED % b"read" + body)
        assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert said.count(b"HTTP/1.1") == 1
        await serving.gone()
        if serving.app.scopes:  # what was well-formed at first had begun to be answered
            await asyncio.wait_for(ended.wait(), 10)


async def test_malformed_chunks_cut_a_response_that_has_begun(serve: Serve):
    async def early(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        with pytest.raises(ConnectionError):
            await whole(receive)

    async with serve(StandIn(early=early)) as serving:
        reader, writer = await serving.connect()
        writer.write(CHUNKED % b"early" + b"1\r\na\r\n")
        await reader.readuntil(b"begun\r\n")
        writer.write(b"malformed\r\n")
        with pytest.raises(asyncio.IncompleteReadError):
            await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        writer.close()


async def test_a_client_is_asked_for_a_body_that_the_application_wants(serve: Serve):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n"
    async with serve(Echo()) as serving:
        reader, writer = await serving.connect()
        writer.write(head)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"body")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        await reader.readuntil(b", b'body']")
        writer.write(head + b"body")  # it need not wait
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
        writer.close()


async def test_a_client_is_not_asked_for_a_body_that_nobody_wants(serve: Serve):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    async with serve(StandIn()) as serving:
        said = await serving.exchange(head)
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nconnection: close\r\n" in said


async def test_a_little_that_nobody_reads_is_skipped(serve: Serve):
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    second = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with serve(StandIn()) as serving:
        said = await serving.exchange(request, b"GET / HTTP/1.1\r\n" * 62 + b"x" * 8, second)
        assert said.count(b"HTTP/1.1 200 OK\r\n") == 2
        assert len(serving.app.scopes) == 2


async def test_who_sends_much_that_nobody_reads_hears_the_answer_and_is_cut(serve: Serve):
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b"too much"})

    async with serve(StandIn(refuse=refuse)) as serving:
        reader, writer = await serving.connect()
        size = 1_000_000_000
        writer.write(b"POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        said = asyncio.create_task(reader.read())
        sent = 0
        with suppress(ConnectionError):  # in the end
            while not said.done() and sent < size:
                writer.write(b"x" * 1_000_000)
                await writer.drain()
                sent += 1_000_000
        assert (await said).endswith(b"connection: close\r\n\r\ntoo much")
        assert sent < size
        writer.close()


async def test_reading_waits_for_the_application(serve: Serve):
    """What it does not take stays with the client: nothing piles up here."""
    go = asyncio.Event()
    sizes: list[int] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go.wait()
        more = True
        while more:
            message = await receive()
            sizes.append(len(message["body"]))
            more = message["more_body"]
        await answer(send, b"done")

    size = 200_000_000
    async with serve(StandIn(slow=slow)) as serving:
        reader, writer = await serving.connect()
        writer.write(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        sent = 0

        async def send() -> None:
            nonlocal sent
            while sent < size:
                writer.write(b"x" * 1_000_000)
                await writer.drain()
                sent += 1_000_000

        sending = asyncio.create_task(send())
        await asyncio.sleep(0.5)
        assert sent < size / 4
        go.set()
        await reader.readuntil(b"done")
        await sending
        assert sum(sizes) == size
        assert max(sizes) < 2_000_000
        writer.close()


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_comes_too_slowly_is_not_waited_for(serve: Serve, chunked: bool):
    how = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 100000"
    head = b"POST / HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % how
    part = b"1\r\na\r\n" if chunked else b"a"
    async with serve(Echo(), limits=Limits(body_time=0.2, body_rate=10_000)) as serving:
        # Never silent for long, but never much.
        said = await serving.exchange(head, *[part] * 50, pause=0.01)
        assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        await serving.gone()


async def test_a_slow_application_does_not_make_its_client_late(serve: Serve):
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.5)
        await answer(send, b"%d" % len(await whole(receive)))

    head = b"POST /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n"
    async with serve(StandIn(slow=slow), limits=Limits(body_time=0.1)) as serving:
        assert (await serving.exchange(head, b"x" * 3_000_000)).endswith(b"3000000")
