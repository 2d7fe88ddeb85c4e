"""What processes on one database tell each other: heard by all others, and by nobody twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helio.data import DatabaseError, Everything, SQLite
from helio.data.mailfile import KEPT, SUFFIX
from helio.live.mail import Mailbox

SCHEMA = "create table if not exists todo (id integer primary key, title text)"
ADD = "insert into todo (title) values ('a')"


class Process:
    """What stands for one process: a database object of its own, and what its mailbox has heard."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.db = SQLite(path, SCHEMA, **options)
        self.events: list[object] = []
        self.heard: list[tuple[str, str]] = []
        self.start()

    def start(self) -> None:
        self.db.start(lambda topics: self.events.append(list(topics)))

    @property
    def box(self) -> Mailbox:
        assert self.db.mailbox is not None
        return self.db.mailbox

    async def listen(self) -> None:
        """Hear messages, as a process does in which streams are open."""
        loop = asyncio.get_running_loop()
        # As a hub does: what is published goes to the loop in order of publication.
        self.db.start(lambda topics: loop.call_soon_threadsafe(self.events.append, list(topics)))
        self.box.listen(self.hear)
        self.db.attend(True)
        await self.db.fetch("select * from todo")
        await asyncio.sleep(0.03)
        self.events.clear()

    def hear(self, kind: str, text: str) -> None:
        self.heard.append((kind, text))
        self.events.append((kind, text))

    async def hears(self, *texts: str) -> None:
        async with asyncio.timeout(10):
            while [text for _, text in self.heard] != list(texts):
                await asyncio.sleep(0.001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shared.db"


@pytest.fixture
async def process(path: Path) -> AsyncIterator[Callable[..., Process]]:
    """`process()`: another process on the same file."""
    made: list[Process] = []

    def another(**options: Any) -> Process:
        made.append(Process(path, **options))
        return made[-1]

    yield another
    for one in made:
        await one.db.stop()


def mail(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def by_hand(path: Path, sql: str, *values: float) -> list[Any]:
    """Run a statement on the file of messages."""
    connection = apsw.Connection(str(mail(path)))
    try:
        connection.set_busy_timeout(10_000)
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


async def test_a_message_is_heard_by_all_others_and_not_by_its_sender(process: Any):
    a, b, c = process(), process(), process()
    for one in (a, b, c):
        await one.listen()
    assert await a.box.post("ack", "one")
    assert await a.box.post("ack", "two")
    await b.hears("one", "two")
    await c.hears("one", "two")
    assert await b.box.post("other", "three")
    await c.hears("one", "two", "three")
    await a.hears("three")
    assert a.heard == [("other", "three")]
    await asyncio.sleep(0.03)
    assert [text for _, text in b.heard] == ["one", "two"]


async def test_what_was_committed_before_is_published_before_the_message_is_heard(process: Any):
    a, b = process(), process()
    await b.listen()
    for n in range(30):
        b.events.clear()
        await a.db.execute(ADD)
        assert await a.box.post("n", str(n))
        await b.hears(*map(str, range(n + 1)))
        # What other processes have written may have been everything.
        assert b.events == [[Everything(b.db)], ("n", str(n))]


async def test_a_message_wakes_no_page(process: Any):
    a, b = process(), process()
    await a.listen()
    await b.listen()
    for n in range(5):
        await a.box.post("n", str(n))
    await b.hears(*map(str, range(5)))
    await asyncio.sleep(0.03)
    assert [event for event in b.events if isinstance(event, list)] == []
    assert a.events == []


async def test_nothing_is_made_before_the_first_message(process: Any, path: Path):
    a, b = process(), process()
    await a.listen()
    await b.listen()
    await a.db.execute(ADD)
    await asyncio.sleep(0.03)
    assert not mail(path).exists()
    await a.box.post("n", "1")
    assert mail(path).exists()
    await b.hears("1")


async def test_while_nobody_watches_messages_wait(process: Any):
    a, b = process(), process()
    await b.listen()
    b.db.attend(False)
    await a.box.post("n", "1")
    await asyncio.sleep(0.05)
    assert b.heard == []
    b.db.attend(True)
    await b.hears("1")


async def test_attention_alone_is_enough_to_hear(process: Any):
    """A page that reads no database has a stream as well."""
    a, b = process(), process()
    b.box.listen(b.hear)
    b.db.attend(True)
    await asyncio.sleep(0.05)
    await a.box.post("n", "1")
    await b.hears("1")


async def test_messages_are_heard_while_this_process_never_ceases_to_write(process: Any):
    a, b = process(), process()
    await b.listen()

    written = 0

    async def write() -> None:
        nonlocal written
        while not b.heard:
            await b.db.execute(ADD)
            written += 1

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    await a.box.post("n", "1")
    before = written
    await asyncio.wait_for(writing, 10)
    assert written < before + 100


async def test_a_message_does_not_overtake_what_a_transaction_here_hides(process: Any):
    a, b = process(timeout=10), process()
    await b.listen()
    async with b.db.transaction():
        await b.db.execute(ADD)

        async def elsewhere() -> None:
            await a.db.execute(ADD)  # waits for the lock
            await a.box.post("n", "1")

        task = asyncio.create_task(elsewhere())
        await asyncio.sleep(0.05)
        assert b.heard == []
    await task
    await b.hears("1")
    tables = [len(event) for event in b.events if isinstance(event, list)]
    assert len(tables) == 2
    assert b.events[-1] == ("n", "1")


async def test_what_is_older_than_the_process_is_no_news(process: Any):
    a = process()
    await a.box.post("n", "old")
    await a.db.stop()
    b, c = process(), process()
    await b.listen()
    await c.box.post("n", "new")
    await b.hears("new")


async def test_a_process_that_begins_anew_hears_and_is_heard(process: Any):
    a, b = process(), process()
    await b.listen()
    await a.box.post("n", "1")
    await b.hears("1")
    await a.db.stop()
    await b.db.stop()
    a.start()
    await b.listen()
    await a.box.post("n", "2")
    await b.hears("1", "2")
    assert await b.box.post("n", "3")


async def test_stopping_ends_the_listening(process: Any):
    a, b = process(), process()
    await b.listen()
    await b.db.stop()
    b.db.attend(True)
    await b.db.fetch("select * from todo")
    await a.box.post("n", "1")
    await asyncio.sleep(0.05)
    assert b.heard == []


async def test_old_messages_are_cleared_away_and_the_count_goes_on(process: Any, path: Path):
    a, b = process(), process()
    await b.listen()
    await a.box.post("n", "0")
    await b.hears("0")
    by_hand(
        path,
        "insert into helio_mail (sender, posted, kind, text) "
        "select 's', 0, 'n', 'x' from (with recursive n(i) as "
        "(select 1 union all select i + 1 from n where i < 250) select i from n)",
    )
    by_hand(path, "update helio_mail set posted = posted - ?", KEPT + 1)
    async with asyncio.timeout(10):
        while len(b.heard) < 251:
            await asyncio.sleep(0.001)
    b.heard.clear()
    for n in range(3):
        await a.box.post("n", str(n))
    await b.hears("0", "1", "2")
    assert by_hand(path, "select text from helio_mail") == [("0",), ("1",), ("2",)]


async def test_a_clock_that_jumps_stops_nothing(process: Any, path: Path):
    a, b = process(), process()
    await b.listen()
    await a.box.post("n", "0")
    await b.hears("0")
    for count, shift in enumerate((-1e6, 1e6, 1e6), 1):
        by_hand(path, "update helio_mail set posted = posted + ?", shift)
        await a.box.post("n", str(count))
        await b.hears(*map(str, range(count + 1)))


async def test_a_locked_mail_file_holds_nobody_up_for_long(process: Any, path: Path):
    a, b = process(), process()
    await b.listen()
    await a.box.post("n", "0")
    await b.hears("0")
    other = apsw.Connection(str(mail(path)))
    other.execute("begin immediate")
    assert await a.box.post("n", "1") is False
    assert await a.db.execute(ADD) == 1
    other.execute("rollback")
    assert await a.box.post("n", "2")
    await b.hears("0", "2")
    other.close()


async def test_a_post_that_was_given_up_while_it_waited_is_not_made(process: Any):
    a, b = process(), process()
    await b.listen()
    begun, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with a.db.transaction():
            begun.set()
            await release.wait()

    holding = asyncio.create_task(hold())
    await begun.wait()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await a.box.post("n", "given up")
    release.set()
    await holding
    await a.box.post("n", "made")
    await b.hears("made")


async def test_inside_a_transaction_nothing_can_be_posted(process: Any):
    a = process()
    async with a.db.transaction():
        with pytest.raises(DatabaseError, match="inside a transaction"):
            await a.box.post("n", "1")


async def test_a_file_that_is_none_is_complained_of_once(process: Any, path: Path, caplog: Any):
    mail(path).write_bytes(b"no database at all " * 100)
    b = process()
    await b.listen()
    assert await b.box.post("n", "1") is False
    await b.db.execute(ADD)
    await asyncio.sleep(0.05)
    [record] = caplog.records
    assert str(mail(path)) in record.getMessage()


async def test_a_database_in_memory_has_no_mailbox():
    assert SQLite(":memory:").mailbox is None


async def test_processes_meet_by_whatever_name_they_know_the_file(
    process: Any, path: Path, monkeypatch: pytest.MonkeyPatch
):
    a = process()
    await a.listen()
    link = path.with_name("link.db")
    link.symlink_to(path)
    monkeypatch.chdir(path.parent)
    for name in (link, Path(path.name)):
        other = Process(name)
        try:
            await other.box.post("n", name.name)
        finally:
            await other.db.stop()
    await a.hears("link.db", "shared.db")


async def test_catching_up_publishes_what_nobody_had_looked_for(process: Any):
    a, b = process(), process()
    await b.db.fetch("select * from todo")
    await a.db.execute(ADD)
    b.events.clear()
    assert await b.box.catch_up()
    assert len(b.events) == 1
    assert await b.box.catch_up()
    assert len(b.events) == 1


Step = st.tuples(st.sampled_from(["post", "commit", "stop", "rest", "wake"]), st.integers(0, 2))


@settings(max_examples=25, deadline=None)
@given(st.lists(Step, max_size=25))
async def test_whatever_happens_each_hears_the_others_once_and_in_order(
    tmp_path_factory: Any, steps: list[tuple[str, int]]
):
    path = tmp_path_factory.mktemp("mail") / "shared.db"
    all_of_them = [Process(path) for _ in range(3)]
    expected: list[list[str]] = [[], [], []]
    try:
        for one in all_of_them:
            await one.listen()
        for count, (what, who) in enumerate(steps):
            one = all_of_them[who]
            match what:
                case "post":
                    assert await one.box.post("n", str(count))
                    for other in {0, 1, 2} - {who}:
                        expected[other].append(str(count))
                case "commit":
                    await one.db.execute(ADD)
                case "rest":
                    one.db.attend(False)
                case "wake":
                    one.db.attend(True)
                case _:
                    await one.hears(*expected[who]) if one.db._watched else None
                    # What comes while it is away is lost; it has heard all that came before.
                    expected[who] = [text for _, text in one.heard]
                    await one.db.stop()
                    await one.listen()
        for one, texts in zip(all_of_them, expected, strict=True):
            one.db.attend(True)
            await one.hears(*texts)
    finally:
        for one in all_of_them:
            await one.db.stop()
