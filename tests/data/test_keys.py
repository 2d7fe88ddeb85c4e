"""Keyed tables: which key a statement is seen to keep to, and which keys a write publishes."""

import contextlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from helio.data import ConstraintError, DatabaseError, EveryKey, Key, SQLite
from helio.live.recorder import untracked

SCHEMA = """
create table if not exists board (id integer primary key, name text, owner text collate nocase);
create table if not exists card (
    id integer primary key,
    board_id integer references board (id) on delete cascade on update cascade,
    title text unique,
    parent integer
);
create table if not exists note (card, body text);
create view if not exists titles as select board_id, title from card;
create trigger if not exists renamed after update of name on board begin
    update card set title = title || '!' where board_id = new.id;
end;
"""
KEYS = {"card": "board_id", "board": ("id", "owner"), "note": "card"}
WHOLE = ("card",)


def card(board: object) -> tuple[object, ...]:
    return ("card", "board_id", board)


@pytest.fixture
def db(open_db: Callable[..., SQLite]) -> SQLite:
    return open_db(SCHEMA, keys=KEYS)


@pytest.fixture
def memory(open_db: Callable[..., SQLite]) -> SQLite:
    return open_db(SCHEMA, ":memory:", keys=KEYS)


@pytest.mark.parametrize(
    "sql",
    [
        "select title from card where board_id = $1",
        "select title from card where board_id == $1",
        "select title from card where $1 = board_id",
        "select title from Card where CARD.Board_ID = $1",
        'select title from "card" where [board_id] = $1',
        "select title from main.card where card.board_id = $1",
        "select title from card where (title > 'a' and (board_id = $1)) and id > 0",
        "select title from card as c where c.board_id = $1 order by title limit 3",
        "select count(*), max(id) from card where board_id = $1 group by parent having max(id) > 0",
        "select id, row_number() over (order by id) from card where board_id = $1",
        "select c.title from card c join note on note.card = c.id where c.board_id = $1",
        "select c.title from card c, note where note.card = c.id and c.board_id = $1",
        "select c.title from card c left join note on note.card = c.id where c.board_id = $1",
        "select 1 from note join card c on c.id = note.card and c.board_id = $1",
        "select 1 from note left join card c on c.id = note.card and c.board_id = $1",
        "select title from board left join card using (id) where card.board_id = $1",
        "select exists (select 1 from card where board_id = $1)",
        "select title from card where board_id = $1 and id in (select card from note)",
        "with mine as (select * from card where board_id = $1) select title from mine",
        "select * from (select title from card where board_id = $1) where title <> ''",
        "select a.id from card a join card b on a.id = b.parent and b.board_id = $1"
        " where a.board_id = $1",
        "select id from card where board_id = $1"
        " union select max(parent) from card where board_id = $1",
        "select card, body as card from note where card in"
        " (select id from card where board_id = $1)",
        "select title from card -- or true\n where board_id = $1 /* or true */ ;",
        "select 'or' || title from card where board_id = $1 and title <> ' or '",
    ],
)
async def test_a_statement_that_keeps_to_one_key(db: SQLite, rendering: Any, sql: str):
    for board in (3, "3", True):
        with rendering() as notes:
            await db.fetch(sql, board)
        assert notes.keys - {("note",), ("board",)} == {card(1 if board is True else 3)}


