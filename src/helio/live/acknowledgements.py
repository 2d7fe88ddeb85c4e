"""Acknowledgements: a tab is told when its page shows what its command has changed.

A command is answered at once, with a number. What it has changed reaches the page by the stream, as
every change does; when all that had become stale until then has been rendered and written, the
number follows. A loading indicator that waits for it ends when the page shows the truth.

The stream may be another process's: that one hears of the number by mail, after the change.
"""

import asyncio
import re
import secrets
from collections.abc import Coroutine, Sequence

from helio import wire
from helio.live.hub import Hub
from helio.live.views import Stream

_KIND = "ack"
_MOST = 20
_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Acknowledgements:
    """Promises to the tabs of an application, kept in the process that has the tab's stream."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Keep what other processes promise, from now on."""
        if self._hub.mail is not None:
            self._hub.mail.listen(self._heard)

    async def stop(self) -> None:
        """Keep no promise any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def promise(self, tab: str | None) -> str | None:
        """The number that the tab's stream will say; None if there is no hope that it does.

        What the command has changed must have been published. The number is the same nowhere else.
        `tab` may be stored for other processes to read, so it must be no secret.
        """
        if tab is None:
            return None
        number = secrets.token_urlsafe(9)
        if self._begin(tab, number):
            return number
        if not await self._post(tab, number):
            return None
        self._begin(tab, number)  # The stream may have come here meanwhile.
        return number

    def confirm(self, stream: Stream, numbers: Sequence[str]) -> None:
        """A stream that has just been opened says numbers that were promised to an earlier one."""
        if numbers and stream.steps:
            self._run(self._catch_up(stream, numbers))

    async def _post(self, tab: str, number: str) -> bool:
        mail = self._hub.mail
        if mail is None:
            return False
        try:
            async with asyncio.timeout(self._hub.pace.posting):
                return await mail.post(_KIND, f"{tab} {number}")
        except TimeoutError:
            return False

    def _heard(self, kind: str, text: str) -> None:
        """Another process has promised something to a tab, whose stream may be here."""
        tab, _, number = text.rpartition(" ")
        if kind == _KIND and _NUMBER.fullmatch(number):
            self._begin(tab, number)

    def _begin(self, tab: str, number: str) -> bool:
        """Keep the promise, if the tab's stream is open here and understands it."""
        stream = self._hub.streams.of_tab(tab)
        if stream is None or not stream.steps:
            return False
        self._run(self._keep(stream, [number]))
        return True

    async def _catch_up(self, stream: Stream, numbers: Sequence[str]) -> None:
        # The command may have been another process's, and its commit not yet seen by this one.
        mail = self._hub.mail
        if mail is None or await mail.catch_up():
            await self._keep(stream, numbers)

    async def _keep(self, stream: Stream, numbers: Sequence[str]) -> None:
        await self._hub.settle(stream)
        # A stream that is skipped has not been written yet; its runtime waits for a second at most.
        takes = stream in self._hub.streams and self._hub.graph.audience.takes(stream)
        if takes and stream.in_step:
            for number in numbers:
                stream.sink.write(wire.ack(number))

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def promised(text: str) -> list[str]:
    """The numbers that a client says it was promised: at most 20, and nothing else."""
    return [word for word in text.split(maxsplit=_MOST)[:_MOST] if _NUMBER.fullmatch(word)]
