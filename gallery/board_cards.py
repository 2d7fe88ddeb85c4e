"""Cards: what they are, and the commands that change them.

Every command has its board in its path, and the rule of these routes asks whether the visitor is a
member of that; so every statement here looks for cards on that board alone.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from board_log import note
from board_people import Me, is_member
from database import db
from helio import (
    Forbidden,
    Form,
    Invalid,
    NotFound,
    Reject,
    Routes,
    Signals,
    part,
    toast,
    unmount,
)

routes = Routes(allow=is_member)

LONGEST = 80
MOST = 60
GONE = "This card is not on this board any more."

Stage = Literal["todo", "doing", "done"]
STAGES: dict[Stage, str] = {"todo": "To do", "doing": "Doing", "done": "Done"}


class Card(msgspec.Struct, frozen=True):
    id: int
    stage: Stage
    title: str
    notes: str
    cost: int


class NewCard(Signals):
    title: str = ""


class Edit(Form):
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    cost: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


async def find(board_id: int, card_id: int) -> Card | None:
    return await db.fetch_one(
        "select id, stage, title, notes, cost from card where id = $1 and board_id = $2",
        card_id,
        board_id,
        into=Card,
    )


async def existing(board_id: int, card_id: int) -> Card:
    card = await find(board_id, card_id)
    if card is None:
        raise NotFound(GONE)
    return card


@routes.post("/boards/{board_id:int}/cards")
async def add(board_id: int, new: NewCard, me: Me) -> NewCard:
    title = new.title.strip()
    if not 0 < len(title) <= LONGEST:
        raise Invalid(title=f"A card has 1 to {LONGEST} characters.")
    async with db.transaction():
        if await db.fetch_value("select count(*) from card where board_id = $1", board_id) >= MOST:
            raise Reject(f"The board is full: {MOST} cards.")
        await db.execute("insert into card (board_id, title) values ($1, $2)", board_id, title)
        await _put_last(board_id, await db.fetch_value("select last_insert_rowid()"), "todo")
        await note(board_id, me, f"added “{title}”")
    return NewCard()


@routes.patch("/boards/{board_id:int}/cards/{card_id:int}")
async def save(board_id: int, card_id: int, edit: Edit) -> object:
    """Saves what stood in the card's editor, and closes it."""
    if not await db.execute(
        "update card set title = $1, cost = $2 where id = $3 and board_id = $4",
        edit.title,
        edit.cost,
        card_id,
        board_id,
    ):
        raise NotFound(GONE)
    return unmount(part("card", card_id))


@routes.patch("/boards/{board_id:int}/cards/{card_id:int}/notes")
async def describe(
    board_id: int, card_id: int, notes: Annotated[str, Meta(max_length=2000)]
) -> None:
    if not await db.execute(
        "update card set notes = $1 where id = $2 and board_id = $3", notes, card_id, board_id
    ):
        raise NotFound(GONE)


@routes.put("/boards/{board_id:int}/cards/{card_id:int}/stage")
async def shift(board_id: int, card_id: int, stage: Stage, me: Me) -> None:
    """To the end of another column."""
    async with db.transaction():
        card = await existing(board_id, card_id)
        if card.stage != stage:
            await _put_last(board_id, card_id, stage)
            await note(board_id, me, f"moved “{card.title}” to {STAGES[stage]}")


async def _put_last(board_id: int, card_id: int, stage: Stage) -> None:
    await db.execute(
        "update card set board_id = $1, stage = $2, place = 1 + "
        "(select ifnull(max(place), 0) from card where board_id = $1 and stage = $2) "
        "where id = $3",
        board_id,
        stage,
        card_id,
    )


@routes.put("/boards/{board_id:int}/cards/{card_id:int}/board")
async def send_away(board_id: int, card_id: int, to: int, me: Me) -> object:
    """To another board, of which one must be a member too."""
    if not await is_member(me, to):
        raise Forbidden("You are no member of that board.")
    async with db.transaction():
        card = await existing(board_id, card_id)
        await _put_last(to, card_id, card.stage)
        await db.execute("update comment set board_id = $1 where card_id = $2", to, card_id)
        name = await db.fetch_value("select name from board where id = $1", to)
        await note(board_id, me, f"sent “{card.title}” to {name}")
        await note(to, me, f"brought “{card.title}” here")
    return [unmount("dialog"), toast(f"“{card.title}” is on the board “{name}” now.")]


@routes.delete("/boards/{board_id:int}/cards/{card_id:int}")
async def delete(board_id: int, card_id: int, me: Me) -> object:
    async with db.transaction():
        card = await existing(board_id, card_id)
        await db.execute("delete from card where id = $1", card_id)
        await note(board_id, me, f"deleted “{card.title}”")
    return unmount("dialog")
