"""A list that takes its time to render, and a button that adds to it at once."""

import asyncio

from helio import App, SQLite, indicator, js, on, region, show
from helio import html as h

db = SQLite("todo.db", schema="create table if not exists todo (id integer primary key)")
app = App(db=db)


@app.page("/")
async def index():
    return h.main[
        h.button("#add", on.click(add), indicator("adding"))["Add"],
        h.p("#busy", show(js("$adding")))["Adding …"],
        rows(),
    ]


@region
async def rows():
    found = await db.fetch("select id from todo")
    await asyncio.sleep(0.3)
    return h.ul(id="rows")[(h.li(id=f"row-{r.id}")[r.id] for r in found)]


@app.post("/add")
async def add():
    await db.execute("insert into todo default values")
