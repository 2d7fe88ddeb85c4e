"""A gathering: who is at one place, in order of arrival, and what of that has yet to be told."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import count
from sys import maxsize

from helio.live.guest import Identity
from helio.live.readings import Reading, first_topics
from helio.live.user import User


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds."""

    members: float = 1.0  # the least between two tellings of who is at a place
    values: float = 0.1  # the least between two tellings of what they do there, or one tab does
    grace: float = 5.0  # how long a tab without a stream is still present


class Stay:
    """One guest at a place, in one tab or several."""

    __slots__ = ("_changes", "_tabs", "_user", "order")

    def __init__(self, order: int) -> None:
        self.order = order  # of arrival
        self._user: User | None = None
        self._tabs: dict[str, tuple[int, object]] = {}  # when it last changed, and its values
        self._changes = 0

    @property
    def shown(self) -> tuple[User | None, object]:
        """The user, and the values of the tab that changed them last."""
        return self._user, max(self._tabs.values(), key=lambda told: told[0])[1]

    @property
    def ended(self) -> bool:
        """Whether no tab is left."""
        return not self._tabs

    def tell(self, tab: str, user: User | None, values: object) -> bool:
        """What a tab says; whether others see the guest differently now.

        A tab that has just come leaves the values as they are, if there is another.
        """
        before = None if self.ended else self.shown
        self._user = user
        known = self._tabs.get(tab)
        if known is None:
            self._tabs[tab] = (0, values)
        elif known[1] != values:
            self._changes += 1
            self._tabs[tab] = (self._changes, values)
        return before is not None and self.shown != before

    def end(self, tab: str) -> bool:
        """The tab has gone; whether others see the guest, if still there, differently now."""
        before = self.shown
        del self._tabs[tab]
        return not self.ended and self.shown != before


class Pending:
    """Changes of one kind that have yet to be told, at most once an interval."""

    __slots__ = ("_from", "_interval", "told", "waiting")

    def __init__(self, interval: float) -> None:
        self.told = float("-inf")  # when it last was
        self.waiting = False  # whether there are any
        self._interval = interval
        self._from = maxsize

    def note(self, order: int, ready: float) -> float | None:
        """A stay has changed. When to tell it, if that has not been said of an earlier change."""
        self._from = min(self._from, order)
        if self.waiting:
            return None
        self.waiting = True
        return max(ready, self.told + self._interval)

    def take(self, now: float) -> int:
        """It is told now: the order of arrival from which on stays may have changed."""
        changed_from, self._from = self._from, maxsize
        self.waiting = False
        self.told = now
        return changed_from


class Gathering:
    """Who is at one place."""

    __slots__ = ("_arrivals", "_orders", "_users", "members", "place", "stays", "values")

    def __init__(self, place: str, times: Times) -> None:
        self.place = place
        self.stays: dict[Identity, Stay] = {}  # in order of arrival
        self.members = Pending(times.members)
        self.values = Pending(times.values)
        self._orders: list[int] = []  # of the stays, ascending
        self._arrivals = count()
        self._users: dict[Hashable, None] = {}  # who came or went since that was told

    def enter(self, identity: Identity) -> Stay:
        """The stay of somebody who has not been there."""
        stay = self.stays[identity] = Stay(next(self._arrivals))
        self._orders.append(stay.order)
        self._came_or_went(identity)
        return stay

    def leave(self, identity: Identity) -> None:
        """Nobody of this identity is there any more."""
        stay = self.stays.pop(identity)
        del self._orders[bisect_left(self._orders, stay.order)]
        self._came_or_went(identity)

    def _came_or_went(self, identity: Identity) -> None:
        if identity[0] == "user":
            self._users[identity[1]] = None

    def tell_members(self, now: float) -> Iterator[Reading]:
        """The topics of what has changed by coming and going."""
        yield Reading(self.place, "count")
        users, self._users = self._users, {}
        for known_by in users:
            yield Reading(self.place, "has", known_by)
        yield from self._firsts(self.members.take(now))

    def tell_values(self, now: float) -> list[Reading]:
        """The topics of what has changed by what those who are there do."""
        return self._firsts(self.values.take(now))

    def _firsts(self, changed_from: int) -> list[Reading]:
        # Who came earlier can only have gone since, so that the rank is not too high.
        return first_topics(self.place, bisect_left(self._orders, changed_from))
