"""Readings: the topics under which it is read who is at a place."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable
from dataclasses import dataclass
from sys import maxsize
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reading:
    """The topic of a reading of a place: its count, the first so many, whether it has a user."""

    place: str
    what: Literal["count", "first", "has"]
    argument: Hashable = None


_LEVELS = (*range(1, 17), *(2**power for power in range(5, 17)), maxsize)
"""Sizes at which changes among the first so many are told: few, whatever sizes are asked for."""


def first_topic(place: str, size: int) -> Reading:
    """The topic of the first so many: exact up to 16, else with some more of them."""
    return Reading(place, "first", _LEVELS[bisect_left(_LEVELS, min(size, maxsize))])


def first_topics(place: str, rank: int) -> list[Reading]:
    """The topics of those sizes that reach beyond so many."""
    return [Reading(place, "first", size) for size in _LEVELS[bisect_right(_LEVELS, rank) :]]
