"""One process serving one application: start, run, drain, end."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Generator, Sequence
from types import FrameType

from helio.server.application import Application
from helio.server.capacity import raise_descriptors
from helio.server.connection import Connection
from helio.server.lifespan import Lifespan
from helio.server.listener import BACKLOG, Listener
from helio.server.options import Options
from helio.server.proxies import Proxies
from helio.server.ready import Ready
from helio.server.requests import RequestLog
from helio.server.service import Served, Service
from helio.server.tls import tls_context

logger = logging.getLogger("helio.server")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED = 128 + signal.SIGINT
_FLUSH = 1.0
"""Seconds that a client has at the end to read what was written to it."""
_LAST_WORDS = 2.0
"""Seconds beyond both graces (requests, lifespan) after which the process ends by force."""


class Server:
    """Serves an application on bound sockets until it is told to leave."""

    def __init__(
        self,
        app: Application,
        options: Options,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """`ready` is called once connections are accepted. Raises `ProxiesError` and
        `CertificateError` for options that cannot be.
        """
        self._app = app
        self._options = options
        self._ready = ready
        self._proxies = Proxies(options.forwarded_allow_ips)
        self._tls = tls_context(options.certificate) if options.certificate else None
        self._life = Lifespan(app)
        self._service: Service | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._signals = 0
        self._leaving = asyncio.Event()

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Serve until `leave`, then end well. Raises `StartError`, `OSError`."""
        self._loop = asyncio.get_running_loop()
        with self._handling_signals():
            await self._life.start()
            service = Service(
                self._wrapped(), self._life.state, self._options.limits, self._proxies
            )
            self._service = service
            accepting: list[asyncio.Server] = []
            try:
                for sock in sockets:
                    accepting.append(await self._accept(service, sock))
                self._ready()
                await self._leaving.wait()
            finally:
                for server in accepting:
                    server.close()
                for sock in sockets:
                    sock.close()
                await self._end(service)

    def _wrapped(self) -> Served:
        """The application with what surrounds it."""
        served: Served = Ready(self._app, lambda: not self._leaving.is_set())
        if self._options.request_log or self._options.access_log:
            served = RequestLog(served, access=self._options.access_log)
        return served

    async def _accept(self, service: Service, sock: socket.socket) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        limits = self._options.limits

        def connection() -> Connection:
            return Connection(service)

        create = loop.create_server
        if sock.family == getattr(socket, "AF_UNIX", None):
            create = loop.create_unix_server
        if self._tls is None:
            return await create(connection, sock=sock, backlog=BACKLOG)
        return await create(
            connection,
            sock=sock,
            backlog=BACKLOG,
            ssl=self._tls,
            ssl_handshake_timeout=limits.head_time,
            ssl_shutdown_timeout=limits.last_words,
        )

    @property
    def connections(self) -> int:
        """How many there are, streams included."""
        service = self._service
        return 0 if service is None else len(service.connections) + len(service.streams)

    # The end

    def leave(self) -> None:
        """Begin to end; safe in a signal handler and from any thread."""
        if self._loop is None:
            self._leaving.set()
        else:
            self._loop.call_soon_threadsafe(self._leaving.set)

    async def _end(self, service: Service) -> None:
        """Break the streams, let requests finish, end the application."""
        loop, grace = asyncio.get_running_loop(), self._options.grace
        try:
            async with asyncio.timeout(grace):
                service.leave()
                loop.call_later(_FLUSH, service.abort_stalled)
                await asyncio.gather(self._drain(), service.quiet())
        except TimeoutError:
            cut = await service.cut(_FLUSH)
            if cut:
                logger.warning("%d requests did not finish within %g s and were cut.", cut, grace)
        service.stop()
        await self._end_life()

    async def _drain(self) -> None:
        try:
            await self._app.drain(self._options.grace)
        except Exception:
            logger.exception("The drain failed; what is still open is cut without a goodbye.")

    async def _end_life(self) -> None:
        try:
            async with asyncio.timeout(self._options.grace):
                await self._life.stop()
        except TimeoutError:
            logger.warning("The application did not end within %g s.", self._options.grace)
        except Exception:
            logger.exception("The application failed while it ended.")

    # Signals

    @contextlib.contextmanager
    def _handling_signals(self) -> Generator[None, None, None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._signalled) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        """Leave on SIGINT and SIGTERM; quit at once on a second SIGINT."""
        if self._signals and number == signal.SIGINT:
            sys.stderr.flush()
            os._exit(_INTERRUPTED)
        if not self._signals:
            # Threads of the application that never end would keep the process alive for ever.
            limit = 2 * self._options.grace + _LAST_WORDS
            last = threading.Timer(limit, os._exit, (1,))
            last.daemon = True
            last.start()
        self._signals += 1
        self.leave()


def serve(
    app: Application,
    listener: Listener,
    options: Options,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called once connections are accepted.

    Raises `StartError` when the application does not start, `OSError` when the address was
    taken in between, `ProxiesError` and `CertificateError` for options that cannot be.
    """

    async def main() -> None:
        await Server(app, options, ready).serve(listener.sockets)

    raise_descriptors()
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
