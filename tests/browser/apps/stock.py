"""A page for stock Datastar, which lies in the folder beside."""

# ruff: noqa: A002

from typing import Annotated

from msgspec import Meta

from helio import App, NotFound, Reject, Signals, SQLite, bind, errors, on, redirect, region, text
from helio import html as h

db = SQLite(
    "todo.db", schema="create table if not exists note (id integer primary key, text text not null)"
)
app = App(db=db, static="static", runtime="/static/datastar.js")


class Note(Signals):
    text: Annotated[str, Meta(min_length=2)] = ""
    stars: int = 0


class Count(Signals):
    n: int = 0


@app.page("/")
async def index():
    return h.main[
        notes(),
        h.form(on.submit(add))[
            h.input("#text", bind(Note.text)),
            errors(Note.text),
            h.input("#stars", bind(Note.stars)),
            errors(Note.stars),
            h.button("#add")["Add"],
        ],
        h.output("#n", text(Count.n)),
        h.button("#up", on.click(up))["Up"],
        h.button("#late", on.click(late, reason="Too late."))["Late"],
        h.button("#away", on.click(away))["Away"],
    ]


@region
async def notes():
    rows = await db.fetch("select * from note order by id")
    return h.ul(id="notes")[(h.li(id=f"note-{row.id}")[row.text] for row in rows)]


@app.page("/notes/{id}")
async def note(id: int):
    row = await db.fetch_one("select * from note where id = $1", id)
    if row is None:
        raise NotFound("This note is gone.")
    return h.main[h.h1[row.text]]


@app.page("/elsewhere")
async def elsewhere():
    return h.main[h.h1["Elsewhere"]]


@app.post("/add")
async def add(note: Note):
    await db.execute("insert into note (text) values ($1)", note.text)
    return Note()


@app.post("/up")
async def up(count: Count):
    return [Count(n=count.n + 1), h.button("#up", on.click(up))["Up again"]]


@app.post("/late")
async def late(reason: str):
    raise Reject(reason)


@app.post("/away")
async def away():
    return redirect("/elsewhere")
