"""`helio dev`: holds the address, and gives it to a fresh process on every change.

Connections that arrive during a restart wait in the kernel's queue of the listening socket, which
this process never closes.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path

import msgspec
from watchfiles import Change, DefaultFilter, awatch  # pyright: ignore[reportUnknownVariableType]

from helio.server.child import GO, READY, Order
from helio.server.listener import Listener
from helio.server.options import Options
from helio.server.target import Target

_SUFFIXES = (".py", ".html", ".css", ".js", ".sql")
_KILL_AFTER = 1.0
"""Seconds beyond its grace after which a process that does not end is killed."""


class WatchError(Exception):
    """The system does not let the target's files be watched."""


class Sources(DefaultFilter):
    """The files whose change restarts: not those of environments and caches."""

    def __call__(self, change: Change, path: str) -> bool:
        if not super().__call__(change, path):
            return False
        if path.endswith(_SUFFIXES):
            return True
        # Files written into a new directory before it was watched show no change of their own.
        return change is Change.added and any(
            file.suffix in _SUFFIXES for file in Path(path).rglob("*")
        )


@dataclass(frozen=True, slots=True)
class Changed:
    """Files were written, renamed or removed."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        names = sorted({path.name for path in self.paths})
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return f"{names[0]}{more} changed"


@dataclass(frozen=True, slots=True)
class Died:
    """The application's process ended though nobody asked it to."""

    process: "Process"
    status: int


class Process:
    """A running child: told to go, watched, and stopped."""

    def __init__(
        self, process: asyncio.subprocess.Process, control: socket.socket, *, failed: bool
    ) -> None:
        self.failed = failed
        self.stopping = False
        self._process = process
        self._control = control

    @classmethod
    async def launch(
        cls, target: Target, listener: Listener, options: Options, failure: str | None
    ) -> "Process":
        """Start it; it imports the target and waits for `go`."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        descriptors = [sock.fileno() for sock in listener.sockets]
        order = Order(
            target=target.text,
            host=listener.host,
            sockets=descriptors,
            control=theirs.fileno(),
            options=options,
            failure=failure,
        )
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "helio.server.child"),
                msgspec.json.encode(order).decode(),
                pass_fds=(*descriptors, theirs.fileno()),
            )
        return cls(process, ours, failed=failure is not None)

    async def go(self) -> bytes:
        """Let it serve. Returns READY, BROKEN, or nothing if it ended before."""
        with contextlib.suppress(OSError):
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(self._control, GO)
            return await loop.sock_recv(self._control, 1)
        return b""

    async def ended(self) -> int:
        """Its exit status, once it has ended."""
        return await self._process.wait()

    async def stop(self, limit: float) -> None:
        """End it: politely, and by force after `limit` seconds."""
        self.stopping = True
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), limit)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        self._control.close()

    def kill(self) -> None:
        """End it at once."""
        self.stopping = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


class Reloader:
    """Serves the target through child processes until SIGINT or SIGTERM."""

    def __init__(
        self, target: Target, listener: Listener, options: Options, say: Callable[[str], None]
    ) -> None:
        self._target = target
        self._listener = listener
        self._options = options
        self._say = say
        self._announced = False
        self._stop = asyncio.Event()
        self._events = asyncio.Queue[Changed | Died]()
        self._tasks = set[asyncio.Task[None]]()
        self._process: Process | None = None

    async def run(self) -> None:
        """Begin, follow changes, and end with the child. Raises `WatchError`."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._leave, number)
        self._listener.listen()
        works = {self._spawn(self._watch()), self._spawn(self._follow())}
        await self._replace("")
        # Both work until they are told to stop, or fail.
        ended, _ = await asyncio.wait(
            {*works, self._spawn(self._stopped())}, return_when=asyncio.FIRST_COMPLETED
        )
        for task in tuple(self._tasks):
            task.cancel()
        if self._process is not None:
            await self._process.stop(self._options.grace + _KILL_AFTER)
        for work in ended:
            work.result()

    async def _stopped(self) -> None:
        await self._stop.wait()

    def _leave(self, number: int) -> None:
        if self._stop.is_set() and number == signal.SIGINT:
            if self._process is not None:
                self._process.kill()
            os._exit(130)
        self._stop.set()

    async def _watch(self) -> None:
        watched = awatch(
            self._target.directory,
            watch_filter=Sources(),
            debounce=200,
            step=20,
            stop_event=self._stop,
        )
        try:
            async for changes in watched:
                self._events.put_nowait(Changed(tuple(Path(path) for _, path in changes)))
        except (OSError, RuntimeError) as error:
            raise WatchError(
                f"The files in {self._target.directory} cannot be watched: {error}. If there are "
                "too many of them, WATCHFILES_FORCE_POLLING=1 watches without the system's help."
            ) from error

    async def _follow(self) -> None:
        while True:
            event = await self._events.get()
            if isinstance(event, Changed):
                await self._replace(f"{event}: ")
            elif event.process is self._process and not self._stop.is_set():
                await self._mourn(event)

    async def _mourn(self, event: Died) -> None:
        """Show what happened, unless the process that died was there for that itself."""
        text = f"The process ended by itself, with status {event.status}."
        self._say(f"{text} Waiting for a change.")
        if not event.process.failed:
            await self._replace("", failure=text)

    async def _replace(self, reason: str, failure: str | None = None) -> None:
        """Start a process, end the one before it meanwhile, then let the new one serve."""
        begun = time.perf_counter()
        fresh = await Process.launch(self._target, self._listener, self._options, failure)
        before, self._process = self._process, fresh
        if before is not None:
            await before.stop(self._options.grace + _KILL_AFTER)
        self._spawn(self._attend(fresh, reason, begun))

    async def _attend(self, process: Process, reason: str, begun: float) -> None:
        state = await process.go()
        if not self._announced and state:
            self._announced = True
            self._say(f"{self._target.text} is served at {self._listener.url}, restarts on changes")
        elif state == READY:
            self._say(f"{reason}restarted in {time.perf_counter() - begun:.2f} s")
        status = await process.ended()
        if not process.stopping:
            self._events.put_nowait(Died(process, status))

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
