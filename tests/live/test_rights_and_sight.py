"""What comes into sight or leaves it, by rights and by renders, of streams in every state."""

import asyncio

from helio import Topic, region, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.rights import Visitor
from helio.live.views import Place, Stream
from live.standin import Tab, Visit, bare, have, quiet, running, until
from live.test_rights import ANN, BOB, MEMBERS, NEWS

SHAPE = Topic("shape")


class House:
    """A page that may show a vault for members, with a letter in it, beside a clock."""

    def __init__(self, *members: str) -> None:
        self.members = set(members)
        self.gate = asyncio.Event()
        self.gate.set()
        self.news = 0
        self.time = 0
        self.vaults = 1
        house = self

        async def member(user: object) -> bool:
            watch(MEMBERS)
            await house.gate.wait()
            return user in house.members

        @region
        def letter() -> object:
            watch(NEWS)
            return h.b[f"letter {house.news}"]

        @region(allow=member)
        def vault() -> object:
            return h.section["vault", letter()]

        @region
        def desk() -> object:
            return h.div["desk", vault()]

        @region
        def clock() -> object:
            watch(SHAPE)
            return h.i[f"time {house.time}"]

        def page() -> object:
            watch(SHAPE)
            return h.main[clock(), vault() if house.vaults else None]

        def hall() -> object:
            return h.main["hall"]

        self.page, self.hall = Visit(page), Visit(hall)
        self.vault, self.desk = vault, desk

    async def open(self, hub: Hub, visitor: Visitor) -> tuple[Tab, Stream]:
        document = await hub.document(self.page, visitor)
        tab = Tab()
        shown = have(document.html)
        return tab, await hub.open(self.page, shown, tab, visitor.id, visitor, steps=True)


async def test_changes_inside_something_withheld_are_written_to_nobody() -> None:
    house = House()
    async with running() as hub:
        tab, _ = await house.open(hub, BOB)
        before = tab.writes
        house.news = 1
        hub.publish([NEWS])
        await asyncio.sleep(0.02)
        assert tab.writes == before


async def test_what_a_right_reveals_is_as_of_now() -> None:
    house = House()
    async with running() as hub:
        tab, _ = await house.open(hub, BOB)
        house.news = 1
        hub.publish([NEWS])  # nobody sees the letter, so that it is not rendered again
        await quiet(hub)
        house.members.add("bob")
        hub.publish([MEMBERS])
        await until(lambda: b"letter 1" in tab.sent)


async def test_who_comes_while_a_rule_is_asked_again_sees_what_it_answers() -> None:
    house = House("ann")
    house.vaults = 0
    async with running() as hub:
        await hub.open(Visit(house.desk.function), {}, Tab(), "other", ANN, steps=True)
        tab, _ = await house.open(hub, ANN)
        house.gate.clear()
        hub.publish([MEMBERS])
        house.vaults = 1
        hub.publish([SHAPE])
        await until(lambda: b"template" in tab.sent)
        assert b"letter" not in tab.sent
        house.gate.set()
        await until(lambda: b"letter 0" in tab.sent)


async def test_a_slow_client_is_asked_for_too() -> None:
    house = House("ann")
    house.vaults = 0
    async with running() as hub:
        tab, stream = await house.open(hub, ANN)
        tab.full = True
        for house.time, house.vaults in ((1, 0), (2, 1)):
            hub.publish([SHAPE])
            await quiet(hub)
        tab.full = False
        hub.drained(stream)
        await until(lambda: b"letter 0" in tab.sent)
        assert b"time 2" in tab.sent


async def test_a_slow_client_misses_nothing_by_a_new_right() -> None:
    house = House()
    async with running() as hub:
        tab, stream = await house.open(hub, BOB)
        tab.full = True
        house.time = 1
        hub.publish([SHAPE])
        await quiet(hub)
        house.members.add("bob")
        hub.publish([MEMBERS])
        await quiet(hub)
        assert not tab.sent
        tab.full = False
        hub.drained(stream)
        await until(lambda: b"letter 0" in tab.sent)
        assert b"time 1" in tab.sent


async def test_who_goes_with_an_answer_under_way_leaves_nothing_behind() -> None:
    house = House("ann")
    async with running() as hub:
        tab, stream = await house.open(hub, ANN)
        house.members.clear()
        hub.publish([MEMBERS])
        while stream not in hub.graph.audience._judged:
            await asyncio.sleep(0)
        hub.drop(stream)  # before the answer has been heard
        tab.close()
        await quiet(hub)
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views


async def test_a_mount_brings_nothing_that_is_withheld_inside_it() -> None:
    house = House("ann")
    async with running() as hub:
        for visitor, shown in ((ANN, True), (BOB, False)):
            tab = Tab()
            stream = await hub.open(house.hall, {}, tab, None, visitor, steps=True)
            await hub.mount(stream, house.desk(), Place("side", "inner", "grant"))
            assert b"desk" in tab.sent
            assert (b"letter" in tab.sent) == shown


async def test_a_page_is_live_by_what_its_rules_read() -> None:
    """Whoever is refused a region sees it come, though nothing else of the page changes."""
    allowed: set[object] = set()

    def rule(user: object) -> bool:
        watch(MEMBERS)
        return user in allowed

    @region(allow=rule)
    def board() -> object:
        return h.p["secret"]

    def page() -> object:
        return h.main["hall", board()]

    async with running() as hub:
        document = await hub.document(Visit(page), BOB)
        assert document.live
        assert bare(document.html) == "<main>hall<template></template></main>"


async def test_an_answer_that_nobody_needed_for_a_while_is_asked_for_again() -> None:
    house = House("ann")
    async with running() as hub:
        other = Tab()
        earlier = await hub.open(Visit(house.desk.function), {}, other, "other", ANN, steps=True)
        assert b"letter" in other.sent
        hub.drop(earlier)
        hub.publish([MEMBERS])  # nobody shows what hangs on it
        house.vaults = 0
        hub.publish([SHAPE])
        tab, _ = await house.open(hub, ANN)
        hub.publish([MEMBERS])
        house.vaults = 1
        hub.publish([SHAPE])
        await until(lambda: b"letter 0" in tab.sent)
