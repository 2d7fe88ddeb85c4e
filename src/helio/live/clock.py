"""Time as a topic: `await every(1.0)` renders again each second, and ticks only while watched."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from helio.live.recorder import record

SHORTEST = 0.01
"""Seconds: no page needs to be rendered more often."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The topic of an interval, in seconds: published while it has readers."""

    seconds: float


async def every(seconds: float) -> None:
    """Render the page or region under way again each time so many seconds have passed.

    Returns at once; outside of a render it does nothing. ValueError for less than 0.01 s.
    """
    if not seconds >= SHORTEST:
        raise ValueError(f"every({seconds!r}): the shortest interval is {SHORTEST} s")
    record(Interval(float(seconds)))


class Clock:
    """Publishes the intervals that somebody watches, in step with the event loop's time."""

    def __init__(self, publish: Callable[[Hashable], object]) -> None:
        self._publish = publish
        self._timers: dict[Interval, asyncio.TimerHandle] = {}

    def attend(self, interval: Interval, watched: bool) -> None:
        """The first reader of this interval has come, or the last has gone."""
        timer = self._timers.pop(interval, None)
        if timer is not None:
            timer.cancel()
        if watched:
            now = asyncio.get_running_loop().time()
            self._start(interval, int(now // interval.seconds) + 1)

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _start(self, interval: Interval, count: int) -> None:
        # Multiples of the interval, so that all pages of one interval tick together.
        due = count * interval.seconds
        timer = asyncio.get_running_loop().call_at(due, self._tick, interval, count)
        self._timers[interval] = timer

    def _tick(self, interval: Interval, count: int) -> None:
        now = asyncio.get_running_loop().time()
        # A timer may fire a little early; it must not be set for the same moment again.
        self._start(interval, max(int(now // interval.seconds), count) + 1)
        self._publish(interval)