@pytest.mark.parametrize(
    "sql",
    [
        "select title from card",
        "select title from card where board_id = $1 or id = 1",
        "select title from card where not board_id = $1",
        "select title from card where not (board_id = $1 and id = 1)",
        "select title from card where board_id <> $1",
        "select title from card where board_id >= $1",
        "select title from card where board_id is $1",
        "select title from card where board_id between $1 and 3",
        "select title from card where board_id = $1 + 0",
        "select title from card where board_id + 0 = $1",
        "select title from card where board_id = $1 is null",
        "select title from card where (board_id = $1) = 0",
        "select title from card where board_id = $1 collate nocase",
        "select title from card where (board_id, id) = ($1, 1)",
        "select title from card where board_id not in $1",
        "select title from card where board_id in (select $1)",
        "select title from card where board_id = (select $1)",
        "select title from card where parent = $1",
        "select board_id = $1 from card",
        "select title from card where case when board_id = $1 then 1 else 2 end",
        "select title from card group by title having board_id = $1",
        "select sum(board_id) filter (where board_id = $1) from card",
        "select c.title from note left join card c on c.id = note.card, board where board.id = $1",
        "select 1 from card c left join note on c.board_id = $1",
        "select 1 from note right join card c on c.board_id = $1",
        "select 1 from note full join card c on c.board_id = $1 where c.board_id = $1",
        "select 1 from card a join card b where a.board_id = $1",
        "select title from card where board_id = $1 and parent in (select id from card)",
        "select title from card where board_id = $1 and (id, 1, 'a', 2) in card",
        "select title from card where board_id = $1 and (id, 1, 'a', 2) not in main.card",
        "select title from card where board_id = $1 union all select title from card",
        "with recursive tree (id) as (select id from card where board_id = $1"
        " union select card.id from card join tree on card.parent = tree.id) select * from tree",
        "with card (t) as (select title from titles where board_id = $1) select t from card",
        "select title from titles where board_id = $1",
        "select card.title from card, titles where card.board_id = $1",
        "select c.title from board as card, card as c where card.id = $1",
        "select 1 from card join note as c on c.card = card.id where c.card = $1",
    ],
)
async def test_a_statement_that_may_read_other_rows_reads_the_whole_table(
    db: SQLite, rendering: Any, sql: str
):
    arguments = [[3] if " in $1" in sql else 3] if "$1" in sql else []
    with rendering() as notes:
        await db.fetch(sql, *arguments)
    assert WHOLE in notes.keys
    assert card(3) not in notes.keys


@pytest.mark.parametrize(
    ("where", "arguments", "keys"),
    [
        ("board_id = 3", [], {card(3)}),
        ("board_id = '3'", [], {card(3)}),
        ("board_id = ' 3'", [], {WHOLE}),
        ("board_id = 3.0", [], {WHOLE}),
        ("board_id = -3", [], {WHOLE}),
        ("board_id = 9223372036854775807", [], {WHOLE}),
        ("board_id = $1", [-3], {card(-3)}),
        ("board_id = $1", [3.0], {WHOLE}),
        ("board_id = $1", ["three"], {WHOLE}),
        ("board_id = $1", [b"3"], {WHOLE}),
        ("board_id = $1", [None], set()),
        ("board_id in $1", [[1, 2, None, "3"]], {card(1), card(2), card(3)}),
        ("board_id in $1", [[]], set()),
        ("board_id in $1", [[1, 2.5]], {WHOLE}),
        ("board_id in $1", [list(range(1000))], {WHOLE}),
        ("board_id in ($1, $2, 7)", [1, 2], {card(1), card(2), card(7)}),
        ("board_id in ($1, parent)", [1], {WHOLE}),
        ("board_id = ?", [3], {card(3)}),
        ("title = ? and board_id = ?", ["a", 3], {card(3)}),
    ],
)
async def test_which_values_are_keys(
    memory: SQLite, rendering: Any, where: str, arguments: list[Any], keys: Any
):
    with rendering() as notes:
        await memory.fetch(f"select title from card where {where}", *arguments)
    assert notes.keys == keys


async def test_several_keys_of_one_table(memory: SQLite, rendering: Any):
    with rendering() as notes:
        await memory.fetch("select name from board where owner = $1", "Ada")
        await memory.fetch("select name from board where id = $1", 3)
        await memory.fetch("select name from board where id = $1 and owner = $2", "many", "Eve")
    assert notes.keys == {("board", "owner", "ada"), ("board", "id", 3), ("board", "owner", "eve")}


