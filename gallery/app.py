"""The gallery: one application that shows what Helio does. Run it: helio dev gallery/app.py"""

from pathlib import Path

import counters
import index
import monitor
import processes
import source
import todo
import todos
from database import db
from helio import App
from shell import shell

SHEETS = ("gallery", "index", "todos", "counters", "charts", "monitor", "source")

app = App(
    db=db,
    static=Path(__file__).with_name("static"),
    css=[f"/static/{name}.css" for name in SHEETS],
    layout=shell,
    plain_http=True,  # a phone in the same network may visit; nothing here is secret
)
app.include(index.routes)
app.include(todos.routes)
app.include(counters.routes)
app.include(monitor.routes)
app.include(processes.routes)
app.include(source.routes)
# As printed, in a file of its own; its todo.db is in the directory that the gallery is started in.
app.mount("/todo", todo.app)
