"""Rights when something is odd: users who change, faults, questions that take long."""

import asyncio
from dataclasses import dataclass

import pytest

from helio import Signals, bind, region, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.pace import Pace
from helio.live.rights import NotAllowed, Visitor
from helio.live.views import Place
from live.standin import PATIENCE, Tab, Visit, quiet, running, until
from live.test_rights import ANN, BOB, MEMBERS, NEWS, Club, Me, Session, inbox


async def test_a_users_mount_follows_what_is_known_of_him() -> None:
    session = Session(Me(1, "ann"))

    def hall() -> object:
        return h.p["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, session, steps=True)
        await hub.mount(stream, inbox(Me(1, "formerly")), Place("side", "inner", "grant"))
        assert b"letters of ann<" in tab.sent
        assert b"formerly" not in tab.sent
        session.who = Me(1, "anna")
        hub.publish([MEMBERS])
        await until(lambda: b"letters of anna<" in tab.sent)
        assert stream.mounts
        # A call that was made before that does not bring back what he was.
        await hub.mount(stream, inbox(Me(1, "ann")), Place("other", "inner", "grant"))
        assert tab.sent.count(b"letters of ann<") == 1


async def test_a_call_that_is_refused_changes_nothing_for_others() -> None:
    session = Session(Me(1, "ann"))

    def page() -> object:
        return h.main[inbox(Me(1, "ann"))]

    visit = Visit(page, user=Me(1, "ann"))
    async with running() as hub:
        tab = Tab()
        await hub.open(visit, {}, tab, "hers", session)
        stream = await hub.open(visit, {}, Tab(), "his", Session(Me(2, "bob"), "other"), steps=True)
        with pytest.raises(NotAllowed):
            await hub.mount(stream, inbox(Me(1, "forged")), Place("side", "inner", "grant"))
        hub.publish([NEWS])
        await asyncio.sleep(0.02)
        assert b"forged" not in tab.sent


async def test_a_region_of_two_users_is_the_firsts_and_keeps_the_other() -> None:
    ann, bob = Me(1, "ann"), Me(2, "bob")
    session = Session(ann)

    @region
    def letters(me: Me, friend: Me) -> object:
        return h.p[f"{me.name} to {friend.name}"]

    def hall() -> object:
        return h.p["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, session, steps=True)
        await hub.mount(stream, letters(ann, bob), Place("side", "inner", "grant"))
        session.who = Me(1, "anna")
        hub.publish([MEMBERS])
        await until(lambda: b"anna to bob" in tab.sent)


async def test_what_cannot_be_decided_for_one_is_decided_for_the_others() -> None:
    """A fault in one visitor's identity ends his stream, and no other's right lives on by it."""
    club = Club(members={"ann", "odd"})

    @dataclass
    class Odd:
        broken: bool = False

        @property
        def id(self) -> str:
            if self.broken:
                raise LookupError("who is it?")
            return "odd"

        async def user(self) -> object:
            return "odd"

    odd = Odd()
    async with running() as hub:
        broken = Tab()
        await hub.open(club.page, {}, broken, "odd", odd, steps=True)
        ann, _ = await club.open(hub, ANN)
        odd.broken = True
        club.members.clear()
        club.news = "newer"
        hub.publish([MEMBERS, NEWS])
        await until(lambda: ann.patches)
        assert ann.patches == ["<template></template>"]
        await until(lambda: broken.end == "broken")
        club.news = "newer still"
        hub.publish([NEWS])
        await asyncio.sleep(0.02)
        assert b"newer" not in ann.sent + broken.sent


async def test_signals_of_what_is_withheld_are_not_counted_as_sent() -> None:
    shows: list[bool] = []

    class Draft(Signals):
        text: str = "here"

    def rule(user: object) -> bool:
        return user == "ann"

    @region(allow=rule)
    def vault() -> object:
        return h.p[h.input(bind(Draft.text))]

    @region
    def desk() -> object:
        return h.div[h.input(bind(Draft.text))]

    def page() -> object:
        watch(NEWS)
        return h.main[vault(), desk() if shows else None]

    async with running() as hub:
        tab = Tab()
        await hub.open(Visit(page), {}, tab, None, BOB, steps=True)
        shows.append(True)
        hub.publish([NEWS])
        await until(lambda: b"<div" in tab.sent)
        assert b'"text":"here"' in tab.sent


async def test_questions_that_wait_for_others_are_kept_meanwhile_and_let_go_in_the_end() -> None:
    gate = asyncio.Event()

    async def slow(user: object) -> bool:
        watch(MEMBERS)
        await gate.wait()
        return True

    def quick(user: object) -> bool:
        watch(NEWS)
        return True

    @region(allow=slow)
    def one() -> object:
        return h.p["one"]

    @region(allow=quick)
    def other() -> object:
        return h.p["other"]

    def page() -> object:
        return h.main[one(), other(), one()]

    async with running(Pace(linger=0)) as hub:
        tab = Tab()
        opening = asyncio.ensure_future(hub.open(Visit(page), {}, tab, None, ANN))
        await asyncio.sleep(1.5)  # what nobody needs is forgotten once a second
        gate.set()
        stream = await opening
        assert tab.patches == ["<main><p>one</p><p>other</p><p>one</p></main>"]
        hub.drop(stream)
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views
        assert not hub.graph._readers


async def test_what_was_answered_before_a_change_is_no_answer_for_who_comes_after_it() -> None:
    gate = asyncio.Event()
    members = {"ann"}
    shows: list[bool] = []

    async def member(user: object) -> bool:
        watch(MEMBERS)
        answer = user in members
        if not answer:
            await gate.wait()
        return answer

    @region(allow=member)
    def board() -> object:
        return h.p["secret"]

    def hall() -> object:
        watch(NEWS)
        return h.main["hall", board() if shows else None]

    def lobby() -> object:
        return h.main[board()]

    async with running() as hub:
        await hub.open(Visit(lobby), {}, Tab(), "one", ANN, steps=True)
        tab = Tab()
        await hub.open(Visit(hall), {}, tab, "other", ANN, steps=True)
        members.clear()
        hub.publish([MEMBERS])
        shows.append(True)
        hub.publish([NEWS])
        await until(lambda: b"template" in tab.sent)
        await asyncio.sleep(0.02)
        gate.set()
        await quiet(hub)
        assert b"secret" not in tab.sent


async def test_a_page_of_a_user_stays_when_another_who_may_see_it_comes() -> None:
    session = Session(Me(1, "ann"))

    def member(user: object) -> bool:
        return isinstance(user, Me)

    def page() -> object:
        watch(MEMBERS)
        assert session.who is not None
        return h.main[f"page of {session.who.name}"]

    visit = Visit(page, rule=member, user=session.who)
    async with running() as hub:
        tab = Tab()
        await hub.open(visit, {}, tab, None, session, steps=True)
        session.who = Me(2, "bob")
        hub.publish([MEMBERS])
        await until(lambda: b"page of bob" in tab.sent)
        await quiet(hub)
        assert not tab.end


async def test_what_stands_in_something_withheld_is_not_asked_for() -> None:
    asked: list[str] = []

    def outer(user: object) -> bool:
        watch(MEMBERS)
        return user == "ann"

    def inner(user: object) -> bool:
        asked.append(str(user))
        return True

    @region(allow=inner)
    def drawer() -> object:
        return h.b["letters"]

    @region(allow=outer)
    def desk() -> object:
        return h.p[drawer()]

    def page() -> object:
        return h.main[desk()]

    async with running() as hub:
        for one in (BOB, ANN):
            await hub.document(Visit(page), one)
            await hub.open(Visit(page), {}, Tab(), one.id, one)
            hub.publish([MEMBERS])
            await quiet(hub)
        assert {*asked} == {"ann"}


class Hurried:
    """A board whose rule takes longer than its region, and a page around it."""

    def __init__(self) -> None:
        self.members = {"ann", "bob"}
        self.pause = 0.05
        self.news = 0
        hurried = self

        async def member(user: object) -> bool:
            watch(MEMBERS)
            answer = user in hurried.members
            await asyncio.sleep(hurried.pause)
            return answer

        @region(allow=member)
        def board() -> object:
            watch(NEWS)
            return h.p[f"news {hurried.news}"]

        def page() -> object:
            return h.main[board()]

        self.page = Visit(page)
        self.board = board

    async def open(self, hub: Hub, visitor: Visitor) -> Tab:
        tab = Tab()
        await hub.open(self.page, {}, tab, visitor.id, visitor, steps=True)
        return tab


async def test_what_is_new_waits_for_the_rule_that_is_asked_again() -> None:
    """Who is thrown out and what is said of it may be one change: he does not read it."""
    hurried = Hurried()
    async with running() as hub:
        ann, bob = await hurried.open(hub, ANN), await hurried.open(hub, BOB)
        hurried.members.remove("bob")
        hurried.news = 1
        hub.publish([MEMBERS, NEWS])
        await until(lambda: b"news 1" in ann.sent)
        await until(lambda: b"template" in bob.sent)
        await quiet(hub)
        assert b"news 1" not in bob.sent
        hurried.members.add("bob")
        hub.publish([MEMBERS])
        await until(lambda: b"news 1" in bob.sent)


async def test_it_waits_in_a_mount_and_for_slow_clients_too() -> None:
    hurried = Hurried()

    def hall() -> object:
        return h.main["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, BOB, steps=True)
        await hub.mount(stream, hurried.board(), Place("side", "inner", "grant"))
        hurried.members.remove("bob")
        hurried.news = 1
        hub.publish([MEMBERS, NEWS])
        while b"helio-unmount" not in tab.sent:
            hub.drained(stream)
            await asyncio.sleep(0.001)
        assert b"news 1" not in tab.sent


async def test_a_rule_that_is_asked_all_the_time_holds_nothing_back_for_ever() -> None:
    hurried = Hurried()
    async with running() as hub, asyncio.timeout(PATIENCE):
        tab = await hurried.open(hub, ANN)
        while tab.sent.count(b"news") < 5:
            hurried.news += 1
            hub.publish([MEMBERS, NEWS])
            await asyncio.sleep(hurried.pause / 10)


async def test_a_rule_that_does_not_answer_holds_back_what_hangs_on_it_alone() -> None:
    gate = asyncio.Event()
    broken = [True]

    async def rule(user: object) -> bool:
        watch(MEMBERS)
        if not broken:
            await gate.wait()
        raise LookupError("the list of members is lost")

    @region(allow=rule)
    def board() -> object:
        return h.p["secret"]

    @region
    def clock() -> object:
        watch(NEWS)
        return h.b[f"time {len(times)}"]

    def page() -> object:
        return h.main[board(), clock()]

    times: list[int] = []
    async with running() as hub:
        tab = Tab()
        await hub.open(Visit(page), {}, tab, None, ANN, steps=True)
        broken.clear()
        hub.publish([MEMBERS])
        await asyncio.sleep(0.02)
        times.append(1)
        hub.publish([NEWS])
        await until(lambda: b"time 1" in tab.sent)
        gate.set()
