"""The roll: who is present where, and when that is told, by a clock of the test's own."""

import gc
import weakref
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from helio.live.gathering import Times
from helio.live.guest import Guest
from helio.live.readings import Reading, first_topic
from helio.live.roll import Roll
from helio.live.user import User


class Me(User):
    id: int
    name: str = ""


ANN, BOB = Guest(Me(1)), Guest(Me(2))
LONG = 100.0


class Driver:
    """A roll, its time, and what it has told and when."""

    def __init__(self) -> None:
        self.roll = Roll(Times())
        self.now = 0.0
        self.told: list[tuple[float, Any]] = []
        self.listen: Callable[[Any], None] = lambda topic: None

    def put(self, tab: str, guest: Guest, **entries: object) -> None:
        self.roll.put(tab, guest, entries, self.now)
        self._take()

    def leave(self, tab: str) -> None:
        self.roll.leave(tab, self.now)
        self._take()

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while self.roll.next is not None and self.roll.next <= until:
            self.now = max(self.now, self.roll.next)
            self._take()
        self.now = until

    def _take(self) -> None:
        for topic in self.roll.take(self.now):
            self.told.append((self.now, topic))
            self.listen(topic)

    def times(self, topic: Reading) -> list[float]:
        """When this topic was told."""
        return [round(at, 6) for at, each in self.told if each == topic]


COUNT = Reading("p", "count")


def of_first(size: int) -> Reading:
    return first_topic("p", size)


def has(known_by: int) -> Reading:
    return Reading("p", "has", known_by)


def test_a_user_a_session_and_a_tab_are_each_one_guest() -> None:
    at = Driver()
    at.put("tab-1", ANN, p=0)
    at.put("tab-2", Guest(Me(1), session="s"), p=0)
    at.put("tab-3", Guest(session="s"), p=0)
    at.put("tab-4", Guest(session="s"), p=0)
    at.put("tab-5", Guest(), p=0)
    at.put("tab-6", Guest(), p=0, q=0)
    assert at.roll.count("p") == 4
    assert at.roll.count("q") == 1
    assert at.roll.count("nowhere") == 0
    assert [user for user, _ in at.roll.first("p", 10)] == [Me(1), None, None, None]


def test_those_who_came_first_stay_first() -> None:
    at = Driver()
    for tab, guest in (("a", ANN), ("b", BOB), ("a-too", ANN), ("c", Guest(Me(3)))):
        at.put(tab, guest, p=0)
    at.put("a", ANN)
    assert [user for user, _ in at.roll.first("p", 2)] == [Me(1), Me(2)]
    at.put("a-too", ANN)
    at.put("a", ANN, p=0)
    assert [user for user, _ in at.roll.first("p", 9)] == [Me(2), Me(3), Me(1)]
    assert at.roll.first("nowhere", 9) == []


def test_has_tells_users_from_each_other_and_from_visitors() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.put("b", Guest(session="2"), p=0)
    assert at.roll.has("p", 1)
    assert not at.roll.has("p", 2)
    assert not at.roll.has("p", "2")
    assert not at.roll.has("q", 1)


def test_the_first_change_is_told_at_once_and_those_within_a_second_together() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    assert at.times(COUNT) == [0]
    at.wait(0.3)
    at.put("b", BOB, p=0)
    at.wait(0.3)
    at.put("c", Guest(), p=0)
    at.put("a", ANN)
    at.wait(LONG)
    assert at.times(COUNT) == [0, 1]
    assert at.times(has(1)) == [0, 1]
    assert at.times(has(2)) == [1]
    at.put("a", ANN, p=0)
    at.wait(0.5)
    at.put("a", ANN)
    at.wait(LONG)
    assert at.times(COUNT) == [0, 1, 100.6, 101.6]


def test_places_are_told_independently() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(0.5)
    at.put("b", BOB, q=0)
    assert at.told[-1][0] == 0.5
    assert {topic.place for when, topic in at.told if when == 0.5} == {"q"}


def test_an_arrival_wakes_who_reads_it_and_nobody_else() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(LONG)
    at.told.clear()
    at.put("b", BOB, p=0)
    told = {topic for _, topic in at.told}
    assert {COUNT, has(2), of_first(2), of_first(8), of_first(10**9)} <= told
    assert not {has(1), of_first(1)} & told
    assert {topic.place for topic in told} == {"p"}


