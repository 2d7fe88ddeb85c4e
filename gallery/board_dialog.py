"""A card's dialog: its notes, where it goes, and what is said about it.

`open_card` mounts it into the page's slot, for one tab. What is mounted stays there whatever is
rendered around it, and comes back after a lost connection; so does what is half typed in it.

Selectors: `#dialog`, `.close`, `#notes-form textarea`, `#send-away select`, `#comments li`,
`#writing`, `#comment-form textarea`.
"""

import msgspec

from board_cards import GONE, Card, delete, describe, existing, find, send_away
from board_log import moment
from board_people import Me, face, is_member
from database import db
from helio import (
    Invalid,
    Markup,
    Presence,
    Reject,
    Routes,
    Signals,
    bind,
    errors,
    init,
    js,
    mount,
    on,
    presence,
    preserve_attr,
    region,
    unmount,
)
from helio import (
    html as h,
)

routes = Routes(allow=is_member)

LONGEST = 500
MOST = 200


class NewComment(Signals):
    text: str = ""


class Reading(Presence):
    """Somebody has this card's dialog open, and may be writing a comment."""

    card: int
    typing: bool = False


class Comment(msgspec.Struct, frozen=True):
    id: int
    text: str
    at: str
    person_id: int
    name: str


@routes.get("/boards/{board_id:int}/cards/{card_id:int}")
async def open_card(board_id: int, card_id: int, me: Me) -> object:
    await existing(board_id, card_id)
    return [mount(dialog(board_id, card_id, me), into="dialog"), NewComment()]


@routes.post("/boards/{board_id:int}/cards/close")
def close_card(board_id: int) -> object:
    return unmount("dialog")


# Without JavaScript it stands open; with it, it is modal: Escape closes it, the rest is out of
# reach. Whether it is open is the browser's business, so renders leave that attribute alone.
_MODAL = (init(js("el.open = false; el.showModal()")), preserve_attr("open"))


@region(allow=is_member)
async def dialog(board_id: int, card_id: int, me: Me) -> Markup:
    card = await find(board_id, card_id)
    return h.dialog("#dialog", *_MODAL, on.close(close_card, board_id=board_id), open=True)[
        h.form(".close-form", on.submit(close_card, board_id=board_id))[
            h.button(".icon.close", aria_label="Close", title="Close")["×"]
        ],
        _inside(board_id, card, me) if card else h.h2[GONE],
    ]


def _inside(board_id: int, card: Card, me: Me) -> Markup:
    return h.div(".inside", presence(Reading(card=card.id)))[
        h.h2[card.title],
        _notes(board_id, card),
        h.section[
            h.h3["Comments"],
            comments(board_id, card.id),
            _comment_form(board_id, card.id, me),
            writing(card.id, me),
        ],
        h.footer[
            other_boards(board_id, card.id, me),
            h.form(on.submit(delete, board_id=board_id, card_id=card.id))[
                h.button(".quiet-button.delete")["Delete card"]
            ],
        ],
    ]


def _notes(board_id: int, card: Card) -> Markup:
    written = js("el.elements.notes.value")
    save = on.submit(describe, board_id=board_id, card_id=card.id, notes=written)
    return h.form("#notes-form", save)[
        h.label(for_="notes")["Notes"],
        h.textarea("#notes", name="notes", rows=3, maxlength=2000)[card.notes],
        h.button["Save notes"],
    ]


@region
async def comments(board_id: int, card_id: int) -> Markup:
    found = await db.fetch(
        "select comment.id, text, at, person_id, name "
        "from comment join person on person.id = person_id "
        "where board_id = $1 and card_id = $2 order by comment.id",
        board_id,
        card_id,
        into=Comment,
    )
    return h.ul("#comments")[
        (
            h.li(id=f"comment-{one.id}")[
                face(one.person_id, one.name),
                h.p[h.strong[one.name], moment(one.at), h.br, one.text],
            ]
            for one in found
        ),
        None if found else h.li(".empty")["Nobody has said anything yet."],
    ]


def _comment_form(board_id: int, card_id: int, me: Me) -> Markup:
    return h.form("#comment-form", on.submit(comment, board_id=board_id, card_id=card_id))[
        h.label(for_="comment")[f"Write as {me.name}"],
        h.textarea("#comment", bind(NewComment.text), Reading.typing.while_input(3), rows=2),
        errors(NewComment.text),
        h.button(".primary")["Send"],
    ]


@region
def writing(card_id: int, me: Me) -> Markup:
    """Who else is writing. Everybody sees other names here, so the region takes the user."""
    names = [
        one.user.name
        for one in Reading.first(8, card=card_id)
        if one.reading.typing and one.user and one.user.id != me.id
    ]
    return h.p("#writing", aria_live="polite")[f"{', '.join(names)} writing …" if names else ""]


@region
async def other_boards(board_id: int, card_id: int, me: Me) -> Markup | None:
    """The boards to which this user may send the card."""
    boards = await db.fetch(
        "select id, name from board join member on board_id = board.id "
        "where person_id = $1 and board.id <> $2 order by board.id",
        me.id,
        board_id,
    )
    to = js("+el.elements.to.value")
    return (
        h.form("#send-away", on.submit(send_away, board_id=board_id, card_id=card_id, to=to))[
            h.label(for_="to")["Board"],
            h.select("#to", name="to")[(h.option(value=one.id)[one.name] for one in boards)],
            h.button["Send there"],
        ]
        if boards
        else None
    )


@routes.post("/boards/{board_id:int}/cards/{card_id:int}/comments")
async def comment(board_id: int, card_id: int, new: NewComment, me: Me) -> NewComment:
    text = new.text.strip()
    if not 0 < len(text) <= LONGEST:
        raise Invalid(text=f"A comment has 1 to {LONGEST} characters.")
    async with db.transaction():
        await existing(board_id, card_id)
        said = await db.fetch_value("select count(*) from comment where card_id = $1", card_id)
        if said >= MOST:
            raise Reject(f"Enough is said: {MOST} comments.")
        await db.execute(
            "insert into comment (board_id, card_id, person_id, text) values ($1, $2, $3, $4)",
            board_id,
            card_id,
            me.id,
            text,
        )
    return NewComment()
