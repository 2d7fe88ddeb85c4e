"""The life of a database: opened late, its schema and migrations, stopped and used again."""

import asyncio
import contextlib
import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helio.data import DatabaseError, SQLite
from helio.live.topics import Source

SCHEMA = "create table if not exists t (a)"


def threads() -> int:
    return sum(thread.name.startswith("helio-sqlite") for thread in threading.enumerate())


async def test_nothing_is_opened_before_the_first_use(tmp_path: Path):
    path = tmp_path / "late.db"
    db = SQLite(path, SCHEMA)
    db.start(lambda _: None)
    db.attend(True)
    db.attend(False)
    assert not path.exists()
    await db.fetch("select * from t")
    assert path.exists()
    await db.stop()


async def test_stop_ends_its_threads_and_the_next_use_begins_anew(
    open_db: Callable[..., SQLite], published: Any
):
    before = threads()
    db = open_db(SCHEMA)
    for _ in range(3):
        await asyncio.gather(*(db.fetch("select * from t") for _ in range(10)))
        await db.execute("insert into t values (1)")
        assert threads() > before
        await db.stop()
        await db.stop()
        assert threads() == before
    assert len(published) == 1  # Stopping ends the publication too.
    await db.close()
    assert await db.fetch_value("select count(*) from t") == 3


async def test_memory_is_shared_within_the_object_and_gone_after_stop(
    open_db: Callable[..., SQLite],
):
    db = open_db(SCHEMA, ":memory:")
    await db.execute("insert into t values (1)")
    assert await asyncio.gather(*(db.fetch("select a from t") for _ in range(5))) == [[(1,)]] * 5
    assert await SQLite(":memory:", SCHEMA).fetch("select a from t") == []
    await db.stop()
    assert await db.fetch("select a from t") == []


async def test_work_under_way_is_finished_by_stop(open_db: Callable[..., SQLite]):
    db = open_db(SCHEMA)
    await db.fetch("select 1")
    writes = [asyncio.create_task(db.execute("insert into t values ($1)", n)) for n in range(20)]
    reads = [asyncio.create_task(db.fetch("select 1 from t limit 0")) for _ in range(20)]
    await asyncio.sleep(0.001)
    await db.stop()
    outcomes = await asyncio.gather(*writes, *reads, return_exceptions=True)
    done = sum(outcome == 1 for outcome in outcomes[:20])
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, DatabaseError)
            assert "stopped while it was in use" in str(outcome)
    assert await db.fetch_value("select count(*) from t") == done


async def test_stop_rolls_back_a_transaction_left_open(
    open_db: Callable[..., SQLite], published: Any
):
    db = open_db(SCHEMA)

    written, stopped = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.transaction():
            await db.execute("insert into t values (1)")
            written.set()
            await stopped.wait()
            await db.execute("insert into t values (2)")

    task = asyncio.create_task(hold())
    async with asyncio.timeout(10):
        await written.wait()
        await db.stop()
        stopped.set()
        with pytest.raises(DatabaseError, match="transaction has ended"):
            await task
    assert published == []
    assert await db.fetch("select * from t") == []


async def test_a_database_that_is_dropped_is_closed(tmp_path: Path):
    before = threads()
    db = SQLite(tmp_path / "dropped.db", SCHEMA)
    await db.execute("insert into t values (1)")
    await db.fetch("select * from t")
    gone = weakref.ref(db)
    del db
    async with asyncio.timeout(10):
        while gone() or threads() > before:
            gc.collect()
            await asyncio.sleep(0.01)


async def test_many_first_uses_at_once(open_db: Callable[..., SQLite]):
    db = open_db(SCHEMA)
    await asyncio.gather(
        *(db.execute("insert into t values (1)") for _ in range(10)),
        *(db.fetch("select * from t") for _ in range(10)),
    )
    assert await db.fetch_value("select count(*) from t") == 10


async def test_it_is_a_source():
    assert isinstance(SQLite("x.db"), Source)


class TestSettings:
    async def test_wal_and_foreign_keys(self, open_db: Callable[..., SQLite]):
        db = open_db("create table a (id integer primary key); create table b (a references a)")
        assert await db.fetch_value("pragma journal_mode") == "wal"
        async with db.transaction():
            assert await db.fetch_value("pragma foreign_keys") == 1
            assert await db.fetch_value("pragma synchronous") == 1
        with pytest.raises(DatabaseError, match="FOREIGN KEY"):
            await db.execute("insert into b values (1)")

    async def test_full_synchronous(self, open_db: Callable[..., SQLite]):
        db = open_db(synchronous="full")
        async with db.transaction():
            assert await db.fetch_value("pragma synchronous") == 2


