"""The roll: which tabs are present where. Pure: the time is what its caller says.

    put(tab, guest, entries, now)   a tab says where it is, and what it does there
    leave(tab, now)                 its stream has gone: it may come back
    take(now) -> topics             what is to be published by now
    next                            when something will be

The state is always the newest; only telling of it is held back: arrivals and departures of a
place are told once a second, values ten times, the first change after quiet at once. Every
reading that has changed is told after it has, so whoever reads again when told is right.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from helio.live.agenda import Agenda
from helio.live.gathering import Gathering, Stay, Times
from helio.live.guest import Guest, Identity, of_user
from helio.live.readings import Reading
from helio.live.user import User

Shown = tuple[User | None, object]
"""One who is present: the user, None for a visitor, and the values."""


@dataclass(slots=True, eq=False)
class Tab:
    """One tab and where it is."""

    id: str
    identity: Identity
    places: dict[str, None] = field(default_factory=dict[str, None])
    leaving: float | None = None  # when it counts as gone
    expected: bool = False  # whether the agenda will look at it again
    told: float = float("-inf")  # when its values were last told, or will be


class Roll:
    """All tabs that are present, and who they belong to."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._tabs: dict[str, Tab] = {}
        self._gatherings: dict[str, Gathering] = {}
        self._agenda = Agenda()
        self._topics: dict[Reading, None] = {}

    # What happens

    def put(self, tab: str, guest: Guest, entries: Mapping[str, object], now: float) -> None:
        """The tab is at these places, with these values, and nowhere else."""
        identity = guest.identity(tab)
        known = self._tabs.get(tab)
        if known is None:
            if not entries:
                return
            known = self._tabs[tab] = Tab(tab, identity)
        known.leaving = None
        if known.identity != identity:
            self._depart(known, known.places, now)
            known.identity = identity
        self._depart(known, known.places.keys() - entries.keys(), now)
        changed: list[tuple[Gathering, Stay]] = []
        for place, values in entries.items():
            known.places[place] = None
            at, stay = self._stay(place, identity, now)
            if stay.tell(tab, guest.user, values):
                changed.append((at, stay))
        ready = self._ready(known, now) if changed else now
        for at, stay in changed:
            self._note_values(at, stay, ready)
        if not known.places and not known.expected:
            del self._tabs[tab]

    def _stay(self, place: str, identity: Identity, now: float) -> tuple[Gathering, Stay]:
        at = self._gatherings.get(place)
        if at is None:
            at = self._gatherings[place] = Gathering(place, self._times)
        stay = at.stays.get(identity)
        if stay is None:
            stay = at.enter(identity)
            self._note_members(at, stay, now)
        return at, stay

    def leave(self, tab: str, now: float) -> None:
        """The tab's stream has gone. It counts as present a little longer: it may come back."""
        known = self._tabs.get(tab)
        if known is None or known.leaving is not None:
            return
        known.leaving = now + self._times.grace
        self._expect(known, known.leaving)

    def _expect(self, tab: Tab, due: float) -> None:
        # Once at a time, however often a tab comes and goes.
        if not tab.expected:
            tab.expected = True
            self._agenda.at(due, partial(self._away, tab))

    def _away(self, tab: Tab, now: float) -> None:
        tab.expected = False
        if tab.leaving is not None and tab.leaving > now:
            self._expect(tab, tab.leaving)
        elif tab.leaving is not None or not tab.places:
            self._depart(tab, tab.places, now)
            del self._tabs[tab.id]

    def _depart(self, tab: Tab, places: Iterable[str], now: float) -> None:
        for place in list(places):
            del tab.places[place]
            at = self._gatherings[place]
            stay = at.stays[tab.identity]
            changed = stay.end(tab.id)
            if stay.ended:
                at.leave(tab.identity)
                self._note_members(at, stay, now)
            elif changed:
                self._note_values(at, stay, now)

    # What is told of it

    @property
    def next(self) -> float | None:
        """When `take` will have something to do; None: not before something happens."""
        return self._agenda.next

    def take(self, now: float) -> list[Hashable]:
        """What is to be published by now. Call it after all that happens, and when it is time."""
        self._agenda.run(now)
        topics, self._topics = self._topics, {}
        return list(topics)

    def _ready(self, tab: Tab, now: float) -> float:
        """When the tab's values may be told again, wherever it is."""
        if tab.told <= now:
            tab.told = max(now, tab.told + self._times.values)
        return tab.told

    def _note_members(self, at: Gathering, stay: Stay, now: float) -> None:
        due = at.members.note(stay.order, now)
        if due is not None:
            self._agenda.at(due, partial(self._tell_members, at))

    def _note_values(self, at: Gathering, stay: Stay, ready: float) -> None:
        due = at.values.note(stay.order, ready)
        if due is not None:
            self._agenda.at(due, partial(self._tell_values, at))

    def _tell_members(self, at: Gathering, now: float) -> None:
        self._topics.update(dict.fromkeys(at.tell_members(now)))
        if not at.stays:
            # Not at once, or coming and going would be told more often than it may.
            rest = self._times.members + 2 * self._times.values
            self._agenda.at(now + rest, partial(self._forget, at, now))

    def _tell_values(self, at: Gathering, now: float) -> None:
        self._topics.update(dict.fromkeys(at.tell_values(now)))

    def _forget(self, at: Gathering, told: float, now: float) -> None:
        if not at.stays and not at.members.waiting and at.members.told == told:
            del self._gatherings[at.place]

    # Readings

    def count(self, place: str) -> int:
        """How many guests are there, each counted once."""
        at = self._gatherings.get(place)
        return 0 if at is None else len(at.stays)

    def first(self, place: str, size: int) -> list[Shown]:
        """Those who came first and have not gone since, in this order."""
        at = self._gatherings.get(place)
        return [] if at is None else [stay.shown for stay in islice(at.stays.values(), size)]

    def has(self, place: str, known_by: Hashable) -> bool:
        """Whether the user with this id is there."""
        at = self._gatherings.get(place)
        return at is not None and of_user(known_by) in at.stays
