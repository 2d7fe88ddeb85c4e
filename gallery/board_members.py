"""Members: who belongs to a board, who looks at it just now, and who may be taken off it.

Selectors: `.here .face` (who looks), `#members li` with `data-person`, and, for managers,
`#manage` with `.remove` and `.invite` buttons.
"""

import msgspec

from board_log import note
from board_people import Me, face, is_manager
from database import db
from helio import Markup, Presence, Reject, Routes, on, region
from helio import html as h

routes = Routes(allow=is_manager)

SHOWN = 8


class Looking(Presence):
    """Somebody has this board open."""

    board: int


class Person(msgspec.Struct, frozen=True):
    id: int
    name: str
    manager: bool | None
    """None for who is no member."""


@region
def here(board_id: int) -> Markup:
    """Who looks at this board now."""
    looking = Looking.first(SHOWN, board=board_id)
    more = Looking.count(board=board_id) - len(looking)
    return h.p(".here", aria_label="Who looks at this board")[
        (face(one.user.id, one.user.name) for one in looking if one.user),
        h.span(".more")[f"+{more}"] if more > 0 else None,
    ]


@region
async def members(board_id: int) -> Markup:
    people = await _people(board_id)
    return h.section("#members.card.panel")[
        h.h2["Members"],
        h.ul[
            (_member(one, Looking.has(one.id, board=board_id)) for one in people if _belongs(one))
        ],
        management(board_id),
    ]


def _member(one: Person, looks: bool) -> Markup:
    return h.li(data_person=one.id, class_={"looks": looks})[
        face(one.id, one.name),
        h.span(".name")[one.name],
        h.span(".quiet")["manager"] if one.manager else None,
        h.span(".now")["looks at it now"] if looks else None,
    ]


@region(allow=is_manager)
async def management(board_id: int) -> Markup:
    """What managers have in the place where others have nothing."""
    others = [one for one in await _people(board_id) if not one.manager]
    return h.ul("#manage")[
        (
            h.li[
                h.form(on.submit(remove, board_id=board_id, person_id=one.id))[
                    h.button(".remove")[f"Remove {one.name}"]
                ]
                if _belongs(one)
                else h.form(on.submit(invite, board_id=board_id, person_id=one.id))[
                    h.button(".invite")[f"Invite {one.name}"]
                ]
            ]
            for one in others
        )
    ]


def _belongs(one: Person) -> bool:
    return one.manager is not None


async def _people(board_id: int) -> list[Person]:
    """Everybody there is, and how they stand to this board."""
    return await db.fetch(
        "select id, name, manager from person "
        "left join member on person_id = id and board_id = $1 order by id",
        board_id,
        into=Person,
    )


@routes.delete("/boards/{board_id:int}/members/{person_id:int}")
async def remove(board_id: int, person_id: int, me: Me) -> None:
    """Their open pages of this board are gone as soon as this is committed."""
    async with db.transaction():
        name = await _name(person_id)
        if not await db.execute(
            "delete from member where board_id = $1 and person_id = $2 and not manager",
            board_id,
            person_id,
        ):
            raise Reject(f"{name} is no member who could be removed.")
        await note(board_id, me, f"removed {name}")


@routes.put("/boards/{board_id:int}/members/{person_id:int}")
async def invite(board_id: int, person_id: int, me: Me) -> None:
    async with db.transaction():
        name = await _name(person_id)
        if await db.execute(
            "insert or ignore into member (board_id, person_id) values ($1, $2)",
            board_id,
            person_id,
        ):
            await note(board_id, me, f"invited {name}")


async def _name(person_id: int) -> str:
    name = await db.fetch_value("select name from person where id = $1", person_id)
    if name is None:
        raise Reject("There is nobody of this number.")
    return name
