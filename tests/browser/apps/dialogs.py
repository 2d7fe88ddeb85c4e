"""Cards that are opened in a slot, and visited without loading a document."""

# ruff: noqa: A002

from helio import (
    App,
    Markup,
    Shell,
    Signals,
    SQLite,
    bind,
    goto,
    mount,
    on,
    region,
    slot,
    unmount,
)
from helio import (
    html as h,
)

db = SQLite(
    "cards.db",
    schema="""create table if not exists card (id integer primary key, title text not null);
    insert into card (title) select 'first' where not exists (select 1 from card)""",
)


def shell(page: Shell) -> Markup:
    return h.html[h.head[page.head], h.body[page.body, h.aside[slot("side", h.em["no side"])]]]


app = App(db=db, layout=shell)


class Note(Signals):
    text: str = ""


@app.page("/")
async def board():
    count = await db.fetch_value("select count(*) from card")
    return h.main[
        h.h1[f"{count} cards"],
        h.ul[(h.li(id=f"card-{row.id}")[buttons(row.id)] for row in await cards())],
        slot("dialog", h.em["nothing open"]),
    ]


async def cards():
    return await db.fetch("select id from card order by id")


def buttons(id: int):
    return (
        h.form(on.submit(show, id=id))[h.button(".show")["Show"]],
        h.form(on.submit(visit, id=id))[h.button(".visit")["Visit"]],
        h.form(on.submit(beside, id=id))[h.button(".beside")["Beside"]],
    )


@region
async def details(id: int):
    title = await db.fetch_value("select title from card where id = $1", id)
    return h.article[
        h.h2[title],
        h.input(bind(Note.text), class_="note"),
        h.form(on.submit(close))[h.button["Close"]],
    ]


@app.page("/cards/{id}", title="A card")
async def card(id: int):
    title = await db.fetch_value("select title from card where id = $1", id)
    return h.main[h.h1[f"Card: {title}"], h.button(on.click(home))["Home"]]


@app.post("/show/{id}")
async def show(id: int):
    return mount(details(id), into="dialog")


@app.post("/beside/{id}")
async def beside(id: int):
    return mount(details(id), into="side")


@app.post("/close")
async def close():
    return unmount("dialog")


@app.post("/visit/{id}")
async def visit(id: int):
    return goto(card, id=id)


@app.post("/home")
async def home():
    return goto(board)
