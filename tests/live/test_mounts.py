"""Regions that one tab has mounted: kept current in its place, by its stream alone."""

import asyncio

from helio import Topic, region, watch
from helio import html as h
from helio.live.hub import Hub
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
