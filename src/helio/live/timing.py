"""Timing: when a view was last rendered and used, and how it has failed."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass, field

from helio.live.views import View


@dataclass(slots=True, eq=False)
class Timing:
    """What is known of one view beside what it shows; times in seconds of the loop."""

    started: float = float("-inf")
    used: float = 0.0
    failures: int = 0
    error: Exception | None = None
    retry: asyncio.TimerHandle | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # set when a render has ended

    def over(self) -> None:
        """A render has ended: whoever waits goes on."""
        self.ended.set()
        self.ended = asyncio.Event()


class Timings:
    """The timings of all known views."""

    def __init__(self) -> None:
        self._by_key: dict[str, Timing] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def of(self, view: View) -> Timing:
        return self._by_key.setdefault(view.key, Timing())

    def all(self) -> list[Timing]:
        return list(self._by_key.values())

    def keep(self, keys: Container[str]) -> None:
        """Forget all others."""
        for key in [key for key in self._by_key if key not in keys]:
            del self._by_key[key]
