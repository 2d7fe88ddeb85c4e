"""Which tables a statement is seen to read and to write, whatever it hides them behind."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from helio.data import Everything, SQLite, Table
from helio.live.recorder import RenderError, untracked

SCHEMA = """
create table author (id integer primary key, name text);
create table book (
    id integer primary key, title text,
    author references author (id) on delete cascade on update cascade
);
create table review (id integer primary key, book references book (id) on delete set null);
create table log (what text);
create table person (id integer, name text, primary key (id, name)) without rowid;
create table plain (a, b);
create table other (a, b);
create view titles as select title, name from book join author on author = author.id;
create view loud as select upper(title) as title from titles;
create trigger logged after insert on book begin insert into log values (new.title); end;
create view desk as select a from plain;
create trigger to_desk instead of insert on desk begin insert into plain (a) values (new.a); end;
create virtual table words using fts5 (body);
"""


@pytest.fixture
def library(open_db: Callable[..., SQLite]) -> SQLite:
    return open_db(migrations=[SCHEMA])


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select 1", set()),
        ("select count(*) from book", {"book"}),
        ("select exists (select 1 from book)", {"book"}),
        ("select * from BOOK", {"book"}),
        ('select * from main."book" as b', {"book"}),
        ("select title from titles", {"book", "author"}),
        ("select count(*) from titles", {"book", "author"}),
        ("select * from loud", {"book", "author"}),
        ("select book.id from book left join author on author.id = author", {"book", "author"}),
        ("with b as (select * from book) select count(*) from b", {"book"}),
        ("with review as (select 1 as id) select * from review", set()),
        ("select (select max(id) from review) from plain", {"review", "plain"}),
        ("select plain.b from plain join other using (a)", {"plain", "other"}),
        ("select plain.b from plain natural join other", {"plain", "other"}),
        ("select count(*) from plain natural join other", {"plain", "other"}),
        ("select 1 where exists (select 1 from plain join other using (a))", {"plain", "other"}),
        ("select name from person natural join author", {"person", "author"}),
        ("select a from plain union select id from book", {"plain", "book"}),
        ("select a from plain where a in (select id from author)", {"plain", "author"}),
        ("select a from plain where a in $1", {"plain"}),
        ("select max(rowid) from plain", {"plain"}),
        ("select 1 from plain where false", {"plain"}),
        ("select value from json_each('[1]')", set()),
        ("select * from pragma_table_info('book')", set()),
        ("select sum(a) over (order by b) from plain", {"plain"}),
        ("select name from sqlite_schema", {"sqlite_master"}),
        ("select body from words where words match 'x'", {"words", "words_config"}),
        ("pragma user_version", set()),
    ],
)
async def test_reading(library: SQLite, rendering: Any, sql: str, tables: set[str]):
    arguments = [[1]] if "$1" in sql else []
    for _ in range(2):
        with rendering() as notes:
            await library.fetch(sql, *arguments)
        assert notes.tables == tables


async def test_a_topic_is_a_value_that_names_its_source(library: SQLite, rendering: Any):
    with rendering() as notes:
        await library.fetch("select * from plain")
        await library.fetch("select a from plain where b = $1", 1)
    everything, first, _, second = notes.topics
    assert everything == Everything(library)
    assert first == second == Table(library, "plain")
    assert hash(first) == hash(Table(library, "plain"))
    assert first != Table(library, "other")
    assert first != Table(SQLite(":memory:"), "plain")
    assert first.source is library
    assert repr(first).startswith("Table(source=SQLite(")


async def test_outside_of_renders_and_untracked_nothing_is_noted(library: SQLite, rendering: Any):
    await library.fetch("select * from plain")
    with rendering() as notes, untracked():
        await library.fetch("select * from plain")
    assert notes.tables == set()


async def test_the_note_is_made_before_the_read(library: SQLite, rendering: Any):
    with rendering() as notes, pytest.raises(Exception, match="integer overflow"):
        await library.fetch("select abs(-9223372036854775807 - count(*) - 1) from plain")
    assert notes.tables == {"plain"}


@pytest.mark.parametrize(
    "write",
    [
        lambda db: db.execute("insert into plain values (1, 2)"),
        lambda db: db.executemany("insert into plain values (?, ?)", [[1, 2]]),
        lambda db: db.fetch("insert into plain values (1, 2) returning a"),
        lambda db: db.transaction().__aenter__(),
    ],
)
async def test_a_render_cannot_write(library: SQLite, rendering: Any, published: Any, write: Any):
    with rendering(), pytest.raises(RenderError, match=r"region test.*command"):
        await write(library)
    assert await library.fetch_value("select count(*) from plain") == 0
    assert published == []


WRITES: list[tuple[str, set[str]]] = [
    ("insert into plain values (5, 6)", {"plain"}),
    ("insert into book (title) values ('x')", {"book", "log"}),
    ("insert into desk values (1)", {"plain"}),
    ("insert into plain select id, title from book", {"plain"}),
    ("with n as (select 1 as a) insert into other select a, a from n", {"other"}),
    ("update plain set a = a", {"plain"}),
    ("update plain set a = 9 where a in (select id from author)", {"plain"}),
    ("update plain set a = 1 where a = 'nobody'", set()),
    ("delete from plain where a = 'nobody'", set()),
    ("delete from plain", {"plain"}),
    ("delete from author", {"author", "book", "review"}),
    ("delete from author where id = 1", {"author", "book", "review"}),
    ("update author set id = 7 where id = 1", {"author", "book"}),
    ("replace into plain values (1, 2)", {"plain"}),
    ("insert into author values (1, 'b') on conflict (id) do update set name = 'c'", {"author"}),
    ("insert into author values (1, 'b') on conflict do nothing", set()),
    ("insert into words values ('x')", {"words"}),
    ("pragma user_version = 9", set()),
    ("select * from plain", set()),
]


@pytest.mark.parametrize(("sql", "tables"), WRITES)
@pytest.mark.parametrize("inside", [False, True])
async def test_writing(library: SQLite, published: Any, sql: str, tables: set[str], inside: bool):
    await library.execute("insert into author values (1, 'a')")
    await library.execute("insert into book values (1, 't', 1)")
    await library.execute("insert into review values (1, 1)")
    await library.execute("insert into plain values (1, 2)")
    published.clear()
    if inside:
        async with library.transaction():
            await library.execute(sql)
            assert published == []
    else:
        await library.execute(sql)
    shadows = {"words_content", "words_docsize", "words_data", "words_idx"}
    assert published.tables - shadows == tables
    assert len(published) == (1 if tables else 0)


@pytest.mark.parametrize(
    "change",
    [
        "create table fresh (a)",
        "drop table log",
        "alter table plain add column c",
        "alter table plain rename to simple",
        "create view more as select * from other",
        "drop view loud",
        "create index i on plain (a)",
        "create table copy as select * from book",
    ],
)
@pytest.mark.parametrize("inside", [False, True])
async def test_a_change_of_the_schema_wakes_everything_read(
    library: SQLite, published: Any, change: str, inside: bool
):
    await library.fetch("select * from book join other on true")
    if inside:
        async with library.transaction():
            await library.execute(change)
    else:
        await library.execute(change)
    assert published == [{"*"}]
    published.clear()
    await library.execute("insert into other values (1, 2)")
    assert published == [{"other"}]


@pytest.mark.parametrize("inside", [False, True])
async def test_a_text_is_seen_anew_when_the_schema_has_changed(
    library: SQLite, rendering: Any, published: Any, inside: bool
):
    async def redefine() -> None:
        await library.execute("drop view desk")
        await library.execute("create view desk as select a from other")
        await library.execute("drop trigger logged")
        await library.execute(
            "create trigger logged after insert on book begin insert into plain values (1, 1); end"
        )
        await library.fetch("select a from desk")

    sql, write = "select a from desk", "insert into book (title) values ('x')"
    with rendering() as notes:
        await library.fetch(sql)
    assert notes.tables == {"plain"}
    await library.execute(write)
    if inside:
        async with library.transaction():
            await redefine()
    else:
        await redefine()
    with rendering() as notes:
        await library.fetch(sql)
    assert notes.tables == {"other"}
    published.clear()
    await library.execute(write)
    assert published == [{"book", "plain"}]


async def test_a_change_of_the_schema_that_is_rolled_back_leaves_no_trace(
    library: SQLite, rendering: Any, published: Any
):
    await library.fetch("select a from desk")
    with contextlib.suppress(ZeroDivisionError):
        async with library.transaction():
            await library.execute("drop view desk")
            await library.execute("create view desk as select a from other")
            await library.fetch("select a from desk")
            raise ZeroDivisionError
    assert published == []
    with rendering() as notes:
        await library.fetch("select a from desk")
    assert notes.tables == {"plain"}


async def test_what_only_a_transaction_can_see(library: SQLite):
    async with library.transaction():
        await library.execute("create table fresh (a)")
        assert await library.execute("insert into fresh values (1)") == 1
        assert await library.fetch("select * from fresh") == [(1,)]
        await library.execute("create temp table scratch (a)")
        await library.execute("insert into scratch values (1)")
        assert await library.fetch("select * from scratch") == [(1,)]