async def test_a_key_is_as_the_column_compares_it(
    open_db: Callable[..., SQLite], rendering: Any, published: Any
):
    db = open_db(
        "create table t (n integer, x text, l text collate nocase, "
        "r text collate rtrim, a, f real)",
        ":memory:",
        keys={"t": ("n", "x", "l", "r", "a", "f")},
    )
    columns = {"n": "7", "x": 7, "l": "Ada", "r": "a  ", "a": 7, "f": 7}
    await db.execute("insert into t values ($1, $2, 'aDA', 'a ', 7.0, '7')", "7", 7)
    for column, value in columns.items():
        with rendering() as notes:
            sql = f"select count(*) from t where {column} = $1"
            assert await db.fetch_value(sql, value) == 1, column
        assert notes.keys <= published.keys
        with rendering() as notes:
            assert await db.fetch_value(sql, "other") == 0
        assert not notes.keys & published.keys


async def test_untracked_and_outside_of_renders_nothing_is_noted(db: SQLite, rendering: Any):
    await db.fetch("select * from card where board_id = 3")
    with rendering() as notes, untracked():
        await db.fetch("select * from card where board_id = 3")
    assert notes.topics == []


async def test_a_text_is_seen_anew_when_the_schema_has_changed(db: SQLite, rendering: Any):
    sql = "select title from card where board_id = $1"
    for change, keys in (
        ("alter table card rename column board_id to place", None),
        ("alter table card rename column place to board_id", {card(3)}),
        ("alter table card rename to cards", None),
        ("create view card as select * from cards", {("cards",)}),
    ):
        await db.execute(change)
        if keys is not None:
            with rendering() as notes:
                await db.fetch(sql, 3)
            assert notes.keys == keys


# Writing.

WRITES: list[tuple[str, set[Any]]] = [
    ("insert into card (board_id, title) values (5, 'new')", {card(5)}),
    ("insert into card (board_id, title) values ('5', 'new')", {card(5)}),
    ("insert into card (title) values ('new')", set()),
    ("insert into card (board_id, title) select id, 'of ' || id from board", {card(1), card(2)}),
    ("update card set title = 'x' where id = 1", {card(1)}),
    ("update card set board_id = 2 where id = 1", {card(1), card(2)}),
    ("update card set board_id = null where id = 1", {card(1)}),
    ("update card set title = 'x' where id = 99", set()),
    ("delete from card where id = 3", {card(2)}),
    ("delete from card", {card(1), card(2)}),
    ("replace into card (id, board_id, title) values (1, 5, 'new')", {card(1), card(5)}),
    ("replace into card (board_id, title) values (5, 'c')", {card(2), card(5)}),
    ("update or replace card set title = 'c' where id = 1", {card(1), card(2)}),
    (
        "insert into card (id, board_id, title) values (1, 5, 'a') "
        "on conflict (id) do update set board_id = excluded.board_id",
        {card(1), card(5)},
    ),
    ("insert or ignore into card (id, board_id) values (1, 5)", set()),
    ("delete from board where id = 1", {card(1), ("board", "id", 1), ("board", "owner", "ada")}),
    (
        "update board set id = 9 where id = 1",
        {card(1), card(9), ("board", "id", 1), ("board", "id", 9), ("board", "owner", "ada")},
    ),
    (
        "update board set name = 'x' where id = 2",
        {card(2), ("board", "id", 2), ("board", "owner", "bo")},
    ),
    (
        "insert into note values (7, 'x'), (7.0, 'y'), ('7', 'z')",
        {("note", "card", v) for v in (7, "7")},
    ),
]


@pytest.mark.parametrize(("sql", "keys"), WRITES)
@pytest.mark.parametrize("how", ["alone", "inside", "returning"])
async def test_a_write_publishes_old_and_new_keys(
    open_db: Callable[..., SQLite], published: Any, sql: str, keys: set[Any], how: str
):
    db = open_db(
        SCHEMA.replace("integer references", "integer default null references"),
        ":memory:",
        keys=KEYS,
    )
    await db.execute(
        "insert into board values (1, 'one', 'Ada'), (2, 'two', 'Bo'), (5, 'five', null)"
        if "select id" not in sql
        else "insert into board values (1, 'one', 'Ada'), (2, 'two', 'Bo')"
    )
    await db.execute("insert into card values (1, 1, 'a', null), (2, 1, 'b', 1), (3, 2, 'c', 1)")
    published.clear()
    if how == "inside":
        async with db.transaction():
            await db.execute(sql)
            assert published == []
    elif how == "returning":
        await db.fetch(f"{sql} returning rowid")
    else:
        await db.execute(sql)
    assert published.keys == keys
    assert len(published) <= 1


