"""The times of a live application."""

from dataclasses import dataclass

FEW = 100
"""Viewers up to which a view is rendered as often as the tick permits."""

GROWTH = 0.6
"""How the interval grows with the viewers: 16 ms at a hundred becomes 250 ms at ten thousand."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long, in seconds."""

    tick: float = 0.016  # the least between two renders of one view that few look at
    slowest: float = 1.0  # the most that many viewers make of it
    linger: float = 5.0  # how long a view stays current after its last viewer
    heartbeat: float = 15.0  # the longest silence on a stream
    stall: float = 30.0  # how long a stream may take no bytes before it is cut
    patience: float = 30.0  # how long a page or region may take until it has failed
    posting: float = 0.1  # how long an answer waits until other processes know of its number
    again: tuple[float, float] = (0.5, 30.0)  # shortest and longest wait after a failed render

    def interval(self, viewers: int) -> float:
        """The least between two renders of a view that so many streams show."""
        if viewers <= FEW:
            return self.tick
        return max(self.tick, min(self.slowest, self.tick * (viewers / FEW) ** GROWTH))
