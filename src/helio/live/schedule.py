"""The schedule of a region: how often it is rendered, and how long others wait for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds: at least `every` lies between two renders; after `wait` the fallback is shown."""

    every: float = 0.0
    wait: float = 0.2


USUAL = Schedule()
