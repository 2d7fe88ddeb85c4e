"""Commands that are async generators: events as they yield, to their end."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing

from starlette.responses import StreamingResponse

from helio.web.answers import NO_STORE

Encode = Callable[[object], Awaitable[bytes]]
"""Makes the events for one yielded item, or for the exception that ended it all."""

AHEAD = 16
"""Items that the command may be ahead of its client."""


class Generated:
    """A generator that runs in a task of its own, which its client cannot cut.

    `lasting`: it runs to its end also when the client has gone; one that changes nothing is
    closed at its next yield instead. `ended` is awaited in either case.
    """

    def __init__(
        self,
        items: AsyncGenerator[object, None],
        encode: Encode,
        ended: Callable[[], Awaitable[None]],
        *,
        lasting: bool,
    ) -> None:
        self._items = items
        self._encode = encode
        self._ended = ended
        self._lasting = lasting
        self._pending: list[bytes] = []
        self._wake = asyncio.Event()  # there is something to send, or the end
        self._room = asyncio.Event()  # the client has taken what there was
        self._done = False
        self._gone = False

    async def run(self) -> None:
        """Run the generator. Returns when it has ended."""
        try:
            async with aclosing(self._items):
                async for item in self._items:
                    await self._put(await self._encode(item))
                    if self._gone and not self._lasting:
                        break
            await self._ended()
        except Exception as error:
            await self._put(await self._encode(error))
        finally:
            self._done = True
            self._wake.set()

    async def _put(self, data: bytes) -> None:
        if self._gone or not data:
            return
        self._pending.append(data)
        self._wake.set()
        while len(self._pending) >= AHEAD and not self._gone:
            self._room.clear()
            await self._room.wait()

    async def _body(self) -> AsyncIterator[bytes]:
        try:
            while self._pending or not self._done:
                await self._wake.wait()
                self._wake.clear()
                data = b"".join(self._pending)
                self._pending.clear()
                self._room.set()
                if data:
                    yield data
        finally:
            self._gone = True
            self._room.set()

    def response(self) -> StreamingResponse:
        """The answer that carries the events."""
        kind = "text/event-stream; charset=utf-8"
        return StreamingResponse(self._body(), 200, NO_STORE, media_type=kind)
