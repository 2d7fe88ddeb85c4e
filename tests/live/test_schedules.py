"""When regions are rendered and what stands there meanwhile: fallbacks, least intervals."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from helio import Topic, region, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.pace import Pace
from live.standin import Tab, Visit, have, running, show, until

NEWS = Topic("news")


async def test_a_region_that_takes_long_appears_as_its_fallback_and_follows() -> None:
    done = asyncio.Event()

    @region(fallback=h.p["loading"], wait=0.01)
    async def slow() -> object:
        await done.wait()
        return h.p["loaded"]

    def page() -> object:
        return h.main[slow()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert "loading" in document.html
        assert document.live, "the rest comes by a stream"
        tab = Tab()
        await hub.open(Visit(page), have(document.html), tab, None)
        assert tab.sent == b""
        done.set()
        await until(lambda: b"loaded" in tab.sent)
        assert "loaded" in (await hub.document(Visit(page))).html


async def test_a_region_that_is_quick_enough_never_shows_its_fallback() -> None:
    @region(fallback=h.p["loading"], wait=5)
    async def quick() -> object:
        await asyncio.sleep(0)
        return h.p["loaded"]

    def page() -> object:
        return h.main[quick()]

    async with running() as hub:
        assert "loaded" in (await hub.document(Visit(page))).html


async def test_a_fallback_may_depend_on_the_arguments() -> None:
    never = asyncio.Event()

    @region(fallback=lambda name: h.p[f"loading {name}"], wait=0.01)
    async def slow(name: str) -> object:
        await never.wait()
        return h.p["loaded"]

    def page() -> object:
        return h.main[slow("a & b")]

    async with running() as hub:
        assert "loading a &amp; b" in (await hub.document(Visit(page))).html


async def test_a_region_that_fails_late_shows_its_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail = asyncio.Event()

    @region(fallback=h.p["loading"], wait=0.01)
    async def slow() -> object:
        await fail.wait()
        raise LookupError("gone")

    def page() -> object:
        return h.main[slow()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        tab = Tab()
        await hub.open(Visit(page), have(document.html), tab, None)
        fail.set()
        await until(lambda: b"cannot be shown" in tab.sent)


class Slow:
    """A page with a region that is quick at first, and takes until `done` from `slow_down` on."""

    def __init__(self) -> None:
        self.slow = False
        self.done = asyncio.Event()

        @region(fallback=h.p["loading"], wait=0.01)
        async def shown() -> object:
            watch(NEWS)
            slow = self.slow
            if slow:
                await self.done.wait()
            return h.p["newer" if slow else "older"]

        def page() -> object:
            return h.main[shown()]

        self.page = Visit(page)

    def slow_down(self, hub: Hub) -> None:
        self.slow = True
        hub.publish([NEWS])


async def test_documents_do_not_wait_for_a_slow_region_that_is_stale() -> None:
    shown = Slow()
    async with running() as hub:
        assert "older" in (await hub.document(shown.page)).html
        shown.slow_down(hub)
        document = await hub.document(shown.page)
        assert "older" in document.html, "what is there is better than a fallback"
        tab = Tab()
        await hub.open(shown.page, have(document.html), tab, None)
        shown.done.set()
        await until(lambda: b"newer" in tab.sent)


async def test_an_acknowledgement_waits_for_the_slow_region_all_the_same() -> None:
    shown = Slow()
    async with running() as hub:
        tab, stream = await show(hub, shown.page)
        shown.slow_down(hub)
        settled = asyncio.ensure_future(hub.settle(stream))
        await asyncio.sleep(0.05)
        assert not settled.done()
        shown.done.set()
        await settled
        assert b"newer" in tab.sent


async def test_a_region_is_not_rendered_more_often_than_it_says() -> None:
    renders: list[float] = []

    @region(every=0.2)
    def busy() -> object:
        watch(NEWS)
        renders.append(asyncio.get_running_loop().time())
        return h.p[len(renders)]

    def page() -> object:
        return h.main[busy()]

    async with running() as hub:
        tab = Tab()
        await hub.open(Visit(page), {}, tab, None)
        while len(renders) < 4:
            hub.publish([NEWS])
            await asyncio.sleep(0.005)
        assert all(after - before > 0.19 for before, after in pairwise(renders))


def test_the_interval_grows_with_the_viewers() -> None:
    pace = Pace()
    assert pace.interval(1) == pace.interval(100) == 0.016
    assert pace.interval(10_000) == pytest.approx(0.25, abs=0.01)
    intervals = [pace.interval(viewers) for viewers in range(0, 20_000, 50)]
    assert intervals == sorted(intervals)
    assert pace.interval(10**9) == pace.slowest
    assert Pace(tick=0).interval(10_000) == 0


@pytest.mark.parametrize("wrong", [lambda: "text", lambda: 1 / 0], ids=["text", "raises"])
async def test_others_wait_for_a_region_whose_fallback_fails(
    wrong: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    @region(fallback=wrong, wait=0.01)
    async def slow() -> object:
        await asyncio.sleep(0.05)
        return h.p["at last"]

    def page() -> object:
        return h.main[slow()]

    async with running() as hub:
        assert "at last" in (await hub.document(Visit(page))).html
    assert "the fallback of region" in caplog.text


def test_a_fallback_that_is_no_element_is_an_error_at_once() -> None:
    with pytest.raises(TypeError, match=r"fallback='loading' is no element"):

        @region(fallback="loading")  # type: ignore[arg-type]
        def slow() -> object: ...
