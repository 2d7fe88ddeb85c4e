"""Tasks that can be added, renamed, done, undone and dropped, each by another method."""

# ruff: noqa: A002

from typing import Annotated, Literal

from msgspec import Meta

from helio import (
    App,
    NotFound,
    Signals,
    SQLite,
    bind,
    errors,
    on,
    region,
)
from helio import (
    html as h,
)

db = SQLite(
    "todo.db",
    schema="""create table if not exists task
    (id integer primary key, title text not null, done integer not null default 0)""",
)
app = App(db=db)


class Draft(Signals):
    title: Annotated[str, Meta(min_length=3)] = ""
    count: Annotated[int, Meta(ge=1)] = 1
    urgent: bool = False
    kind: Literal["home", "work"] = "home"
    remark: str = ""


class Edit(Signals):
    title: Annotated[str, Meta(min_length=3)] = ""


@app.page("/")
async def index():
    return h.main[
        tasks(),
        h.form("#add", on.submit(add), novalidate=True)[
            h.input("#title", bind(Draft.title)),
            errors(Draft.title),
            h.input("#count", bind(Draft.count), value=1),
            errors(Draft.count),
            h.input("#urgent", bind(Draft.urgent), type="checkbox"),
            h.select("#kind", bind(Draft.kind))[
                h.option(value="home")["Home"], h.option(value="work")["Work"]
            ],
            h.textarea("#remark", bind(Draft.remark)),
            h.button["Add"],
        ],
    ]


@app.page("/tasks/{id}")
async def task(id: int):
    row = await db.fetch_one("select * from task where id = $1", id)
    if row is None:
        raise NotFound("This task does not exist.")
    return h.main[
        h.h1[row.title],
        h.form("#rename", on.submit(rename, id=id))[
            h.input("#name", bind(Edit.title)), errors(Edit.title), h.button["Rename"]
        ],
        h.a(href="/")["All"],
    ]


@region
async def tasks():
    rows = await db.fetch("select * from task order by id")
    return h.ul(id="tasks")[
        (
            h.li(id=f"task-{row.id}")[
                h.a(href=app.url(task, id=row.id))[row.title],
                h.b[" done" if row.done else ""],
                h.form(class_="done")(on.submit(check, id=row.id))[h.button["Done"]],
                h.form(class_="drop")(on.submit(drop, id=row.id))[h.button["Drop"]],
            ]
            for row in rows
        )
    ]


@app.post("/tasks")
async def add(draft: Draft):
    for _ in range(draft.count):
        await db.execute("insert into task (title) values ($1)", draft.title)
    return Draft()


@app.put("/tasks/{id}/title")
async def rename(id: int, edit: Edit):
    if not await db.execute("update task set title = $1 where id = $2", edit.title, id):
        raise NotFound("This task does not exist.")
    return Edit()


@app.patch("/tasks/{id}")
async def check(id: int):
    await db.execute("update task set done = 1 - done where id = $1", id)


@app.delete("/tasks/{id}")
async def drop(id: int):
    await db.execute("delete from task where id = $1", id)
