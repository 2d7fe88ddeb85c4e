"""Renders that raise: what was good stays, and it is tried again until it works."""

import asyncio
import logging
from dataclasses import replace

import pytest

from helio import NotFound, RenderError, Topic, region, title, watch
from helio import html as h
from helio.live.pace import Pace
from live.standin import (
    BRISK,
    PATIENCE,
    Tab,
    Visit,
    bare,
    have,
    quiet,
    running,
    show,
    until,
)

NEWS = Topic("news")


@pytest.fixture(autouse=True)
def _errors_are_meant(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "helio.live")


class Flaky:
    """A page around a good region and one that raises while `broken`."""

    def __init__(self) -> None:
        self.broken = False
        self.value = 0
        self.renders = 0
        flaky = self

        @region
        def cell():
            watch(NEWS)
            flaky.renders += 1
            if flaky.broken:
                raise RuntimeError("out of order")
            return h.p[flaky.value]

        @region
        def good():
            watch(NEWS)
            return h.b[flaky.value]

        def page():
            return h.main[cell(), good()]

        def direct():
            watch(NEWS)
            flaky.renders += 1
            if flaky.broken:
                raise RuntimeError("out of order")
            return h.p[flaky.value]

        self.page = Visit(page)
        self.direct = Visit(direct)


async def test_a_region_that_raises_keeps_its_last_good_html_and_recovers() -> None:
    flaky = Flaky()
    async with running() as hub:
        tab, _ = await show(hub, flaky.page)
        flaky.broken, flaky.value = True, 1
        hub.publish([NEWS])
        await until(lambda: flaky.renders >= 4)
        assert tab.patches == ["<b>1</b>"]
        flaky.broken = False
        await until(lambda: tab.patches == ["<b>1</b>", "<p>1</p>"])
        await quiet(hub)


async def test_the_first_failure_shows_a_box_and_leaves_the_page_usable() -> None:
    flaky = Flaky()
    flaky.broken = True
    async with running() as hub:
        tab = Tab()
        document = await hub.document(flaky.page)
        assert '<div class="helio-failed" role="alert">' in bare(document.html)
        assert "<b>0</b>" in bare(document.html)
        assert "out of order" not in document.html
        await hub.open(flaky.page, have(document.html), tab, None)
        flaky.broken = False
        await until(lambda: tab.patches == ["<p>0</p>"])


async def test_a_page_that_raises_at_first_raises_to_its_visitor() -> None:
    flaky = Flaky()
    flaky.broken = True
    async with running() as hub:
        for _ in range(2):
            with pytest.raises(RuntimeError, match="out of order"):
                await hub.document(flaky.direct)
        flaky.broken = False
        assert bare((await hub.document(flaky.direct)).html) == "<p>0</p>"


async def test_a_page_that_raises_later_keeps_its_streams() -> None:
    flaky = Flaky()
    async with running() as hub:
        tab, _ = await show(hub, flaky.direct)
        flaky.broken, flaky.value = True, 1
        hub.publish([NEWS])
        await until(lambda: flaky.renders >= 4)
        assert (tab.patches, tab.end) == ([], None)
        flaky.broken = False
        await until(lambda: tab.patches == ["<p>1</p>"])


async def test_a_visitor_after_a_failure_is_not_answered_with_the_old_error() -> None:
    flaky = Flaky()
    async with running(Pace(again=(60, 60))) as hub:
        _, stream = await show(hub, flaky.direct)
        flaky.broken = True
        hub.publish([NEWS])
        await until(lambda: flaky.renders == 2)
        await quiet(hub)
        hub.drop(stream)
        flaky.broken = False
        assert bare((await hub.document(flaky.direct)).html) == "<p>0</p>"


async def test_a_stream_opens_on_what_was_good_while_its_page_fails() -> None:
    flaky = Flaky()
    async with running() as hub:
        await show(hub, flaky.direct)
        flaky.broken = True
        hub.publish([NEWS])
        await until(lambda: flaky.renders >= 2)
        late = Tab()
        await hub.open(flaky.direct, {}, late, None)
        assert late.patches == ["<p>0</p>"]


