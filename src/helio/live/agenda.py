"""An agenda: what is to be done when, for whoever has a clock."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Agenda:
    """Actions and their times, in seconds of whichever clock drives it."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = count()

    @property
    def next(self) -> float | None:
        """When something is to be done next; None: never."""
        return self._entries[0][0] if self._entries else None

    def at(self, due: float, action: Callable[[float], None]) -> None:
        """Do this then; it is called with the time at which it is really done."""
        heappush(self._entries, (due, next(self._count), action))

    def run(self, now: float) -> None:
        """Do what is due."""
        while self._entries and self._entries[0][0] <= now:
            heappop(self._entries)[2](now)
