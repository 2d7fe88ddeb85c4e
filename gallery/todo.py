# todo.py                                     run it: helio dev todo.py
from helio import App, Signals, SQLite, bind, html as h, on, region

db = SQLite("todo.db", schema="create table if not exists todo (id integer primary key, title text not null)")
app = App(db=db)

class Draft(Signals):
    title: str = ""

@app.page("/")
async def index():
    return h.main[
        h.h1["Todos"],
        todo_list(),
        h.form(on.submit(add))[h.input(bind(Draft.title), placeholder="What next?"), h.button["Add"]],
    ]

@region
async def todo_list():
    rows = await db.fetch("select id, title from todo order by id")   # reading is subscribing
    return h.ul(id="todos")[(h.li(id=f"todo-{r.id}")[r.title] for r in rows)]

@app.post("/todos")
async def add(draft: Draft):
    await db.execute("insert into todo (title) values ($1)", draft.title)
    return Draft()                                                     # resets the signals
