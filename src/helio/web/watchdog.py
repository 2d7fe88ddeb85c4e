"""The watchdog: in development, names the code that blocks the event loop.

While one handler computes, sleeps or waits for a file without `await`, nobody else is answered and
no page is kept current. A thread notices that the loop does not turn, and looks at what it does.
"""

import asyncio
import logging
import sys
import sysconfig
import threading
import time
from pathlib import Path
from types import FrameType

log = logging.getLogger("helio.aids")

LIMIT = 0.25
"""Seconds that the loop may stand still unremarked."""

_PAUSE = 0.05
_LIBRARIES = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_OTHERS = (str(Path(__file__).parents[1]), *_LIBRARIES, "<")
_ASYNCIO = str(Path(asyncio.__file__).parent)
_LOOP = {"_run_once", "run_forever", "run_until_complete", "run"}
"""Where the loop itself stands: what called it is not to blame."""


class Watchdog:
    """Watches one event loop. Every place is told of once."""

    def __init__(self, limit: float = LIMIT) -> None:
        """`limit` in seconds."""
        self._limit = limit
        self._turned = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = threading.Event()
        self._told: set[str] = set()

    def start(self) -> None:
        """Watch the running loop from now on."""
        loop = asyncio.get_running_loop()
        self._ended.clear()
        self._turn(loop)
        thread = threading.get_ident()
        threading.Thread(
            target=self._watch, args=(loop, thread), name="helio watchdog", daemon=True
        ).start()

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        if self._timer is not None:
            self._timer.cancel()

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._turned = time.monotonic()
        self._timer = loop.call_later(_PAUSE, self._turn, loop)

    def _watch(self, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        while not self._ended.wait(_PAUSE):
            still = time.monotonic() - self._turned
            if still > self._limit:
                frames = sys._current_frames()  # pyright: ignore[reportPrivateUsage]
                self._look(loop, frames.get(thread), still)

    def _look(self, loop: asyncio.AbstractEventLoop, frame: FrameType | None, still: float) -> None:
        place = _place(frame)
        if place is None or place in self._told:
            return
        self._told.add(place)
        task = asyncio.current_task(loop)
        who = f" ({task.get_name()})" if task is not None else ""
        log.warning(
            "Nobody has been answered for %.1f s, because of %s%s. Use await for what waits, and "
            "asyncio.to_thread for what computes.",
            still,
            place,
            who,
        )


def _place(frame: FrameType | None) -> str | None:
    """Where the application's own code stands; None if it is not in it."""
    while frame is not None:
        code = frame.f_code
        if code.co_name in _LOOP and code.co_filename.startswith(_ASYNCIO):
            return None
        if not code.co_filename.startswith(_OTHERS):
            return f"{code.co_qualname} at {code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None
