"""A stream over any ASGI server: the sink, and the answer that carries it.

Our own server takes the rest of a response out of the ASGI call (the extension `helio.stream`):
then the live core writes to the socket, and nothing of the request is left but that. On any other
server, or below middleware that changes what is sent, a task sends it by `send`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from helio.live.hub import Hub
from helio.live.sink import Sink
from helio.live.views import Stream

log = logging.getLogger("helio.web")

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]

LAST_WORDS = 2.0
"""Seconds that a client has to take what was written before the end."""


class HandOver(Protocol):
    """What a server may offer as `scope["extensions"]["helio.stream"]`."""

    def __call__(self, owner: "StreamAnswer", /) -> Sink | None:
        """The sink to which the rest of the response is written, if that is possible here.

        The head and a first piece of the body have been sent. `owner.drained()` is called when the
        sink can take bytes again, and `owner.gone()` once, when the stream has ended.
        """
        ...


class AsgiSink:
    """Buffers what is written and hands it on in one `send` at a time.

    Everything written while a `send` waits for a slow client goes out together in the next one;
    `buffered` counts both, so the core sees a client that does not read.
    """

    def __init__(self) -> None:
        self.writes = 0
        self._pending: list[bytes] = []
        self._size = 0
        self._wake = asyncio.Event()
        self._cut = asyncio.Event()
        self._ending: bool | None = None  # True: broken, False: closed

    @property
    def buffered(self) -> int:
        return self._size

    def write(self, data: bytes) -> None:
        self.writes += 1
        self._pending.append(data)
        self._size += len(data)
        self._wake.set()

    def close(self) -> None:
        self._end(broken=False)

    def break_(self) -> None:
        self._end(broken=True)

    def _end(self, *, broken: bool) -> None:
        if self._ending is None:
            self._ending = broken
            self._wake.set()
            # A client that takes nothing would hold the end back for ever.
            asyncio.get_running_loop().call_later(LAST_WORDS, self._cut.set)

    def move(self, sink: Sink) -> None:
        """Leave to another sink what is not sent yet, and the end if it was asked for."""
        if self._pending:
            sink.write(b"".join(self._pending))
        if self._ending is not None:
            (sink.break_ if self._ending else sink.close)()

    async def cut(self) -> None:
        """Returns when the end was asked for and the client has not taken it in good time."""
        await self._cut.wait()

    async def pump(self, send: Send, drained: Callable[[], None]) -> None:
        """Send what is written until the stream ends; `drained` is called whenever all is sent.

        A broken end is no final message: the server then cuts the connection, and the client
        knows that it must come back.
        """
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                data = b"".join(self._pending)
                self._pending.clear()
                await send({"type": "http.response.body", "body": data, "more_body": True})
                self._size -= len(data)
                if not self._size:
                    drained()
            if self._ending is not None:
                break
        if not self._ending:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class StreamAnswer:
    """The ASGI answer to a request for a page's stream."""

    __slots__ = ("_gone", "_hub", "_sink", "_stream")

    def __init__(self, sink: AsgiSink, stream: Stream, hub: Hub, gone: Callable[[], None]) -> None:
        """`gone` is called when the stream has ended, however that came about."""
        self._sink: AsgiSink | None = sink
        self._stream = stream
        self._hub = hub
        self._gone = gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sink, handed = self._sink, False
        assert sink is not None  # noqa: S101 (it is called once)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
            # The head leaves at once: a browser knows that it is connected.
            await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
            handed = self._hand_over(sink, scope)
            if not handed:
                await _first(sink.pump(send, self.drained), _disconnected(receive), sink.cut())
        except OSError:
            pass  # what ASGI servers may raise by `send` when the client has gone
        finally:
            if not handed:
                self.gone()

    def _hand_over(self, sink: AsgiSink, scope: Scope) -> bool:
        """Write to the server's own sink from now on; false if it has none."""
        extensions: Mapping[str, Any] = scope.get("extensions") or {}
        hand_over: HandOver | None = extensions.get("helio.stream")
        other = None if hand_over is None else hand_over(self)
        if other is None:
            return False
        self._sink = None
        self._stream.sink = other
        sink.move(other)
        self.drained()  # if it was skipped until now
        return True

    def drained(self) -> None:
        """The sink can take bytes."""
        try:
            self._hub.drained(self._stream)
        except Exception:
            log.exception("A stream cannot be brought up to date; it begins anew")
            self._stream.sink.break_()

    def gone(self) -> None:
        """The stream has ended."""
        self._hub.drop(self._stream)
        self._gone()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first(*works: Awaitable[None]) -> None:
    """Run all until one has ended, then cancel the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
