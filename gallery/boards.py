"""Team boards: who may see what, what belongs to one tab, and who is there.

One may be Ann, Bob or Eve. Each board is for its members, its budget for managers; a card opens in
a dialog that is mounted for one tab; columns are folded in one tab; going to another board loads
nothing but that board.

Selectors: `#boards a` (the boards of the one who has entered), `#switch a`, `#new-card`
(`input[name="new_card.title"]`); the modules beside say their own.
"""

from board_budget import budget
from board_cards import STAGES, NewCard, add
from board_columns import Folded, column
from board_log import log
from board_members import Looking, here, members
from board_people import Me, entrances, is_member, leaving
from database import db
from helio import (
    Markup,
    Routes,
    anyone,
    bind,
    errors,
    goto,
    on,
    presence,
    region,
    slot,
    title,
)
from helio import (
    html as h,
)

routes = Routes(allow=is_member)


@routes.page("/boards", title="Boards · Helio", allow=anyone)
def start(me: Me | None) -> Markup:
    return h.main(".boards")[
        h.header(".page-head")[
            h.h1["Boards"],
            h.p(".lead")[
                "Each board is for its members. Enter as somebody, and as somebody else in another "
                "browser or a private window."
            ],
        ],
        (own_boards(me), leaving(me)) if me else entrances(),
        _explanation(),
    ]


@region
async def own_boards(me: Me) -> Markup:
    rows = await db.fetch(
        "select id, name, manager from board join member on board_id = board.id "
        "where person_id = $1 order by board.id",
        me.id,
    )
    return h.ul("#boards.entrances")[
        (
            h.li(".card", id=f"board-{row.id}")[
                h.h2[h.a(href=board.url(board_id=row.id))[row.name]],
                h.p["You manage it." if row.manager else "You are a member."],
                cards_left(row.id),
                here(row.id),
            ]
            for row in rows
        ),
        None if rows else h.li(".card")["No board is yours. A manager may invite you."],
    ]


@region
async def cards_left(board_id: int) -> Markup:
    left = await db.fetch_value(
        "select count(*) from card where board_id = $1 and stage <> 'done'", board_id
    )
    return h.p(".quiet")["1 card left" if left == 1 else f"{left} cards left"]


# One board


@routes.page("/boards/{board_id:int}")
async def board(board_id: int, me: Me, folded: Folded) -> Markup:
    name = await db.fetch_value("select name from board where id = $1", board_id)
    title(f"{name} · Helio")
    return h.main(".board", presence(Looking(board=board_id)))[
        h.header(".board-head")[
            switch(board_id, me),
            h.h1[name],
            here(board_id),
        ],
        _adding(board_id),
        h.div(".stages")[(column(board_id, stage, stage in folded.stages) for stage in STAGES)],
        h.div(".panels")[await log(board_id), members(board_id), budget(board_id)],
        leaving(me),
        slot("dialog"),
    ]


@region
async def switch(board_id: int, me: Me) -> Markup:
    """The way to the other boards: links, which with JavaScript load the board alone."""
    rows = await db.fetch(
        "select id, name from board join member on board_id = board.id "
        "where person_id = $1 order by board.id",
        me.id,
    )
    return h.nav("#switch", aria_label="Boards")[
        h.a(href=start.url())["All boards"],
        (
            h.a(
                on.click(go, board_id=row.id),
                href=board.url(board_id=row.id),
                aria_current="page" if row.id == board_id else None,
            )[row.name]
            for row in rows
        ),
    ]


@routes.get("/boards/{board_id:int}/go")
def go(board_id: int) -> object:
    return goto(board, board_id=board_id)


def _adding(board_id: int) -> Markup:
    return h.form("#new-card", on.submit(add, board_id=board_id))[
        h.input(
            bind(NewCard.title),
            aria_label="A new card",
            placeholder="What is to be done?",
            autocomplete="off",
            enterkeyhint="done",
        ),
        h.button(".primary")["Add card"],
        errors(NewCard.title),
    ]


def _explanation() -> Markup:
    return h.section(".notes", aria_labelledby="notes")[
        h.h2("#notes")["What to try"],
        h.ul[
            h.li[
                "Two people, two browsers, one board: every change is in both. Open a card, write "
                "half a comment, and let the other one move that card, or rename it."
            ],
            h.li[
                "Move the worktop to another column while somebody edits it in its place. The "
                "editor moves along."
            ],
            h.li[
                "As Ann, remove Eve from the kitchen while Eve looks at it. Her page is gone, and "
                "nobody had to tell it: its rule has read the list of members."
            ],
            h.li[
                "Only managers have a budget on their page. The page asks nobody who they are for "
                "it: the region has a rule of its own, and comes and goes with the right."
            ],
            h.li["Fold a column. It stays so when you reload, and in no other tab."],
            h.li["End the server with a card open, and start it again. The card is still open."],
            h.li["JavaScript off: cards open, are edited, moved and discussed all the same."],
        ],
    ]
