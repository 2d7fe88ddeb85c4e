"""A crowd: after all faults, and as soon as it is quiet, every client shows what a fresh one sees.

Two processes serve one database; a third writes to it. Dozens of clients read fast or slowly, lose
their connections and come back telling what they have; one of the processes is ended and started
again. HELIO_CROWD=120 runs it for two minutes; HELIO_CROWD_SEED makes the same choices again.
"""

# ruff: noqa: S311 - chance, not secrets

import asyncio
import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.serving import Served
from server.crowd import Visitor

# The clients; the servers are processes of their own.
pytestmark = pytest.mark.asyncio(loop_factories=["asyncio"])

SECONDS = float(os.environ.get("HELIO_CROWD", "6"))
SEED = int(os.environ.get("HELIO_CROWD_SEED", "0")) or random.randrange(1, 10**6)
QUIET = 10.0
"""Seconds until a client that is still wrong is taken for wrong for good."""

APP = """
from helio import App, NotFound, Session, SessionState, SQLite, region, title
from helio import html as h

db = SQLite(
    "crowd.db",
    schema='''
        create table if not exists lane (id integer primary key, shut integer not null default 0);
        create table if not exists card (
            id integer primary key, lane integer not null, rank integer not null, text text not null
        );
    ''',
)
app = App(db=db)


class Prefs(SessionState):
    newest: bool = False


@app.page("/")
async def index():
    count = await db.fetch_value("select count(*) from card")
    title(f"{count} cards")
    return h.main[h.p[count], board(), rare()]


@app.page("/lanes/{id}")
async def one(id: int):
    if not await db.fetch_value("select count(*) from lane where id = $1", id):
        return h.p["gone"]
    return h.main[lane(id, False), lane(id, False)]


@app.page("/mine")
async def mine(session: Session, prefs: Prefs):
    return h.main[h.p(class_="secret")[session.get("secret", "none")], lane(1, prefs.newest)]


@region
async def board():
    lanes = await db.fetch("select id, shut from lane order by id")
    return h.section[(h.div(part=f"lane-{r.id}")[h.b[r.id], None if r.shut else lane(r.id, False)]
                      for r in lanes)]


@region
async def lane(id: int, newest: bool):
    order = "id desc" if newest else "rank, id"
    rows = await db.fetch(f"select * from card where lane = $1 order by {order}", id)
    return h.ul(data_count=len(rows))[
        (h.li(part=f"card-{r.id}", class_="even" if r.rank % 2 == 0 else None)[
            r.text, h.i(id=f"rank-{r.id}-in-{id}")[r.rank]] for r in rows)
    ]


@region
async def rare():
    high = await db.fetch_value("select max(rank) from card") or 0
    return None if high % 3 else h.p["high: ", high]


@app.post("/add")
async def add(lane: int, rank: int, text: str):
    await db.execute("insert into card (lane, rank, text) values ($1, $2, $3)", lane, rank, text)


@app.post("/move")
async def move(id: int, lane: int, rank: int):
    await db.execute("update card set lane = $1, rank = $2 where id = $3", lane, rank, id)


@app.post("/write")
async def write(id: int, text: str):
    await db.execute("update card set text = $1 where id = $2", text, id)


@app.post("/remove")
async def remove(id: int):
    await db.execute("delete from card where id = $1", id)


@app.post("/shut")
async def shut(id: int):
    await db.execute("update lane set shut = not shut where id = $1", id)


@app.post("/keep")
async def keep(session: Session, secret: str):
    session["secret"] = secret


@app.post("/turn")
async def turn(prefs: Prefs):
    prefs.newest = not prefs.newest
"""

LANES = range(1, 5)
CARDS = range(1, 60)
TEXTS = ["", "a &amp; b", "<b>", "\u2028 \u00a0", "\x01(", "]]>", "data: x\n\nevent: y", "x" * 3000]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[list[Served]]:
    (tmp_path / "crowd.py").write_text(APP)
    both = [Served(Path("crowd.py"), tmp_path) for _ in range(2)]
    assert both[0].get("/").status_code == 200
    connection = sqlite3.connect(tmp_path / "crowd.db")
    connection.executemany("insert into lane (id) values (?)", [(each,) for each in LANES])
    connection.commit()
    connection.close()
    yield both
    for each in both:
        each.end()


