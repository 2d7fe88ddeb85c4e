"""Cards whose list can fail, whose rows can disappear, and whose details can be unfolded."""

# ruff: noqa: A002

from helio import App, NotFound, Signals, SQLite, bind, on, region
from helio import html as h

db = SQLite(
    "todo.db",
    schema="""
    create table if not exists card (id integer primary key, title text not null, body text);
    create table if not exists mood (bad integer);
    """,
)
app = App(db=db)


class Filter(Signals):
    word: str = ""


@app.page("/")
async def index():
    return h.main[h.h1["Board"], cards(), count()]


@region
async def cards():
    """Fields, details and scrolled boxes, all inside what is patched."""
    if await db.fetch_value("select count(*) from mood"):
        raise ZeroDivisionError("the secret reason")
    rows = await db.fetch("select * from card order by id")
    return h.section(id="board", data_size=len(rows))[
        h.p(id="size")[len(rows), " cards"],
        h.input(id="bound")(bind(Filter.word)),
        h.input(id="free", name="free"),
        h.textarea(id="area", name="area", rows=3)["as served"],
        h.input(id="box", name="box", type="checkbox"),
        h.select(id="choice", name="choice")[
            h.option(value="")["none"], (h.option(value=row.id)[row.title] for row in rows)
        ],
        h.button("#count", on.click(touch))["Touch"],
        h.div(id="scrolled", style="height:120px;overflow:auto")[
            (
                h.details(id=f"card-{row.id}")[h.summary[row.title], h.p[row.body or "empty"]]
                for row in rows
            )
        ],
    ]


@region
async def count():
    return h.p(id="total")[await db.fetch_value("select count(*) from card")]


@app.page("/cards/{id}")
async def card(id: int):
    row = await db.fetch_one("select * from card where id = $1", id)
    if row is None:
        raise NotFound("This card is gone.")
    return h.main[h.h1[row.title], h.textarea(id="area", name="area")]


@app.post("/touch")
async def touch():
    await db.execute("insert into card (title) values ('touched')")
