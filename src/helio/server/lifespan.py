"""The application's start and end, by the ASGI lifespan protocol (ASGI 3, lifespan 2.0)."""

import asyncio
from typing import Any

from helio.server.application import Application, Message


class StartError(Exception):
    """The application raised, or refused, while it started; `__cause__` is what it raised."""


class Lifespan:
    """Keeps the application's lifespan call in one task, so its contexts end where they began."""

    __slots__ = ("_app", "_begun", "_failure", "_task", "_to_app", "state")

    def __init__(self, app: Application) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._to_app = asyncio.Queue[Message]()
        self._begun = asyncio.Event()
        self._failure: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when the application is ready. Raises `StartError`."""
        self._task = asyncio.create_task(self._run(), name="lifespan")
        self._to_app.put_nowait({"type": "lifespan.startup"})
        begun = asyncio.create_task(self._begun.wait())
        await asyncio.wait({begun, self._task}, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if self._failure is None and self._begun.is_set():
            return
        error = await self._outcome()
        text = self._failure or "the application ended its lifespan before it had started"
        raise StartError(text.strip()) from error

    async def stop(self) -> None:
        """Tell the application to end and wait for it. Raises what it raises."""
        if self._task is None:
            return
        self._to_app.put_nowait({"type": "lifespan.shutdown"})
        await self._task

    async def _run(self) -> None:
        asgi = {"version": "3.0", "spec_version": "2.0"}
        scope = {"type": "lifespan", "asgi": asgi, "state": self.state}
        await self._app(scope, self._to_app.get, self._send)

    async def _send(self, message: Message) -> None:
        match message["type"]:
            case "lifespan.startup.complete":
                self._begun.set()
            case "lifespan.startup.failed" | "lifespan.shutdown.failed":
                self._failure = message.get("message", "")
                self._begun.set()
            case _:  # The end of the task says that the shutdown is complete.
                pass

    async def _outcome(self) -> BaseException | None:
        """What the lifespan call raised, if it raises at all."""
        assert self._task is not None  # noqa: S101
        await asyncio.wait({self._task}, timeout=1)
        if not self._task.done():
            self._task.cancel()
            return None
        return None if self._task.cancelled() else self._task.exception()
