"""Writing: what is committed, what is rolled back, and what each of them publishes."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Callable
from typing import Any

import pytest

from helio.data import ConstraintError, DatabaseError, SQLite

ADD = "insert into todo (title) values ($1)"


async def count(db: SQLite) -> int:
    return await db.fetch_value("select count(*) from todo")


async def test_execute_counts_the_rows_it_changed(any_db: SQLite):
    db = any_db
    assert await db.execute(ADD, "a") == 1
    assert await db.executemany(ADD, (["b"], ["c"])) == 2
    assert await db.executemany(ADD, []) == 0
    assert await db.execute("update todo set done = 1 where id > $1", 1) == 2
    assert await db.execute("update todo set done = 1 where id > 9") == 0
    assert await db.execute("select * from todo") == 0
    assert await db.execute("create index by_title on todo (title)") == 0
    assert await db.execute("delete from todo") == 3


async def test_a_write_is_published_and_readable_before_its_caller_goes_on(
    any_db: SQLite, published: Any
):
    for number in range(50):
        await any_db.execute(ADD, "a")
        assert len(published) == number + 1
        assert await count(any_db) == number + 1
    assert published.tables == {"todo"}


async def test_a_failed_write_publishes_nothing(any_db: SQLite, published: Any):
    with pytest.raises(ConstraintError):
        await any_db.execute(ADD, None)
    with pytest.raises(ConstraintError):
        await any_db.executemany(ADD, [["a"], [None]])
    assert published == []
    assert await count(any_db) == 0


async def test_what_a_failed_statement_kept_is_published(any_db: SQLite, published: Any):
    await any_db.execute("insert into person (name) values ('b')")
    published.clear()
    with pytest.raises(ConstraintError):
        await any_db.execute("insert or fail into person (name) values ('a'), ('b'), ('c')")
    assert await any_db.fetch_value("select count(*) from person") == 2
    assert published == [{"person"}]


async def test_a_transaction_is_published_once_after_its_commit(any_db: SQLite, published: Any):
    async with any_db.transaction():
        await any_db.execute(ADD, "a")
        await any_db.execute("insert into person (name) values ('a')")
        await any_db.fetch_one("update todo set done = 1 returning id")
        assert await count(any_db) == 1
        assert published == []
    assert published == [{"todo", "person"}]


async def test_a_rolled_back_transaction_leaves_and_publishes_nothing(
    any_db: SQLite, published: Any
):
    with contextlib.suppress(ZeroDivisionError):
        async with any_db.transaction():
            await any_db.execute(ADD, "a")
            raise ZeroDivisionError
    assert await count(any_db) == 0
    assert published == []


async def test_nested_transactions_are_savepoints(any_db: SQLite, published: Any):
    db = any_db
    async with db.transaction():
        await db.execute(ADD, "a")
        with contextlib.suppress(ZeroDivisionError):
            async with db.transaction():
                await db.execute("insert into person (name) values ('a')")
                async with db.transaction():
                    await db.execute("insert into person (name) values ('b')")
                raise ZeroDivisionError
        async with db.transaction():
            await db.execute(ADD, "b")
        assert await count(db) == 2
    assert await db.fetch_value("select count(*) from person") == 0
    assert published == [{"todo"}]


async def test_others_read_what_was_committed_and_wait_to_write(db: SQLite):
    inside, go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.transaction():
            await db.execute(ADD, "a")
            inside.set()
            await go.wait()

    holder = asyncio.create_task(hold())
    await inside.wait()
    assert await count(db) == 0
    writer = asyncio.create_task(db.execute(ADD, "b"))
    second = asyncio.create_task(db.execute(ADD, "c"))
    await asyncio.sleep(0.05)
    assert not writer.done()
    go.set()
    await asyncio.gather(holder, writer, second)
    rows = await db.fetch("select title from todo order by id")
    assert rows[0] == ("a",)
    assert sorted(rows) == [("a",), ("b",), ("c",)]


async def test_tasks_begun_inside_are_inside(any_db: SQLite, published: Any):
    db = any_db
    late = asyncio.Event()

    async def afterwards() -> None:
        await late.wait()
        await db.execute("insert into person (name) values ('late')")

    with contextlib.suppress(ZeroDivisionError):
        async with db.transaction():
            await asyncio.gather(*(db.execute(ADD, str(n)) for n in range(10)))
            straggler = asyncio.create_task(afterwards())
            raise ZeroDivisionError
    assert await count(db) == 0
    late.set()
    await straggler
    assert published == [{"person"}]


async def test_parallel_savepoints_are_refused(db: SQLite):
    first_in, second_in = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with db.transaction():
            first_in.set()
            await second_in.wait()

    async def second() -> None:
        await first_in.wait()
        async with db.transaction():
            second_in.set()
            await asyncio.sleep(0.05)

    async with db.transaction():
        await db.execute(ADD, "a")
        outcomes = await asyncio.gather(first(), second(), return_exceptions=True)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], DatabaseError)
    assert "Nest them in one task" in str(outcomes[1])
    assert await count(db) == 1


async def test_an_error_that_is_caught_does_not_end_the_transaction(any_db: SQLite):
    async with any_db.transaction():
        await any_db.execute(ADD, "a")
        with pytest.raises(ConstraintError):
            await any_db.execute(ADD, None)
        await any_db.execute(ADD, "b")
    assert await count(any_db) == 2


async def test_a_transaction_that_sqlite_gave_up_cannot_go_on(any_db: SQLite, published: Any):
    db = any_db

    async def go_on() -> None:
        async with db.transaction():
            await db.execute(ADD, "a")
            with pytest.raises(ConstraintError):
                await db.execute("insert or rollback into person (name) values ('a')")
            with pytest.raises(DatabaseError, match=r"(?s)rolled the transaction back.*UNIQUE"):
                await db.execute(ADD, "b")
            with pytest.raises(DatabaseError, match="rolled the transaction back"):
                await db.transaction().__aenter__()

    await db.execute("insert into person (name) values ('a')")
    published.clear()
    with pytest.raises(DatabaseError, match=r"cannot be committed.*UNIQUE"):
        await go_on()
    assert await count(db) == 0
    assert published == []
    await db.execute(ADD, "c")
    assert published == [{"todo"}]


async def test_a_commit_that_is_refused_rolls_back(open_db: Callable[..., SQLite], published: Any):
    db = open_db(
        "create table a (id integer primary key);"
        "create table b (a references a (id) deferrable initially deferred)"
    )
    with pytest.raises(ConstraintError, match="FOREIGN KEY"):
        async with db.transaction():
            await db.execute("insert into b values (1)")
    assert await db.fetch("select * from b") == []
    assert published == []
    async with db.transaction():
        await db.execute("insert into b values (1)")
        await db.execute("insert into a values (1)")
    assert published == [{"a", "b"}]


async def test_executemany_inside_a_transaction_is_all_or_none(any_db: SQLite):
    async with any_db.transaction():
        await any_db.execute(ADD, "a")
        with pytest.raises(ConstraintError):
            await any_db.executemany(ADD, [["b"], [None]])
    assert await any_db.fetch("select title from todo") == [("a",)]


class TestCancelled:
    async def test_inside_a_transaction_rolls_back(self, any_db: SQLite, published: Any):
        inside = asyncio.Event()

        async def hang() -> None:
            async with any_db.transaction():
                await any_db.execute(ADD, "a")
                inside.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(hang())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(any_db) == 0
        assert published == []
        assert await any_db.execute(ADD, "b") == 1

    async def test_while_waiting_to_begin(self, any_db: SQLite):
        async with any_db.transaction():
            waiting = [asyncio.create_task(self.add_one(any_db)) for _ in range(5)]
            await asyncio.sleep(0.01)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        assert await any_db.execute(ADD, "x") == 1
        assert await count(any_db) == 1

    async def add_one(self, db: SQLite) -> None:
        # A context of its own: inside the test's transaction it would be a savepoint.
        await asyncio.create_task(self._add(db), context=contextvars.Context())

    async def _add(self, db: SQLite) -> None:
        async with db.transaction():
            await db.execute(ADD, "a")

    @pytest.mark.parametrize("delay", [0, 0.0001, 0.0003, 0.001, 0.003])
    async def test_at_any_moment_it_happened_whole_or_not_at_all(
        self, db: SQLite, published: Any, delay: float
    ):
        async def work() -> None:
            async with db.transaction():
                await db.execute(ADD, "a")
                async with db.transaction():
                    await db.executemany(ADD, [["b"], ["c"]])
                await count(db)

        await db.execute("insert into person (name) values ('x')")
        published.clear()
        for _ in range(15):
            task = asyncio.create_task(work())
            await asyncio.sleep(delay)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await db.execute("insert into person (name) values ('y')")  # The queue has run dry.
        done = published.count({"todo"})
        assert await count(db) == 3 * done
        assert await db.execute(ADD, "z") == 1

    async def test_a_write_that_waits_is_never_made(self, db: SQLite):
        async with db.transaction():
            task = asyncio.create_task(db.execute(ADD, "a"), context=contextvars.Context())
            await asyncio.sleep(0.02)
            task.cancel()
        await db.execute(ADD, "b")
        assert await db.fetch("select title from todo") == [("b",)]


async def test_a_transaction_held_for_long_is_named(db: SQLite, caplog: Any):
    with caplog.at_level(logging.WARNING, "helio.data"):
        async with db.transaction():
            await asyncio.sleep(0.2)
        assert caplog.records == []
        async with db.transaction():
            await asyncio.sleep(1.3)
    (record,) = caplog.records
    assert "test_writing.py" in record.getMessage()
    assert "every other write waits" in record.getMessage()


async def test_two_databases_in_one_transaction_each(
    open_db: Callable[..., SQLite], tmp_path: Any, published: Any
):
    one = open_db("create table one (a)", tmp_path / "one.db")
    two = open_db("create table two (a)", tmp_path / "two.db")
    with contextlib.suppress(ZeroDivisionError):
        async with one.transaction():
            await one.execute("insert into one values (1)")
            async with two.transaction():
                await two.execute("insert into two values (1)")
            assert published == [{"two"}]
            raise ZeroDivisionError
    assert published == [{"two"}]


async def test_a_publisher_that_fails_does_not_undo_the_write(db: SQLite, caplog: Any):
    def broken(_: object) -> None:
        raise ZeroDivisionError

    db.start(broken)
    assert await db.execute(ADD, "a") == 1
    assert await count(db) == 1
    assert "Publishing changes failed" in caplog.text
