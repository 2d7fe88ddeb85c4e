"""Todo, second version: done, undo, edit in place, delete, clear, filters, refusals.

The filter is a query parameter, not session state: it says where one is, so it can be linked and
bookmarked, two windows may differ, and it works without JavaScript as plain links.

Selectors: `#todos2` (list), `#task-ID` (rows) with `.title`, buttons `.finish`, `.reopen`,
`.remove` and `details.edit` (`input[name=title]`); `input[name="new_todo.title"]`,
`#new-todo .helio-error`, `#left`, `#clear`, `#undo`, `#filters a`.
"""

from typing import Literal

import msgspec

from database import db
from helio import (
    Invalid,
    Markup,
    NotFound,
    Reject,
    Routes,
    SessionState,
    Signals,
    bind,
    errors,
    js,
    on,
    region,
    toast,
)
from helio import (
    html as h,
)

routes = Routes()

LONGEST = 120
MOST = 200
KEPT_STEPS = 20

Show = Literal["all", "open", "done"]
SHOWS: dict[Show, str] = {"all": "All", "open": "Open", "done": "Done"}


class NewTodo(Signals):
    title: str = ""


class Task(msgspec.Struct, frozen=True):
    id: int
    title: str
    done: bool


class Step(msgspec.Struct, frozen=True):
    """What one command did to some tasks, as they were before it."""

    kind: Literal["deleted", "done"]
    tasks: tuple[Task, ...]

    @property
    def told(self) -> str:
        match self.tasks:
            case (task,):
                return f"“{task.title}” {self.kind}"
            case tasks:
                return f"{len(tasks)} tasks {self.kind}"


class History(SessionState):
    """What this visitor may take back, the newest last."""

    steps: list[Step] = []  # noqa: RUF012 - msgspec copies it

    def note(self, kind: Literal["deleted", "done"], tasks: list[Task]) -> None:
        if tasks:
            self.steps = [*self.steps, Step(kind, tuple(tasks))][-KEPT_STEPS:]


# The page


@routes.page("/todos", title="Todos · Helio")
def todos(history: History, show: Show = "all") -> Markup:
    return h.main(".todos")[
        h.header(".page-head")[
            h.h1["Todos"],
            h.p(".lead")["One list for everybody who is here. Be kind to each other’s tasks."],
        ],
        h.form("#new-todo.add", on.submit(add))[
            h.div(".field")[
                h.label(for_="new-todo-title")["What is to be done?"],
                h.input(
                    "#new-todo-title",
                    bind(NewTodo.title),
                    placeholder="Something small",
                    autocomplete="off",
                    enterkeyhint="done",
                ),
                errors(NewTodo.title),
            ],
            h.button(".primary")["Add"],
        ],
        h.section(".card.list", aria_label="Tasks")[filters(show), task_list(show)],
        _undo_bar(history),
        _explanation(),
    ]


def _undo_bar(history: History) -> Markup:
    last = history.steps[-1] if history.steps else None
    return h.div("#undo-bar", role="status")[
        h.form(on.submit(undo))[h.span(".told")[last.told], h.button("#undo")["Undo"]]
        if last
        else None
    ]


@region
async def filters(show: Show) -> Markup:
    done = await db.fetch_value("select count(*) from task where done")
    left = await db.fetch_value("select count(*) from task where not done")
    counts: dict[Show, int] = {"all": left + done, "open": left, "done": done}
    return h.header(".list-head")[
        h.p("#left")[h.strong[left], " task left" if left == 1 else " tasks left"],
        h.nav("#filters", aria_label="Filter")[
            (
                h.a(
                    href=f"/todos?show={name}" if name != "all" else "/todos",
                    aria_current="page" if name == show else None,
                )[label, " ", h.span(".badge")[counts[name]]]
                for name, label in SHOWS.items()
            )
        ],
        h.form(on.submit(clear))[
            h.button("#clear.quiet-button", disabled=not done)["Clear completed"]
        ],
    ]


NOTHING: dict[Show, str] = {
    "all": "Nothing to do. Add something above.",
    "open": "All done. Well then.",
    "done": "Nothing is done yet.",
}


@region
async def task_list(show: Show) -> Markup:
    where = {"all": "", "open": "where not done", "done": "where done"}[show]
    tasks = await db.fetch(f"select id, title, done from task {where} order by id", into=Task)  # noqa: S608 - one of three texts
    return h.ul(id="todos2")[
        (_row(task) for task in tasks),
        None if tasks else h.li(".empty")[NOTHING[show]],
    ]


def _row(task: Task) -> Markup:
    return h.li(id=f"task-{task.id}", class_={"done": task.done})[
        _tick(task),
        _editor(task),
        h.form(on.submit(remove, id=task.id))[
            h.button(".icon.remove", aria_label=f"Delete “{task.title}”", title="Delete")["×"]
        ],
    ]