def test_a_second_tab_of_somebody_who_is_there_wakes_nobody() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(LONG)
    at.told.clear()
    at.put("a-too", ANN, p=1)
    at.put("a-too", ANN)
    at.put("a", ANN, p=0)
    at.wait(LONG)
    assert at.told == []


def test_values_are_told_ten_times_a_second() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.put("b", BOB, p=0)
    at.wait(LONG)
    at.told.clear()
    start = at.now
    for value in range(1, 101):
        at.put("b", BOB, p=value)
        at.wait(0.01)
    at.wait(LONG)
    assert at.roll.first("p", 2)[1] == (Me(2), 100)
    times = at.times(of_first(2))
    assert times[0] == start
    assert all(later - earlier >= 0.1 - 1e-6 for earlier, later in pairwise(times))
    assert 10 <= len(times) <= 11
    assert {topic for _, topic in at.told} == {
        of_first(size) for size in (*range(2, 50), 10**9)
    } | {first_topic("p", 2**power) for power in range(1, 17)}


def test_a_tab_that_says_things_everywhere_is_told_ten_times_a_second_in_all() -> None:
    at = Driver()
    places = [f"p{count}" for count in range(32)]
    at.put("a", ANN, **dict.fromkeys(places, 0))
    at.wait(LONG)
    at.told.clear()
    for turn in range(64):
        said = {place: turn // 32 + (place == f"p{turn % 32}") * 100 for place in places}
        at.put("a", ANN, **said)
        at.wait(0.01)
    at.wait(LONG)
    moments = sorted({when for when, _ in at.told})
    assert all(later - earlier >= 0.1 - 1e-6 for earlier, later in pairwise(moments))


def test_what_is_said_twice_is_told_once() -> None:
    at = Driver()
    at.put("a", ANN, p=1)
    at.wait(LONG)
    at.told.clear()
    at.put("a", ANN, p=1)
    at.wait(LONG)
    assert at.told == []


def test_of_two_tabs_the_one_that_changed_last_counts() -> None:
    at = Driver()
    at.put("a", ANN, p="typing")
    at.put("a-too", ANN, p="")
    assert at.roll.first("p", 1) == [(Me(1), "typing")]
    at.put("a-too", ANN, p="away")
    assert at.roll.first("p", 1) == [(Me(1), "away")]
    at.wait(LONG)
    at.told.clear()
    at.put("a-too", ANN)
    assert at.roll.first("p", 1) == [(Me(1), "typing")]
    assert at.times(of_first(1)) == [at.now]
    assert at.times(COUNT) == []


def test_a_user_who_is_called_otherwise_now_is_shown_so() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(LONG)
    at.told.clear()
    at.put("a", Guest(Me(1, "Ann")), p=0)
    assert at.roll.first("p", 1) == [(Me(1, "Ann"), 0)]
    assert at.times(of_first(1)) == [at.now]
    assert at.times(has(1)) == []


def test_a_tab_that_changes_its_user_is_another_guest() -> None:
    at = Driver()
    at.put("a", Guest(session="s"), p=0)
    at.put("b", BOB, p=0)
    at.put("a", ANN, p=0)
    assert at.roll.count("p") == 2
    assert [user for user, _ in at.roll.first("p", 9)] == [Me(2), Me(1)]
    at.put("a", BOB, p=0)
    assert at.roll.count("p") == 1
    assert not at.roll.has("p", 1)


def test_a_tab_whose_stream_has_gone_is_present_a_little_longer() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(LONG)
    at.told.clear()
    at.leave("a")
    at.wait(4.9)
    assert at.roll.count("p") == 1
    assert at.told == []
    at.wait(0.2)
    assert at.roll.count("p") == 0
    assert len(at.times(COUNT)) == 1


def test_a_tab_that_comes_back_has_not_been_away() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.wait(LONG)
    at.told.clear()
    for _ in range(10):
        at.leave("a")
        at.wait(1.5)
        at.put("a", ANN, p=0)
        at.wait(1.5)
    assert at.told == []
    at.leave("a")
    at.wait(3)
    at.leave("a")
    at.wait(2.1)
    assert at.roll.count("p") == 0, "the grace is counted from the first leaving"


def test_a_tab_that_is_nowhere_any_more_has_no_grace() -> None:
    at = Driver()
    at.put("a", ANN, p=0, q=0)
    at.put("a", ANN, q=0)
    assert (at.roll.count("p"), at.roll.count("q")) == (0, 1)
    at.leave("a")
    at.put("a", ANN)
    assert at.roll.count("q") == 0
    at.leave("unknown")


def test_coming_and_going_is_held_back_at_an_empty_place_too() -> None:
    at = Driver()
    for _ in range(300):
        at.put("a", ANN, p=0)
        at.wait(0.005)
        at.put("a", ANN)
        at.wait(0.005)
    at.wait(LONG)
    times = at.times(COUNT)
    assert all(later - earlier >= 1 - 1e-6 for earlier, later in pairwise(times))
    assert len(times) == 4


def test_a_place_is_told_no_sooner_because_it_has_been_empty() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.put("a", ANN)
    at.wait(1.5)
    at.put("a", ANN, p=0)
    at.put("a", ANN)
    at.wait(0.8)
    at.put("a", ANN, p=0)
    at.wait(LONG)
    assert at.times(COUNT) == [0, 1, 2, 3]


def test_who_comes_and_goes_at_one_moment_is_told_of() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    at.put("a", ANN)
    at.wait(1)
    for _ in range(3):
        at.now += 1.2
        at.roll.put("a", ANN, {"p": 0}, at.now)
        at.put("a", ANN)
        at.wait(0)
        assert at.times(COUNT)[-1] == round(at.now, 6)
    at.wait(LONG)
    assert at.roll.next is None


class Kept(str):
    """A text that tells whether it is still kept."""


@pytest.mark.parametrize("leaves", [True, False])
def test_nothing_is_kept_of_those_who_have_gone(leaves: bool) -> None:
    at = Driver()
    names = [Kept("tab"), Kept("place"), Kept("values")]
    kept = [weakref.ref(name) for name in names]
    for turn in range(3):
        at.roll.put(names[0], ANN, {names[1]: names[2]}, at.now)
        if leaves:
            at.leave(names[0])
        at.wait(turn)
        at.roll.put(names[0], ANN, {}, at.now)
        at.wait(turn)
    names.clear()
    at.wait(LONG)
    at.told.clear()
    gc.collect()
    assert [ref() for ref in kept] == [None, None, None]
    assert at.roll.next is None


def test_coming_and_going_does_not_fill_the_agenda() -> None:
    at = Driver()
    at.put("a", ANN, p=0)
    for _ in range(1000):
        at.leave("a")
        at.put("a", ANN, p=0)
    at.put("a", ANN)
    steps = 0
    while at.roll.next is not None:
        at.now = at.roll.next
        at._take()
        steps += 1
    assert steps <= 5


@pytest.mark.parametrize("size", [1, 2, 3, 8, 16, 17, 100, 65536, 65537, 10**30])
def test_the_first_so_many_are_told_whatever_their_number(size: int) -> None:
    at = Driver()
    for tab in range(min(size, 40)):
        at.put(str(tab), Guest(), p=0)
    at.wait(LONG)
    at.told.clear()
    at.put(str(min(size, 40) - 1), Guest(), p=1)
    assert at.times(of_first(size)) == [at.now]


TABS = ["t1", "t2", "t3", "t4"]
GUESTS = [ANN, Guest(Me(1, "Ann"), session="s"), BOB, Guest(session="s"), Guest()]
PLACES = ["p", "q"]
READINGS = [
    *(Reading(place, "count") for place in PLACES),
    *(first_topic(place, size) for place in PLACES for size in (1, 2, 3, 50)),
    *(Reading(place, "has", known_by) for place in PLACES for known_by in (1, 2)),
]


class Model:
    """Who is present, in the plainest terms."""

    def __init__(self) -> None:
        self.tabs: dict[str, tuple[Guest, dict[str, int]]] = {}
        self.gone: dict[str, float] = {}  # when a tab is
        self.order: dict[str, list[object]] = {place: [] for place in PLACES}
        self.users: dict[tuple[str, object], object] = {}
        self.recent: dict[tuple[str, object], list[str]] = {}  # tabs, the shown one first

    def put(self, tab: str, guest: Guest, entries: dict[str, int]) -> None:
        before_guest, before = self.tabs.get(tab, (guest, {}))
        if before_guest.identity(tab) != guest.identity(tab):
            self.remove(tab)
            before = {}
        self.gone.pop(tab, None)
        self.tabs[tab] = (guest, dict(entries))
        for place in PLACES:
            at = (place, guest.identity(tab))
            tabs = self.recent.setdefault(at, [])
            if place not in entries:
                if tab in tabs:
                    tabs.remove(tab)
                continue
            self.users[at] = guest.user
            if tab not in tabs:
                tabs.append(tab)
            elif before[place] != entries[place]:
                tabs.remove(tab)
                tabs.insert(0, tab)
        self.settle()

    def remove(self, tab: str) -> None:
        guest, _ = self.tabs.pop(tab)
        self.gone.pop(tab, None)
        for place in PLACES:
            tabs = self.recent.get((place, guest.identity(tab)), [])
            if tab in tabs:
                tabs.remove(tab)
        self.settle()

    def settle(self) -> None:
        for (place, identity), tabs in self.recent.items():
            if tabs and identity not in self.order[place]:
                self.order[place].append(identity)
            elif not tabs and identity in self.order[place]:
                self.order[place].remove(identity)

    def truth(self, reading: Reading) -> object:
        place = reading.place
        present = self.order[place]
        if reading.what == "count":
            return len(present)
        if reading.what == "has":
            return ("user", reading.argument) in present
        return [
            (self.users[place, identity], self.tabs[self.recent[place, identity][0]][1][place])
            for identity in present[: reading.argument]  # type: ignore[misc]
        ]


class Present(RuleBasedStateMachine):
    """Tabs come, go, change and fall silent in any order, while readers read when they are told.

    After quiet every reader holds the truth, which a plain model knows as well.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at = Driver()
        self.model = Model()
        self.held = {reading: self.read(reading) for reading in READINGS}
        self.at.listen = self.hear

    def read(self, reading: Reading) -> object:
        roll = self.at.roll
        match reading.what:
            case "count":
                return roll.count(reading.place)
            case "first":
                return roll.first(reading.place, reading.argument)  # type: ignore[arg-type]
            case _:
                return roll.has(reading.place, reading.argument)

    def hear(self, topic: Reading) -> None:
        if topic in self.held:
            self.held[topic] = self.read(topic)

    @rule(
        tab=st.sampled_from(TABS),
        guest=st.sampled_from(GUESTS),
        entries=st.dictionaries(st.sampled_from(PLACES), st.integers(0, 2)),
    )
    def put(self, tab: str, guest: Guest, entries: dict[str, int]) -> None:
        self.at.put(tab, guest, **entries)
        self.model.put(tab, guest, entries)

    @rule(tab=st.sampled_from(TABS))
    def leave(self, tab: str) -> None:
        self.at.leave(tab)
        if tab in self.model.tabs:
            self.model.gone.setdefault(tab, self.at.now + 5.0)

    @rule(seconds=st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.9, 1.0, 1.3, 4.0, 5.0]))
    def wait(self, seconds: float) -> None:
        self.at.wait(seconds)
        for tab, due in list(self.model.gone.items()):
            if due <= self.at.now:
                self.model.remove(tab)

    @rule(reading=st.sampled_from(READINGS))
    def read_for_another_reason(self, reading: Reading) -> None:
        self.held[reading] = self.read(reading)

    @rule()
    def quiet(self) -> None:
        self.wait(20.0)
        for reading, held in self.held.items():
            assert held == self.read(reading) == self.model.truth(reading), reading

    @invariant()
    def the_newest_is_read(self) -> None:
        for reading in READINGS:
            assert self.read(reading) == self.model.truth(reading), reading

    @invariant()
    def nothing_is_told_too_often(self) -> None:
        for reading in READINGS:
            if reading.what != "first":
                times = self.at.times(reading)
                assert all(later - before >= 1 - 1e-5 for before, later in pairwise(times))

    def teardown(self) -> None:
        self.quiet()


TestPresent = Present.TestCase
TestPresent.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