class Crowd:
    """The visitors and what happens to them."""

    def __init__(self, served: list[Served]) -> None:
        self.random = random.Random(SEED)
        self.served = served
        self.up = list(served)
        paths = ["/", "/", "/", "/mine", "/lanes/1", "/lanes/3"]
        self.visitors = [self._visitor(paths[n % len(paths)], n) for n in range(36)]
        self.secrets = {visitor: f"secret-{n:04}" for n, visitor in enumerate(self.visitors)}

    def _visitor(self, path: str, number: int) -> Visitor:
        def port() -> int:
            return self.random.choice(self.up).port

        visitor = Visitor(path, port, own=number % 5 != 4)
        visitor.rest = 0.3 if number % 7 == 6 else 0.0
        return visitor

    async def come(self) -> None:
        for visitor in self.visitors:
            if visitor.path == "/mine":
                await visitor.act("/keep", secret=self.secrets[visitor])
            await visitor.load()

    async def command(self) -> None:
        """Something that a visitor does."""
        choose = self.random
        visitor = choose.choice(self.visitors)
        card, lane, rank = choose.choice(CARDS), choose.choice(LANES), choose.randrange(20)
        text = choose.choice(TEXTS)
        match choose.randrange(12):
            case 0 | 1 | 2:
                await visitor.act("/add", lane=lane, rank=rank, text=text)
            case 3 | 4 | 5:
                await visitor.act("/move", id=card, lane=lane, rank=rank)
            case 6 | 7:
                await visitor.act("/write", id=card, text=text)
            case 8 | 9:
                await visitor.act("/remove", id=card)
            case 10:
                await visitor.act("/shut", id=lane)
            case _ if visitor.path == "/mine":
                await visitor.act("/turn")
            case _:
                visitor.drop()

    async def commands(self, until: float) -> None:
        while asyncio.get_running_loop().time() < until:
            try:
                await self.command()
            except (ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.02)  # the process was ended in the middle
            await asyncio.sleep(self.random.random() * 0.03)

    async def elsewhere(self, until: float) -> None:
        """Another program writes."""
        connection = sqlite3.connect(self.served[0].place / "crowd.db", timeout=10)
        while asyncio.get_running_loop().time() < until:
            rank, lane = self.random.randrange(20), self.random.choice(LANES)
            connection.execute("update card set rank = ? where lane = ?", (rank, lane))
            connection.commit()
            await asyncio.sleep(0.1)
        connection.close()

    async def restart(self, seconds: float) -> None:
        """One process ends, and comes back."""
        await asyncio.sleep(seconds)
        process = self.served[1]
        self.up.remove(process)
        await asyncio.to_thread(process.terminate)
        await asyncio.to_thread(process.restart)
        self.up.append(process)

    async def agree(self) -> None:
        """Wait until every page equals a fresh document."""
        for visitor in self.visitors:
            visitor.rest = 0
        deadline = asyncio.get_running_loop().time() + QUIET
        for visitor in self.visitors:
            while True:
                fresh = await visitor.fresh()
                if visitor.shown == fresh:
                    break
                assert asyncio.get_running_loop().time() < deadline, (
                    f"seed {SEED}: {visitor.path} shows\n{visitor.shown}\nbut is\n{fresh}"
                )
                await asyncio.sleep(0.1)

    def keep_secrets(self) -> None:
        for visitor in self.visitors:
            shown = visitor.page.bare()
            own = visitor.path == "/mine"
            assert shown.count("secret-") == own, shown
            assert (self.secrets[visitor] in shown) is own


async def test_every_page_is_right_after_all_faults(served: list[Served]):
    crowd = Crowd(served)
    await crowd.come()
    async with asyncio.TaskGroup() as staying:
        for visitor in crowd.visitors:
            staying.create_task(visitor.stay())
        until = asyncio.get_running_loop().time() + SECONDS
        await asyncio.gather(
            *(crowd.commands(until) for _ in range(6)),
            crowd.elsewhere(until),
            crowd.restart(SECONDS / 3),
        )
        await crowd.agree()
        crowd.keep_secrets()
        for visitor in crowd.visitors:
            visitor.leave()
    assert sum(visitor.events for visitor in crowd.visitors) > 100
    assert not any(process.log for process in served)
