"""How long HTML takes to write: a table of 1,000 rows and a small page.

The floor is what Python needs to join f-strings with every value escaped; nothing that builds
elements can be below it. htpy builds elements as we do, Jinja compiles a template. Figures are the
best of several rounds, in microseconds for one render; the rounds of all peers alternate, so that
what else the machine does meets all of them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import escape

from benchmarks.report import Report, Row
from helio.html import Rendering, h, use

ROUNDS = 15
TARGET = 0.25  # of htpy's time
MARKS_TARGET = 1.25  # of the time without marks
LEAST_SECONDS = 0.02


@dataclass(frozen=True)
class Todo:
    id: int
    title: str
    owner: str
    done: bool


TODOS = [
    Todo(n, f"Write <chapter> {n} & send it", f"user-{n % 7}", n % 3 == 0) for n in range(1000)
]
LINKS = [("/", "Home"), ("/todos", "Todos"), ("/about", "About & contact")]

Render = Callable[[], str]


def ours_table() -> str:
    return h.table(class_="todos")[
        h.thead[h.tr[h.th["Id"], h.th["Title"], h.th["Owner"], h.th["Done"]]],
        h.tbody[
            (
                h.tr(id=f"todo-{todo.id}", class_={"row": True, "done": todo.done})[
                    h.td[todo.id],
                    h.td[todo.title],
                    h.td[h.a(href=f"/users/{todo.owner}")[todo.owner]],
                    h.td[todo.done and "yes"],
                ]
                for todo in TODOS
            )
        ],
    ]


def ours_page() -> str:
    return h.html(lang="en")[
        h.head[h.title["A page"], h.meta(charset="utf-8")],
        h.body[
            h.nav(".top")[(h.a(href=href)[text] for href, text in LINKS)],
            h.main("#content")[
                h.h1["Welcome"],
                h.p["Text with <markup> & more."],
                h.form(method="post", action="/todos")[
                    h.input(name="title", placeholder="What next?", required=True),
                    h.button(type="submit", class_=["button", "primary"])["Add"],
                ],
            ],
        ],
    ]


def marked(render: Render) -> Render:
    def run() -> str:
        with use(Rendering(marks=True)):
            return render()

    return run


def floor_table() -> str:
    rows = "".join(
        f'<tr id="todo-{todo.id}" class="{"row done" if todo.done else "row"}"><td>{todo.id}</td>'
        f'<td>{escape(todo.title)}</td><td><a href="/users/{escape(todo.owner)}">'
        f"{escape(todo.owner)}</a></td><td>{'yes' if todo.done else ''}</td></tr>"
        for todo in TODOS
    )
    return (
        '<table class="todos"><thead><tr><th>Id</th><th>Title</th><th>Owner</th><th>Done</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def floor_page() -> str:
    links = "".join(f'<a href="{escape(href)}">{escape(text)}</a>' for href, text in LINKS)
    return (
        f'<!doctype html><html lang="en"><head><title>{escape("A page")}</title>'
        f'<meta charset="utf-8"></head><body><nav class="top">{links}</nav><main id="content">'
        f"<h1>{escape('Welcome')}</h1><p>{escape('Text with <markup> & more.')}</p>"
        '<form method="post" action="/todos"><input name="title" placeholder="What next?" required>'
        f'<button type="submit" class="button primary">{escape("Add")}</button></form>'
        "</main></body></html>"
    )


def htpy_renders() -> dict[str, Render]:
    import htpy as t  # pyright: ignore

    def table() -> str:
        return str(
            t.table(class_="todos")[
                t.thead[t.tr[t.th["Id"], t.th["Title"], t.th["Owner"], t.th["Done"]]],
                t.tbody[
                    (
                        t.tr(id=f"todo-{todo.id}", class_={"row": True, "done": todo.done})[
                            t.td[todo.id],
                            t.td[todo.title],
                            t.td[t.a(href=f"/users/{todo.owner}")[todo.owner]],
                            t.td[todo.done and "yes"],
                        ]
                        for todo in TODOS
                    )
                ],
            ]
        )

    def page() -> str:
        return str(
            t.html(lang="en")[
                t.head[t.title["A page"], t.meta(charset="utf-8")],
                t.body[
                    t.nav(".top")[(t.a(href=href)[text] for href, text in LINKS)],
                    t.main("#content")[
                        t.h1["Welcome"],
                        t.p["Text with <markup> & more."],
                        t.form(method="post", action="/todos")[
                            t.input(name="title", placeholder="What next?", required=True),
                            t.button(type="submit", class_=["button", "primary"])["Add"],
                        ],
                    ],
                ],
            ]
        )

    return {"table": table, "page": page}


JINJA_TABLE = """<table class="todos"><thead><tr><th>Id</th><th>Title</th><th>Owner</th>\
<th>Done</th></tr></thead><tbody>{% for todo in todos %}<tr id="todo-{{ todo.id }}" \
class="row{% if todo.done %} done{% endif %}"><td>{{ todo.id }}</td><td>{{ todo.title }}</td>\
<td><a href="/users/{{ todo.owner }}">{{ todo.owner }}</a></td>\
<td>{% if todo.done %}yes{% endif %}</td></tr>{% endfor %}</tbody></table>"""

JINJA_PAGE = """<!doctype html><html lang="en"><head><title>{{ title }}</title>\
<meta charset="utf-8"></head><body><nav class="top">{% for href, text in links %}\
<a href="{{ href }}">{{ text }}</a>{% endfor %}</nav><main id="content"><h1>{{ heading }}</h1>\
<p>{{ text }}</p><form method="post" action="/todos"><input name="title" \
placeholder="What next?" required><button type="submit" class="button primary">Add</button></form>\
</main></body></html>"""


def jinja_renders() -> dict[str, Render]:
    import jinja2  # pyright: ignore

    environment = jinja2.Environment(autoescape=True)
    table, page = environment.from_string(JINJA_TABLE), environment.from_string(JINJA_PAGE)
    values = {
        "title": "A page",
        "links": LINKS,
        "heading": "Welcome",
        "text": "Text with <markup> & more.",
    }
    return {"table": lambda: table.render(todos=TODOS), "page": lambda: page.render(values)}


PEERS = {"htpy": htpy_renders, "jinja2": jinja_renders}


def best(renders: dict[str, Render]) -> dict[str, float]:
    """The best microseconds a render of each, measured in turns."""
    counts = {name: _enough(render) for name, render in renders.items()}
    found = dict.fromkeys(renders, float("inf"))
    for _ in range(ROUNDS):
        for name, render in renders.items():
            found[name] = min(found[name], _seconds(render, counts[name]) / counts[name] * 1e6)
    return found


def _enough(render: Render) -> int:
    count = 1
    while _seconds(render, count) < LEAST_SECONDS:
        count *= 2
    return count


def _seconds(render: Render, count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        render()
    return time.perf_counter() - began


def run() -> Report:
    """Measure, and check that all peers write the same."""
    report = Report("render")
    peers: dict[str, dict[str, Render]] = {}
    for name, renders in PEERS.items():
        try:
            peers[name] = renders()
        except ImportError:
            report.notes.append(f"{name} is not installed and was left out")
    cases = {"table": (ours_table, floor_table), "page": (ours_page, floor_page)}
    titles = {"table": "1,000-row table", "page": "small page"}
    for case, (ours, floor) in cases.items():
        renders = {"ours": ours, "ours, marked": marked(ours), "f-strings": floor}
        renders |= {name: peer[case] for name, peer in peers.items()}
        for name, render in renders.items():
            text = render().replace("<!DOCTYPE", "<!doctype")
            if name != "ours, marked" and text != floor():
                report.notes.append(f"{name} writes another {case} than f-strings do")
        found = best(renders)
        beside = {name: found[name] for name in (*peers, "f-strings")}
        target = TARGET if "htpy" in peers else None
        report.rows.append(Row(titles[case], found["ours"], "µs", beside, target))
        marks = {"without marks": found["ours"]}
        report.rows.append(
            Row(f"{titles[case]}, marked", found["ours, marked"], "µs", marks, MARKS_TARGET)
        )
    return report
