"""Presence as regions read it and as tabs say it."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio import Presence, RenderError, presence, region
from helio import html as h
from helio.html import use
from helio.live.gathering import Times
from helio.live.guest import Guest
from helio.live.presences import PURPOSE, PresenceError, Presences, presences
from helio.live.readings import first_topic
from helio.live.recorder import Recorder
from helio.live.signing import Signer, signer
from helio.live.user import User
from live.standin import Visit, running, show, until

SIGNER = Signer(b"a secret of the tests")


class Me(User):
    id: int
    name: str = ""


class Where(Presence):
    room: int
    typing: bool = False
    mood: str = "calm"


class Online(Presence):
    pass


class Size(Enum):
    SMALL = "s"


class Exact(Presence):
    day: date
    size: Size
    path: tuple[str, int]
    names: list[str] = []  # noqa: RUF012


ANN, BOB = Guest(Me(1, "Ann")), Guest(Me(2, "Bob"))


@contextmanager
def signed(by: Signer = SIGNER) -> Iterator[None]:
    token = signer.set(by)
    try:
        yield
    finally:
        signer.reset(token)


def token(at: Presence, by: Signer = SIGNER) -> str:
    """What stands in the markup behind the class's name."""
    with signed(by):
        return str(presence(at).attributes["data-presence"]).split(" ")[1]


@contextmanager
def within(there: Presences) -> Iterator[None]:
    """As in a command of the application."""
    reset = presences.set(there)
    try:
        yield
    finally:
        presences.reset(reset)


class Told:
    """Presences that note what they publish."""

    def __init__(self, times: Times | None = None) -> None:
        self.topics: list[Hashable] = []
        self.there = Presences(self.topics.extend, SIGNER, times)

    def update(self, tab: str, guest: Guest, *places: Presence, **values: object) -> None:
        self.there.update(tab, guest, [(token(place), values) for place in places])


@pytest.fixture
async def told() -> Any:
    made = Told()
    yield made
    made.there.stop()


# Reading


async def test_who_is_present_is_read_by_place(told: Told) -> None:
    told.update("tab-a", ANN, Where(room=5), typing=True)
    told.update("tab-b", Guest(session="s"), Where(room=5), mood="wild")
    told.update("tab-c", BOB, Where(room=6), Online())
    with within(told.there):
        assert (Where.count(room=5), Where.count(room=6), Where.count(room=7)) == (2, 1, 0)
        assert Online.count() == 1
        assert Where.has(Me(1), room=5)
        assert Where.has(1, room=5)
        assert not Where.has(Me(2), room=5)
        assert not Where.has(None, room=5)
        ann, visitor = Where.first(8, room=5)
        assert ann.user.name == "Ann"
        assert ann.where == ann.presence == Where(room=5, typing=True)
        assert (ann.where.room, ann.where.typing) == (5, True)
        assert visitor.user is None
        assert visitor.where.mood == "wild"
        assert [one.user for one in Where.first(1, room=5)] == [Me(1, "Ann")]
        assert Online.first(1)[0].online == Online()


async def test_one_who_is_present_says_what_it_has(told: Told) -> None:
    told.update("tab-a", ANN, Where(room=5))
    with (
        within(told.there),
        pytest.raises(AttributeError, match="Present has no 'wher': it has 'user' and 'where'"),
    ):
        _ = Where.first(8, room=5)[0].wher


class Desk:
    """Notes what is recorded, and what of it could be read then."""

    def __init__(self) -> None:
        self.topics: list[Hashable] = []

    def read(self, topic: Hashable) -> None:
        self.topics.append(topic)

    def call(self, child: object) -> None: ...


async def test_each_reading_has_a_topic_of_its_own(told: Told) -> None:
    desk = Desk()
    told.update("tab-a", ANN, Where(room=5))
    published = set(told.topics)
    with within(told.there), use(Recorder(Visit(lambda: None), desk)):  # type: ignore[arg-type]
        for room in (5, 6):
            Where.count(room=room)
            Where.first(8, room=room)
            Where.has(Me(1), room=room)
            Where.has(Me(2), room=room)
        Where.has(None, room=5)
    assert len(set(desk.topics)) == len(desk.topics) == 8
    assert [topic in published for topic in desk.topics] == [True] * 3 + [False] * 5


async def test_a_reading_is_recorded_before_it_is_read(told: Told) -> None:
    class Late(Desk):
        def read(self, topic: Hashable) -> None:
            told.update("tab-a", ANN, Where(room=5))

    with within(told.there):
        for read in (
            lambda: Where.count(room=5),
            lambda: Where.first(1, room=5),
            lambda: Where.has(1, room=5),
        ):
            with use(Recorder(Visit(lambda: None), Late())):  # type: ignore[arg-type]
                assert read()
            told.update("tab-a", ANN)
            assert not read()


