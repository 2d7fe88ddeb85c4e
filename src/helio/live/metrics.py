"""Metrics: what the live core of one process has done since it began, as plain numbers."""

from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of durations, in seconds."""


@dataclass(slots=True)
class Durations:
    """How many durations fell below each bound, and their sum in seconds."""

    total: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, seconds: float) -> None:
        self.total += seconds
        self.counts[bisect_left(BOUNDS, seconds)] += 1

    @property
    def count(self) -> int:
        return sum(self.counts)

    def upto(self) -> list[tuple[float, int]]:
        """Each bound with the number of durations that are not longer; the last is endless."""
        found: list[tuple[float, int]] = []
        seen = 0
        for bound, count in zip((*BOUNDS, float("inf")), self.counts, strict=True):
            seen += count
            found.append((bound, seen))
        return found


@dataclass(slots=True)
class Metrics:
    """Numbers that only grow. Durations are in seconds."""

    publications: int = 0
    failures: int = 0  # of renders
    deliveries: int = 0  # frames written to streams
    bytes: int = 0  # of these frames
    skips: int = 0  # frames not written, because the client takes no bytes
    cuts: int = 0  # streams ended, because they took no bytes for long
    opened: int = 0  # streams
    renders: Durations = field(default_factory=Durations)
    delays: Durations = field(default_factory=Durations)  # of renders behind their tick
    latencies: Durations = field(default_factory=Durations)  # from a publication to its frames
