"""The gallery: one application that shows what Helio does. Run it: helio dev gallery/app.py"""

from pathlib import Path

import board_budget
import board_cards
import board_columns
import board_dialog
import board_log
import board_members
import board_people
import boards
import counters
import index
import monitor
import processes
import source
import todo
import todos
from database import db
from helio import App, anyone
from shell import shell

SHEETS = ("gallery", "index", "todos", "counters", "charts", "monitor", "boards", "source")

app = App(
    db=db,
    static=Path(__file__).with_name("static"),
    css=[f"/static/{name}.css" for name in SHEETS],
    layout=shell,
    user=board_people.load,
    allow=anyone,  # but for the boards, which have rules of their own
    plain_http=True,  # a phone in the same network may visit; nothing here is secret
)
app.include(index.routes)
app.include(todos.routes)
app.include(counters.routes)
app.include(monitor.routes)
app.include(processes.routes)
for part in (
    boards,
    board_people,
    board_members,
    board_columns,
    board_cards,
    board_dialog,
    board_log,
    board_budget,
):
    app.include(part.routes)
app.include(source.routes)
# As printed, in a file of its own; its todo.db is in the directory that the gallery is started in.
app.mount("/todo", todo.app)