async def test_failures_are_tried_again_by_one_timer_however_often_they_are_woken() -> None:
    flaky = Flaky()
    async with running(Pace(tick=0.0, again=(60.0, 60.0))) as hub:
        await show(hub, flaky.direct)
        flaky.broken = True
        for number in range(2, 22):
            hub.publish([NEWS])
            await until(lambda number=number: flaky.renders == number)
            await quiet(hub)
        loop = asyncio.get_running_loop()
        pending = [timer for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
        assert len(pending) < 10


async def test_a_view_that_failed_for_a_very_long_time_is_still_tried_again() -> None:
    flaky = Flaky()
    async with running(Pace(tick=0, again=(1e-9, 1e-6))) as hub:
        tab, _ = await show(hub, flaky.direct)
        flaky.broken, flaky.value = True, 1
        hub.publish([NEWS])
        await until(lambda: flaky.renders > 1100)
        flaky.broken = False
        await until(lambda: tab.patches == ["<p>1</p>"])


async def test_a_page_that_refuses_from_now_on_is_loaded_again_by_whoever_shows_it() -> None:
    there = True

    def page():
        watch(NEWS)
        if not there:
            raise NotFound()
        return h.p["here"]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page), steps=True)
        there = False
        hub.publish([NEWS])
        await until(lambda: tab.end)
        assert '"mode":"reload"' in tab.fields("helio-navigate", "detail")[0]
        assert [event.event for event in tab.events][-1] == "datastar-close"
        with pytest.raises(NotFound):
            await hub.open(Visit(page), {}, Tab(), None)
        with pytest.raises(NotFound):
            await hub.document(Visit(page))