class TestOpening:
    @pytest.mark.parametrize(
        ("path", "reason"),
        [("missing/x.db", r"directory .*missing does not exist; create it"), (".", "a directory")],
    )
    async def test_a_path_that_cannot_be_opened(self, tmp_path: Path, path: str, reason: str):
        db = SQLite(tmp_path / path)
        outcomes = await asyncio.gather(
            *(db.fetch("select 1") for _ in range(3)), return_exceptions=True
        )
        for outcome in outcomes:
            with pytest.raises(DatabaseError, match=reason):
                raise outcome  # type: ignore[misc]
        (tmp_path / "missing").mkdir()
        if path.startswith("missing"):
            assert await db.fetch_value("select 1") == 1
        await db.stop()

    async def test_an_empty_path(self):
        with pytest.raises(ValueError, match="path is empty"):
            SQLite("")

    async def test_a_file_that_is_no_database(self, tmp_path: Path):
        (tmp_path / "x.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
        with pytest.raises(
            DatabaseError, match=r"cannot open the database .*x\.db.*not a database"
        ):
            await SQLite(tmp_path / "x.db").fetch("select 1")

    async def test_a_schema_that_fails_changes_nothing(self, tmp_path: Path):
        db = SQLite(tmp_path / "x.db", "create table a (x);\ncreate tabel b (x);")
        with pytest.raises(
            DatabaseError, match=r"(?s)schema of .*failed.*error.*\n  create tabel b .*\n {9}\^"
        ):
            await db.fetch("select 1")
        assert await SQLite(tmp_path / "x.db").fetch("select * from sqlite_schema") == []

    async def test_a_schema_cannot_commit(self, tmp_path: Path):
        db = SQLite(tmp_path / "x.db", "create table a (x); commit; create table b (x)")
        with pytest.raises(DatabaseError, match="leave out begin and commit"):
            await db.fetch("select 1")
        assert await SQLite(tmp_path / "x.db").fetch("select * from sqlite_schema") == []

    async def test_it_is_run_at_every_opening(self, open_db: Callable[..., SQLite]):
        await open_db("create table a (x)").fetch("select * from a")
        with pytest.raises(DatabaseError, match="table a already exists"):
            await open_db("create table a (x)").fetch("select * from a")


class TestMigrations:
    async def test_each_is_run_once_in_order(self, open_db: Callable[..., SQLite]):
        first = "create table a (x); insert into a values (1);"
        second = "alter table a add column y default 5"
        assert await open_db(migrations=[first]).fetch("select * from a") == [(1,)]
        for _ in range(2):
            db = open_db(migrations=[first, second])
            assert await db.fetch("select * from a") == [(1, 5)]
            assert await db.fetch_value("pragma user_version") == 2

    async def test_one_that_fails_is_named_and_the_others_stay(
        self, open_db: Callable[..., SQLite]
    ):
        scripts = ["create table a (x)", "create table b (x); insert into c values (1)"]
        with pytest.raises(DatabaseError, match=r"(?s)Migration 2 of 2 .*no such table: c"):
            await open_db(migrations=scripts).fetch("select 1")
        db = open_db()
        assert await db.fetch("select name from sqlite_schema") == [("a",)]
        assert await db.fetch_value("pragma user_version") == 1

    async def test_a_table_can_be_rebuilt_without_losing_what_refers_to_it(
        self, open_db: Callable[..., SQLite]
    ):
        first = """
            create table a (id integer primary key);
            create table b (a references a (id) on delete cascade);
            insert into a values (1); insert into b values (1);
        """
        second = """
            create table new (id integer primary key, name text default 'n');
            insert into new (id) select id from a;
            drop table a; alter table new rename to a;
        """
        db = open_db(migrations=[first, second])
        assert await db.fetch("select a, name from b join a on a = id") == [(1, "n")]

    async def test_broken_references_are_refused(self, open_db: Callable[..., SQLite]):
        scripts = [
            "create table a (id integer primary key); create table b (a references a (id))",
            "insert into b values (7)",
        ]
        with pytest.raises(DatabaseError, match=r"(?s)Migration 2 .* 1 broken ref.*row 1 of b"):
            await open_db(migrations=scripts).fetch("select 1")

    async def test_a_file_from_the_future(self, open_db: Callable[..., SQLite]):
        await open_db(migrations=["create table a (x)", "create table b (x)"]).fetch("select 1")
        with pytest.raises(DatabaseError, match=r"at migration 2, this program knows 1"):
            await open_db(migrations=["create table a (x)"]).fetch("select 1")

    async def test_two_at_once(self, open_db: Callable[..., SQLite]):
        scripts = [f"create table t{n} (x); insert into t{n} values ({n})" for n in range(5)]
        dbs = [open_db(migrations=scripts) for _ in range(12)]
        assert await asyncio.gather(*(db.fetch("select * from t4") for db in dbs)) == [[(4,)]] * 12


async def test_a_full_disk_is_an_error_and_no_harm(open_db: Callable[..., SQLite], published: Any):
    db = open_db("create table if not exists t (a)")
    await db.fetch("select * from t")
    async with db.transaction():
        await db.fetch("pragma max_page_count = 20")  # SQLite's own stand-in for a full disk.
    with pytest.raises(DatabaseError, match="full"):
        await db.execute("insert into t values (zeroblob(1000000))")
    with contextlib.suppress(DatabaseError):
        async with db.transaction():
            await db.execute("insert into t values (1)")
            await db.execute("insert into t values (zeroblob(1000000))")
    assert published == []
    assert await db.execute("insert into t values (1)") == 1
    assert await db.fetch("select a from t") == [(1,)]
