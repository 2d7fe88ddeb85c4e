"""What the connections of one server share."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from helio.server.application import Receive, Scope, Send
from helio.server.capacity import Capacity
from helio.server.frames import Frames
from helio.server.limits import Limits
from helio.server.proxies import Proxies

if TYPE_CHECKING:
    from helio.server.connection import Connection
    from helio.server.stream import SocketStream

Served = Callable[[Scope, Receive, Send], Awaitable[None]]


class Service:
    """An application, its limits, and who is connected to it. Belongs to the running loop."""

    def __init__(
        self, app: Served, state: dict[str, Any], limits: Limits, proxies: Proxies
    ) -> None:
        """`state` is what the application's start has left for its requests."""
        self.app = app
        self.state = state
        self.limits = limits
        self.proxies = proxies
        self.loop = asyncio.get_running_loop()
        self.frames = Frames()
        self.capacity = Capacity(limits.connections, limits.per_address)
        self.connections: set[Connection] = set()
        self.streams: set[SocketStream] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.leaving = False
        self._timer = self.loop.call_later(limits.step, self._sweep)
        self._quiet: asyncio.Event | None = None

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Let the application answer a request, in a task of its own."""
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.rest()

    def _sweep(self) -> None:
        """Part with the clients whose time is up."""
        self._timer = self.loop.call_later(self.limits.step, self._sweep)
        now = self.loop.time()
        for connection in tuple(self.connections):
            connection.check(now)

    # The end

    def leave(self) -> None:
        """Let connections end with the requests that they are at."""
        self.leaving = True
        for connection in tuple(self.connections):
            connection.leave()

    @property
    def busy(self) -> bool:
        """Whether somebody is connected, or the application is at work for somebody."""
        return bool(self.tasks or self.connections or self.streams)

    def rest(self) -> None:
        """Something has ended: tell who waits for the last."""
        if self._quiet is not None and not self.busy:
            self._quiet.set()

    async def quiet(self) -> None:
        """Wait until nobody is connected, and the application has nothing to do for anybody."""
        self._quiet = asyncio.Event()
        if self.busy:
            await self._quiet.wait()

    def abort_stalled(self) -> None:
        """Cut the clients that do not read: nothing that waits for them would ever finish."""
        for each in (*self.connections, *self.streams):
            if each.stalled:
                each.abort()

    async def cut(self, patience: float) -> int:
        """Cut everybody, and stop what the application still does; how many tasks that were."""
        self._timer.cancel()
        tasks = tuple(self.tasks)
        for each in (*self.connections, *self.streams):
            each.abort()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        return len(tasks)

    def stop(self) -> None:
        """Keep time no longer."""
        self._timer.cancel()
