"""Rights and slots for stock Datastar, which lies in the folder beside and knows neither."""

from helio import (
    App,
    Session,
    SQLite,
    User,
    anyone,
    mount,
    on,
    redirect,
    region,
    slot,
    unmount,
)
from helio import html as h

db = SQLite(
    "todo.db",
    schema="""
    create table if not exists member (id integer primary key);
    create table if not exists note (id integer primary key, text text not null);
    """,
)


class Me(User):
    id: int


def load(session: Session) -> Me | None:
    number = session.get("user")
    return None if number is None else Me(number)


async def is_member(user: Me | None) -> bool:
    return user is not None and bool(
        await db.fetch_value("select 1 from member where id = $1", user.id)
    )


app = App(db=db, user=load, allow=anyone, static="static", runtime="/static/datastar.js")


@app.page("/")
async def index():
    return h.main[
        h.h1["Notes"],
        notes(),
        h.div("#guarded")[secret()],
        h.div("#place")[slot("dialog", h.em["nothing open"])],
        h.button("#enter", on.click(enter, number=1))["Enter"],
        h.button("#open", on.click(open_dialog))["Open"],
        h.button("#more", on.click(open_more))["More"],
        h.button("#close", on.click(close))["Close"],
    ]


@app.page("/members", allow=is_member)
async def members():
    return h.main[h.h1["Members"], notes()]


@region
async def notes():
    rows = await db.fetch("select * from note order by id")
    return h.ul(id="notes")[(h.li(id=f"note-{row.id}")[row.text] for row in rows)]


@region(allow=is_member)
async def secret():
    count = await db.fetch_value("select count(*) from note")
    return h.p(id="secret")[f"The secret of {count}"]


@region
async def dialog(number: int):
    count = await db.fetch_value("select count(*) from note")
    return h.p(class_="dialog")[f"Dialog {number} of {count}"]


@app.post("/enter/{number}")
async def enter(number: int, session: Session):
    session["user"] = number
    return redirect("/")


@app.post("/open")
async def open_dialog():
    return mount(dialog(1), into="dialog")


@app.post("/more")
async def open_more():
    return mount(dialog(2), into="dialog", mode="append")


@app.post("/close")
async def close():
    return unmount("dialog")
