"""Streams: what is written to them, how they are kept, and how they end."""

import asyncio
import json

import pytest

from helio import RenderError, Signals, Topic, bind, region, text, title, watch
from helio import html as h
from helio.live.pace import Pace
from live.standin import PATIENCE, Tab, Visit, have, quiet, running, show, until

NEWS = Topic("news")


class Draft(Signals):
    title: str = ""
    size: int = 3


class Counted:
    """A page around a region that shows `value`."""

    def __init__(self) -> None:
        self.value = 0
        counted = self

        @region
        def cell():
            watch(NEWS)
            return h.p[counted.value]

        def page():
            return h.main[cell()]

        self.page = Visit(page)

    def change(self, hub) -> None:
        self.value += 1
        hub.publish([NEWS])


@pytest.fixture
def counted() -> Counted:
    return Counted()


async def test_a_client_that_has_everything_is_sent_nothing(counted: Counted) -> None:
    async with running() as hub:
        tab, _ = await show(hub, counted.page)
        assert tab.writes == 0


async def test_a_client_that_does_not_say_what_it_has_gets_the_page(counted: Counted) -> None:
    async with running() as hub:
        tab = Tab()
        await hub.open(counted.page, {}, tab, None)
        assert tab.patches == ["<main><p>0</p></main>"]


async def test_a_client_that_has_something_older_gets_what_differs(counted: Counted) -> None:
    async with running() as hub:
        document = await hub.document(counted.page)
        counted.change(hub)
        tab = Tab()
        await hub.open(counted.page, have(document.html), tab, None)
        assert tab.patches == ["<p>1</p>"]


async def test_the_newest_stream_of_a_tab_ends_the_older_for_good(counted: Counted) -> None:
    async with running() as hub:
        first, second, other = Tab(), Tab(), Tab()
        await hub.open(counted.page, {}, other, "tab-2")
        await hub.open(counted.page, {}, first, "tab-1")
        stream = await hub.open(counted.page, {}, second, "tab-1")
        assert first.end == "closed"
        assert first.fields("datastar-close", "reason") == ["replaced"]
        counted.change(hub)
        await until(lambda: second.patches[-1] == other.patches[-1] == "<p>1</p>")
        assert len(hub.streams) == 2
        hub.drop(stream)
        hub.drop(stream)
        assert len(hub.streams) == 1


async def test_a_replaced_stream_that_ends_late_leaves_the_newer_one_alone(
    counted: Counted,
) -> None:
    async with running() as hub:
        older = await hub.open(counted.page, {}, Tab(), "tab-1")
        tab = Tab()
        await hub.open(counted.page, {}, tab, "tab-1")
        hub.drop(older)
        hub.drained(older)
        counted.change(hub)
        await until(lambda: tab.patches[-1] == "<p>1</p>")
        newest = Tab()
        await hub.open(counted.page, {}, newest, "tab-1")
        assert tab.end == "closed"


async def test_a_slow_client_is_skipped_and_gets_the_newest_state_once(counted: Counted) -> None:
    async with running() as hub:
        tab, stream = await show(hub, counted.page)
        quick, _ = await show(hub, counted.page)
        tab.full = True
        for number in range(1, 4):
            counted.change(hub)
            await until(lambda number=number: len(quick.patches) == number)
        assert tab.writes == 0
        hub.drained(stream)
        assert tab.writes == 0, "it is still full"
        tab.full = False
        hub.drained(stream)
        assert tab.patches == ["<p>3</p>"]
        hub.drained(stream)
        counted.change(hub)
        await until(lambda: tab.patches == ["<p>3</p>", "<p>4</p>"])


async def test_a_slow_client_whose_page_came_back_to_what_it_has_gets_nothing(
    counted: Counted,
) -> None:
    async with running() as hub:
        tab, stream = await show(hub, counted.page)
        tab.full = True
        counted.change(hub)
        await quiet(hub)
        counted.value = -1
        counted.change(hub)
        await quiet(hub)
        tab.full = False
        hub.drained(stream)
        assert tab.writes == 0


async def test_silent_streams_hear_a_heartbeat(counted: Counted) -> None:
    async with running(Pace(heartbeat=0.0)) as hub:
        tab, _ = await show(hub, counted.page)
        await until(lambda: tab.sent)
        assert tab.sent.startswith(b":")
        assert tab.events == []


