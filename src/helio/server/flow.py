"""What a client has still to take of what it was sent."""

import asyncio
from math import inf


class Flow:
    """The writing side of a connection: who waits for it, and until when the client must read."""

    __slots__ = ("_due", "_loop", "_patience", "_transport", "_unsent", "_waiting")

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, patience: float
    ) -> None:
        """`patience` is how long, in seconds, the client may take nothing."""
        self._transport = transport
        self._loop = loop
        self._patience = patience
        self._waiting: list[asyncio.Future[None]] | None = None  # a list while it is full
        self._unsent = 0  # bytes that waited when that was last looked at
        self._due = inf

    @property
    def full(self) -> bool:
        """Whether the client has much to take before more is written."""
        return self._waiting is not None

    @property
    def unsent(self) -> int:
        """Bytes that the kernel has not taken."""
        return self._transport.get_write_buffer_size()

    def pause(self) -> None:
        """It is full."""
        self._waiting = []
        self.watch()

    def resume(self) -> None:
        """It has drained, or nobody is there any more."""
        waiting, self._waiting = self._waiting, None
        self._due = inf
        for waiter in waiting or ():
            if not waiter.done():
                waiter.set_result(None)

    async def drained(self) -> None:
        """Wait while it is full."""
        while self._waiting is not None:
            waiter = self._loop.create_future()
            self._waiting.append(waiter)
            await waiter

    def watch(self) -> None:
        """From now on the client must go on to take what waits, if anything does."""
        self._unsent = self.unsent
        self._due = self._loop.time() + self._patience if self._unsent else inf

    def stuck(self, now: float) -> bool:
        """Whether the client has taken nothing for too long."""
        if now < self._due:
            return False
        before = self._unsent
        self.watch()
        return self._unsent >= before