async def test_readers_of_the_whole_table_are_told_too(memory: SQLite, published: Any):
    await memory.execute("insert into note values (1, 'a')")
    assert published == [{"note"}]


async def test_many_rows_of_one_statement(memory: SQLite, published: Any):
    await memory.executemany("insert into note values ($1, '')", [[n] for n in (1, 2, 2)])
    assert published.keys == {("note", "card", 1), ("note", "card", 2)}
    assert len(published) == 1


async def test_too_many_keys_are_told_as_every_key(memory: SQLite, rendering: Any, published: Any):
    with rendering() as notes:
        await memory.fetch("select * from note where card = 5")
    async with memory.transaction():
        await memory.execute("insert into board (id) values (1)")
        for start in (0, 400, 800):
            rows = [[n] for n in range(start, start + 400)]
            await memory.executemany("insert into note values ($1, '')", rows)
    assert published.keys == {("note", "*"), ("board", "id", 1)}
    assert EveryKey(memory, "note") in notes.topics


async def test_what_was_rolled_back_is_not_published(memory: SQLite, published: Any):
    with contextlib.suppress(ZeroDivisionError):
        async with memory.transaction():
            await memory.execute("insert into note values (1, 'a')")
            raise ZeroDivisionError
    assert published.topics == []
    async with memory.transaction():
        await memory.execute("insert into note values (2, 'a')")
        with contextlib.suppress(ZeroDivisionError):
            async with memory.transaction():
                await memory.execute("insert into note values (3, 'a')")
                async with memory.transaction():
                    await memory.execute("insert into note values (4, 'a')")
                raise ZeroDivisionError
        async with memory.transaction():
            await memory.execute("insert into note values (5, 'a')")
        with pytest.raises(ConstraintError):
            await memory.execute("insert into board (id) values (6), (6)")
    assert published.keys == {("note", "card", 2), ("note", "card", 5)}


async def test_what_a_failed_statement_kept_is_published(memory: SQLite, published: Any):
    with pytest.raises(ConstraintError):
        await memory.execute("insert or fail into board (id) values (6), (7), (6)")
    assert published.keys >= {("board", "id", 6), ("board", "id", 7)}


async def test_after_a_change_of_the_schema_keys_are_found_anew(memory: SQLite, published: Any):
    await memory.execute("insert into note values (1, 'a')")
    await memory.execute("create table more (body text, card)")
    await memory.execute("drop table note")
    await memory.execute("alter table more rename to note")
    published.clear()
    await memory.execute("insert into note values ('a', 2)")
    assert published.keys == {("note", "card", 2)}


async def test_a_schema_changed_and_rolled_back_misleads_nobody(memory: SQLite, published: Any):
    await memory.execute("insert into note values (1, 'a')")
    async with memory.transaction():
        with contextlib.suppress(ZeroDivisionError):
            async with memory.transaction():
                await memory.execute("drop table note")
                await memory.execute("create table note (body, card)")
                await memory.execute("insert into note values ('a', 2)")
                raise ZeroDivisionError
        await memory.execute("insert into note values (3, 'a')")
    assert published.keys == {("note", "card", 1), ("note", "card", 3)}
    await memory.execute("create table other (a)")
    published.clear()
    await memory.execute("insert into note values (4, 'a')")
    assert published.keys == {("note", "card", 4)}


async def test_a_commit_of_another_process_wakes_every_reader_by_one_topic(
    db: SQLite, other: Any, rendering: Any, published: Any
):
    with rendering() as notes:
        await db.fetch("select title from card where board_id = 3")
    db.attend(True)
    process = other("con.execute(\"insert into note values (1, 'a')\"); say('done')")
    assert await process.hear() == "done"
    await published.wait()
    assert set(published.topics) & set(notes.topics)
    assert len(published.topics) == 1


async def test_nothing_is_added_to_the_schema(db: SQLite):
    names = "select name from sqlite_schema where name not like 'sqlite_%' order by name"
    await db.execute("insert into note values (1, 'a')")
    found = [row.name for row in await db.fetch(names)]
    assert found == ["board", "card", "note", "renamed", "titles"]
    async with db.transaction():
        assert await db.fetch("select name from sqlite_temp_schema") == []


