"""What a hub keeps current, for whom, and how often it renders for that."""

import asyncio
import gc
from contextvars import ContextVar

import pytest

from helio import RenderError, Topic, every, region, untracked, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.pace import Pace
from live.standin import BRISK, PATIENCE, Tab, Visit, bare, have, quiet, running, show, until

NEWS = Topic("news")
OTHER = Topic("other")


class Shown:
    """A page around one region; the region shows `value` and counts its renders."""

    def __init__(self) -> None:
        self.value: object = 0
        self.renders = 0
        shown = self

        @region
        def cell(name: str = ""):
            watch(NEWS)
            shown.renders += 1
            if isinstance(shown.value, Exception):
                raise shown.value
            return h.p[f"{name}{shown.value}"]

        def page():
            return h.main[cell()]

        def twice():
            return h.main[cell(), h.hr, cell()]

        self.cell = cell
        self.page = Visit(page)
        self.twice = Visit(twice)


async def test_a_region_is_rendered_once_for_all_who_show_it() -> None:
    shown = Shown()
    async with running() as hub:
        tabs = [(await show(hub, shown.page))[0] for _ in range(3)]
        tabs.append((await show(hub, shown.twice))[0])
        assert shown.renders == 1
        shown.value = 1
        hub.publish([NEWS])
        await until(lambda: all(tab.patches for tab in tabs))
        assert shown.renders == 2
        assert {tab.patches[0] for tab in tabs} == {"<p>1</p>"}
        assert [len(tab.patches) for tab in tabs] == [1, 1, 1, 1]


async def test_a_document_that_is_current_renders_nothing() -> None:
    shown = Shown()

    def page():
        watch(OTHER)
        return h.main[shown.cell()]

    async with running() as hub:
        first = await hub.document(Visit(page))
        assert (await hub.document(Visit(page))).html == first.html
        assert shown.renders == 1


async def test_a_page_that_reads_nothing_is_rendered_for_each_document() -> None:
    count = iter(range(10))

    def page():
        return h.p[next(count)]

    async with running() as hub:
        documents = [await hub.document(Visit(page)) for _ in range(2)]
        assert [bare(document.html) for document in documents] == ["<p>0</p>", "<p>1</p>"]
        assert not documents[0].live


async def test_equal_html_sends_nothing() -> None:
    shown = Shown()
    async with running() as hub:
        tab, _ = await show(hub, shown.page)
        hub.publish([NEWS])
        await until(lambda: shown.renders == 2)
        await quiet(hub)
        assert tab.writes == 0


async def test_what_nobody_reads_wakes_nobody() -> None:
    shown = Shown()
    async with running() as hub:
        tab, _ = await show(hub, shown.page)
        hub.publish([OTHER])
        await quiet(hub)
        assert (shown.renders, tab.writes) == (1, 0)


async def test_a_change_during_a_render_is_not_missed() -> None:
    value = 0
    reading, proceed = asyncio.Event(), asyncio.Event()

    async def page():
        watch(NEWS)
        read = value
        reading.set()
        await proceed.wait()
        return h.p[read]

    async with running() as hub:
        loading = asyncio.create_task(hub.document(Visit(page)))
        await reading.wait()
        value = 1
        hub.publish([NEWS])
        proceed.set()
        document = await loading
        tab = Tab()
        await hub.open(Visit(page), have(document.html), tab, None)
        await quiet(hub)
        assert "<p>1</p>" in bare(document.html) or tab.patches[-1] == "<p>1</p>"


async def test_a_change_before_the_note_was_read_and_renders_nothing_again() -> None:
    renders = 0
    entered, proceed = asyncio.Event(), asyncio.Event()

    async def page():
        nonlocal renders
        renders += 1
        entered.set()
        await proceed.wait()
        watch(NEWS)
        return h.p[renders]

    async with running() as hub:
        loading = asyncio.create_task(hub.document(Visit(page)))
        await entered.wait()
        hub.publish([NEWS])
        proceed.set()
        document = await loading
        await hub.open(Visit(page), have(document.html), Tab(), None)
        await quiet(hub)
        assert renders == 1


async def test_other_threads_may_publish() -> None:
    shown = Shown()
    async with running() as hub:
        tab, _ = await show(hub, shown.page)
        shown.value = 1
        await asyncio.to_thread(hub.publish, [NEWS])
        await until(lambda: tab.patches == ["<p>1</p>"])


