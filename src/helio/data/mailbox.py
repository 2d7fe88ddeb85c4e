"""The mailbox of a database: what the processes that use it tell each other."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from helio.live.mail import Hear
from helio.live.topics import Source

from .engine import Engine
from .errors import DatabaseError
from .mailfile import Ears, Letter
from .transaction import current


class Mailbox:
    """Messages between the processes that have one database file open.

    They are kept for half a minute in a file beside it (`todo.db-mail`), which the first message
    makes, and are found together with other processes' commits.
    """

    def __init__(self, source: Source, ready: Callable[[], Awaitable[Engine]]) -> None:
        self._source = source
        self._ready = ready
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Hear]] = []
        self._since = 0.0

    @property
    def source(self) -> Source:
        """The database, which finds messages while it is attended."""
        return self._source

    @property
    def ears(self) -> Ears | None:
        """What takes messages from the writer's thread; None while nobody listens."""
        return Ears(self._since, self._tell) if self._listeners else None

    def listen(self, hear: Hear) -> None:
        """Call `hear` on the running loop for every message of others, until the source stops.

        What its sender had committed before posting has been published by then.
        """
        if not self._listeners:
            self._since = time.time()
        self._listeners.append((asyncio.get_running_loop(), hear))

    def close(self) -> None:
        """Nobody listens any more."""
        self._listeners.clear()

    async def post(self, kind: str, text: str) -> bool:
        """Tell all other processes; False if the file cannot be written.

        It waits for the writes that this process has begun. A cancelled call that is still
        waiting posts nothing. Raises DatabaseError inside a transaction.
        """
        if current(self._source) is not None:
            raise DatabaseError(
                f"mail of {self._source!r} was posted inside a transaction, for whose end it "
                "would wait. Post it afterwards: whoever hears it looks for what was committed."
            )
        try:
            await (await self._ready()).post(kind, text)
        except DatabaseError:
            return False
        return True

    async def catch_up(self) -> bool:
        """Whether all that others had committed before the call has now been published."""
        try:
            return await (await self._ready()).catch_up()
        except DatabaseError:
            return False

    def _tell(self, letters: list[Letter]) -> None:
        for loop, hear in list(self._listeners):
            for letter in letters:
                with suppress(RuntimeError):  # The loop is closed; nobody listens any more.
                    loop.call_soon_threadsafe(hear, *letter)
