"""A table that each visitor sorts his own way, a page with his secret, and a region that peeps."""

import asyncio

from helio import App, Session, SessionState, Signals, SQLite, bind, on, region
from helio import html as h

db = SQLite(
    "todo.db",
    schema="create table if not exists cat (id integer primary key, name text, weight real)",
)
app = App(db=db)


class Prefs(SessionState):
    sort: str = "name"


class Secret(Signals):
    text: str = ""


@app.page("/")
async def index(prefs: Prefs):
    return h.main[
        h.p(id="sort")[prefs.sort],
        cats(sort=prefs.sort),
        h.button("#by-name", on.click(sort, by="name"))["Name"],
        h.button("#by-weight", on.click(sort, by="weight"))["Weight"],
        h.a(href="/mine")["Mine"],
    ]


@region
async def cats(sort: str):
    rows = await db.fetch(f"select * from cat order by {'weight' if sort == 'weight' else 'name'}")
    return h.ul(id="cats")[(h.li(id=f"cat-{row.id}")[row.name] for row in rows)]


@app.post("/sort")
async def sort(by: str, prefs: Prefs):
    prefs.sort = by


@app.page("/mine")
async def mine(session: Session):
    await db.fetch("select count(*) from cat")
    await asyncio.sleep(0.01)  # let others in between
    return h.main[
        h.p(id="secret")[session.get("secret", "nothing")],
        cats(sort="name"),
        h.form(on.submit(keep))[h.input(bind(Secret.text)), h.button["Keep"]],
        h.a(href="/")["Cats"],
    ]


@app.post("/keep")
async def keep(secret: Secret, session: Session):
    session["secret"] = secret.text
    return Secret()


held: list[Session] = []


@app.page("/peep")
async def peep(session: Session):
    held.append(session)
    return h.main[h.h1["Before"], peeping(), h.h2["After"]]


@region
async def peeping():
    return h.p[held[0].get("secret", "nothing")]
