"""Regions that one tab has mounted: kept current in its place, by its stream alone."""

import asyncio

import pytest

from helio import Signals, Topic, bind, region, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.pace import Pace
from helio.live.views import Place, Stream
from live.standin import Tab, Visit, running, until

NEWS = Topic("news")
PAGE = Topic("page")


class Desk:
    """A page, and cards that can be mounted beside it."""

    def __init__(self) -> None:
        self.text = {1: "one", 2: "two"}
        self.head = "head"

        @region
        def card(number: int) -> object:
            watch(NEWS)
            return h.article(id=f"card-{number}")[self.text[number], "x" * 200]

        def page() -> object:
            watch(PAGE)
            return h.main[h.h1[self.head], card(1)]

        self.card = card
        self.page = Visit(page)

    async def open(self, hub: Hub, *, tab: str | None = None) -> tuple[Tab, Stream]:
        sink = Tab()
        stream = await hub.open(self.page, {}, sink, tab, steps=True)
        sink.sent = b""
        return sink, stream


def side(mode: str = "inner") -> Place:
    return Place("side", mode, "granted")  # type: ignore[arg-type]


async def test_it_comes_by_the_stream_with_its_grant() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        assert tab.fields("helio-mount", "into") == ["side"]
        assert tab.fields("helio-mount", "mode") == ["inner"]
        assert tab.fields("helio-mount", "grant") == ["granted"]
        assert "two" in tab.fields("helio-mount", "html")[0]


async def test_it_is_kept_current_for_its_tab_alone() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        other, _ = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        desk.text[2] = "changed"
        hub.publish([NEWS])
        await until(lambda: b"changed" in tab.sent)
        await asyncio.sleep(0.02)
        assert other.sent == b""


async def test_a_region_in_two_places_is_written_once() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(1), side())
        tab.sent = b""
        desk.text[1] = "changed"
        hub.publish([NEWS])
        await until(lambda: b"changed" in tab.sent)
        await asyncio.sleep(0.02)
        assert tab.sent.count(b"changed") == 1


async def test_what_changes_in_one_tick_comes_in_one_batch() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        await asyncio.sleep(0.02)  # all have been quiet for a tick
        tab.sent, tab.writes = b"", 0
        desk.text, desk.head = {1: "new one", 2: "new two"}, "new head"
        hub.publish([NEWS, PAGE])
        await until(lambda: b"new two" in tab.sent)
        assert tab.writes == 1
        assert [event.data for event in tab.events if event.event == "helio-batch"] == ["size 2"]
        assert tab.events[0].event == "helio-batch"
        assert len(tab.events) == 3, "the page with its card, and the mounted card"


async def test_inner_takes_the_place_of_what_was_there() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(1), side())
        await hub.mount(stream, desk.card(2), side())
        assert [key for _, key in stream.mounts] == [desk.card(2).key]  # type: ignore[attr-defined]
        await hub.mount(stream, desk.card(1), side("append"))
        assert len(stream.mounts) == 2
        assert tab.fields("helio-mount", "mode") == ["inner", "inner", "append"]


async def test_it_ends_when_it_is_taken_away() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        hub.unmount(stream, "side")
        assert tab.fields("helio-unmount", "into") == ["side"]
        desk.text[2] = "changed"
        hub.publish([NEWS])
        await asyncio.sleep(0.02)
        assert b"changed" not in tab.sent


async def test_it_comes_back_with_the_stream_and_is_not_sent_twice() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        shown = dict(stream.page.root.state) | dict(
            stream.mounts["side", desk.card(2).key].root.state
        )  # type: ignore[attr-defined]
        hub.drop(stream)
        again = Tab()
        mounts = [(desk.card(2), side())]
        await hub.open(desk.page, shown, again, None, mounts=mounts, steps=True)  # type: ignore[arg-type]
        assert again.sent == b""
        desk.text[2] = "changed"
        hub.publish([NEWS])
        await until(lambda: b"changed" in again.sent)
        assert tab.end is None


async def test_a_lost_mount_is_sent_whole() -> None:
    desk = Desk()
    async with running() as hub:
        again = Tab()
        mounts = [(desk.card(2), side())]
        await hub.open(desk.page, {}, again, None, mounts=mounts, steps=True)  # type: ignore[arg-type]
        assert "two" in again.fields("helio-mount", "html")[0]


async def test_a_slow_tab_gets_the_newest_of_everything_once() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        tab.sent, tab.full = b"", True
        for text in ("first", "second"):
            desk.text, desk.head = {1: text, 2: text}, text
            hub.publish([NEWS, PAGE])
            await asyncio.sleep(0.02)
        assert tab.sent == b""
        tab.full = False
        hub.drained(stream)
        assert b"first" not in tab.sent
        assert tab.sent.count(b"second") == 3
        assert tab.writes
        assert stream.in_step


