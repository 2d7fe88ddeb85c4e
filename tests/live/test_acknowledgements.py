"""A tab hears of its command when its page shows what the command has changed."""

import asyncio

from helio import Topic, region, watch
from helio import html as h
from helio.live.acknowledgements import Acknowledgements
from helio.live.mail import Hear
from helio.live.topics import Publish, Source
from live.standin import Tab, Visit, have, quiet, running, show, until

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


async def test_no_number_goes_ahead_of_what_its_client_has_missed() -> None:
    async with running() as hub:
        tab = await opened(hub, "mine")
        stream = hub.streams.of_tab("mine")
        assert stream is not None
        tab.full = True
        World.value += 1
        hub.publish([NEWS])
        await quiet(hub)
        tab.full = False  # it can take bytes, and has not been brought up to date yet
        acknowledgements = Acknowledgements(hub)
        assert await acknowledgements.promise("mine") is not None
        await until(lambda: not acknowledgements._tasks)
        assert not tab.sent
        hub.drained(stream)
        assert f"<p>{World.value}</p>" in tab.patches


class Post:
    """What leads to other processes: here, whatever a test says that it has heard."""

    def __init__(self) -> None:
        self.hear: Hear
        self.attended = False

    @property
    def source(self) -> Source:
        return self

    def start(self, publish: Publish) -> None: ...

    def attend(self, watched: bool) -> None:
        self.attended = watched

    async def stop(self) -> None: ...

    def listen(self, hear: Hear) -> None:
        self.hear = hear

    async def post(self, kind: str, text: str) -> bool:
        return False

    async def catch_up(self) -> bool:
        return False


async def test_only_what_others_have_promised_is_kept() -> None:
    post = Post()
    async with running(mail=post) as hub:
        acknowledgements = Acknowledgements(hub)
        acknowledgements.start()
        tab = await opened(hub, "mine")
        for kind, text in (
            ("refresh", "mine number-1"),
            ("ack", "mine number\n2"),
            ("ack", "mine "),
            ("ack", "mine"),
            ("ack", "another number-3"),
            ("ack", f"mine {'n' * 33}"),
            ("ack", "mine number-4"),
        ):
            post.hear(kind, text)
        await until(lambda: tab.fields("helio-ack", "ack"))
        assert tab.fields("helio-ack", "ack") == ["number-4"]


async def test_a_stream_that_comes_is_told_nothing_that_may_not_be_so() -> None:
    """What the command has changed in another process may not have been seen here."""
    async with running(mail=Post()) as hub:
        tab = await opened(hub, "mine")
        stream = hub.streams.of_tab("mine")
        assert stream is not None
        acknowledgements = Acknowledgements(hub)
        acknowledgements.confirm(stream, ["number-1"])
        await until(lambda: not acknowledgements._tasks)
        assert not tab.fields("helio-ack", "ack")