async def test_publishing_before_the_start_and_after_the_end_is_harmless() -> None:
    hub = Hub()
    hub.publish([NEWS])
    hub.start()
    await hub.stop()
    hub.publish([NEWS])
    await asyncio.to_thread(hub.publish, [NEWS])


def test_publishing_when_the_loop_has_ended_is_harmless() -> None:
    hub = Hub()
    shown = Shown()

    async def work() -> None:
        await show(hub, shown.page)

    asyncio.run(work())
    hub.publish([NEWS])


def test_a_hub_that_changes_its_loop_begins_afresh() -> None:
    """Applications are imported once and tested on a loop for each test."""
    hub = Hub(pace=BRISK)
    shown = Shown()

    loading: list[asyncio.Future[object]] = []
    pause = 60.0

    async def slowly():
        watch(NEWS)
        await asyncio.sleep(pause)

    slow = Visit(slowly)

    async def abandoned() -> None:
        loading.append(asyncio.ensure_future(hub.document(slow)))
        await show(hub, shown.page)

    async def whole() -> None:
        tab, _ = await show(hub, shown.page)
        shown.value = "again"
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>again</p>"])
        assert "template" in (await hub.document(slow)).html
        await hub.stop()

    asyncio.run(abandoned())
    pause = 0.0
    asyncio.run(whole())


async def test_a_hub_that_was_stopped_starts_again() -> None:
    shown = Shown()
    hub = Hub(pace=BRISK)
    for value in ("first", "second"):
        hub.start()
        tab, _ = await show(hub, shown.page)
        shown.value = value
        hub.publish([NEWS])
        await until(lambda tab=tab, value=value: tab.patches == [f"<p>{value}</p>"])
        await hub.stop()
        assert tab.end == "broken"


async def test_nobody_waits_for_a_render_that_a_stop_has_kept_from_beginning() -> None:
    shown = Shown()
    async with running() as hub:
        asking = asyncio.ensure_future(hub.document(shown.page))
        await asyncio.sleep(0)  # its render is due, and has not begun
        await hub.stop()
        with pytest.raises(RenderError, match="was stopped while this was being rendered"):
            await asyncio.wait_for(asking, PATIENCE)
        assert "<p" in (await hub.document(shown.page)).html


async def test_many_changes_at_once_cost_few_renders() -> None:
    shown = Shown()
    async with running(Pace(tick=0.05)) as hub:
        tab, _ = await show(hub, shown.page)
        for value in range(1, 101):
            shown.value = value
            hub.publish([NEWS])
            await asyncio.sleep(0)
        await until(lambda: tab.patches[-1:] == ["<p>100</p>"])
        assert shown.renders < 50