async def test_settling_waits_for_what_is_mounted() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        desk.text[2] = "changed"
        hub.publish([NEWS])
        await hub.settle(stream)
        assert b"changed" in tab.sent


async def test_nothing_is_kept_of_it_after_the_tab() -> None:
    desk = Desk()
    async with running() as hub:
        _, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(2), side())
        hub.drop(stream)
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views
        assert not hub.graph.audience._roots


async def test_one_that_cannot_be_said_leaves_the_others(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()

    class Draft(Signals):
        text: str = "\ud800"  # has no form in UTF-8

    @region
    def unsayable() -> object:
        return h.p[h.input(bind(Draft.text))]

    async with running() as hub:
        tab = Tab()
        mounts = [(unsayable(), side()), (desk.card(2), Place("rows", "append", "granted"))]
        stream = await hub.open(desk.page, {}, tab, None, mounts=mounts, steps=True)
        assert tab.fields("helio-unmount", "into") == ["side"]
        assert tab.fields("helio-mount", "into") == ["rows"]
        assert "unsayable() cannot be mounted again" in caplog.text
        with pytest.raises(ValueError, match="lone surrogate"):
            await hub.mount(stream, unsayable(), side())
        assert list(stream.mounts) == [("rows", desk.card(2).key)]
        desk.text[2] = "changed"
        hub.publish([NEWS])
        await until(lambda: b"changed" in tab.sent)
        assert not tab.end


async def test_an_opening_that_is_given_up_leaves_no_stream() -> None:
    desk = Desk()
    gate = asyncio.Event()

    @region
    async def slow() -> object:
        await gate.wait()
        return h.p["slow"]

    async with running() as hub:
        mounts = [(slow(), side())]
        opening = asyncio.ensure_future(
            hub.open(desk.page, {}, Tab(), "tab", mounts=mounts, steps=True)
        )
        await until(lambda: len(hub.streams))
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        gate.set()
        assert not len(hub.streams)


async def test_nothing_is_kept_for_a_stream_that_goes_while_it_settles() -> None:
    gate = asyncio.Event()
    slowly: list[bool] = []

    @region
    def inner() -> object:
        watch(NEWS)
        return h.b["inner"]

    @region
    def card() -> object:
        watch(NEWS)
        return h.article[inner()]

    async def page() -> object:
        watch(PAGE)
        if slowly:
            await gate.wait()
        return h.main["head"]

    async with running(Pace(linger=0)) as hub:
        stream = await hub.open(Visit(page), {}, Tab(), None, steps=True)
        await hub.mount(stream, card(), side())
        slowly.append(True)
        hub.publish([PAGE])
        settling = asyncio.ensure_future(hub.settle(stream))
        await asyncio.sleep(0.01)
        hub.publish([NEWS])
        hub.drop(stream)
        await asyncio.sleep(1.5)  # what nobody needs is forgotten once a second
        gate.set()
        await settling
        await until(lambda: hub.renders.resting)
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views
        assert not hub.graph._readers


async def test_a_mount_that_comes_too_late_is_none() -> None:
    desk = Desk()
    gate = asyncio.Event()

    @region
    async def slow() -> object:
        watch(NEWS)
        await gate.wait()
        return h.p["slow"]

    async with running() as hub:
        tab, stream = await desk.open(hub)
        mounting = asyncio.ensure_future(hub.mount(stream, slow(), side()))
        await asyncio.sleep(0.01)
        hub.drop(stream)
        tab.close()
        gate.set()
        await mounting
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views


async def test_one_that_is_refused_leaves_the_others_of_its_place() -> None:
    desk = Desk()

    def no(user: object) -> bool:
        return False

    @region(allow=no)
    def secret() -> object:
        return h.p["secret"]

    async with running() as hub:
        tab = Tab()
        mounts = [(desk.card(2), side("append")), (secret(), side("append"))]
        stream = await hub.open(desk.page, {}, tab, None, mounts=mounts, steps=True)
        assert tab.fields("helio-unmount", "key") == [secret().key]
        assert list(stream.mounts) == [("side", desk.card(2).key)]


async def test_a_slow_client_is_told_what_has_left_though_its_successor_may_not_come() -> None:
    desk = Desk()
    async with running() as hub:
        tab, stream = await desk.open(hub)
        await hub.mount(stream, desk.card(1), side())
        tab.full = True
        await hub.mount(stream, desk.card(2), side())
        assert tab.fields("helio-unmount", "key") == [desk.card(1).key]
        await hub.mount(stream, desk.card(2), side("append"))
        tab.full = False
        hub.drained(stream)
        assert tab.fields("helio-mount", "key") == [desk.card(1).key, desk.card(2).key]
        assert tab.fields("helio-mount", "mode") == ["inner", "append"]
        assert tab.fields("helio-unmount", "key") == [desk.card(1).key]
