"""Fetching: rows, classes, placeholders and the messages of statements that cannot run."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.data import ConstraintError, DatabaseError, Row, SQLite
from helio.data.placeholders import placeholders


async def test_all_rows_the_first_row_and_one_value(any_db: SQLite):
    db = any_db
    assert await db.fetch("select * from todo") == []
    assert await db.fetch_one("select * from todo") is None
    assert await db.fetch_value("select id from todo") is None
    await db.executemany("insert into todo (title) values ($1)", [["a"], ["b"]])
    assert await db.fetch("select id, title from todo order by id") == [(1, "a"), (2, "b")]
    assert await db.fetch_one("select id, title from todo order by id") == (1, "a")
    assert await db.fetch_value("select count(*) from todo") == 2


async def test_a_row_is_a_tuple_with_names(db: SQLite):
    row = await db.fetch_one("select 1 as id, 'a' as title, 2 as count, count(*) from todo")
    assert row is not None
    assert (row.id, row.title, row.count, row[3]) == (1, "a", 2, 0)
    assert list(row) == [1, "a", 2, 0]
    assert row._asdict() == {"id": 1, "title": "a", "count": 2, "count(*)": 0}
    assert repr(row) == "Row(id=1, title='a', count=2, count(*)=0)"
    assert copy.deepcopy(row).title == "a"
    assert isinstance(row, Row)
    assert not hasattr(row, "__dict__")


async def test_a_wrong_column_is_answered_with_the_right_ones(db: SQLite):
    row = await db.fetch_one("select 1 as id, 'a' as title")
    with pytest.raises(AttributeError, match=r"no column 'titel'.*id, title.*mean title"):
        _ = row.titel  # type: ignore[union-attr]


async def test_two_columns_of_one_name(db: SQLite):
    row = await db.fetch_one("select 1 as id, 2 as id")
    assert row is not None
    assert (row.id, row[1]) == (1, 2)


class Colour(Enum):
    RED = "red"


class Tag(msgspec.Struct):
    name: str


@dataclass
class Card:
    id: int
    done: bool
    due: date | None
    at: datetime
    tags: list[Tag]
    extra: dict[str, int] | None
    price: Decimal
    key: UUID
    colour: Colour
    note: str = "none"
    seen: list[int] = field(default_factory=list)


async def test_rows_into_a_class_there_and_back(any_db: SQLite):
    db = any_db
    await db.execute("create table card (id, done, due, at, tags, extra, price, key, colour)")
    card = Card(
        id=1,
        done=True,
        due=date(2024, 2, 29),
        at=datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
        tags=[Tag("a"), Tag("b")],
        extra={"x": 1},
        price=Decimal("1.10"),
        key=UUID(int=7),
        colour=Colour.RED,
    )
    await db.execute(
        "insert into card values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(
            getattr(card, name)
            for name in ["id", "done", "due", "at", "tags", "extra", "price", "key", "colour"]
        ),
    )
    assert await db.fetch("select * from card", into=Card) == [card]
    assert await db.fetch_one("select * from card", into=Card) == card
    assert await db.fetch_one("select * from card where id = 9", into=Card) is None
    assert await db.fetch_value("select tags from card", into=list[Tag]) == card.tags
    assert await db.fetch_value("select done from card", into=bool) is True
    assert (await db.fetch("select id, note from (select 1 as id, 'x' as note)", into=dict))[0] == {
        "id": 1,
        "note": "x",
    }


class Titled(msgspec.Struct):
    title: str


async def test_a_row_that_does_not_fit_its_class_names_the_field(db: SQLite):
    with pytest.raises(DatabaseError, match=r"does not fit.*Expected `str`.*\$\[1\]\.title"):
        await db.fetch("select 'a' as title union all select 1", into=Titled)
    with pytest.raises(DatabaseError, match="missing required field `title`"):
        await db.fetch_one("select 1 as name", into=Titled)
    assert await db.fetch("select 'a' as title, 2 as more", into=Titled) == [Titled("a")]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, 1),
        (2**63 - 1, 2**63 - 1),
        (1.5, 1.5),
        ("é\0😀", "é\0😀"),
        (b"\0\xff", b"\0\xff"),
        (bytearray(b"x"), b"x"),
        (memoryview(b"x"), b"x"),
        (date(2024, 1, 2), "2024-01-02"),
        (time(3, 4), "03:04:00"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (
            datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
            "2024-01-02 01:00:00+00:00",
        ),
        (Colour.RED, "red"),
        ({"a": [1]}, '{"a":[1]}'),
        ([1, "b"], '[1,"b"]'),
        (Tag("x"), '{"name":"x"}'),
    ],
)
async def test_what_a_parameter_becomes(any_db: SQLite, value: object, stored: object):
    assert await any_db.fetch_value("select $1", value) == stored
    assert await any_db.fetch_value("select ?", value) == stored


async def test_dates_compare_with_those_of_sqlite(db: SQLite):
    now = datetime.now(UTC)
    later, earlier = now + timedelta(seconds=90), now - timedelta(seconds=90)
    found = await db.fetch_one("select current_timestamp between $1 and $2", earlier, later)
    assert found == (1,)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "object is nothing SQLite can hold"),
        (2**63, "more than 64 bits"),
        ("\ud800", "lone surrogate"),
        (timedelta(1), "timedelta is nothing"),
    ],
)
async def test_what_cannot_be_a_parameter(db: SQLite, value: object, reason: str):
    with pytest.raises(DatabaseError, match=reason):
        await db.fetch("select $1", value)


async def test_in_takes_a_list(any_db: SQLite):
    db = any_db
    await db.executemany(
        "insert into todo (id, title) values (?, ?)", [[1, "a"], [2, "b"], [3, "c"]]
    )
    ids = "select id from todo where id in $1 order by id"
    assert await db.fetch(ids, [1, 3, 9]) == [(1,), (3,)]
    assert await db.fetch(ids, []) == []
    assert await db.fetch(ids, {2}) == [(2,)]
    assert await db.fetch(ids, range(0)[:0] or (2,)) == [(2,)]
    assert await db.fetch("select id from todo where title NOT  IN ?", ("a", "b")) == [(3,)]
    assert await db.fetch(
        "select id from todo where title in $2 and id in $1 and id < $3", [1, 2], ["b", "c"], 9
    ) == [(2,)]
    day = date(2024, 1, 2)
    assert await db.fetch("select 1 where $1 in $2", day, [day]) == [(1,)]
    assert await db.fetch("select id from todo where id in ($1, $2) order by id", 1, 2) == [
        (1,),
        (2,),
    ]


async def test_lists_in_the_wrong_place(db: SQLite):
    with pytest.raises(DatabaseError, match=r"Write `in \$1`, without parentheses"):
        await db.fetch("select id from todo where id in ($1)", [1, 2])
    with pytest.raises(DatabaseError, match="`in` takes a list, got int 1"):
        await db.fetch("select id from todo where id in $1", 1)
    with pytest.raises(DatabaseError, match="cannot hold bytes"):
        await db.fetch("select id from todo where id in $1", [b"x"])


async def test_positions_may_repeat_and_come_in_any_order(any_db: SQLite):
    assert await any_db.fetch("select $2, $1, $2 || '$3' -- $4", "a", "b") == [("b", "a", "b$3")]


@pytest.mark.parametrize(
    ("sql", "arguments", "reason"),
    [
        ("select $1", (), r"takes 1 argument, got 0"),
        ("select $2", (1,), r"takes 2 arguments, got 1: \(1,\)"),
        ("select ?, ?", (1, 2, 3), "takes 2 arguments, got 3"),
        ("select ?, $1", (1,), "mixed"),
        ("select :name", (1,), r"(?s)placeholder :name is unknown.*write \$1"),
        ("select $name", (1,), r"placeholder \$name is unknown"),
        ("select $0", (1,), r"placeholder \$0"),
        ("", (), "holds no statement"),
        (" -- nothing", (), "holds no statement"),
        ("select 1; select 2", (), "several statements"),
        ("select $1; select $2", (1, 2), "several statements"),
        ("select titel from todo", (), r"(?s)no such column: titel.*\n         \^"),
        ("select * from tood", (), r"(?s)no such table: tood.*person, todo.*mean todo"),
        ("selec 1", (), r"(?s)syntax error.*selec 1\n  \^"),
        (
            "select *\nfrom todo\nwhere é = 'x' nd 1",
            (),
            r"(?s)where é = 'x' nd 1\n {16}\^",
        ),
        ("begin", (), r"(?s)not begun in SQL.*db.transaction"),
        ("commit", (), "not begun in SQL"),
        ("savepoint x", (), "not begun in SQL"),
        ("attach 'x' as y", (), "attach reaches one connection"),
    ],
)
@pytest.mark.parametrize("call", ["fetch", "execute"])
async def test_what_cannot_run_says_why(
    any_db: SQLite, call: str, sql: str, arguments: tuple[Any, ...], reason: str
):
    run = getattr(any_db, call)
    for _ in range(2):  # The second time the text is not new.
        with pytest.raises(DatabaseError, match=reason) as caught:
            await run(sql, *arguments)
    assert caught.value.sql == sql
    assert await any_db.fetch_value("select 1") == 1


async def test_errors_while_running(any_db: SQLite):
    await any_db.execute("insert into person (name) values ('a')")
    with pytest.raises(ConstraintError, match=r"UNIQUE constraint failed: person\.name\n  insert"):
        await any_db.execute("insert into person (name) values ($1)", "a")
    with pytest.raises(DatabaseError, match="integer overflow"):
        await any_db.fetch("select abs($1)", -(2**63))


async def test_a_trailing_semicolon_or_comment_is_no_second_statement(db: SQLite):
    assert await db.fetch_value("select 1; -- that was it\n /* really */ ;") == 1


COUNT = "with recursive n(x) as (values(1) union all select x + 1 from n"


async def test_reads_run_beside_each_other(db: SQLite):
    slow = f"{COUNT} where x < $1) select max(x) from n"
    results = await asyncio.gather(*(db.fetch_value(slow, 20_000 + n) for n in range(20)))
    assert results == [20_000 + n for n in range(20)]


async def test_a_cancelled_fetch_is_interrupted_and_leaves_nothing_behind(db: SQLite):
    endless = (
        "with recursive n(x) as (values(1) union all select x + 1 from n) select max(x) from n"
    )
    tasks = [asyncio.create_task(db.fetch(endless)) for _ in range(8)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    assert all(
        isinstance(outcome, asyncio.CancelledError)
        for outcome in await asyncio.gather(*tasks, return_exceptions=True)
    )
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(db.fetch_value("select $1", n) for n in range(20))) == list(
            range(20)
        )


async def test_writes_in_fetch(any_db: SQLite, published: Any):
    row = await any_db.fetch_one("insert into todo (title) values ($1) returning id, title", "a")
    assert row is not None
    assert (row.id, row.title) == (1, "a")
    assert published == [{"todo"}]
    many = "insert into todo (title) select value from json_each($1) returning id"
    assert await any_db.fetch_one(many, ["b", "c", "d"]) == (2,)
    assert await any_db.fetch_value("select count(*) from todo") == 4


texts = st.lists(
    st.sampled_from(
        [
            "'",
            '"',
            "`",
            "[",
            "]",
            "--",
            "/*",
            "*/",
            "\n",
            "$1",
            "$2",
            "?",
            "in ",
            "IN",
            "(",
            ")",
            "x",
        ]
    )
).map("".join)


@given(text=texts)
def test_any_text_is_read_or_refused(text: str):
    try:
        found = placeholders(text)
    except DatabaseError:
        return
    assert found.count >= 0
    if not found.lists:
        assert len(found.sql) == len(text)


@given(inside=st.text(st.characters(exclude_characters="'")))
def test_nothing_inside_quotes_is_a_placeholder(inside: str):
    assert placeholders(f"select '{inside}', $1").count == 1


async def test_it_serves_one_loop_after_another(open_db: Callable[..., SQLite]):
    db = open_db("create table if not exists t (a)")

    async def use() -> int:
        async with db.transaction():
            await db.execute("insert into t values (1)")
        return len(await db.fetch("select * from t"))

    assert await use() == 1
    assert await asyncio.to_thread(lambda: asyncio.run(use())) == 2
    assert await asyncio.to_thread(lambda: asyncio.run(use())) == 3
    assert await use() == 4
