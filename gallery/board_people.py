"""People: who one is, and what one may see and do on which board.

A real application would ask for a password. Here one says who one is, and the session keeps it.

Selectors: `.enter` (a button for each person, `#enter-ID`), `#leave`.
"""

from database import db
from helio import Markup, NotFound, Routes, Session, User, anyone, on, redirect, region
from helio import html as h

routes = Routes(allow=anyone)


class Me(User):
    id: int
    name: str


async def load(session: Session) -> Me | None:
    """Whose session it is."""
    person_id = session.get("person")
    return await db.fetch_one("select id, name from person where id = $1", person_id, into=Me)


# Rules


async def is_member(user: Me | None, board_id: int) -> bool:
    return user is not None and await _standing(user, board_id) is not None


async def is_manager(user: Me | None, board_id: int) -> bool:
    return user is not None and await _standing(user, board_id) == 1


async def _standing(user: Me, board_id: int) -> int | None:
    """1 for a manager, 0 for another member, None for everybody else."""
    return await db.fetch_value(
        "select manager from member where board_id = $1 and person_id = $2", board_id, user.id
    )


# Coming and going


@region
async def entrances() -> Markup:
    """Everybody whom one may be, and what that means."""
    people = await db.fetch(
        "select person.id, person.name, "
        "group_concat(board.name, ', ') filter (where manager) as manages, "
        "group_concat(board.name, ', ') filter (where not manager) as shares "
        "from person left join member on person_id = person.id "
        "left join board on board.id = board_id group by person.id order by person.id"
    )
    return h.ul(".entrances")[
        (
            h.li(".card")[
                h.p(".who")[face(one.id, one.name), h.strong[one.name]],
                h.p[f"Manages {one.manages}." if one.manages else "Manages nothing."],
                h.p[f"Member of {one.shares}."] if one.shares else None,
                h.form(on.submit(enter, person_id=one.id))[
                    h.button(".primary.enter", id=f"enter-{one.id}")[f"Enter as {one.name}"]
                ],
            ]
            for one in people
        )
    ]


def face(person_id: int, name: str) -> Markup:
    """Somebody's initial in a circle."""
    return h.span(".face", class_=f"series-{person_id % 8}", title=name)[
        h.span(aria_hidden="true")[name[0]], h.span(".hidden-text")[name]
    ]


@routes.post("/boards/enter/{person_id:int}", back="/boards")
async def enter(person_id: int, session: Session) -> None:
    if not await db.fetch_value("select 1 from person where id = $1", person_id):
        raise NotFound("There is nobody of this number.")
    session["person"] = person_id


@routes.post("/boards/leave", back="/boards")
def leave(session: Session) -> object:
    if "person" in session:
        del session["person"]
    return redirect("/boards")


def leaving(me: Me) -> Markup:
    """Who one is, and the way out."""
    return h.form(".leaving", on.submit(leave))[
        h.p["You are ", h.strong[me.name], "."], h.button("#leave")["Be somebody else"]
    ]
