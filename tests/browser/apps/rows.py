"""A list of rows that are parts, shown twice, with a region and fields inside the rows."""

from helio import App, SQLite, region
from helio import html as h

db = SQLite(
    "todo.db",
    schema="create table if not exists row (id integer primary key, place real, title text);",
)
app = App(db=db)


@app.page("/")
async def index():
    return h.main[h.h1["Rows"], h.div("#one")[rows("left")], h.div("#two")[rows("left")]]


@region
async def rows(side: str):
    found = await db.fetch("select * from row order by place, id")
    return h.section(part="list")[
        (
            h.article(part=f"row {r.id}")[
                h.h2[r.title],
                h.input(name=f"note-{r.id}"),
                h.details[h.summary["More"], h.p["Details of ", r.title]],
                h.p["A text that makes the row long enough to be worth keeping."],
            ]
            for r in found
        )
    ]
