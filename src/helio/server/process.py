"""One process serving one application: start, run, drain, end."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Generator
from types import FrameType
from typing import Any, cast

import uvicorn

from helio.server.application import Application
from helio.server.lifespan import Lifespan
from helio.server.listener import BACKLOG, Listener
from helio.server.options import Options
from helio.server.protocol import Breakable, HttpProtocol
from helio.server.requests import RequestLog

logger = logging.getLogger("helio.server")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED = 128 + signal.SIGINT
_FLUSH = 1.0
"""Seconds that a client has at the end to read what was written to it."""
_LAST_WORDS = 2.0
"""Seconds beyond both graces (requests, lifespan) after which the process ends by force."""


class Server(uvicorn.Server):
    """uvicorn with a lifespan of our own, a drain, and an exit status of 0 after a signal."""

    def __init__(
        self,
        app: Application,
        options: Options,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(_config(app, options))
        self._app = app
        self._options = options
        self._ready = ready
        self._life = Lifespan(app)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then accept. Raises `StartError`, `OSError`."""
        self._loop = asyncio.get_running_loop()
        await self._life.start()
        self.lifespan.state = self._life.state
        await super().startup(sockets=sockets)
        self._ready()

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn's tick, once a second, renews the `Date` header."""
        seconds = 0
        while not await self.on_tick(seconds * 10):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), 1.0)
            seconds += 1

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, break the streams, let requests finish, end the application."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        try:
            async with asyncio.timeout(self._options.grace):
                for connection in self._connections():
                    connection.shutdown()
                asyncio.get_running_loop().call_later(_FLUSH, self._abort_stalled)
                await asyncio.gather(self._drain(), self._finish())
        except TimeoutError:
            await self._cut()
        await self._end()

    def leave(self) -> None:
        """Begin to end; safe in a signal handler and from any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leaving.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave on SIGINT and SIGTERM; quit at once on a second SIGINT."""
        if self.should_exit and sig == signal.SIGINT:
            sys.stderr.flush()
            os._exit(_INTERRUPTED)
        if not self.should_exit:
            # Threads of the application that never end would keep the process alive for ever.
            limit = 2 * self._options.grace + _LAST_WORDS
            last = threading.Timer(limit, os._exit, (1,))
            last.daemon = True
            last.start()
        self.leave()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Handle the signals here; unlike uvicorn's, never raise them again after the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _connections(self) -> list[HttpProtocol]:
        return cast("list[HttpProtocol]", list(self.server_state.connections))

    async def _drain(self) -> None:
        try:
            await self._app.drain(self._options.grace)
        except Exception:
            logger.exception("The drain failed; what is still open is cut without a goodbye.")

    def _abort_stalled(self) -> None:
        """Cut the clients that do not read: nothing that waits for them would ever finish."""
        for connection in self._connections():
            if connection.stalled:
                connection.transport.abort()

    async def _finish(self) -> None:
        """Wait for the requests in flight, and for what was written to be flushed."""
        # uvicorn keeps both in plain sets, of which nothing tells when they are empty.
        while self.server_state.tasks or self.server_state.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _cut(self) -> None:
        tasks = list(self.server_state.tasks)
        if tasks:
            logger.warning(
                "%d requests did not finish within %g s and were cut.",
                len(tasks),
                self._options.grace,
            )
        for connection in self._connections():
            connection.transport.abort()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_FLUSH)

    async def _end(self) -> None:
        try:
            async with asyncio.timeout(self._options.grace):
                await self._life.stop()
        except TimeoutError:
            logger.warning("The application did not end within %g s.", self._options.grace)
        except Exception:
            logger.exception("The application failed while it ended.")


def serve(
    app: Application,
    listener: Listener,
    options: Options,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called once connections are accepted.

    Raises `StartError` when the application does not start, `OSError` when the address was
    taken in between.
    """

    async def main() -> None:
        await Server(app, options, ready).serve(sockets=list(listener.sockets))

    run_until_done(main())


def run_until_done(work: Coroutine[object, object, None]) -> None:
    """Run `work` on a loop of its own: uvloop's where it imports."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _config(app: Application, options: Options) -> uvicorn.Config:
    served: Any = Breakable(app)
    if options.request_log:
        served = RequestLog(served)
    return uvicorn.Config(
        served,
        http=HttpProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=options.forwarded_allow_ips,
        timeout_keep_alive=options.keep_alive,
        backlog=BACKLOG,
    )
