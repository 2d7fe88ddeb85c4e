"""A command is sent to one process, and the tab's stream is another's."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import apsw
import httpx
import pytest

from helio import App, SQLite, region
from helio import html as h
from web.visiting import BRISK, STOCK, Streaming, browser, own, stream, until

SCHEMA = "create table if not exists todo (id integer primary key)"
TAB = "the-tab-of-these-tests"


class Process:
    """An application with a database object of its own: what stands for one process."""

    def __init__(self, path: Path) -> None:
        self.db = db = SQLite(path, SCHEMA, timeout=30)
        self.app = app = App(db=db, pace=replace(BRISK, posting=1.0))
        self.renders = 0
        self.pause = 0.0

        @region
        async def rows() -> object:
            found = await db.fetch("select id from todo order by id")
            self.renders += 1
            await asyncio.sleep(self.pause)
            return h.p[f"{len(found)} rows"]

        @app.page("/")
        async def index() -> object:
            return h.main[rows()]

        @app.page("/still")
        async def still() -> object:
            return h.main["nothing is read here"]

        @app.post("/add")
        async def add() -> None:
            await db.execute("insert into todo default values")

        @app.post("/nothing")
        async def nothing() -> None:
            pass

    async def send(self, command: str, tab: str = TAB, **headers: str) -> httpx.Response:
        async with browser(self.app) as visitor:
            answer = await visitor.post(command, headers=own(helio_tab=tab, **headers))
        assert answer.status_code == 204
        return answer

    async def promise(self, command: str, tab: str = TAB) -> str:
        return (await self.send(command, tab)).headers["helio-ack"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shared.db"


@pytest.fixture
async def a(path: Path) -> AsyncIterator[Process]:
    process = Process(path)
    yield process
    await process.app.stop()


@pytest.fixture
async def b(path: Path) -> AsyncIterator[Process]:
    process = Process(path)
    yield process
    await process.app.stop()


def acks(opened: Streaming) -> list[str]:
    return [each.data.removeprefix("ack ") for each in opened.events if each.event == "helio-ack"]


async def hears(opened: Streaming, number: str) -> str:
    """Wait for the number; what the stream has said before it."""
    await opened.says(f"ack {number}\n")
    return opened.text.partition(f"ack {number}\n")[0]


async def test_the_other_process_says_the_number_after_the_frame(a: Process, b: Process) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await opened.says("0 rows")
        for count in range(1, 20):
            number = await a.promise("/add")
            assert f"{count} rows" in await hears(opened, number)


async def test_a_slow_render_delays_it(a: Process, b: Process) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await opened.says("0 rows")
        b.pause = 0.2
        number = await a.promise("/add")
        assert acks(opened) == []
        assert "1 rows" in await hears(opened, number)


async def test_it_comes_alone_when_nothing_has_changed(a: Process, b: Process) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await opened.says("0 rows")
        before, renders = len(opened.events), b.renders
        number = await a.promise("/nothing")
        await hears(opened, number)
        assert len(opened.events) == before + 1
        assert b.renders == renders


async def test_a_page_that_reads_no_database_hears_it_as_well(a: Process, b: Process) -> None:
    async with stream(b.app, "/still", helio_tab=TAB) as opened:
        number = await a.promise("/nothing")
        await hears(opened, number)


async def test_only_the_tab_that_sent_the_command_hears_it(a: Process, b: Process) -> None:
    async with (
        stream(b.app, "/", helio_tab=TAB) as mine,
        stream(b.app, "/", helio_tab="another-tab") as other,
        stream(b.app, "/", helio_tab=TAB, cookie="helio=anothers") as strangers,
    ):
        number = await a.promise("/add")
        await hears(mine, number)
        for opened in (other, strangers):
            await opened.says("1 rows")
        other_number = await a.promise("/nothing", "another-tab")
        assert number not in await hears(other, other_number)
        assert acks(strangers) == []
        assert acks(mine) == [number]


async def test_numbers_of_all_processes_differ(a: Process, b: Process) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        numbers = [await each.promise("/nothing") for _ in range(20) for each in (a, b)]
        assert len(set(numbers)) == 40
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", number) for number in numbers)
        await until(lambda: sorted(acks(opened)) == sorted(numbers))


async def test_a_stream_that_was_lost_says_it_when_it_comes_back(a: Process, b: Process) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await opened.says("0 rows")
    for count in range(1, 20):
        number = await a.promise("/add")
        async with stream(b.app, "/", helio_tab=TAB, helio_acks=number) as opened:
            assert f"{count} rows" in await hears(opened, number)


async def test_what_comes_back_is_said_for_what_others_have_done_by_then(
    a: Process, b: Process
) -> None:
    """Its message may have been missed by the process that the stream comes to."""
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await opened.says("0 rows")
    for count in range(1, 20):
        await a.send("/add")
        async with stream(b.app, "/", helio_tab=TAB, helio_acks="missed") as opened:
            assert f"{count} rows" in await hears(opened, "missed")


async def test_it_may_come_back_to_the_process_of_the_command(a: Process) -> None:
    numbers = [await a.promise("/add") for _ in range(3)]
    async with stream(a.app, "/", helio_tab=TAB, helio_acks=" ".join(numbers)) as opened:
        assert "3 rows" in await hears(opened, numbers[-1])
        assert acks(opened) == numbers


async def test_what_is_no_number_is_not_said(a: Process) -> None:
    told = [secrets.token_urlsafe(9) for _ in range(50)]
    hostile = "\t".join(["<b>", "x" * 33, '"', "ä".encode().decode("latin-1"), *told])
    async with stream(a.app, "/", helio_tab=TAB, helio_acks=hostile) as opened:
        await hears(opened, told[15])
        assert acks(opened) == told[:16]
    stranger = {**STOCK, "helio-acks": told[0]}
    async with browser(a.app) as visitor:
        answer = await visitor.post("/nothing", headers=stranger)
    assert (answer.status_code, answer.headers.get("helio-ack")) == (204, None)


async def test_neither_cookie_nor_tab_is_stored(a: Process, path: Path) -> None:
    answer = await a.send("/nothing", cookie="helio=a-secret-of-the-visitor")
    assert "helio-ack" in answer.headers
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"ack" in stored
    assert b"a-secret-of-the-visitor" not in stored
    assert TAB.encode() not in stored


async def test_messages_that_cannot_be_stored_fail_no_command(
    a: Process, b: Process, path: Path
) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await hears(opened, await a.promise("/nothing"))
        other = apsw.Connection(f"{path}-mail")
        other.execute("begin immediate")
        answer = await a.send("/add")
        assert "helio-ack" not in answer.headers
        await opened.says("1 rows")
        other.execute("rollback")
        other.close()
        await hears(opened, await a.promise("/nothing"))


async def test_a_locked_database_holds_no_answer_up(a: Process, b: Process, path: Path) -> None:
    async with stream(b.app, "/", helio_tab=TAB) as opened:
        await hears(opened, await a.promise("/nothing"))
        other = apsw.Connection(str(path))
        other.execute("begin immediate")
        waiting = asyncio.create_task(a.send("/add"))
        await asyncio.sleep(0.05)
        # The writes of this process stand still, and its messages with them.
        answer = await a.send("/nothing")
        assert "helio-ack" not in answer.headers
        assert not waiting.done()
        other.execute("rollback")
        other.close()
        number = (await waiting).headers["helio-ack"]
        assert "1 rows" in await hears(opened, number)


async def test_a_process_that_is_started_again_says_it(a: Process, b: Process) -> None:
    for count in (1, 2):
        async with stream(b.app, "/", helio_tab=TAB) as opened:
            number = await a.promise("/add")
            assert f"{count} rows" in await hears(opened, number)
        await b.app.stop()
