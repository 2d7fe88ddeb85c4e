"""From a commit to the frame in a stream's sink, with one board open and with a thousand.

Each board is a page that shows one region of its ten cards; a change moves a card from one board
to another, so two regions differ. Time runs from the return of COMMIT, on the writer's thread, to
the write of the last frame. The reference is the work that cannot be left out, done in line
without threads, tasks or subscriptions: both queries with apsw, both regions' HTML, both frames.

Changes are apart by more than a tick, so that none waits for the render before it.
"""

import asyncio
import gc
import tempfile
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

import apsw

from benchmarks.report import Report, Row
from benchmarks.shown import Shown
from helio import html as h
from helio import region, wire
from helio.data import SQLite
from helio.html import Markup, Rendering, use
from helio.live.content import content
from helio.live.hub import Hub

CARDS = 10
BOARDS = 1_000
CHANGES = 200
CHANGES_UNKEYED = 20
BULK = 10_000

SCHEMA = """
create table card (id integer primary key, board_id integer not null, title text not null);
create index card_of_board on card (board_id);
"""
SELECT = "select id, title from card where board_id = $1 order by id"
MOVE = "update card set board_id = $1 where id = $2"

Moved = tuple[int, int, int]


def board_html(rows: Iterable[Sequence[object]]) -> Markup:
    return h.ul(id="cards")[(h.li(id=f"card-{id_}")[title] for id_, title in rows)]


class Pipe:
    """A sink that takes everything at once, and notes when."""

    __slots__ = ("buffered", "last", "writes", "written")

    def __init__(self) -> None:
        self.buffered = 0
        self.writes = 0
        self.last = 0.0
        self.written = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.last = time.perf_counter()
        self.writes += 1
        self.written.set()

    def close(self) -> None: ...

    def break_(self) -> None: ...


class Boards:
    """The database, and a page for each board open in a stream of its own."""

    def __init__(self, path: Path, count: int, *, keyed: bool) -> None:
        self.count = count
        self.db = SQLite(path, migrations=[SCHEMA], keys={"card": "board_id"} if keyed else None)
        self.hub = Hub()
        self.pipes: list[Pipe] = []
        self.renders = Counter[int]()
        self.committed = 0.0
        boards = self

        @region
        async def cards(board: int) -> Markup:
            boards.renders[board] += 1
            return board_html(await boards.db.fetch(SELECT, board))

        self.cards = cards

    async def open(self) -> None:
        rows = [[board, f"A card of board {board}"] for board in range(BOARDS)] * CARDS
        await self.db.executemany("insert into card (board_id, title) values ($1, $2)", rows)
        self.db.start(self._publish)
        for board in range(self.count):
            pipe = Pipe()
            self.pipes.append(pipe)
            await self.hub.open(page(self, board), {}, pipe, None, steps=False)
        await asyncio.sleep(0.1)
        self.renders.clear()

    def _publish(self, topics: Iterable[Hashable]) -> None:
        self.committed = time.perf_counter()
        self.hub.publish(topics)

    async def change(self, moved: Moved) -> float:
        """Move a card; seconds from the commit to the last of the frames."""
        _, source, target = moved
        concerned = [self.pipes[board] for board in (source, target) if board < self.count]
        for pipe in concerned:
            pipe.written.clear()
        await self.db.execute(MOVE, target, moved[0])
        for pipe in concerned:
            await pipe.written.wait()
        return max(pipe.last for pipe in concerned) - self.committed

    async def close(self) -> None:
        await self.hub.stop()
        await self.db.stop()


def page(boards: Boards, board: int) -> Shown:
    """The page of one board."""
    return Shown(f"board {board}", lambda: h.main[boards.cards(board)])


def moves(count: int) -> list[Moved]:
    """Cards that each are moved from their board to the next."""
    return [(board + 1, board, (board + 1) % BOARDS) for board in range(0, 2 * count, 2)]


def in_line(path: Path, moved: Moved) -> float:
    """Seconds for what any way of it has to do after the commit."""
    connection = apsw.Connection(str(path))
    connection.execute(SELECT, (0,)).fetchall()
    begin = time.perf_counter()
    for board in moved[1:]:
        with use(Rendering(marks=True)):
            html = str(board_html(connection.execute(SELECT, (board,))))
        made = content(html)
        wire.elements(made.html("key", lambda key: ""), selector='[data-region="key"]')
    taken = time.perf_counter() - begin
    connection.close()
    return taken


async def latency(path: Path, count: int) -> list[Row]:
    boards = Boards(path, count, keyed=True)
    await boards.open()
    ours: list[float] = []
    alone: list[float] = []
    for moved in moves(CHANGES) if count > 1 else back_and_forth(CHANGES):
        await asyncio.sleep(0.02)
        ours.append(await boards.change(moved))
        alone.append(in_line(path, moved))
    await boards.close()
    name = f"commit to frame, {count:,} board{'s' if count > 1 else ''} open"
    return [
        Row(f"{name}, {p}", at(ours, share), "ms", {"the work in line": at(alone, share)})
        for p, share in (("p50", 0.5), ("p99", 0.99))
    ]


def back_and_forth(count: int) -> list[Moved]:
    """One card from the only open board to another and back."""
    return [(1, 0, 1) if n % 2 == 0 else (1, 1, 0) for n in range(count)]


def at(seconds: list[float], share: float) -> float:
    """The quantile, in milliseconds."""
    return sorted(seconds)[int(share * len(seconds))] * 1000


async def renders(path: Path, *, keyed: bool) -> list[Row]:
    boards = Boards(path, BOARDS, keyed=keyed)
    await boards.open()
    count = CHANGES if keyed else CHANGES_UNKEYED
    cpu = 0.0
    for moved in moves(count):
        begin = time.process_time()
        await boards.change(moved)
        while not boards.hub.renders.resting:
            await asyncio.sleep(0.001)
        cpu += time.process_time() - begin
        await asyncio.sleep(0.02)
    each = boards.renders.total() / count
    await boards.close()
    how = "keyed" if keyed else "not keyed"
    name = f"with {BOARDS:,} boards open, {how}"
    target = 1.0 if keyed else None
    return [
        Row(f"renders per change {name}", each, "", {"boards changed": 2.0}, target),
        Row(f"CPU per change {name}", cpu / count * 1000, "ms"),
    ]


async def capture(folder: Path) -> Row:
    """What it costs to tell the keys of changed rows."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for round_ in range(6):
        for keyed in (True, False):
            path = folder / f"bulk-{keyed}-{round_}.db"
            db = SQLite(path, migrations=[SCHEMA], keys={"card": "board_id"} if keyed else None)
            rows = [[n % 500, "A card"] for n in range(BULK)]
            await db.executemany("insert into card (board_id, title) values ($1, $2)", rows)
            begin = time.perf_counter()
            await db.execute("update card set title = 'Another card'")
            taken[keyed].append((time.perf_counter() - begin) / BULK * 1e6)
            await db.stop()
    return Row(
        "update of 10,000 rows in 500 keys, each row",
        min(taken[True]),
        "us",
        {"no keys": min(taken[False])},
    )


async def _run() -> Report:
    report = Report("live-query")
    gc.disable()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (1, BOARDS):
            report.rows += await latency(folder / f"{count}.db", count)
        for keyed in (True, False):
            report.rows += await renders(folder / f"renders-{keyed}.db", keyed=keyed)
        report.rows.append(await capture(folder))
    gc.enable()
    report.notes.append("No sockets: sinks in memory take every frame at once.")
    return report


def run() -> Report:
    return asyncio.run(_run())