async def test_a_region_that_refuses_leaves_a_place_that_is_filled_later() -> None:
    there = False

    @region
    def card():
        watch(NEWS)
        if not there:
            raise NotFound("This card is gone.")
        return h.p["card"]

    def page():
        return h.main[card()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        there = True
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>card</p>"])


async def test_a_region_that_shows_itself_is_an_error_and_no_hang() -> None:
    @region
    def inner():
        return h.div[outer()]

    @region
    def outer():
        watch(NEWS)
        return h.div[inner()]

    @region
    def alone():
        return h.div[alone()]

    def page():
        return h.main[outer(), alone()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert bare(document.html).count("helio-failed") == 2
        await show(hub, Visit(page))
        hub.publish([NEWS])
        for _ in range(3):
            again = await hub.document(Visit(page))
        assert "helio-failed" in bare(again.html)


async def test_a_region_that_shows_itself_only_later_is_an_error() -> None:
    deep = False

    @region
    def inner():
        watch(NEWS)
        return h.div["deep", outer()] if deep else h.div["flat"]

    @region
    def outer():
        return h.div[inner()]

    def page():
        return h.main[outer()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        deep = True
        hub.publish([NEWS])
        await until(lambda: hub.renders.error(hub.graph.views[inner().key]))  # type: ignore[attr-defined]
        assert tab.patches == []
        deep = False
        await quiet(hub)
        assert tab.patches == []


async def test_two_functions_of_one_name_are_refused() -> None:
    def make(text: str):
        @region
        def cell():
            return h.p[text]

        return cell

    cells = [make("ann"), make("bob")]

    def page():
        return h.main[[cell() for cell in cells]]

    async with running() as hub:
        with pytest.raises(RenderError, match="another function of the same name and arguments"):
            await hub.document(Visit(page))


async def test_the_place_of_a_region_cannot_be_kept_for_another_render() -> None:
    kept: list[object] = []

    @region
    def cell():
        return h.p["cell"]

    def page():
        watch(NEWS)
        kept.append(cell())
        return h.main[kept[0]]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        assert tab.end is None

    def late():
        return h.main[kept[-1]]

    async with running() as hub:
        with pytest.raises(RenderError, match="called in another render"):
            await hub.document(Visit(late))


async def test_a_render_that_was_cancelled_by_its_own_work_is_a_failure_like_others() -> None:
    async def page():
        async with asyncio.timeout(0.001):
            await asyncio.sleep(60)

    async with running() as hub:
        with pytest.raises(TimeoutError):
            await hub.document(Visit(page))


async def test_a_region_that_awaits_what_was_cancelled_elsewhere_has_failed() -> None:
    @region
    async def cell():
        other = asyncio.get_running_loop().create_future()
        other.cancel()
        await other

    def page():
        return h.main[cell()]

    async with running() as hub, asyncio.timeout(PATIENCE):
        document = await hub.document(Visit(page))
    assert "helio-failed" in document.html


async def test_a_region_that_never_ends_fails_and_holds_nothing_else_back() -> None:
    hangs = True

    @region
    async def cell():
        watch(NEWS)
        if hangs:
            await asyncio.Event().wait()
        return h.p["done"]

    @region
    def good():
        return h.b["good"]

    def page():
        return h.main[cell(), good()]

    def other():
        return h.main[good()]

    pace = replace(BRISK, patience=0.05)
    async with running(pace) as hub, asyncio.timeout(PATIENCE):
        waiting = asyncio.create_task(hub.document(Visit(page)))
        assert "good" in (await hub.document(Visit(other))).html
        document = await waiting
        assert "helio-failed" in document.html
        assert "<b" in document.html
        tab = Tab()
        await hub.open(Visit(page), have(document.html), tab, None)
        hangs = False
        await until(lambda: "<p>done</p>" in tab.patches)


async def test_a_page_that_cannot_be_sent_keeps_no_other_page_from_its_changes() -> None:
    number = 0

    def unsayable():
        watch(NEWS)
        title("a" if not number else "\udce9")
        return h.p[number]

    def good():
        watch(NEWS)
        return h.b[number]

    async with running() as hub:
        tabs = [(await show(hub, Visit(each)))[0] for each in (good, unsayable, good)]
        number = 1
        hub.publish([NEWS])
        await quiet(hub)
        assert [tab.patches for tab in tabs] == [["<b>1</b>"], [], ["<b>1</b>"]]
        assert tabs[1].end == "broken"
        with pytest.raises(ValueError, match="surrogate"):
            await hub.open(Visit(unsayable), {}, Tab(), None)
        assert len(hub.streams) == 2
        hub.publish([NEWS])
        await quiet(hub)


async def test_a_document_is_never_of_an_older_render() -> None:
    """A stream may go on with what was good; who loads the page is told."""
    flaky = Flaky()

    def page() -> object:
        watch(NEWS)
        if flaky.broken:
            raise LookupError("lost")
        return h.main["good"]

    async with running() as hub:
        await show(hub, Visit(page))
        flaky.broken = True
        hub.publish([NEWS])
        with pytest.raises(LookupError):
            await hub.document(Visit(page))
        tab = Tab()
        await hub.open(Visit(page), {}, tab, None)
        assert b"good" in tab.sent


ONE, OTHER = Topic("one"), Topic("other")


async def test_regions_that_have_come_to_show_each_other_are_shown_once() -> None:
    """One of them fails and stays as it was, which shows the other."""
    closed: list[bool] = []

    @region
    def one() -> object:
        watch(ONE)
        return h.p["one", other()]

    @region
    def other() -> object:
        watch(OTHER)
        return h.b["other", one() if closed else None]

    def page() -> object:
        return h.main[one()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        await asyncio.sleep(0.02)  # both have been quiet, so that they begin in this order
        closed.append(True)
        hub.publish([OTHER, ONE])
        await until(lambda: tab.patches)
        assert bare((await hub.document(Visit(page))).html) == "<main><p>one<b>other</b></p></main>"
        closed.clear()
        hub.publish([OTHER])
        await until(lambda: hub.renders.resting)
        assert not tab.end
