"""Every answer that a command may give, and every way in which it may fail."""

import asyncio
from typing import Annotated

from msgspec import Meta

from helio import (
    App,
    Forbidden,
    Invalid,
    NotFound,
    Patch,
    Reject,
    Signals,
    SQLite,
    bind,
    dispatch,
    errors,
    focus,
    on,
    redirect,
    region,
    text,
    title,
    toast,
)
from helio import html as h

db = SQLite(
    "todo.db", schema="create table if not exists note (id integer primary key, text text not null)"
)
app = App(db=db)


class Note(Signals):
    text: Annotated[str, Meta(min_length=2)] = ""
    stars: Annotated[int, Meta(ge=0, le=5)] = 0


class Progress(Signals):
    percent: int = 0
    word: str = "idle"


@app.page("/")
async def index():
    buttons = [raises, missing, forbidden, rejected, several, nothing, away, out, work, breaks]
    return h.main[
        notes(),
        h.form(on.submit(add))[
            h.input("#text", bind(Note.text)),
            errors(Note.text),
            h.input("#stars", bind(Note.stars)),
            errors(Note.stars),
            h.button("#add")["Add"],
        ],
        (h.button(on.click(command), id=command.__name__)[command.__name__] for command in buttons),
        h.p("#placed")["old"],
        h.ol("#list")[h.li["first"]],
        h.output("#percent", text(Progress.percent)),
        h.output("#word", text(Progress.word)),
    ]


@region
async def notes():
    rows = await db.fetch("select text from note order by id")
    return h.ul(id="notes")[(h.li[row.text] for row in rows)]


@app.page("/elsewhere")
async def elsewhere():
    return h.main[h.h1["Elsewhere"]]


@app.post("/add")
async def add(note: Note):
    if note.text == "taken":
        return Invalid(text="This is taken already.")
    if note.text == "whole":
        return Invalid(text="Not this text.", stars="And not so many.")
    await db.execute("insert into note (text) values ($1)", note.text)
    return Note()


@app.post("/raises")
async def raises(note: Note):
    async with db.transaction():
        await db.execute("insert into note (text) values ('never')")
        raise ZeroDivisionError("the secret reason")


@app.post("/missing")
async def missing():
    raise NotFound("This note is gone.")


@app.post("/forbidden")
async def forbidden():
    raise Forbidden("Not for you.")


@app.post("/rejected")
async def rejected():
    raise Reject("Somebody was faster.")


@app.post("/several")
async def several():
    return [
        h.p("#placed")["new"],
        Patch(h.li["second"], selector="#list", mode="append"),
        Progress.patch(word="several"),
        toast("Well done.", tone="success"),
        title("Another title"),
        dispatch("counted", {"n": 3}),
        focus("#stars"),
    ]


@app.post("/nothing")
async def nothing():
    await db.execute("insert into note (text) values ('by the stream')")


@app.post("/away")
async def away():
    return redirect("/elsewhere")


@app.post("/out")
async def out():
    return redirect("https://example.com/")


@app.post("/work")
async def work():
    for percent in (25, 50, 75):
        yield Progress(percent=percent, word="working")
        await asyncio.sleep(0.15)
    yield [Progress(percent=100, word="done"), h.p("#placed")["made"]]


@app.post("/breaks")
async def breaks():
    yield Progress(percent=10, word="working")
    raise ZeroDivisionError("the secret reason")
