"""What a change costs on the server, and how many bytes it sends: steps against whole regions.

Each case renders two states of a region once; measured are reading the marks of the new render,
finding the steps, and encoding the event. The reference is what a framework without diffs does:
encode the whole region.
"""

import gc
import time
from collections.abc import Callable

from benchmarks.report import Report, Row
from helio import html as h
from helio import wire
from helio.html import Markup, Rendering, use
from helio.live.content import Content, content
from helio.live.diff import diff
from helio.live.parts import render

Make = Callable[[], Markup]
ROUNDS = 30


def todo(count: int) -> Make:
    return lambda: h.ul(id="todos")[
        (h.li(id=f"todo-{n}")[f"Something to do, number {n}"] for n in range(count))
    ]


def table(changed: int) -> Make:
    def row(n: int) -> Markup:
        value = "changed" if n == changed else n * 17 % 1000
        return h.tr(id=f"row-{n}")[h.td[n], h.td[f"Name {n}"], h.td[value], h.td["active"]]

    return lambda: h.table(id="table")[map(row, range(1000))]


def chat(count: int) -> Make:
    def message(n: int) -> Markup:
        return h.article(part=f"message {n}")[
            h.b[f"User {n % 7}"], h.time["12:00"], h.p["A message of a usual length, more or less."]
        ]

    return lambda: h.section(part="messages")[map(message, range(count))]


CASES: list[tuple[str, Make, Make]] = [
    ("todo: one more of 20", todo(20), todo(21)),
    ("table: one of 1,000 rows", table(-1), table(500)),
    ("chat: one more of 200", chat(200), chat(201)),
]


def _html(make: Make) -> str:
    with use(Rendering(marks=True)):
        return str(make())


def _steps(base: Content, html: str) -> bytes:
    made = content(html)
    found = diff(base.parts, made.parts)
    if found is None:
        return _whole(html)
    told = [
        wire.Step(step.mode, step.target or "", render(step.items, lambda key: ""))
        for step in found
    ]
    return wire.steps("region", base.version, made.version, told)


def _whole(html: str) -> bytes:
    return wire.elements(content(html).html("region", lambda key: ""), selector="[data-region=x]")


def _best(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best * 1e6


def run() -> Report:
    report = Report("diff")
    gc.disable()
    for name, before, after in CASES:
        base, html = content(_html(before)), _html(after)
        rendering = _best(lambda make=after: _html(make))
        report.rows += [
            Row(
                f"{name}: bytes",
                len(_steps(base, html)),
                "B",
                {"whole region": len(_whole(html))},
            ),
            Row(
                f"{name}: diff and encode",
                _best(lambda base=base, html=html: _steps(base, html)),
                "µs",
                {"whole region": _best(lambda html=html: _whole(html)), "rendering it": rendering},
            ),
        ]
    gc.enable()
    return report