def _tick(task: Task) -> Markup:
    """A button and not a checkbox: without JavaScript a box would send nothing when ticked."""
    if task.done:
        label, command, name = f"Reopen “{task.title}”", reopen, "reopen"
    else:
        label, command, name = f"“{task.title}” is done", finish, "finish"
    return h.form(on.submit(command, id=task.id))[
        h.button(f".tick.{name}", aria_label=label)[h.span(".box", aria_hidden="true")]
    ]


# Opening, editing and giving up happen in the browser; `details` does it without JavaScript too.
_OPENED = js("if (el.open) { const i = el.querySelector('[name=title]'); i.focus(); i.select() }")
_ESCAPED = js(
    "if (evt.key === 'Escape') "
    "{ el.reset(); const d = el.closest('details'); d.open = false; d.firstElementChild.focus() }"
)
_SAVED = js("const d = el.closest('details'); d.open = false; d.firstElementChild.focus()")


def _editor(task: Task) -> Markup:
    return h.details(".edit", on.toggle(_OPENED))[
        h.summary[
            h.span(".title")[task.title],
            h.span(".pencil")[h.span(".hidden-text")["Edit"]],
        ],
        h.form(
            on.submit(rename, id=task.id, title=js("el.elements.title.value")),
            on.submit.capture(_SAVED),
            on.keydown(_ESCAPED),
        )[
            h.input(
                name="title",
                value=task.title,
                aria_label="Title",
                required=True,
                maxlength=LONGEST,
                autocomplete="off",
            ),
            h.button["Save"],
        ],
    ]


# Commands


@routes.post("/todos")
async def add(new: NewTodo) -> NewTodo | Invalid:
    title = new.title.strip()
    problem = _problem(title)
    if problem:
        return Invalid(title=problem)
    async with db.transaction():
        if await db.fetch_value("select count(*) from task") >= MOST:
            raise Reject(f"The list is full: {MOST} tasks. Delete some first.")
        await db.execute("insert into task (title) values ($1)", title)
    return NewTodo()


@routes.patch("/todos/{id:int}")
async def rename(id: int, title: str) -> Invalid | None:
    title = title.strip()
    problem = _problem(title)
    if problem:
        return Invalid({"": problem})
    if not await db.execute("update task set title = $1 where id = $2", title, id):
        raise NotFound("Somebody has deleted this task.")
    return None


@routes.put("/todos/{id:int}/done")
async def finish(id: int, history: History) -> None:
    history.note("done", await _finished(id))


@routes.delete("/todos/{id:int}/done")
async def reopen(id: int) -> None:
    await db.execute("update task set done = 0 where id = $1", id)


@routes.delete("/todos/{id:int}")
async def remove(id: int, history: History) -> None:
    deleted = await db.fetch("delete from task where id = $1 returning *", id, into=Task)
    history.note("deleted", deleted)


@routes.post("/todos/clear")
async def clear(history: History) -> None:
    deleted = await db.fetch("delete from task where done returning *", into=Task)
    history.note("deleted", deleted)


@routes.post("/todos/undo")
async def undo(history: History) -> object:
    """Take back this visitor's last deletion or completion, whatever others did meanwhile."""
    if not history.steps:
        raise Reject("There is nothing to take back.")
    *earlier, last = history.steps
    history.steps = earlier
    changed = await (_restored(last) if last.kind == "deleted" else _opened(last))
    return None if changed else toast("Somebody was faster: there is nothing left to take back.")


async def _finished(id: int) -> list[Task]:
    sql = "update task set done = 1 where id = $1 and not done returning *"
    return await db.fetch(sql, id, into=Task)


async def _restored(step: Step) -> int:
    return await db.executemany(
        "insert or ignore into task (id, title, done) values ($1, $2, $3)",
        [(task.id, task.title, task.done) for task in step.tasks],
    )


async def _opened(step: Step) -> int:
    ids = [task.id for task in step.tasks]
    return await db.execute("update task set done = 0 where done and id in $1", ids)


def _problem(title: str) -> str:
    if not title:
        return "Write what is to be done."
    if len(title) > LONGEST:
        return f"At most {LONGEST} characters; this has {len(title)}."
    return ""


def _explanation() -> Markup:
    return h.section(".notes", aria_labelledby="notes")[
        h.h2("#notes")["What to try"],
        h.ul[
            h.li["A second window, side by side: every change is in both."],
            h.li["An empty title, or one of more than 120 characters."],
            h.li["Click a title to edit it, and let somebody else add tasks meanwhile."],
            h.li["Delete, then Undo: the task is back at its place. What you undo is yours alone."],
            h.li[
                "The filter is in the URL, because it says where you are: it can be bookmarked, "
                "and two windows may differ."
            ],
            h.li["JavaScript off: everything above still works, as plain forms and links."],
        ],
    ]
