"""The log: what was done on a board, the newest first, and earlier pages that are added below.

The page fixes where its log begins (`start`), so that new entries never push others out between
what it shows and what was loaded below. Each earlier page is a region of its own, mounted by the
visitor who asked for it, and brings the button for the next.

Selectors: `#log li`, `#log .earlier`.
"""

from datetime import datetime

import msgspec

from board_people import Me, face, is_member
from database import db
from helio import Markup, Routes, mount, on, region, slot, untracked
from helio import html as h

routes = Routes(allow=is_member)

LENGTH = 8


class Entry(msgspec.Struct, frozen=True):
    id: int
    text: str
    at: str
    person_id: int
    name: str


ENTRIES = (
    "select entry.id, text, at, person_id, name from entry join person on person.id = person_id "
)


async def log(board_id: int) -> Markup:
    start = await _start(board_id)
    return h.section("#log.card.panel")[
        h.h2["What was done"],
        newest(board_id, start),
        _button(board_id, start, start) if start else None,
        slot(f"log-{start}"),
    ]


async def _start(board_id: int) -> int:
    """The last entry that is not shown at first; 0 if all are.

    It is the same for a while, so that what was loaded below need not go when the page is rendered.
    """
    with untracked():
        ninth = await db.fetch_value(
            "select id from entry where board_id = $1 order by id desc limit 1 offset $2",
            board_id,
            LENGTH,
        )
        rounded = (ninth or 0) // LENGTH * LENGTH
        start = await db.fetch_value(
            "select max(id) from entry where board_id = $1 and id <= $2", board_id, rounded
        )
    return start or 0


@region
async def newest(board_id: int, start: int) -> Markup:
    rows = await db.fetch(
        f"{ENTRIES} where board_id = $1 and entry.id > $2 order by entry.id desc",
        board_id,
        start,
        into=Entry,
    )
    return h.ul[map(_entry, rows)]


@region(allow=is_member)
async def earlier_page(board_id: int, start: int, before: int) -> Markup:
    rows = await db.fetch(
        f"{ENTRIES} where board_id = $1 and entry.id <= $2 order by entry.id desc limit $3",
        board_id,
        before,
        LENGTH + 1,  # one more, to know whether there is more
        into=Entry,
    )
    shown, rest = rows[:LENGTH], rows[LENGTH:]
    return h.div(".page")[
        h.ul[map(_entry, shown)],
        _button(board_id, start, rest[0].id) if rest else None,
    ]


def _button(board_id: int, start: int, before: int) -> Markup:
    return h.form(".earlier", on.submit(earlier, board_id=board_id, start=start, before=before))[
        h.button["Earlier"]
    ]


def _entry(row: Entry) -> Markup:
    return h.li(id=f"entry-{row.id}")[
        face(row.person_id, row.name),
        h.span[h.strong[row.name], " ", row.text],
        moment(row.at),
    ]


def moment(at: str) -> Markup:
    """A time of SQLite's, which is UTC."""
    when = datetime.fromisoformat(at)
    return h.time(datetime=f"{at}Z", title=f"{at} UTC")[f"{when.day} {when:%b, %H:%M}"]


@routes.get("/boards/{board_id:int}/log")
def earlier(board_id: int, start: int, before: int) -> object:
    return mount(earlier_page(board_id, start, before), into=f"log-{start}", mode="append")


async def note(board_id: int, me: Me, text: str) -> None:
    """Write down that somebody did something. Inside the transaction in which it is done."""
    await db.execute(
        "insert into entry (board_id, person_id, text) values ($1, $2, $3)", board_id, me.id, text
    )