async def test_a_stream_that_takes_nothing_is_cut(counted: Counted) -> None:
    async with running(Pace(stall=0.0)) as hub:
        tab, _ = await show(hub, counted.page)
        reading, _ = await show(hub, counted.page)
        tab.full = True
        await until(lambda: tab.end == "broken")
        assert reading.end is None
        assert len(hub.streams) == 1


async def test_a_drain_sends_each_stream_away_with_a_wait_of_its_own(counted: Counted) -> None:
    async with running() as hub:
        tabs = [(await show(hub, counted.page))[0] for _ in range(5)]
        hub.break_streams()
        assert {tab.end for tab in tabs} == {"broken"}
        waits = [int(tab.sent.decode().removeprefix("retry: ").strip()) for tab in tabs]
        assert len(set(waits)) > 1
        assert all(100 <= wait <= 1200 for wait in waits)
        assert len(hub.streams) == 0


async def test_a_stream_whose_page_is_rendered_while_the_drain_begins_is_sent_away() -> None:
    entered, proceed = asyncio.Event(), asyncio.Event()

    async def page():
        watch(NEWS)
        entered.set()
        await proceed.wait()
        return h.p["x"]

    async with running() as hub:
        tab = Tab()
        opening = asyncio.create_task(hub.open(Visit(page), {}, tab, None))
        await entered.wait()
        hub.break_streams()
        proceed.set()
        await opening
        assert tab.end == "broken"
        assert len(hub.streams) == 0


async def test_signals_are_declared_once() -> None:
    size = 1

    @region
    def field():
        watch(NEWS)
        return h.div[size, h.input(bind(Draft.title)), h.b(text(Draft.size)) if size else None]

    def page():
        return h.main[field()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        stock = Tab()
        await hub.open(Visit(page), {}, stock, None)
        assert len(stock.fields("datastar-patch-signals", "signals")) == 1
        for size in (2, 3):
            hub.publish([NEWS])
            await until(lambda size=size: len(tab.patches) == size - 1)
        assert tab.fields("datastar-patch-signals", "signals") == []
        assert len(stock.fields("datastar-patch-signals", "signals")) == 1


async def test_signals_that_come_into_sight_are_declared_before_what_shows_them() -> None:
    open_ = False

    def page():
        watch(NEWS)
        return h.main[h.input(bind(Draft.title)) if open_ else "closed"]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        open_ = True
        hub.publish([NEWS])
        await until(lambda: tab.patches)
        kinds = [event.event for event in tab.events]
        assert kinds == ["datastar-patch-signals", "datastar-patch-elements"]
        [declared] = tab.fields("datastar-patch-signals", "signals")
        assert json.loads(declared) == {"draft": {"title": "", "size": 3}}
        assert tab.fields("datastar-patch-signals", "onlyIfMissing") == ["true"]


async def test_the_title_follows_the_page() -> None:
    unread = 0

    def page():
        watch(NEWS)
        title(f"{unread} new")
        return h.main["same"]

    async with running() as hub:
        assert (await hub.document(Visit(page))).title == "0 new"
        tab, _ = await show(hub, Visit(page), steps=True)
        unread = 2
        hub.publish([NEWS])
        await until(lambda: tab.fields("helio-title", "detail") == ['{"title":"2 new"}'])
        stock, _ = await show(hub, Visit(page))
        unread = 3
        hub.publish([NEWS])
        await until(lambda: 'document.title="3 new"' in stock.sent.decode())


async def test_a_region_has_no_title(caplog: pytest.LogCaptureFixture) -> None:
    @region
    def cell():
        title("mine")
        return h.p["x"]

    def page():
        return h.main[cell()]

    async with running() as hub:
        assert (await hub.document(Visit(page))).title is None
    [logged] = caplog.records
    assert logged.exc_info
    assert isinstance(logged.exc_info[1], RenderError)
    assert "Call it in the page" in str(logged.exc_info[1])


async def test_a_full_client_is_cut_also_when_it_is_still_written_to(counted: Counted) -> None:
    """It takes nothing, and sends commands whose answers go by its stream."""
    async with running(Pace(stall=1)) as hub, asyncio.timeout(PATIENCE):
        tab, stream = await show(hub, counted.page, steps=True)
        tab.full = True
        while tab.end is None:
            hub.unmount(stream, "side")
            await asyncio.sleep(0.05)
        assert tab.end == "broken"
        assert stream not in hub.streams
