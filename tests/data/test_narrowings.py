"""Reads that were narrowed to fewer keys than they depend on are told of in development."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helio import SQLite, region
from helio import html as h
from live.standin import Visit, running

SCHEMA = """
create table card (id integer primary key, board_id integer not null, title text not null);
insert into card (board_id, title) values (1, 'one'), (2, 'two');
create view overview as select id, board_id, title from card;
"""


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[SQLite]:
    made = SQLite(tmp_path / "cards.db", schema=SCHEMA, keys={"card": "board_id"})
    made.check_narrowings()
    yield made
    await made.close()


async def told(
    db: SQLite, caplog: pytest.LogCaptureFixture, sql: str, change: str, **of: int
) -> list[str]:
    """What is said when a region reads so, and then this changes."""

    @region
    async def cards() -> object:
        rows = await db.fetch(sql, 1, of=of or None)
        return h.ul[(h.li[str(row)] for row in rows)]

    def page() -> object:
        return h.main[cards()]

    with caplog.at_level(logging.WARNING, "helio.aids"):
        async with running() as hub:
            db.start(hub.publish)
            await hub.document(Visit(page))
            await db.execute(change)
            await asyncio.sleep(0.1)
            await db.execute(change)
            await asyncio.sleep(0.1)
    return [record.getMessage() for record in caplog.records]


async def test_a_lie_is_told_once_with_the_row(
    db: SQLite, caplog: pytest.LogCaptureFixture
) -> None:
    change = "update card set title = title || '!' where board_id = 2"
    sql = "select title from overview where board_id >= $1 order by id"
    [text] = await told(db, caplog, sql, change, card=1)
    assert "cards()" in text
    assert "of={'card': 1}" in text
    assert sql in text
    assert "was Row(title='two')" in text
    assert "is  Row(title='two!')" in text


async def test_a_missing_row_is_named(db: SQLite, caplog: pytest.LogCaptureFixture) -> None:
    change = "insert into card (board_id, title) values (3, 'three')"
    sql = "select title from overview where board_id >= $1 order by id"
    [text] = await told(db, caplog, sql, change, card=1)
    assert "was no row" in text
    assert "is  Row(title='three')" in text


@pytest.mark.parametrize(
    "change",
    [
        "update card set title = title || '!' where board_id = 1",
        "update card set title = title || '!' where board_id = 2",
        "update card set board_id = 3 where id = 2",
        "delete from card where board_id = 2",
    ],
)
async def test_the_truth_is_not_remarked_on(
    db: SQLite, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    by_hand = "select title from overview where board_id = $1 order by id"
    assert await told(db, caplog, by_hand, change, card=1) == []
    assert await told(db, caplog, by_hand.replace("overview", "card"), change) == []


async def test_outside_of_renders_nothing_is_kept(
    db: SQLite, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "helio.aids"):
        await db.fetch("select title from card where id > $1", 0, of={"card": 1})
        await db.execute("update card set title = 'other' where board_id = 2")
        await asyncio.sleep(0.05)
    assert not caplog.records
