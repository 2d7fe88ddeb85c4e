"""Other processes on the same file: their commits, their locks, their deaths."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from helio.data import LockedError, SQLite

ADD = "insert into todo (title) values ('other')"


async def watched(db: SQLite, published: Any) -> None:
    """The state of a database on which somebody watches `todo`."""
    await db.fetch("select * from todo")
    db.attend(True)
    await asyncio.sleep(0.05)
    published.clear()


async def test_a_commit_of_another_process_wakes_everything_read(
    db: SQLite, other: Any, published: Any
):
    await db.fetch("select * from person")
    await watched(db, published)
    other(f'con.execute("{ADD}")')
    await published.wait()
    assert published[0] == {"*"}
    assert await db.fetch_value("select count(*) from todo") == 1


async def test_what_another_process_rolls_back_wakes_nobody(db: SQLite, other: Any, published: Any):
    await watched(db, published)
    process = other(f"""
        con.execute("begin immediate"); con.execute("{ADD}"); con.execute("rollback")
        say("done")
    """)
    assert await process.hear() == "done"
    await asyncio.sleep(0.1)
    assert published == []


async def test_a_commit_before_anybody_watched_is_found_at_once(
    db: SQLite, other: Any, published: Any
):
    await db.fetch("select * from todo")
    process = other(f'con.execute("{ADD}"); say("done")')
    assert await process.hear() == "done"
    await asyncio.sleep(0.05)
    assert published == []
    db.attend(True)
    await published.wait()
    assert published == [{"*"}]


async def test_while_nobody_watches_nothing_is_looked_at(db: SQLite, other: Any, published: Any):
    await watched(db, published)
    db.attend(False)
    await asyncio.sleep(0.05)
    process = other(f'con.execute("{ADD}"); say("done")')
    assert await process.hear() == "done"
    await asyncio.sleep(0.1)
    assert published == []


async def test_our_own_commits_do_not_count_as_anothers(db: SQLite, published: Any):
    await db.fetch("select * from person")
    await watched(db, published)
    for _ in range(20):
        await db.execute("insert into todo (title) values ('a')")
        await db.fetch("select * from todo")
    await asyncio.sleep(0.1)
    assert published == [{"todo"}] * 20


async def test_another_connection_of_this_process_counts(
    open_db: Callable[..., SQLite], published: Any
):
    schema = "create table if not exists t (a)"
    first, second = open_db(schema), open_db(schema)
    second.start(lambda _: None)
    await first.fetch("select * from t")
    first.attend(True)
    await second.execute("insert into t values (1)")
    await published.wait()
    assert published == [{"*"}]


async def test_a_transaction_of_ours_hides_no_commit_for_longer_than_it_lasts(
    db: SQLite, other: Any, published: Any
):
    await watched(db, published)
    process = other(f'wait(); con.execute("{ADD}"); say("done")')
    async with db.transaction():
        await db.execute("insert into person (name) values ('a')")
        process.go()
        await asyncio.sleep(0.1)
        assert published == []
    assert await process.hear() == "done"
    await published.wait(2)
    assert published == [{"person"}, {"*"}]


async def test_a_schema_changed_by_another_process(
    db: SQLite, other: Any, rendering: Any, published: Any
):
    await db.execute("create view seen as select id from todo")
    await db.fetch("select * from seen")
    await watched(db, published)
    other("""
        con.executescript("drop view seen; create view seen as select id from person;")
    """)
    await published.wait()
    for _ in range(2):
        with rendering() as notes:
            await db.fetch("select * from seen")
        assert notes.tables == {"person"}


async def test_a_schema_changed_while_nobody_watched(
    db: SQLite, other: Any, rendering: Any, published: Any
):
    await db.execute("create view seen as select id from todo")
    await db.fetch("select 1 from seen")
    process = other("""
        con.executescript("drop view seen; create view seen as select id from person;")
        say("done")
    """)
    assert await process.hear() == "done"
    published.clear()
    with rendering() as notes:
        await db.fetch("select * from seen")  # A new text: compiled against the new schema.
    assert "person" in notes.tables
    assert published == [{"*"}]


async def test_a_trigger_made_by_another_process_is_seen_at_the_next_write(
    db: SQLite, other: Any, published: Any
):
    add = "insert into todo (title) values ('a')"
    await db.execute(add)
    process = other("""
        con.execute("create trigger t after insert on todo begin "
                    "insert into person (name) values (new.id); end")
        say("done")
    """)
    assert await process.hear() == "done"
    published.clear()
    await db.execute(add)
    assert published[-1] == {"todo", "person"}


async def test_a_locked_database_says_who_to_look_for(
    open_db: Callable[..., SQLite], other: Any, published: Any
):
    db = open_db("create table if not exists todo (title)", timeout=0.2)
    await db.fetch("select * from todo")
    process = other("""
        con.execute("begin immediate"); say("locked"); wait(); con.execute("commit"); say("done")
    """)
    assert await process.hear() == "locked"
    assert await db.fetch("select * from todo") == []  # Readers do not wait.
    with pytest.raises(LockedError, match=r"(?s)locked.*Another connection.*timeout="):
        await db.execute("insert into todo values ('a')")
    with pytest.raises(LockedError):
        async with db.transaction():
            pass
    process.go()
    assert await process.hear() == "done"
    assert await db.execute("insert into todo values ('a')") == 1
    assert published == [{"todo"}]


async def test_a_process_killed_in_the_middle_leaves_nothing(
    db: SQLite, other: Any, published: Any
):
    await watched(db, published)
    process = other(f"""
        con.execute("pragma cache_size = 1")
        con.execute("begin immediate")
        for _ in range(2000): con.execute("{ADD}")
        say("written"); wait()
    """)
    assert await process.hear() == "written"
    process.kill()
    assert await db.fetch_value("select count(*) from todo") == 0
    assert await db.execute("insert into todo (title) values ('a')") == 1
    await asyncio.sleep(0.05)
    assert published == [{"todo"}]


async def test_many_processes_write_and_none_is_missed(db: SQLite, other: Any, published: Any):
    await watched(db, published)
    processes = [other(f'for _ in range(50): con.execute("{ADD}")\nsay("done")') for _ in range(3)]
    for _ in range(50):
        await db.execute("insert into todo (title) values ('a')")
    assert [await process.hear() for process in processes] == ["done"] * 3
    await asyncio.sleep(0.1)
    last = len(published)
    assert await db.fetch_value("select count(*) from todo") == 200
    await asyncio.sleep(0.1)
    assert len(published) == last


PROGRAM = """
import asyncio, sys
from helio.data import SQLite
db = SQLite(sys.argv[1], "create table if not exists t (a)")
async def main():
    await db.execute("insert into t values (1)")
    print(await db.fetch_value("select count(*) from t"), flush=True)
    {then}
asyncio.run(main())
"""


@pytest.mark.parametrize(
    "then",
    [
        "pass",
        "await db.stop()",
        "sys.exit(0)",
        "await db.transaction().__aenter__(); await db.execute('insert into t values (2)')",
        "asyncio.create_task(db.fetch('select 1'))",
    ],
)
async def test_a_program_that_ends_leaves_a_closed_file(tmp_path: Any, then: str):
    path = tmp_path / "ended.db"
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(then=then), str(path)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("1\n", "", 0)
    assert [file.name for file in tmp_path.iterdir()] == ["ended.db"]
    db = SQLite(path)
    assert await db.fetch("select a from t") == [(1,)]
    await db.stop()
