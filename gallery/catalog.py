"""The catalogue: what the gallery shows, where it stands, and the files it is written in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demo:
    """One demonstration. `files` are the names of its source files, the first its page.

    `short` is its title where there is little room.
    """

    name: str
    short: str
    title: str
    path: str
    summary: str
    files: tuple[str, ...]


DEMOS = (
    Demo(
        "todo",
        "Todo",
        "Todo, first version",
        "/todo/",
        "The promise in one file: 26 lines, stored in SQLite, shared by everybody, "
        "current in every window, and a plain form without JavaScript.",
        ("todo.py",),
    ),
    Demo(
        "todos",
        "Todo 2",
        "Todo, second version",
        "/todos",
        "Done, undo, edit in place, filters and refusals: what a list needs before people use it.",
        ("todos.py", "database.py"),
    ),
    Demo(
        "counters",
        "Counters",
        "Counters",
        "/counters",
        "Two buttons. One answers whoever pressed it, the other answers everybody.",
        ("counters.py", "database.py"),
    ),
    Demo(
        "monitor",
        "Monitor",
        "Monitor",
        "/monitor",
        "This machine, every second: charts drawn on the server, and a process table that each "
        "visitor sorts and filters their own way.",
        ("monitor.py", "processes.py", "machine.py", "charts.py", "units.py"),
    ),
    Demo(
        "boards",
        "Boards",
        "Team boards",
        "/boards",
        "Cards for several people, who may see different things: dialogs that belong to one tab, "
        "rights that end at once, and who is looking just now.",
        (
            "boards.py",
            "board_columns.py",
            "board_cards.py",
            "board_dialog.py",
            "board_members.py",
            "board_people.py",
            "board_budget.py",
            "board_log.py",
            "board_tables.py",
            "database.py",
        ),
    ),
)

FRAME = Demo(
    "gallery",
    "Gallery",
    "The gallery itself",
    "/",
    "What stands around the demonstrations: the index, the layout, these source pages.",
    ("app.py", "index.py", "catalog.py", "shell.py", "source.py"),
)


def demo_at(path: str) -> Demo:
    """The demonstration that a URL's path belongs to."""
    for demo in DEMOS:
        inside = demo.path.rstrip("/") + "/"
        if f"{path}/".startswith(inside):
            return demo
    return FRAME
