"""Streams that have left their ASGI call: what their owner writes goes to the socket."""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable

import pytest

from helio.server import Limits
from helio.server.application import Message, Receive, Scope, Send
from helio.server.stream import SocketStream
from server.standin import Connection, Serve, Serving, StandIn

STREAM = [(b"content-type", b"text/event-stream")]
OPEN = b"2\r\n:\n\r\n"


class Owner:
    """The owner of one stream."""

    def __init__(self) -> None:
        self.sink: SocketStream | None = None
        self.drains = 0
        self.ended = asyncio.Event()
        self.times_gone = 0

    def drained(self) -> None:
        self.drains += 1

    def gone(self) -> None:
        self.times_gone += 1
        self.ended.set()


class Streaming(StandIn):
    """Hands every request for `/live` over to an owner."""

    def __init__(self, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        super().__init__(live=self.live_stream)
        self.headers = STREAM if headers is None else headers
        self.owners: list[Owner] = []
        self.refused: list[Scope] = []
        self.returned = 0

    async def live_stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": b":\n", "more_body": True})
        owner = Owner()
        owner.sink = scope["extensions"]["helio.stream"](owner)
        if owner.sink is None:
            self.refused.append(scope)
            await send({"type": "http.response.body", "body": b"by send"})
            return
        self.owners.append(owner)
        self.returned += 1

    async def drain(self, deadline: float) -> None:
        for owner in self.owners:
            self.sink(owner).write(b"retry: 5\n\n")
            self.sink(owner).break_()

    @staticmethod
    def sink(owner: Owner) -> SocketStream:
        assert owner.sink is not None
        return owner.sink


async def opened(serving: Serving, head: str = "GET /live HTTP/1.1") -> tuple[Connection, Owner]:
    """A stream's client, and its owner."""
    app = serving.app
    assert isinstance(app, Streaming)
    before = len(app.owners)
    connection = await serving.ask(head)
    await connection.until(b":\n")
    async with asyncio.timeout(10):
        while len(app.owners) == before:
            await asyncio.sleep(0)
    return connection, app.owners[-1]


async def test_what_is_written_is_sent_and_the_call_has_ended(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        assert await connection.until(b"\r\n") == b"\r\n"
        sink = app.sink(owner)
        for word in (b"one", b"two", b"a" * 1000):
            sink.write(word)
            assert await connection.until(word + b"\r\n") == b"%x\r\n%b\r\n" % (len(word), word)
        sink.write(b"")  # an empty chunk would be the last
        assert (sink.writes, sink.buffered) == (4, 0)
        assert app.returned == 1
        assert not [task for task in asyncio.all_tasks() if "Exchange" in repr(task)]
        connection.close()


async def test_nothing_of_the_request_is_kept(serve: Serve):
    app = Streaming()
    before = {id(each) for each in requests()}  # what reports of earlier tests still hold
    async with serve(app) as serving:
        connection, owner = await opened(serving, "GET /live HTTP/1.1\r\nX: " + "x" * 10_000)
        app.scopes.clear()
        assert [each for each in requests() if id(each) not in before] == []
        connection.close()
        await asyncio.wait_for(owner.ended.wait(), 10)


def requests() -> list[object]:
    """What is kept of requests."""
    gc.collect()
    return [each for each in gc.get_objects() if type(each).__name__ in ("Exchange", "Head")]


async def test_one_frame_is_made_a_chunk_once_for_all(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        clients = [await opened(serving) for _ in range(10)]
        short, long = bytes(b"x" * 10), bytes(b"y" * 3000)
        for turn in range(3):
            for number, (_, owner) in enumerate(clients):
                app.sink(owner).write(short if (number + turn) % 2 else long)
        for number, (connection, _) in enumerate(clients):
            await connection.until(b"\r\n")
            for turn in range(3):
                frame = short if (number + turn) % 2 else long
                expected = b"%x\r\n%b\r\n" % (len(frame), frame)
                assert await connection.until(frame + b"\r\n") == expected
            connection.close()


async def test_an_old_client_gets_bytes_without_chunks(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving, "GET /live HTTP/1.0")
        app.sink(owner).write(b"data: x\n\n")
        app.sink(owner).close()
        assert await connection.rest() == b"data: x\n\n"


async def test_a_closed_stream_ends_with_its_last_chunk_and_its_connection_goes_on(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        app.sink(owner).write(b"bye")
        app.sink(owner).close()
        assert await connection.until(b"0\r\n\r\n") == b"\r\n3\r\nbye\r\n0\r\n\r\n"
        await asyncio.wait_for(owner.ended.wait(), 10)
        app.sink(owner).write(b"late")
        app.sink(owner).close()
        app.sink(owner).break_()
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await connection.rest()).endswith(b"hello")
        assert owner.times_gone == 1


async def test_a_request_behind_a_stream_is_answered_when_that_is_closed(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
        await asyncio.sleep(0.05)
        connection.send(b"Connection: close\r\n\r\n")
        await asyncio.sleep(0.05)
        assert len(app.scopes) == 1
        app.sink(owner).close()
        assert (await connection.rest()).endswith(b"hello")


async def test_a_client_that_wants_no_more_is_closed_with_its_stream(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving, "GET /live HTTP/1.1\r\nConnection: close")
        app.sink(owner).close()
        assert await connection.rest() == b"\r\n0\r\n\r\n"


async def test_a_broken_stream_ends_after_what_was_written_without_its_last_chunk(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        app.sink(owner).write(b"x" * 500_000)
        app.sink(owner).break_()
        app.sink(owner).write(b"late")
        assert await connection.rest() == b"\r\n7a120\r\n" + b"x" * 500_000 + b"\r\n"
        await asyncio.wait_for(owner.ended.wait(), 10)
        assert owner.times_gone == 1


@pytest.mark.parametrize("ending", ["close", "break_"])
async def test_who_does_not_read_the_end_is_cut(serve: Serve, ending: str):
    app = Streaming()
    async with serve(app, limits=Limits(last_words=0.05)) as serving:
        head = "GET /live HTTP/1.1\r\nConnection: close"
        connection, owner = await opened(serving, head)
        app.sink(owner).write(b"x" * 50_000_000)
        getattr(app.sink(owner), ending)()
        await asyncio.wait_for(owner.ended.wait(), 10)
        await serving.gone()
        connection.close()


async def leave(connection: Connection) -> None:
    connection.close()


async def reset(connection: Connection) -> None:
    connection.reset()


async def half_close(connection: Connection) -> None:
    connection.finish()


@pytest.mark.parametrize("leaving", [leave, reset, half_close])
async def test_a_client_that_leaves_is_known_at_once(
    serve: Serve, leaving: Callable[[Connection], Awaitable[None]]
):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        await leaving(connection)
        await asyncio.wait_for(owner.ended.wait(), 10)
        app.sink(owner).write(b"to nobody")
        app.sink(owner).break_()
        await serving.gone()
        assert owner.times_gone == 1
        connection.close()


async def test_a_slow_client_fills_its_sink_and_drains_it(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        sink = app.sink(owner)
        written = 0
        while sink.buffered <= 64 * 1024:
            sink.write(b"x" * 10_000)
            written += 1
            assert written < 1000  # the kernel holds little
        assert owner.drains == 0
        got = 0
        while got < written:
            await connection.until(b"\r\n2710\r\n")
            got += 1
        async with asyncio.timeout(10):
            while not owner.drains:
                await asyncio.sleep(0.01)
        assert owner.drains == 1
        assert sink.buffered == 0
        connection.close()


async def test_the_kernel_holds_little_for_a_stream(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        sock = app.sink(owner)._transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 64 * 1024
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
        connection.close()


async def test_who_sends_much_behind_his_request_is_cut(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        connection.send(b"x" * 1_000_000)
        await asyncio.wait_for(owner.ended.wait(), 10)
        connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        [*STREAM, (b"Content-Encoding", b"gzip")],
        [*STREAM, (b"content-length", b"9")],
    ],
    ids=["compressed", "of a size"],
)
async def test_a_response_that_is_not_sent_as_it_is_written_stays(
    serve: Serve, headers: list[tuple[bytes, bytes]]
):
    app = Streaming(headers)
    async with serve(app) as serving:
        said = await serving.fetch("GET /live HTTP/1.1")
        assert b"by send" in said
        assert len(app.refused) == 1


async def test_a_response_that_has_not_begun_stays(serve: Serve):
    """Middleware may hold back what the application sends."""
    taken: list[object] = []

    async def early(scope: Scope, receive: Receive, send: Send) -> None:
        take = scope["extensions"]["helio.stream"]
        taken.append(take(Owner()))
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        taken.append(take(Owner()))
        await send({"type": "http.response.body", "body": b"whole"})
        taken.append(take(Owner()))

    async with serve(StandIn(early=early)) as serving:
        assert (await serving.fetch("GET /early HTTP/1.1")).endswith(b"whole")
    assert taken == [None, None, None]


async def test_a_head_has_no_stream(serve: Serve):
    app = Streaming()
    async with serve(app) as serving:
        said = await serving.fetch("HEAD /live HTTP/1.1")
        assert said.startswith(b"HTTP/1.1 200 OK")
        assert said.endswith(b"\r\n\r\n")
        assert len(app.refused) == 1


async def test_what_middleware_adds_to_a_stream_is_dropped(serve: Serve):
    class Wrapped(Streaming):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await super().__call__(scope, receive, send)
            if scope["type"] == "http":
                message: Message = {"type": "http.response.body", "body": b"the end"}
                await send(message)
                while (await receive())["type"] != "http.disconnect":
                    pass
                self.returned += 1

    app = Wrapped()
    async with serve(app) as serving:
        connection, owner = await opened(serving)
        async with asyncio.timeout(10):
            while app.returned < 2:
                await asyncio.sleep(0)
        app.sink(owner).write(b"more")
        assert await connection.until(b"more\r\n") == b"\r\n4\r\nmore\r\n"
        connection.close()


async def test_a_stream_has_its_last_words_when_the_process_ends(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    app = Streaming()
    async with serve(app) as serving:
        connection, _ = await opened(serving)
        await serving.stop()
        assert await connection.rest() == b"\r\na\r\nretry: 5\n\n\r\n"
    assert not caplog.records


async def test_streams_that_nobody_ends_are_cut_in_the_end(serve: Serve):
    class Deaf(Streaming):
        async def drain(self, deadline: float) -> None:
            pass

    async with serve(Deaf(), grace=0.2) as serving:
        connection, owner = await opened(serving)
        await serving.stop()
        assert await connection.rest() in (b"", b"\r\n")
        assert owner.times_gone == 1
