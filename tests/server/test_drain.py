"""What happens to streams and requests when the process is told to end."""

import asyncio
import logging

import pytest

from helio.server.application import Receive, Scope, Send
from server.standin import Serve, StandIn, answer


async def test_a_stream_is_broken_after_what_it_says_last(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    async with serve(StandIn()) as serving:
        connection = await serving.ask("GET /stream HTTP/1.1")
        await connection.until(b": open\n\n\r\n")
        await serving.stop()
        rest = await connection.rest()
    assert rest == b"a\r\nretry: 5\n\n\r\n"
    assert not caplog.records


async def test_the_stream_of_a_pipelined_request_is_broken_too(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    async with serve(StandIn()) as serving:
        connection = await serving.ask("GET / HTTP/1.1", "GET /stream HTTP/1.1")
        await connection.until(b": open\n\n\r\n")
        await serving.stop()
        rest = await connection.rest()
    assert rest.endswith(b"retry: 5\n\n\r\n")
    assert not caplog.records


async def test_a_request_behind_a_stream_does_not_hide_its_break(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    async with serve(StandIn()) as serving:
        connection = await serving.ask("GET /stream HTTP/1.1", "GET / HTTP/1.1")
        await connection.until(b": open\n\n\r\n")
        await serving.stop()
        rest = await connection.rest()
    assert rest.endswith(b"retry: 5\n\n\r\n")
    assert not caplog.records


async def test_a_request_in_flight_gets_its_whole_answer(serve: Serve):
    begun, finish = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await finish.wait()
        await answer(send, b"done")

    async with serve(StandIn(slow=slow)) as serving:
        connection = await serving.ask("POST /slow HTTP/1.1")
        await begun.wait()
        serving.server.leave()
        await serving.app.draining.wait()
        finish.set()
        assert (await connection.rest()).endswith(b"\r\n\r\ndone")


async def test_idle_connections_are_closed_and_new_ones_refused(serve: Serve):
    async with serve(StandIn()) as serving:
        connection = await serving.ask("GET / HTTP/1.1")
        await connection.until(b"hello")
        await serving.stop()
        assert await connection.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            await serving.ask("GET / HTTP/1.1")


async def test_a_client_that_never_reads_holds_nobody_up(serve: Serve):
    wrote = asyncio.Event()

    async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        asyncio.get_running_loop().call_later(0.2, wrote.set)
        message = {"type": "http.response.body", "body": b"x" * 20_000_000, "more_body": True}
        await send(message)
        await send(message)

    async with serve(StandIn(deaf=deaf), grace=60) as serving:
        connection = await serving.ask("GET /deaf HTTP/1.1")
        await wrote.wait()
        await serving.stop()
        connection.close()


async def test_what_does_not_finish_within_the_grace_is_cut_and_told(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    begun = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with serve(StandIn(endless=endless), grace=0.1) as serving:
        connection = await serving.ask("POST /endless HTTP/1.1")
        await begun.wait()
        await serving.stop()
        assert await connection.rest() == b""
    assert [record.message for record in caplog.records] == [
        "1 requests did not finish within 0.1 s and were cut."
    ]


async def test_a_drain_that_fails_does_not_keep_the_process(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    app = StandIn()

    async def drain(deadline: float) -> None:
        app.draining.set()
        raise RuntimeError("no drain today")

    app.drain = drain  # type: ignore[method-assign]
    async with serve(app) as serving:
        await serving.stop()
    assert "The drain failed" in caplog.text
    assert app.told == ["lifespan.startup", "lifespan.shutdown"]


async def test_a_response_of_known_length_left_unfinished_is_a_mistake(
    serve: Serve, caplog: pytest.LogCaptureFixture
):
    async def short(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"he", "more_body": True})

    async with serve(StandIn(short=short)) as serving:
        assert (await serving.fetch("GET /short HTTP/1.1")).endswith(b"he")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
