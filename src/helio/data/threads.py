"""Threads that own connections: one that writes, a few that read.

A connection never leaves the thread that opened it. The threads know no event loop; a `Call`
carries its outcome back to the loop that awaits it.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from .driver import Connection
from .errors import DatabaseError

T = TypeVar("T")
Work = Callable[[Connection], T]
Open = Callable[[], Connection]

log = logging.getLogger("helio.data")


class Call(Generic[T]):
    """Work for a thread, awaited on a loop.

    If the awaiting task is cancelled before the work has begun, it is never done, unless `must`;
    work that has begun is always finished.
    """

    __slots__ = ("_future", "_loop", "_must", "_settle", "_work")

    _settle: Callable[[], None]

    def __init__(self, work: Work[T], *, must: bool = False) -> None:
        self._work = work
        self._must = must
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[T] = self._loop.create_future()

    def __await__(self) -> Generator[Any, None, T]:
        return self._future.__await__()

    def run(self, connection: Connection) -> None:
        self.perform(connection)
        self.deliver()

    def perform(self, connection: Connection) -> None:
        if self._future.cancelled() and not self._must:
            return
        try:
            result = self._work(connection)
        except BaseException as error:
            self._settle = partial(self._future.set_exception, error)
        else:
            self._settle = partial(self._future.set_result, result)

    def deliver(self) -> None:
        """Tell the awaiting task how it went."""
        with suppress(RuntimeError):  # The loop is closed; nobody waits any more.
            self._loop.call_soon_threadsafe(self._on_loop)

    def fail(self, error: BaseException) -> None:
        self._settle = partial(self._future.set_exception, error)
        self.deliver()

    def _on_loop(self) -> None:
        if not self._future.done():
            self._settle()


class Order:
    """Work for a thread that nobody awaits."""

    __slots__ = ("_work",)

    def __init__(self, work: Work[object]) -> None:
        self._work = work

    def run(self, connection: Connection) -> None:
        try:
            self._work(connection)
        except Exception:
            log.exception("The database's own housekeeping failed")

    def fail(self, error: BaseException) -> None:
        pass


Task = Call[Any] | Order


class Hold(Call[None]):
    """Work after which the writer serves one caller alone, until that caller lets go."""

    __slots__ = ("_calls", "_held", "_lock", "_over")

    def __init__(self, work: Work[None]) -> None:
        super().__init__(work)
        self._calls: SimpleQueue[Task] = SimpleQueue()
        self._lock = threading.Lock()
        self._held = False
        self._over = False

    def submit(self, task: Task) -> None:
        """Raises DatabaseError once the caller has let go."""
        with self._lock:
            if self._over:
                raise _ended()
            self._calls.put(task)

    def begin(self) -> None:
        """Called by the work itself once it has what is to be held."""
        self._held = True

    def end(self) -> None:
        """Called by whichever work lets go."""
        self._held = False

    def ending(self, work: Work[object]) -> Work[None]:
        """Work that lets go when it is done."""

        def on_thread(connection: Connection) -> None:
            try:
                work(connection)
            finally:
                self.end()

        return on_thread

    def run(self, connection: Connection) -> None:
        super().run(connection)
        while self._held:
            self._calls.get().run(connection)
        with self._lock:
            self._over = True
        while not self._calls.empty():
            self._calls.get().fail(_ended())


def _ended() -> DatabaseError:
    return DatabaseError("the transaction has ended; nothing more can be done inside it")


class Writer(threading.Thread):
    """The thread that owns the writing connection: one task at a time, in order of arrival.

    While `attended`, it calls `idle` whenever nothing has come for `POLL` seconds. It closes its
    connection after `others` has returned, and so the last of all: of two that close at the same
    moment neither would tidy up the log beside the file.
    """

    POLL = 0.005

    def __init__(
        self, open_connection: Open, idle: Work[object], others: Callable[[], None]
    ) -> None:
        super().__init__(name="helio-sqlite-writer", daemon=True)
        self.attended = False
        self._open = open_connection
        self._idle = idle
        self._others = others
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._stopping = False
        self._holding: Hold | None = None
        self.start()

    def submit(self, task: Task) -> None:
        """Raises DatabaseError once the thread is stopping."""
        with self._lock:
            if self._stopping:
                raise DatabaseError("the database was stopped while it was in use")
            self._tasks.put(task)

    def stop(self, abort: Work[object]) -> None:
        """Finish what has been submitted, then close; a transaction under way gets `abort`."""
        with self._lock:
            if not self._stopping:
                self._stopping = True
                self._tasks.put(None)
            if self._holding:
                with suppress(DatabaseError):  # It has ended by itself.
                    self._holding.submit(Order(self._holding.ending(abort)))

    def run(self) -> None:
        try:
            connection = self._open()
        except BaseException as error:
            while task := self._tasks.get():
                task.fail(error)
            return
        while task := self._next(connection):
            if isinstance(task, Hold):
                self._serve(task, connection)
            else:
                task.run(connection)
        self._others()
        connection.close()

    def _serve(self, hold: Hold, connection: Connection) -> None:
        with self._lock:
            if self._stopping:
                hold.fail(DatabaseError("the database was stopped before the transaction began"))
                return
            self._holding = hold
        hold.run(connection)
        with self._lock:
            self._holding = None

    def _next(self, connection: Connection) -> Task | None:
        while True:
            try:
                return self._tasks.get(timeout=self.POLL if self.attended else None)
            except Empty:
                self._idle(connection)


class Readers:
    """A few threads, each with a reading connection; started when needed, the warmest first."""

    def __init__(self, open_connection: Open, limit: int = 4) -> None:
        self._open = open_connection
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[Call[Any]] = deque()
        self._resting: list[_Reader] = []
        self._all: list[_Reader] = []
        self._stopping = False

    def submit(self, call: Call[Any]) -> None:
        """Raises DatabaseError once the threads are stopping."""
        with self._lock:
            if self._stopping:
                raise DatabaseError("the database was stopped while it was in use")
            if self._resting:
                self._resting.pop().give(call)
            elif len(self._all) < self._limit:
                reader = _Reader(self, self._open, call)
                self._all.append(reader)
                reader.start()
            else:
                self._waiting.append(call)

    def interrupt(self, call: Call[Any]) -> None:
        """If a thread is at this call, make it stop; a call not begun is skipped anyway."""
        with self._lock:
            for reader in self._all:
                if reader.current is call and reader.connection:
                    reader.connection.interrupt()

    def stop(self) -> None:
        """Finish what has been submitted, then close."""
        with self._lock:
            self._stopping = True
            for reader in self._resting:
                reader.give(None)
            self._resting.clear()

    def join(self) -> None:
        for reader in self._all:
            reader.join()

    def finished(self, reader: "_Reader") -> tuple[bool, Call[Any] | None]:
        """A reader has finished: whether it goes on, and if so what waits to be done at once."""
        with self._lock:
            reader.current = self._waiting.popleft() if self._waiting else None
            if not reader.current and not self._stopping:
                self._resting.append(reader)
            return bool(reader.current) or not self._stopping, reader.current


class _Reader(threading.Thread):
    """One of the reading threads."""

    def __init__(self, pool: Readers, open_connection: Open, first: Call[Any]) -> None:
        super().__init__(name="helio-sqlite-reader", daemon=True)
        self.connection: Connection | None = None
        self.current: Call[Any] | None = first
        """What it is at; changed under the pool's lock only, so that no other call is
        interrupted."""
        self._pool = pool
        self._open = open_connection
        self._given: SimpleQueue[Call[Any] | None] = SimpleQueue()

    def give(self, call: Call[Any] | None) -> None:
        """Wake it from its rest, to this call or to end."""
        self.current = call
        self._given.put(call)

    def run(self) -> None:
        call = self.current
        while call:
            try:
                self.connection = self.connection or self._open()
                call.perform(self.connection)
                failure = None
            except BaseException as error:
                failure = error
            # It rests before it delivers: whoever is waiting may ask again at once, and is to
            # find this thread, whose connection is warm.
            goes_on, following = self._pool.finished(self)
            if failure:
                call.fail(failure)
            else:
                call.deliver()
            del call, failure  # A result must not live on while the thread rests.
            if not goes_on:
                break
            call = following or self._given.get()
        if self.connection:
            self.connection.close()
