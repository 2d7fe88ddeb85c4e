import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvloop

from helio.server import Listener, Options
from helio.server.process import Server
from server.standin import Serve, Serving, StandIn


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Both loops that an application may be served on."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture
def serve() -> Serve:
    """`async with serve(app, grace=…) as serving`: serves until the block ends."""

    @asynccontextmanager
    async def serving(app: StandIn, **options: object) -> AsyncIterator[Serving]:
        listener = Listener.bind("127.0.0.1", 0)
        port = listener.port
        ready = asyncio.Event()
        server = Server(app, Options(**options), ready.set)  # type: ignore[arg-type]
        task = asyncio.create_task(server.serve(listener.sockets))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            if task.done():
                listener.close()
                task.result()
            yield Serving(app, server, port, task)
        finally:
            server.leave()
            if not task.done():
                await task

    return serving
