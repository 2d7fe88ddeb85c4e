"""Databases in real files, and renders that note what they read."""

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helio.data import EveryKey, Everything, Key, SQLite, Table
from helio.html.rendering import use
from helio.live.recorder import Recorder


class Notes:
    """Where a render's notes go in these tests."""

    def __init__(self) -> None:
        self.topics: list[Hashable] = []

    @property
    def tables(self) -> set[str]:
        """The tables noted whole; beside them there is only the database itself."""
        assert all(isinstance(topic, Table | Everything) for topic in self.topics)
        return {topic.name for topic in self.topics if isinstance(topic, Table)}

    @property
    def keys(self) -> set[tuple[Hashable, ...]]:
        """Keys as table, column and value; a table noted whole by its name alone."""
        assert not self.topics or isinstance(self.topics[0], Everything)
        return _named(self.topics)

    def read(self, topic: Hashable) -> None:
        self.topics.append(topic)

    def call(self, child: object) -> None:
        raise AssertionError


@pytest.fixture
def rendering() -> Callable[[], Any]:
    """`with rendering() as notes:` is the inside of a region."""

    @contextmanager
    def render() -> Iterator[Notes]:
        notes = Notes()
        of = SimpleNamespace(key="k", name="region test", kind="region", function=None)
        with use(Recorder(of, notes)):  # type: ignore[arg-type]
            yield notes

    return render


def _named(topics: Iterable[Hashable]) -> set[tuple[Hashable, ...]]:
    keys = {(t.table, t.column, t.value) for t in topics if isinstance(t, Key)}
    return keys | {(t.name,) for t in topics if isinstance(t, Table)}


class Published(list[frozenset[str]]):
    """The tables of each publication, in order; "*" for all there is."""

    def __init__(self) -> None:
        self.topics: list[Hashable] = []

    def __call__(self, topics: Iterable[Hashable]) -> None:
        topics = list(topics)
        self.topics += topics
        named = {topic.name for topic in topics if isinstance(topic, Table)}
        self.append(frozenset(named | {"*" for topic in topics if isinstance(topic, Everything)}))

    def clear(self) -> None:
        super().clear()
        self.topics.clear()

    @property
    def keys(self) -> set[tuple[Hashable, ...]]:
        """Keys as table, column and value; `table, *` for all keys of it; without whole tables."""
        every = {(t.table, "*") for t in self.topics if isinstance(t, EveryKey)}
        return every | {name for name in _named(self.topics) if len(name) == 3}

    @property
    def tables(self) -> set[str]:
        return set().union(*self)

    async def wait(self, times: int = 1, within: float = 5.0) -> None:
        """Until there have been so many publications."""
        deadline = time.monotonic() + within
        while len(self) < times:
            assert time.monotonic() < deadline, f"published {list(self)} only"
            await asyncio.sleep(0.001)


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
async def open_db(tmp_path: Path, published: Published):
    """`open_db(schema)`: a database in a file, published to `published`, closed in the end."""
    opened: list[SQLite] = []

    def open_db(schema: str | None = None, path: str | None = None, **options: Any) -> SQLite:
        db = SQLite(path or tmp_path / "test.db", schema, **options)
        db.start(published)
        opened.append(db)
        return db

    yield open_db
    for db in opened:
        await db.stop()


TODO = """
create table if not exists todo (id integer primary key, title text not null, done int default 0);
create table if not exists person (id integer primary key, name text unique);
"""


@pytest.fixture
def db(open_db: Callable[..., SQLite]) -> SQLite:
    return open_db(TODO)


@pytest.fixture(params=["file", "memory"])
def any_db(request: pytest.FixtureRequest, open_db: Callable[..., SQLite]) -> SQLite:
    """The same database in a file and in memory."""
    return open_db(TODO, ":memory:" if request.param == "memory" else None)


class Other:
    """Another process, running Python on a database with the standard library's module.

    Its code has `con`, a connection in autocommit, and `say`, which sends a line to `hear`.
    """

    def __init__(self, path: Path, code: str) -> None:
        head = """
            import sqlite3, sys, time
            con = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
            def say(text): print(text, flush=True)
            def wait(): sys.stdin.readline()
        """
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(code), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    async def hear(self) -> str:
        assert self.process.stdout is not None
        return (await asyncio.to_thread(self.process.stdout.readline)).strip()

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def other(tmp_path: Path) -> Generator[Callable[[str], Other]]:
    """`other(code)`: another process on the database of `db`."""
    started: list[Other] = []

    def start(code: str) -> Other:
        started.append(Other(tmp_path / "test.db", code))
        return started[-1]

    yield start
    for process in started:
        process.close()
