"""The index: what this is, and a card for each demonstration, some of them live.

Selectors: `.demos .card` with `id` `demo-NAME`; `#live-counter`, `#live-left`, `#live-cpu`.
"""

from catalog import DEMOS, FRAME, Demo
from charts import drawing
from database import db
from helio import Markup, Routes, every, region
from helio import html as h
from machine import figures

routes = Routes()


@routes.page("/", title="Helio gallery")
def index() -> Markup:
    return h.main(".index")[
        h.header(".hero")[
            h.h1["Pages that stay current by themselves"],
            h.p(".lead")[
                "Helio is a Python framework for web applications: a view says what it reads, and "
                "stays true in every window that shows it. Each page of this gallery is a small "
                "application, and its source is one click away."
            ],
        ],
        h.div(".demos")[(_card(demo) for demo in DEMOS)],
        h.p(".quiet")[
            FRAME.summary, " ", h.a(href="/source/app")["Read how the gallery is made"], "."
        ],
    ]


def _card(demo: Demo) -> Markup:
    picture = PICTURES[demo.name]
    name = demo.files[0].removesuffix(".py")
    return h.article(".card.demo", id=f"demo-{demo.name}")[
        h.div(".picture")[picture()],
        h.h2[h.a(href=demo.path)[demo.title]],
        h.p[demo.summary],
        h.p(".links")[
            h.a(
                ".source-link",
                href=f"/source/{name}",
                aria_label=f"{demo.files[0]}, the source of {demo.title}",
            )[demo.files[0]]
        ],
    ]


def _code() -> Markup:
    return h.pre(".thumbnail")[
        h.code[
            h.span(".decorator")["@region"],
            "\n",
            h.span(".keyword")["async def"],
            " ",
            h.span(".definition")["todo_list"],
            "():\n  rows = ",
            h.span(".keyword")["await"],
            " db.fetch(",
            h.span(".string")['"select …"'],
            ")\n  ",
            h.span(".keyword")["return"],
            " h.ul[…]",
        ]
    ]


@region
async def _tasks() -> Markup:
    rows = await db.fetch("select title, done from task order by id desc limit 3")
    left = await db.fetch_value("select count(*) from task where not done")
    return h.div(".mini-list")[
        h.ul[(h.li(class_={"done": row.done})[row.title] for row in reversed(rows))],
        h.p("#live-left")[f"{left} left"],
    ]


@region
async def _counter() -> Markup:
    value = await db.fetch_value("select value from counter where name = 'global'")
    return h.p("#live-counter.big-number")[value]


@region
async def _cpu() -> Markup:
    await every(1.0)
    seen = await figures.get()
    return h.div("#live-cpu.spark")[
        drawing(
            [seen.points(lambda sample: sample.cpu)],
            top=100,
            filled=True,
            described=f"CPU, the last two minutes: now {seen.now.cpu:.0f} %",
        ),
        h.p(".value")[f"{seen.now.cpu:.0f} %"],
    ]


@region
async def _board() -> Markup:
    """A board without its words: who is no member sees how much there is, not what."""
    rows = await db.fetch("select stage from card where board_id = 1")
    stages = [row.stage for row in rows]
    return h.div("#live-board.mini-board")[
        (
            h.div[(h.span[h.i, h.i] for _ in range(min(stages.count(stage), 5)))]
            for stage in ("todo", "doing", "done")
        )
    ]


PICTURES = {"todo": _code, "todos": _tasks, "counters": _counter, "monitor": _cpu, "boards": _board}
