"""A tab hears of its command when its page shows what the command has changed."""

import asyncio

from helio import Topic, region, watch
from helio import html as h
from helio.live.acknowledgements import Acknowledgements
from live.standin import Tab, Visit, have, running, show, until

NEWS = Topic("acknowledged")
PAUSE = 0.05


class World:
    value = 0


@region
async def slow() -> object:
    watch(NEWS)
    value = World.value
    await asyncio.sleep(PAUSE)
    return h.p[str(value)]


def page() -> object:
    return h.main[slow()]


async def opened(hub: object, tab: str) -> Tab:
    document = await hub.document(Visit(page))  # type: ignore[attr-defined]
    sink = Tab()
    await hub.open(Visit(page), have(document.html), sink, tab, steps=True)  # type: ignore[attr-defined]
    return sink


async def test_the_number_follows_the_frame_that_shows_the_change() -> None:
    async with running() as hub:
        tab, other = await opened(hub, "mine"), await opened(hub, "another")
        World.value += 1
        hub.publish([NEWS])
        number = await Acknowledgements(hub).promise("mine")
        assert number is not None
        assert not tab.sent
        await until(lambda: tab.fields("helio-ack", "ack") == [number])
        assert [event.event for event in tab.events] == ["datastar-patch-elements", "helio-ack"]
        assert f"<p>{World.value}</p>" in tab.patches
        assert [event.event for event in other.events] == ["datastar-patch-elements"]


async def test_it_comes_alone_when_nothing_has_changed() -> None:
    async with running() as hub:
        tab = await opened(hub, "mine")
        number = await Acknowledgements(hub).promise("mine")
        await until(lambda: tab.fields("helio-ack", "ack") == [number])
        assert len(tab.events) == 1


async def test_a_change_after_the_command_does_not_hold_it_back() -> None:
    async with running() as hub:
        tab = await opened(hub, "mine")
        hub.publish([NEWS])
        number = await Acknowledgements(hub).promise("mine")

        async def storm() -> None:
            while not tab.fields("helio-ack", "ack"):
                World.value += 1
                hub.publish([NEWS])
                await asyncio.sleep(PAUSE / 10)

        await asyncio.wait_for(storm(), 5)
        assert tab.fields("helio-ack", "ack") == [number]


async def test_nothing_is_promised_to_whom_no_stream_leads() -> None:
    async with running() as hub:
        acknowledgements = Acknowledgements(hub)
        assert await acknowledgements.promise("unknown") is None
        assert await acknowledgements.promise(None) is None
        await show(hub, Visit(page))  # a stock runtime's
        assert await acknowledgements.promise(None) is None


async def test_a_client_that_takes_no_bytes_is_sent_no_numbers() -> None:
    async with running() as hub:
        tab = await opened(hub, "mine")
        tab.full = True
        acknowledgements = Acknowledgements(hub)
        assert await acknowledgements.promise("mine") is not None
        await until(lambda: not acknowledgements._tasks)
        assert not tab.sent
