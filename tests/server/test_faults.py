"""Clients that misbehave, and applications that do: nobody else notices, and nothing is left."""

import asyncio
import logging
import resource
from collections.abc import Callable

import pytest

from helio.server import Limits
from helio.server.application import Receive, Scope, Send
from helio.server.exchange import ClientGoneError
from server.standin import Connection, Echo, Serve, Serving, StandIn, answer, whole

SHORT = Limits(head_time=0.05, body_time=0.05, keep_alive=0.05, read_time=0.05)

PATIENT = 10.0
"""Seconds until something that should happen is taken for not happening."""


def descriptors() -> int:
    """How many more files may be opened."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


async def test_many_half_heads_keep_nobody_from_being_served(serve: Serve):
    """Slowloris: clients that send a head a little at a time, for ever."""
    async with serve(StandIn(), limits=Limits(head_time=0.5)) as serving:
        slow = [await serving.connect() for _ in range(200)]
        ended = [asyncio.create_task(reader.read()) for reader, _ in slow]

        async def drip() -> None:
            while True:
                for _, writer in slow:
                    if not writer.is_closing():
                        writer.write(b"x")
                await asyncio.sleep(0.05)

        for _, writer in slow:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        dripping = asyncio.create_task(drip())
        assert (await serving.fetch("GET / HTTP/1.1")).endswith(b"hello")
        said = await asyncio.wait_for(asyncio.gather(*ended, return_exceptions=True), PATIENT)
        assert all(each == b"" or isinstance(each, ConnectionError) for each in said)
        dripping.cancel()
        await serving.gone()
        assert len(serving.app.scopes) == 1
        for _, writer in slow:
            writer.close()


async def test_an_endless_chunked_body_is_the_application_s_to_end(serve: Serve):
    """It comes piece by piece, and what is not taken waits with the client."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        size = 0
        while size < 1_000_000:
            size += len((await receive())["body"])
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b"enough"})

    async with serve(StandIn(limited=limited)) as serving:
        reader, writer = await serving.connect()
        writer.write(b"POST /limited HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        said = asyncio.create_task(reader.read())
        while not said.done():
            writer.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
            await writer.drain()
        assert (await said).endswith(b"connection: close\r\n\r\nenough")
        writer.close()
        await serving.gone()


RESETS = {
    "at once": b"",
    "in the request line": b"GET /ec",
    "in the head": b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Le",
    "in the body": b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello",
    "in a chunk": b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    "while it is answered": b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n",
    "while it is answered piece by piece": b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n",
    "while it does not read": b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n",
    "between two requests": b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n",
    "with requests behind": b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" * 20,
}


@pytest.mark.parametrize("leave", [Connection.reset, Connection.close, Connection.finish])
@pytest.mark.parametrize("sent", RESETS.values(), ids=RESETS.keys())
async def test_a_client_may_leave_at_any_moment(
    serve: Serve,
    sent: bytes,
    leave: Callable[[Connection], None],
    caplog: pytest.LogCaptureFixture,
):
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await whole(receive)
        waiting = asyncio.ensure_future(receive())
        await asyncio.wait({waiting}, timeout=0.2)
        waiting.cancel()
        await answer(send, b"slow")

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        """As simple as can be: it does not even ask whether somebody is there."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            await asyncio.sleep(0.001)

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, b"x" * 20_000_000)

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await answer(send, await whole(receive))
        except ConnectionError:
            await answer(send, b"to nobody")

    app = StandIn(slow=slow, endless=endless, large=large, echo=echo)
    async with serve(app, limits=Limits(read_time=0.3)) as serving:
        reader, writer = await serving.connect()
        writer.write(sent)
        await asyncio.sleep(0.05)
        leave(Connection(reader, writer))
        await asyncio.sleep(0.05)
        assert (await serving.fetch("GET / HTTP/1.1")).endswith(b"hello")
        await serving.gone()
        async with asyncio.timeout(PATIENT):
            while not quiet(serving):
                await asyncio.sleep(0.01)
        writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def quiet(serving: Serving) -> bool:
    """Whether the server does nothing for anybody."""
    service = serving.server._service
    return service is not None and not service.busy


async def test_who_sends_to_nobody_is_told(serve: Serve):
    told = asyncio.Event()

    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        # A whole answer is not worth an error; a stream would go on for ever.
        await send({"type": "http.response.start", "status": 200, "headers": []})
        with pytest.raises(ClientGoneError):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await send({"type": "http.response.body", "body": b"x"})
        told.set()

    async with serve(StandIn(stubborn=stubborn)) as serving:
        connection = await serving.ask("GET /stubborn HTTP/1.1")
        await asyncio.sleep(0.02)
        connection.reset()
        await asyncio.wait_for(told.wait(), PATIENT)


async def test_an_application_that_never_answers_holds_its_client_only(serve: Serve):
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    async with serve(StandIn(never=never), limits=SHORT, grace=0.1) as serving:
        held = [await serving.ask("GET /never HTTP/1.1") for _ in range(50)]
        await asyncio.sleep(0.3)
        assert (await serving.fetch("GET / HTTP/1.1")).endswith(b"hello")
        assert serving.server.connections >= 50  # however long it takes
        for connection in held:
            connection.close()


async def test_an_application_that_never_reads_its_body_does_not_lose_it(serve: Serve):
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.3)
        await answer(send, b"%d" % len(await whole(receive)))

    head = b"POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    async with serve(StandIn(late=late), limits=SHORT) as serving:
        assert (await serving.exchange(head, b"hello")).endswith(b"\r\n\r\n5")


async def test_many_clients_that_never_read_beside_others(serve: Serve):
    """Each holds what the kernel buffers for it, and is cut in the end."""
    begun = 0

    async def flood(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal begun
        begun += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"x" * 10_000, "more_body": True})

    count = min(300, (descriptors() - 100) // 2)
    async with serve(StandIn(flood=flood), limits=Limits(read_time=0.4)) as serving:
        deaf = []
        for _ in range(count):
            _, writer = await serving.connect()
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
            deaf.append(writer)
        while begun < count:
            assert (await serving.fetch("GET / HTTP/1.1")).endswith(b"hello")
        await serving.gone()
        for writer in deaf:
            writer.transport.abort()


async def test_nothing_is_left_of_many_short_visits(serve: Serve):
    async def visit(serving: Serving, number: int) -> None:
        connection = await serving.ask("POST / HTTP/1.1\r\nContent-Length: 5")
        if number % 3:
            connection.send(b"hello")
            await connection.until(b"]")
        (connection.reset if number % 2 else connection.close)()

    async with serve(Echo()) as serving:
        for number in range(0, 600, 50):
            await asyncio.gather(*(visit(serving, number + each) for each in range(50)))
            serving.app.scopes.clear()
        await serving.gone()
        async with asyncio.timeout(PATIENT):
            while not quiet(serving):
                await asyncio.sleep(0.01)
