"""What asking SQLite costs, and how soon a commit of another process is known.

Every fetch is awaited by itself, so each pays for the way to a thread and back. The floor is apsw
called directly, which blocks the loop; the peer that does not is aiosqlite. Figures of calls are
the best of several rounds in microseconds for one, the rounds of all peers alternating.

Commit-to-wake is the time from the return of COMMIT in another process to the publication reaching
the loop of this one. Nothing tells a process of another's commit, so it is looked for every 5 ms.
"""

import asyncio
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import apsw

from benchmarks.report import Report, Row
from helio.data import SQLite

ROUNDS = 15
CALLS = 100
COMMITS = 300
POLL_MS = 5.0

SCHEMA = "create table todo (id integer primary key, title text not null, done int default 0)"
ONE = "select id, title, done from todo where id = ?"
MANY = "select id, title, done from todo order by id limit 100"
WRITE = "update todo set done = ? where id = 7"

OTHER = """
import random, sqlite3, sys, time
con = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
for n in range(int(sys.argv[2])):
    time.sleep(random.uniform(0.02, 0.04))
    con.execute("update todo set done = ? where id = 8", (n,))
    print(time.monotonic(), flush=True)
"""

Calls = Callable[[], Awaitable[object]]


def run() -> Report:
    return asyncio.run(_run())


async def _run() -> Report:
    report = Report("data")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        db = SQLite(path, migrations=[SCHEMA])
        await db.executemany(
            "insert into todo (title) values (?)", [[f"Todo number {n}"] for n in range(1000)]
        )
        plain = apsw.Connection(str(path))
        plain.execute("pragma synchronous = normal")
        peer = await _aiosqlite(path)
        if peer is None:
            report.notes.append("aiosqlite is not installed: no peer that leaves the loop free")
        for name, works in _calls(db, plain, peer).items():
            report.rows.append(await _row(name, works))
        report.rows += await _wakes(db, path)
        if peer:
            await peer.close()
        plain.close()
        await db.stop()
    return report


def _calls(db: SQLite, plain: apsw.Connection, peer: Any) -> dict[str, dict[str, Calls]]:
    async def ours_one() -> None:
        assert (await db.fetch(ONE, 7))[0].id == 7

    async def ours_many() -> None:
        assert len(await db.fetch(MANY)) == 100

    async def ours_write() -> None:
        await db.execute(WRITE, 1)

    async def plain_one() -> None:
        assert plain.execute(ONE, (7,)).fetchall()[0][0] == 7

    async def plain_many() -> None:
        assert len(plain.execute(MANY).fetchall()) == 100

    async def plain_write() -> None:
        plain.execute(WRITE, (1,))

    async def peer_one() -> None:
        assert next(iter(await peer.execute_fetchall(ONE, (7,))))["id"] == 7

    async def peer_many() -> None:
        assert len(list(await peer.execute_fetchall(MANY))) == 100

    async def peer_write() -> None:
        await peer.execute(WRITE, (1,))
        await peer.commit()

    calls: dict[str, dict[str, Calls]] = {
        "fetch 1 row": {"ours": ours_one, "apsw, blocking": plain_one},
        "fetch 100 rows": {"ours": ours_many, "apsw, blocking": plain_many},
        "execute and commit": {"ours": ours_write, "apsw, blocking": plain_write},
    }
    if peer:
        for work, own in zip(calls.values(), (peer_one, peer_many, peer_write), strict=True):
            work["aiosqlite"] = own
    return calls


async def _row(name: str, works: dict[str, Calls]) -> Row:
    taken: dict[str, list[float]] = {peer: [] for peer in works}
    for _ in range(ROUNDS):
        for peer, work in works.items():
            start = time.perf_counter()
            for _ in range(CALLS):
                await work()
            taken[peer].append((time.perf_counter() - start) / CALLS * 1e6)
    best = {peer: min(times) for peer, times in taken.items()}
    ours = best.pop("ours")
    # The peer first, as the ratio's reference; the floor beside it.
    references = dict(reversed(best.items()))
    return Row(name, ours, "us", references, 1.0 if "aiosqlite" in references else None)


async def _wakes(db: SQLite, path: Path) -> list[Row]:
    loop = asyncio.get_running_loop()
    woken: list[float] = []

    def on_loop() -> None:
        woken.append(time.monotonic())

    db.start(lambda _: loop.call_soon_threadsafe(on_loop))
    await db.fetch(MANY)
    db.attend(True)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OTHER, str(path), str(COMMITS), stdout=subprocess.PIPE
    )
    out, _ = await other.communicate()
    await asyncio.sleep(0.2)
    db.attend(False)
    delays = sorted(_delay(float(committed), woken) for committed in out.split())
    figures = (("p50", 0.5, 1.0), ("p99", 0.99, 2.0))
    return [
        Row(f"commit-to-wake {name}", delays[int(at * len(delays))], "ms", {"poll": POLL_MS}, aim)
        for name, at, aim in figures
    ]


def _delay(committed: float, woken: list[float]) -> float:
    """Milliseconds until the first wake after a commit; the clock is the machine's, for all.

    The other process reads it a moment after COMMIT has returned, which a wake may fall into.
    """
    return min(max(0.0, at - committed) * 1000 for at in woken if at > committed - 0.002)


async def _aiosqlite(path: Path) -> Any:
    try:
        aiosqlite = importlib.import_module("aiosqlite")
    except ImportError:
        return None
    connection = await aiosqlite.connect(path)
    connection.row_factory = aiosqlite.Row
    await connection.execute("pragma synchronous = normal")
    return connection
