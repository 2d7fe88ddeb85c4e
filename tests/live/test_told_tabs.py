"""Telling a tab something at once, beside all that keeps its page current."""

from helio import html as h
from live.standin import Tab, Visit, running


def page() -> object:
    return h.p["here"]


async def test_a_tab_is_told_by_its_stream_while_that_is_open() -> None:
    async with running() as hub:
        one, other = Tab(), Tab()
        stream = await hub.open(Visit(page), {}, one, "one")
        await hub.open(Visit(page), {}, other, "other")
        assert hub.streams.tell("one", b"event: news\ndata: x\n\n")
        assert one.events[-1].event == "news"
        assert "news" not in [event.event for event in other.events]
        hub.drop(stream)
        assert not hub.streams.tell("one", b"event: late\n\n")
        assert not hub.streams.tell("nobody", b"event: late\n\n")


async def test_a_tab_that_takes_nothing_is_told_nothing() -> None:
    async with running() as hub:
        tab = Tab()
        await hub.open(Visit(page), {}, tab, "one")
        tab.full = True
        writes = tab.writes
        assert not hub.streams.tell("one", b"event: news\ndata: x\n\n")
        assert tab.writes == writes
