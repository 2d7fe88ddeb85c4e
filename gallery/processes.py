"""The monitor's process table, which each visitor sorts and filters their own way.

The choice is session state: it belongs to the visitor and not to a place, so it is there again on
the next visit. The table takes it as arguments, so all who chose the same share one render.

Selectors: `#processes` (table), `th button` (sorts; `th[aria-sort]` says how), rows
`#process-PID`, `input[name=text]` in `#process-filter`, `#process-count`.
"""

from collections.abc import Callable
from typing import Any, Literal

from helio import (
    Markup,
    Routes,
    SessionState,
    every,
    ignore_morph,
    js,
    on,
    region,
)
from helio import (
    html as h,
)
from machine import Process, process_list
from units import size

routes = Routes()

SHOWN = 25
LONGEST = 60

Column = Literal["name", "pid", "user", "cpu", "memory", "threads", "status"]
COLUMNS: dict[Column, str] = {
    "name": "Name",
    "pid": "PID",
    "user": "User",
    "cpu": "CPU",
    "memory": "Memory",
    "threads": "Threads",
    "status": "Status",
}
GREATEST_FIRST: set[Column] = {"cpu", "memory", "threads"}


class View(SessionState):
    """How this visitor looks at the table."""

    sort: Column = "cpu"
    descending: bool = True
    filter: str = ""


def search(view: View) -> Markup:
    # What is typed stays the visitor's: the answer to it comes back as rows, never as text.
    field = h.input(
        "#process-filter-text",
        on.input.debounce("250ms")(filter_by, text=js("el.value")),
        ignore_morph,
        type="search",
        name="text",
        value=view.filter,
        placeholder="Name, user, PID or status",
        autocomplete="off",
        maxlength=LONGEST,
    )
    return h.form("#process-filter", on.submit(filter_by, text=js("el.elements.text.value")))[
        h.h2["Processes"],
        h.label(".hidden-text", for_="process-filter-text")["Filter"],
        field,
        h.button["Filter"],
    ]


@region
async def table(sort: Column, descending: bool, text: str) -> Markup:
    await every(1.0)
    everything = await process_list.get()
    found = [process for process in everything if _matches(process, text.casefold())]
    found.sort(key=lambda process: -process.memory)  # among equals, the largest first
    found.sort(key=_key(sort), reverse=descending)
    return h.section("#process-table.card", aria_label="Processes")[
        h.table("#processes")[
            h.thead[h.tr[(_head(column, sort, descending) for column in COLUMNS)]],
            h.tbody[
                (_row(process) for process in found[:SHOWN]),
                None if found else h.tr[h.td(".empty", colspan=len(COLUMNS))["No such process."]],
            ],
        ],
        h.p("#process-count")[_counted(len(found), len(everything), text)],
    ]


def _matches(process: Process, text: str) -> bool:
    shown = f"{process.name} {process.user} {process.pid} {process.status}"
    return text in shown.casefold()


def _key(sort: Column) -> Callable[[Process], Any]:
    def key(process: Process) -> Any:
        value = getattr(process, sort)
        return value.casefold() if isinstance(value, str) else value

    return key


def _counted(found: int, everything: int, text: str) -> str:
    shown = min(found, SHOWN)
    told = f"{shown} of {found} processes" if shown < found else f"{found} processes"
    return f"{told} that match “{text}”, of {everything} in all" if text else told


def _head(column: Column, sort: Column, descending: bool) -> Markup:
    order = ("descending" if descending else "ascending") if column == sort else None
    return h.th(class_=["column", column], scope="col", aria_sort=order)[
        h.form(on.submit(sort_by, column=column))[h.button[COLUMNS[column]]]
    ]


def _row(process: Process) -> Markup:
    return h.tr(id=f"process-{process.pid}")[
        h.th(".name", scope="row")[process.name],
        h.td(".pid")[process.pid],
        h.td(".user")[process.user],
        h.td(".cpu")[f"{process.cpu:.1f} %"],
        h.td(".memory")[size(process.memory)],
        h.td(".threads")[process.threads],
        h.td(".status")[process.status],
    ]


@routes.post("/monitor/sort", back="/monitor")
def sort_by(column: Column, view: View) -> None:
    """Sort by this column; if it is sorted by already, the other way round."""
    first = column in GREATEST_FIRST
    view.descending = not view.descending if column == view.sort else first
    view.sort = column


@routes.post("/monitor/filter", back="/monitor")
def filter_by(view: View, text: str = "") -> None:
    view.filter = text.strip()[:LONGEST]