# By hand.


@pytest.mark.parametrize(
    ("of", "keys"),
    [
        ({"card": 3}, {card(3)}),
        ({"CARD": "3"}, {card(3)}),
        ({"card.board_id": 3}, {card(3)}),
        ({"card": [1, 2]}, {card(1), card(2)}),
    ],
)
async def test_narrowed_by_hand(memory: SQLite, rendering: Any, of: Any, keys: Any):
    async with memory.transaction():  # Elsewhere it is allowed too, and means nothing.
        await memory.fetch("select title from titles", of=of)
    for fetch in (memory.fetch, memory.fetch_one, memory.fetch_value):
        with rendering() as notes:
            await fetch("select title from titles", of=of)
        assert notes.keys == keys


@pytest.mark.parametrize(
    ("of", "sql", "words"),
    [
        (
            {"crad": 3},
            "select * from card",
            r"does not read crad; it reads card\. Did you mean card",
        ),
        ({"board": 3}, "select * from card", r"does not read board"),
        ({"extra": 3}, "select * from extra", r"extra has no key.*keys=\{'extra': 'column'\}"),
        ({"board": 3}, "select * from board", r"several keys; write board\.id or board\.owner"),
        ({"board.oner": 3}, "select * from board", r"no key oner.*mean owner"),
        ({"card.title": "a"}, "select * from card", r"no key title; write card\.board_id"),
        ({"card": None}, "select * from card", r"None names no rows of card"),
        ({"card": 1.5}, "select * from card", r"1\.5 names no rows of card"),
        ({"card": object()}, "select * from card", r"nothing SQLite can hold"),
        ({"card": 3}, "delete from card", r"the statement writes"),
    ],
)
async def test_a_wrong_narrowing_is_refused(memory: SQLite, of: Any, sql: str, words: str):
    await memory.execute("create table extra (a)")
    with pytest.raises(DatabaseError, match=rf"(?s)of=\{{.*{words}.*{sql[:6]}"):
        await memory.fetch(sql, of=of)


# Declaring.


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"crad": "board_id"}, r"no table crad\. Did you mean card\?"),
        ({"card": "bord_id"}, r"card has no column bord_id;.*Did you mean board_id\?"),
        ({"titles": "title"}, r"titles is a view"),
        ({"words": "body"}, r"words is a virtual table"),
        ({"made": "a"}, r"made has a virtual generated column"),
    ],
)
async def test_a_key_that_cannot_be_followed_is_an_error_at_the_first_use(
    open_db: Callable[..., SQLite], keys: Any, words: str
):
    more = """
        create virtual table words using fts5 (body);
        create table made (a, b as (a + 1) virtual);
    """
    db = open_db(migrations=[SCHEMA + more], keys=keys)
    for _ in range(2):
        with pytest.raises(DatabaseError, match=words):
            await db.fetch("select 1")


@pytest.mark.parametrize("keys", [{"card": ""}, {"card": ()}, {"": "a"}])
def test_a_key_without_a_name_is_an_error_at_once(keys: Any):
    with pytest.raises(TypeError, match="a key is a column of a table"):
        SQLite("x.db", keys=keys)


def test_a_program_without_keys_never_loads_the_parser():
    code = """
        import asyncio, sys
        from helio.data import SQLite
        db = SQLite(":memory:", "create table t (a)")
        asyncio.run(db.fetch("select * from t where a = 1"))
        assert "sqlglot" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", "\n".join(map(str.strip, code.splitlines()))], check=True)


async def test_topics_are_values(memory: SQLite):
    assert Key(memory, "card", "board_id", 3) == Key(memory, "card", "board_id", 3)
    assert hash(Key(memory, "card", "board_id", 3)) == hash(Key(memory, "card", "board_id", 3))
    assert Key(memory, "card", "board_id", 3) != Key(SQLite(":memory:"), "card", "board_id", 3)
    assert Key(memory, "card", "board_id", 3).source is memory
