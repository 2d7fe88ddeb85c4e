"""How many connections there may be, and what those hear that are too many."""

import asyncio

import pytest

from helio.server import Limits
from helio.server.capacity import RESERVED, SPARE, Capacity
from server.standin import Serve, StandIn
from server.test_streams_on_sockets import Streaming, opened

GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_who_is_too_many_is_told_and_the_others_are_served(serve: Serve):
    async with serve(StandIn(), limits=Limits(connections=3)) as serving:
        idle = [await serving.connect() for _ in range(3)]
        said = await serving.exchange(GET)
        assert said.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"\r\nconnection: close\r\n" in said
        assert said.endswith(b"There are too many connections. Try again later.\n")
        for reader, writer in idle:
            writer.write(GET)
            assert (await reader.read()).endswith(b"hello")
            writer.close()
        await serving.gone()
        assert (await serving.exchange(GET)).endswith(b"hello")


async def test_who_is_far_too_many_is_cut(serve: Serve):
    async with serve(StandIn(), limits=Limits(connections=1)) as serving:
        held = [await serving.connect() for _ in range(1 + SPARE)]
        async with asyncio.timeout(10):
            while serving.server.connections < 1 + SPARE:
                await asyncio.sleep(0.01)
        assert await serving.exchange(GET) == b""
        for _, writer in held:
            writer.close()
        await serving.gone()


async def test_streams_count_as_connections(serve: Serve):
    app = Streaming()
    async with serve(app, limits=Limits(connections=2)) as serving:
        streams = [await opened(serving) for _ in range(2)]
        assert (await serving.exchange(GET)).startswith(b"HTTP/1.1 503 ")
        app.sink(streams[0][1]).close()  # whose connection goes on
        await streams[0][0].until(b"0\r\n\r\n")
        assert (await serving.exchange(GET)).startswith(b"HTTP/1.1 503 ")
        streams[0][0].close()
        streams[1][0].close()
        await serving.gone()
        assert (await serving.exchange(GET)).endswith(b"hello")


async def test_one_address_may_have_so_many(serve: Serve):
    limits = Limits(per_address=2)
    async with serve(StandIn(), limits=limits, forwarded_allow_ips="") as serving:
        held = [await serving.connect() for _ in range(2)]
        said = await serving.exchange(GET)
        assert said.startswith(b"HTTP/1.1 503 ")
        assert said.endswith(b"There are too many connections from your address.\n")
        for _, writer in held:
            writer.close()
        await serving.gone()
        assert (await serving.exchange(GET)).endswith(b"hello")


async def test_a_trusted_proxy_brings_as_many_as_it_wants(serve: Serve):
    async with serve(StandIn(), limits=Limits(per_address=1)) as serving:
        held = [await serving.connect() for _ in range(5)]
        assert (await serving.exchange(GET)).endswith(b"hello")
        for _, writer in held:
            writer.close()


def test_the_limit_of_open_files_is_the_usual_one():
    resource = pytest.importorskip("resource")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    capacity = Capacity(None, None)
    refused = [capacity.enter(None) for _ in range(soft)]
    assert refused.count(None) == soft - RESERVED
    for _ in range(soft):
        capacity.leave(None)
    assert capacity.enter(None) is None
