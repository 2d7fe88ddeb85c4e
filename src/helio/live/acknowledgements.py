"""Acknowledgements: a tab is told when its page shows what its command has changed.

A command is answered at once, with a number. What it has changed reaches the page by the stream, as
every change does; when all that had become stale until then has been rendered and written, the
number follows. A loading indicator that waits for it ends when the page shows the truth.
"""

import asyncio
from itertools import count

from helio import wire
from helio.live.hub import Hub
from helio.live.views import Stream


class Acknowledgements:
    """Promises to tabs of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def promise(self, tab: str | None) -> str | None:
        """The number that the tab's stream will say; None if its stream is not open here.

        What the command has changed must have been published.
        """
        stream = self._hub.streams.of_tab(tab)
        if stream is None or not stream.steps:
            return None
        number = str(next(self._numbers))
        task = asyncio.ensure_future(self._keep(stream, number))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return number

    async def _keep(self, stream: Stream, number: str) -> None:
        await self._hub.settle(stream)
        # A stream that is skipped has not been written yet; its runtime waits for a second at most.
        if stream in self._hub.streams and stream.state is None:
            stream.sink.write(wire.ack(number))