async def test_a_region_follows_who_is_present() -> None:
    renders: list[str] = []

    async with running() as hub:
        there = Presences(hub.publish, SIGNER)

        @region
        def crowd():
            presences.set(there)
            renders.append("crowd")
            return h.p[Where.count(room=5)]

        @region
        def ann():
            presences.set(there)
            renders.append("ann")
            return h.b["here" if Where.has(Me(1), room=5) else "away"]

        def page():
            return h.main[crowd(), ann()]

        tab, _ = await show(hub, Visit(page))
        there.update("tab-b", BOB, [(token(Where(room=5)), {})])
        await until(lambda: tab.patches == ["<p>1</p>"])
        there.update("tab-c", ANN, [(token(Where(room=6)), {})])
        there.update("tab-c", BOB, [(token(Where(room=5)), {"typing": True})])
        assert renders == ["crowd", "ann", "crowd"]
        there.stop()


async def test_a_place_that_does_not_exist_is_named(told: Told) -> None:
    with within(told.there):
        with pytest.raises(TypeError, match=r"Where\.count\(\) leaves out room.*add room=…"):
            Where.count()
        with pytest.raises(TypeError, match=r"have no field 'rom': did you mean 'room'\?"):
            Where.first(8, room=5, rom=5)
        with pytest.raises(TypeError, match=r"have no field 'x': it is one place, without any"):
            Online.count(x=1)
        with pytest.raises(TypeError, match=r"typing has a default, so every tab says it"):
            Where.has(Me(1), room=5, typing=True)
        with pytest.raises(TypeError, match=r"Where\.count\(room='5'\): room='5' does not fit"):
            Where.count(room="5")
        with pytest.raises(ValueError, match=r"Where\.first\(0, …\): give how many, at least 1"):
            Where.first(0, room=5)
        with pytest.raises(TypeError, match=r"Where\.has\(\[1\], …\): give a user, or the id"):
            Where.has([1], room=5)


def test_outside_of_an_application_nobody_knows() -> None:
    for read in (Where.count, lambda **place: Where.first(8, **place)):
        with pytest.raises(LookupError, match=r"room=5\) was called outside of a page, region"):
            read(room=5)
    with pytest.raises(LookupError, match=r"Where\.has\(room=5\) was called outside"):
        Where.has(Me(1), room=5)


async def test_places_are_told_apart_by_value(told: Told) -> None:
    there = Exact(day=date(2026, 1, 2), size=Size.SMALL, path=("a", 1))
    told.update("tab-a", ANN, there, names=["x"])
    with within(told.there):
        place = {"day": date(2026, 1, 2), "size": Size.SMALL, "path": ("a", 1)}
        assert Exact.count(**place) == 1
        assert Exact.count(**{**place, "path": ("a", 2)}) == 0
        assert Exact.first(1, **place)[0].exact == Exact(**place, names=["x"])

    class Listed(Presence):
        rooms: list[int]

    with within(told.there), pytest.raises(RenderError, match=r"list \[1\].*a tuple for a list"):
        Listed.count(rooms=[1])


def alike() -> type[Presence]:
    class Where(Presence):
        room: int

    return Where


async def test_two_classes_of_one_name_are_two(told: Told) -> None:
    other: Any = alike()
    told.update("tab-a", ANN, Where(room=5))
    told.update("tab-b", BOB, other(room=5))
    with within(told.there):
        assert [one.user.id for one in Where.first(8, room=5)] == [1]
        assert [one.user.id for one in other.first(8, room=5)] == [2]


def test_the_first_so_many_are_exact_while_they_are_few() -> None:
    assert len({first_topic("p", size) for size in range(1, 17)}) == 16
    assert first_topic("p", 17) == first_topic("p", 32) != first_topic("p", 33)


# What tabs say

