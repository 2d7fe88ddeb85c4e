"""A thousand boards open: a change of two of them renders two of them."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from helio import SQLite, region
from helio import html as h
from helio.live.hub import Hub
from live.standin import Tab, Visit, quiet, running, show, until

BOARDS = 1_000
SCHEMA = """
create table if not exists card (id integer primary key, board_id integer, title text);
create index if not exists card_of_board on card (board_id);
"""


class Boards:
    """A page for each board, and how often the region of each was rendered."""

    def __init__(self, path: Path) -> None:
        self.db = SQLite(path, SCHEMA, keys={"card": "board_id"})
        self.renders = Counter[int]()
        self.tabs: dict[int, Tab] = {}
        boards = self

        @region
        async def cards(board: int):
            boards.renders[board] += 1
            sql = "select id, title from card where board_id = $1 order by id"
            rows = await boards.db.fetch(sql, board)
            return h.ul[(h.li(id=f"card-{row.id}")[row.title] for row in rows)]

        def page(board: int):
            return h.main[cards(board)]

        self.page = page

    async def open(self, hub: Hub) -> None:
        self.db.start(hub.publish)
        rows = [[board, f"card of {board}"] for board in range(BOARDS)]
        await self.db.executemany("insert into card (board_id, title) values ($1, $2)", rows)
        for board in range(BOARDS):
            self.tabs[board], _ = await show(hub, Visit(self.page, board))
        await quiet(hub)
        self.renders.clear()

    def changed(self) -> dict[int, str]:
        return {board: "".join(tab.patches) for board, tab in self.tabs.items() if tab.writes}


@asynccontextmanager
async def all_open(path: Path) -> AsyncIterator[tuple[Boards, Hub]]:
    boards = Boards(path)
    async with running() as hub:
        await boards.open(hub)
        yield boards, hub
    await boards.db.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "boards.db"


async def test_a_card_moved_renders_the_board_it_leaves_and_the_board_it_comes_to(path: Path):
    async with all_open(path) as (boards, hub):
        await boards.db.execute("update card set board_id = 7 where board_id = 3")
        await until(lambda: len(boards.changed()) == 2)
        await asyncio.sleep(0.05)
        await quiet(hub)
        assert boards.renders == {3: 1, 7: 1}
        assert "card of" not in boards.changed()[3]
        assert "card of 7" in boards.changed()[7]
        assert "card of 3" in boards.changed()[7]


async def test_a_commit_of_another_process_renders_all_and_sends_what_changed(path: Path):
    async with all_open(path) as (boards, hub):
        code = (
            "import sqlite3, sys; con = sqlite3.connect(sys.argv[1], timeout=10); "
            "con.execute(\"update card set title = 'theirs' where board_id = 5\"); con.commit()"
        )
        await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code, str(path)], check=True, timeout=30
        )
        await until(lambda: len(boards.renders) == BOARDS)
        await quiet(hub)
        assert boards.changed().keys() == {5}
        assert "theirs" in boards.changed()[5]
