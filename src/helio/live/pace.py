"""The times of a live application."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long, in seconds."""

    tick: float = 0.016  # the least between two renders of one view
    linger: float = 5.0  # how long a view stays current after its last viewer
    heartbeat: float = 15.0  # the longest silence on a stream
    stall: float = 30.0  # how long a stream may take no bytes before it is cut
    patience: float = 30.0  # how long a page or region may take until it has failed
    again: tuple[float, float] = (0.5, 30.0)  # shortest and longest wait after a failed render