HOSTILE: dict[str, tuple[object, object, str]] = {
    "no token": (None, {}, "NoneType was not signed"),
    "an empty token": ("", {}, "'' was not signed"),
    "a long token": ("A" * 100_000, {}, "'A+… was not signed"),
    "a lone surrogate": ("\ud800", {}, "was not signed"),
    "another secret": (token(Where(room=5), Signer(b"of somebody else")), {}, "was not signed"),
    "another purpose": (SIGNER.sign("grant", b"x"), {}, "was not signed"),
    "a class of an older build": (
        SIGNER.sign(PURPOSE, b"app.Gone-0123"),
        {},
        "of a class that is not there",
    ),
    "a wrong type": (token(Where(room=5)), {"typing": 1}, "'where' cannot be accepted: Expected"),
    "the place": (token(Where(room=5)), {"room": 6}, "unknown field `room`"),
    "an unknown value": (token(Where(room=5)), {"x": 1}, "unknown field `x`"),
    "no object": (token(Where(room=5)), [], "Expected `object`, got `array`"),
    "nothing": (token(Where(room=5)), None, "Expected `object`, got `null`"),
    "too much": (
        token(Where(room=5)),
        {"mood": "x" * 1024},
        "they are 1,035 bytes, and at most 1,024",
    ),
    "half a character": (token(Where(room=5)), {"mood": "\ud800"}, "cannot be accepted"),
    "a number without end": (token(Where(room=5)), {"mood": 10**5000}, "cannot be accepted"),
    "a name without end": (token(Where(room=5)), {"x" * 900: 1}, "unknown field `x+"),
    "what is no JSON": (token(Where(room=5)), {"mood": object()}, "cannot be accepted"),
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_what_cannot_be_is_refused_and_changes_nothing(told: Told, case: str) -> None:
    said, values, reason = HOSTILE[case]
    told.update("tab-a", ANN, Where(room=5))
    with pytest.raises(PresenceError, match=reason) as refused:
        told.there.update("tab-a", ANN, [(token(Where(room=6)), {}), (said, values)])
    assert len(str(refused.value)) < 300
    with within(told.there):
        assert (Where.count(room=5), Where.count(room=6)) == (1, 0)


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_stream_that_opens_goes_on_with_what_is_good(told: Told, case: str) -> None:
    said, values, _ = HOSTILE[case]
    told.there.resume("tab-a", ANN, [(said, values), (token(Where(room=6)), {"typing": True})])
    with within(told.there):
        assert Where.count(room=5) == 0
        assert Where.first(1, room=6)[0].where.typing


async def test_a_tab_is_at_so_many_places_and_not_at_more(told: Told) -> None:
    places = [Where(room=room) for room in range(33)]
    told.update("tab-a", ANN, *places[:32])
    entries = [(token(place), {}) for place in places]
    for say in (told.there.update, told.there.resume):
        with pytest.raises(PresenceError, match="names 33 places; at most 32"):
            say("tab-b", BOB, entries)


async def test_a_place_that_is_named_twice_is_one(told: Told) -> None:
    told.update("tab-a", ANN, Where(room=5), Where(room=5))
    with within(told.there):
        assert Where.count(room=5) == 1


def nested(depth: int) -> object:
    value: object = []
    for _ in range(depth):
        value = [value]
    return value


async def test_values_nested_without_end_are_refused(told: Told) -> None:
    with pytest.raises(PresenceError, match="'where' cannot be accepted"):
        told.there.update("tab-a", ANN, [(token(Where(room=5)), {"mood": nested(100_000)})])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["typing", "mood", "room", "__proto__", ""])


@given(st.one_of(JSON, st.dictionaries(NAMES, JSON, max_size=3)))
def test_whatever_a_tab_says_is_accepted_or_refused(values: object) -> None:
    async def say() -> None:
        told = Told()
        try:
            told.there.update("tab-a", ANN, [(token(Where(room=5)), values)])
        except PresenceError:
            assert not told.topics
        else:
            with within(told.there):
                said = Where.first(1, room=5)[0].where
            assert isinstance(said.typing, bool)
            assert isinstance(said.mood, str)
        told.there.stop()

    asyncio.run(say())


# Time


async def test_a_tab_without_a_stream_goes_by_itself() -> None:
    told = Told(Times(members=0.01, values=0.01, grace=0.01))
    told.update("tab-a", ANN, Where(room=5))
    before = len(told.topics)
    assert before
    told.there.leave("tab-a")
    with within(told.there):
        assert Where.count(room=5) == 1
        await until(lambda: len(told.topics) > before)
        assert Where.count(room=5) == 0
    told.there.stop()


async def test_what_is_held_back_is_told_later() -> None:
    told = Told(Times(members=0.01, values=0.01, grace=0.01))
    told.update("tab-a", ANN, Where(room=5))
    told.update("tab-b", BOB, Where(room=5))
    told.topics.clear()
    await until(lambda: told.topics)
    told.there.stop()


async def test_who_is_stopped_tells_nothing_and_forgets_everybody() -> None:
    told = Told(Times(members=0.005, values=0.005, grace=0.005))
    told.update("tab-a", ANN, Where(room=5))
    told.update("tab-b", BOB, Where(room=5))
    told.there.leave("tab-a")
    told.there.stop()
    told.topics.clear()
    await asyncio.sleep(0.05)
    assert told.topics == []
    with within(told.there):
        assert Where.count(room=5) == 0


def test_it_is_used_again_on_another_loop() -> None:
    told = Told()

    async def come() -> None:
        told.update("tab-a", ANN, Where(room=5))
        told.update("tab-b", BOB, Where(room=5))
        with within(told.there):
            assert Where.count(room=5) == 2

    asyncio.run(come())
    told.there.stop()
    asyncio.run(come())
    told.there.stop()
