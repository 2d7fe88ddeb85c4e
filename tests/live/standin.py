"""What stands around a hub in its tests: pages without an application, tabs without a network."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from helio.live.hub import Hub
from helio.live.naming import key, qualified
from helio.live.pace import Pace
from helio.live.recorder import Kind
from helio.live.region import called
from helio.live.rule import Rule
from helio.live.schedule import USUAL, Schedule
from helio.live.user import User
from helio.live.views import Stream
from helio.wire import Event, Parser

PATIENCE = 10.0
"""Seconds until something that should happen at once is taken for not happening."""

BRISK = Pace(tick=0.002, linger=60, heartbeat=60, stall=60, again=(0.005, 0.02))


class Visit:
    """A page for these arguments."""

    kind: Kind = "page"
    schedule: Schedule = USUAL

    def __init__(
        self,
        function: Callable[..., object],
        *arguments: object,
        rule: Rule | None = None,
        user: User | None = None,
    ) -> None:
        self.function = function
        self.arguments: Mapping[str, object] = dict(zip(_names(function), arguments, strict=True))
        self.rule = rule
        self.user = user
        self.key = self.address = key(qualified(function), arguments, "the page")
        self.name = f"page {function.__name__}"

    async def render(self) -> object:
        return await called(self.function, **self.arguments)

    def fallback(self) -> object | None:
        return None


def _names(function: Callable[..., object]) -> list[str]:
    return list(inspect.signature(function).parameters)


class Tab:
    """The client's end of a stream: takes bytes, unless it is `full`."""

    def __init__(self) -> None:
        self.writes = 0
        self.sent = b""
        self.full = False
        self.end: str | None = None

    @property
    def buffered(self) -> int:
        return 1_000_000 if self.full else 0

    def write(self, data: bytes) -> None:
        assert self.end is None, "written after the end"
        self.writes += 1
        self.sent += data

    def close(self) -> None:
        self.end = "closed"

    def break_(self) -> None:
        self.end = "broken"

    @property
    def events(self) -> list[Event]:
        return Parser().feed(self.sent)

    def fields(self, kind: str, name: str) -> list[str]:
        """The values of one field of all events of a kind."""
        return [
            "\n".join(line.partition(" ")[2] for line in lines)
            for event in self.events
            if event.event == kind
            for lines in [[one for one in event.data.split("\n") if one.startswith(f"{name} ")]]
        ]

    @property
    def patches(self) -> list[str]:
        """The HTML of every patch, without addresses."""
        return [bare(html) for html in self.fields("datastar-patch-elements", "elements")]


def bare(html: str) -> str:
    """HTML without the addresses of regions and their versions."""
    return re.sub(r' data-(region|v)="[^"]*"', "", html)


def have(html: str) -> dict[str, str]:
    """What a client that shows this document says it has."""
    return dict(re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', html))


async def until(question: Callable[[], object]) -> None:
    """Wait until the answer is true."""
    async with asyncio.timeout(PATIENCE):
        while not question():
            await asyncio.sleep(0.001)


async def quiet(hub: Hub) -> None:
    """Wait until nothing is under way that was begun before now."""
    await until(lambda: hub.renders.resting and hub._flush is None)


async def show(hub: Hub, visit: Visit, *, steps: bool = False) -> tuple[Tab, Stream]:
    """A tab loads the document and opens its stream; with `steps` its runtime is our own."""
    document = await hub.document(visit)
    tab = Tab()
    return tab, await hub.open(visit, have(document.html), tab, None, steps=steps)


@asynccontextmanager
async def running(pace: Pace = BRISK, **options: object) -> AsyncIterator[Hub]:
    hub = Hub(pace=pace, **options)  # type: ignore[arg-type]
    hub.start()
    try:
        yield hub
    finally:
        await hub.stop()