async def test_a_slow_region_does_not_hold_back_its_neighbours() -> None:
    value, proceed = 0, asyncio.Event()

    @region
    async def slow():
        watch(NEWS)
        if value:
            await proceed.wait()
        return h.p[f"slow {value}"]

    @region
    def fast():
        watch(NEWS)
        return h.p[f"fast {value}"]

    def page():
        return h.main[slow(), fast()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        value = 1
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>fast 1</p>"])
        proceed.set()
        await until(lambda: tab.patches == ["<p>fast 1</p>", "<p>slow 1</p>"])


async def test_changes_of_one_moment_go_out_in_one_write() -> None:
    value = 0

    @region
    def cell(name: str):
        watch(NEWS)
        return h.p[f"{name} {value}"]

    def page():
        return h.main[cell("a"), cell("b"), cell("c")]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        await asyncio.sleep(2 * BRISK.tick)  # all have been quiet, so all are rendered at once
        value = 1
        hub.publish([NEWS])
        await until(lambda: len(tab.patches) == 3)
        assert tab.writes == 1


async def test_nothing_of_a_request_leaks_into_a_render() -> None:
    visitor: ContextVar[str] = ContextVar("visitor", default="nobody")
    seen: list[str] = []

    @region
    def cell():
        watch(NEWS)
        seen.append(visitor.get())
        return h.p[visitor.get()]

    def page():
        seen.append(visitor.get())
        return h.main[cell()]

    async with running() as hub:
        visitor.set("ann")
        await show(hub, Visit(page))
        hub.publish([NEWS])
        await until(lambda: len(seen) == 3)
        assert set(seen) == {"nobody"}


async def test_what_a_render_sets_stays_inside() -> None:
    mark: ContextVar[str] = ContextVar("mark", default="clean")

    @region
    def cell(name: str):
        found = mark.get()
        mark.set(name)
        return h.p[found]

    def page():
        return h.main[cell("a"), cell("b")]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert bare(document.html) == "<main><p>clean</p><p>clean</p></main>"
        assert mark.get() == "clean"


async def test_every_ticks_only_while_somebody_watches() -> None:
    renders = 0

    async def page():
        nonlocal renders
        await every(0.01)
        renders += 1
        return h.p[renders]

    async with running(Pace(tick=0.001, linger=0.01)) as hub:
        tab, stream = await show(hub, Visit(page))
        await until(lambda: len(tab.patches) > 3)
        hub.drop(stream)
        assert hub._attention._clock._timers
        await until(lambda: not hub.graph.views)
        assert not hub._attention._clock._timers
        await show(hub, Visit(page))
        before = renders
        await until(lambda: renders > before + 3)


async def test_every_refuses_what_no_page_needs() -> None:
    for seconds in (0, -1, 0.001, float("nan")):
        with pytest.raises(ValueError, match="the shortest interval is 0\\.01 s"):
            await every(seconds)


async def test_what_is_read_untracked_wakes_nothing() -> None:
    shown = Shown()

    def page():
        with untracked():
            watch(NEWS)
            inside = shown.cell()
        watch(OTHER)
        return h.main[inside, h.b[shown.value]]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        shown.value = 1
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>1</p>"])
        hub.publish([OTHER])
        await until(lambda: len(tab.patches) == 2)
        assert tab.patches[1].startswith("<main>")


async def test_distinct_views_leave_nothing_behind() -> None:
    def page(number: int):
        watch(NEWS)
        watch(Topic("row", int)(number))
        return h.p[number]

    async with running(Pace(linger=0.0)) as hub:
        for number in range(500):
            _, stream = await show(hub, Visit(page, number))
            hub.drop(stream)
        await until(lambda: not hub.graph.views)
        assert hub.renders.resting
        assert not hub.renders._timings
        assert not hub.graph._readers
        assert not hub.graph.audience._roots
        assert not hub.graph.audience._changed
        assert not hub.streams._connections


async def test_what_no_stream_holds_any_more_is_not_remembered() -> None:
    shown = Shown()
    async with running() as hub:
        tab, _ = await show(hub, shown.page)
        for shown.value in range(1, 4):
            hub.publish([NEWS])
            await until(lambda: len(tab.patches) == shown.value)
        assert not any(view.past for view in hub.graph.views.values())


async def test_a_view_stays_current_for_a_while_after_its_last_viewer() -> None:
    shown = Shown()
    async with running(Pace(linger=60)) as hub:
        _, stream = await show(hub, shown.page)
        hub.drop(stream)
        await show(hub, shown.page)
        assert shown.renders == 1


async def test_a_cancelled_document_leaves_no_garbage() -> None:
    entered, proceed = asyncio.Event(), asyncio.Event()

    @region
    async def cell():
        watch(NEWS)
        entered.set()
        await proceed.wait()
        return h.p["done"]

    def page():
        return h.main[cell()]

    async with running(Pace(linger=0.0)) as hub:
        loading = asyncio.create_task(hub.document(Visit(page)))
        await entered.wait()
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
        assert all(view.pins == 0 for view in hub.graph.views.values() if view.spec.kind == "page")
        proceed.set()
        await until(lambda: not hub.graph.views)
        gc.collect()
        assert not hub.graph._readers


async def test_two_documents_at_once_share_one_render() -> None:
    renders, proceed = 0, asyncio.Event()

    async def page():
        nonlocal renders
        watch(NEWS)
        renders += 1
        await proceed.wait()
        return h.p[renders]

    async with running() as hub:
        loading = [asyncio.create_task(hub.document(Visit(page))) for _ in range(3)]
        await until(lambda: renders)
        proceed.set()
        assert {(await one).html for one in loading} == {(await loading[0]).html}
        assert renders == 1
