"""Two real processes on one database: commands go to one, the tab's stream is the other's."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from browser.serving import PATIENCE, Served
from helio.wire import Event, Parser

# The clients; the servers are processes of their own.
pytestmark = pytest.mark.asyncio(loop_factories=["asyncio"])

APP = """
import asyncio

from helio import App, SQLite, region
from helio import html as h
from helio.live.pace import Pace

db = SQLite("shared.db", schema="create table if not exists todo (id integer primary key)")
app = App(db=db, pace=Pace(posting=10.0))


@app.page("/")
async def index():
    return h.main[rows()]


@region
async def rows():
    count = await db.fetch_value("select count(*) from todo")
    await asyncio.sleep(0.1)
    return h.p[f"{count} rows"]


@app.post("/add")
async def add():
    await db.execute("insert into todo default values")


@app.post("/nothing")
async def nothing():
    pass
"""


@pytest.fixture
def both(tmp_path: Path) -> Iterator[list[Served]]:
    (tmp_path / "shared.py").write_text(APP)
    served: list[Served] = []
    try:
        for _ in range(2):
            served.append(Served(Path("shared.py"), tmp_path))
        yield served
    finally:
        for each in served:
            each.end()


class Tab:
    """A tab without a browser, that is sent where the test says."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self.events: list[Event] = []
        self.unheard: list[str] = []

    def _headers(self) -> dict[str, str]:
        return {
            "datastar-request": "true",
            "helio-request": secrets.token_hex(8),
            "helio-tab": self.id,
        }

    async def send(self, process: Served, command: str) -> str:
        """Send a command; the number that its answer promises."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.post(process.url + command, headers=self._headers())
        assert answer.status_code == 204
        self.unheard.append(answer.headers["helio-ack"])
        return self.unheard[-1]

    @asynccontextmanager
    async def stream(self, process: Served) -> AsyncIterator[None]:
        """Follow the page from this process; the connection is lost at the end."""
        headers = {**self._headers(), "helio-acks": " ".join(self.unheard)}
        self.events.clear()
        async with (
            httpx.AsyncClient(timeout=PATIENCE) as client,
            client.stream("GET", process.url, headers=headers) as answer,
        ):
            reading = asyncio.create_task(self._read(answer))
            try:
                await self.shows("rows")
                yield
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError, httpx.HTTPError):
                    await reading

    async def _read(self, answer: httpx.Response) -> None:
        parser = Parser()
        async for data in answer.aiter_raw():
            self.events += parser.feed(data)

    def told(self, text: str) -> list[int]:
        """The places of the events with this text."""
        return [at for at, event in enumerate(self.events) if text in event.data]

    async def shows(self, text: str) -> int:
        """Wait for an event with this text; its place."""
        async with asyncio.timeout(PATIENCE):
            while not self.told(text):
                await asyncio.sleep(0.001)
        return self.told(text)[0]

    async def hears(self, number: str) -> int:
        """Wait for an acknowledgement; its place."""
        return await self.shows(f"ack {number}")


async def test_the_stream_says_the_number_after_what_the_command_has_changed(both: list[Served]):
    a, b = both
    tab, other = Tab(), Tab()
    async with tab.stream(b), other.stream(b):
        for count in range(1, 8):
            number = await tab.send(a, "/add")
            heard = await tab.hears(number)
            assert await tab.shows(f"{count} rows") < heard
            await other.shows(f"{count} rows")
        assert other.told("ack") == []
        frames = len(tab.events)
        await tab.hears(await tab.send(a, "/nothing"))
        assert len(tab.events) == frames + 1


async def test_a_tab_whose_stream_was_lost_hears_it_from_whoever_it_comes_to(both: list[Served]):
    a, b = both
    tab = Tab()
    async with tab.stream(b):
        await tab.hears(await tab.send(a, "/nothing"))
    b.kill()
    first = await tab.send(a, "/add")
    b.restart()
    second = await tab.send(b, "/add")
    for process in (b, a):
        async with tab.stream(process):
            for number in (first, second):
                heard = await tab.hears(number)
                assert await tab.shows("2 rows") < heard


async def test_a_process_that_was_killed_is_heard_again(both: list[Served]):
    a, b = both
    tab = Tab()
    async with tab.stream(b):
        for count in range(1, 4):
            heard = await tab.hears(await tab.send(a, "/add"))
            assert await tab.shows(f"{count} rows") < heard
            a.kill()
            a.restart()
    assert len(set(tab.unheard)) == 3
