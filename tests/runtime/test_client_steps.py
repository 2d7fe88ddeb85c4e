"""The steps of a diff, applied by the runtime: the page becomes the new render."""

import os
import random

from helio import wire
from helio.html import Markup, Rendering, h, use
from helio.html.marks import hole
from helio.live.content import Content, content
from helio.live.frames import frame
from helio.live.views import View

SEED = int(os.environ.get("HELIO_SEED", "1"))

APPLY = """async ([before, body, after]) => {
  const host = document.querySelector('#host')
  host.innerHTML = before
  const original = window.fetch
  window.fetch = async () => new Response(body, {headers: {'content-type': 'text/event-stream'}})
  await helio.actions.get('/made-here')
  window.fetch = original
  const wanted = document.createElement('div')
  wanted.innerHTML = after
  const made = host.cloneNode(true)
  for (const top of [made, wanted]) top.normalize()
  const [is, should] = [made.innerHTML, wanted.innerHTML]
  return is === should ? '' : `${is}\\nis not\\n${should}`
}"""


class Spec:
    """A region of the test, known by its key."""

    kind = "region"
    name = "a region of the test"

    def __init__(self, key: str) -> None:
        self.key = self.address = key
        self.function = Spec

    async def render(self) -> object:
        raise AssertionError("never rendered by a hub")


def view(key: str, made: Content) -> View:
    found = View(Spec(key))
    found.content = made
    return found


class Trees:
    """Random renders of one region, with named parts, lists of rows and regions inside."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a test's dice

    def rows(self) -> Markup:
        chosen = self.random.sample(range(9), self.random.randint(0, 9))
        if self.random.random() < 0.7:
            chosen.sort()
        return h.ul(part="rows")[
            (
                h.li(id=f"row-{n}")[f"row {n} ", self.random.choice(["", "x", "yy"]) * 9]
                for n in chosen
            )
        ]

    def box(self, name: str, depth: int) -> Markup:
        inner: list[object] = [self.random.choice(["a", "b", h.b["c"], ""])]
        if depth < 2:
            inner += [
                self.box(f"{name}.{n}", depth + 1) for n in range(4) if self.random.random() < 0.6
            ]
        return h.div(part=f"box {name}")[inner]

    def render(self) -> Content:
        places = [hole("inner-1")] if self.random.random() < 0.8 else []
        with use(Rendering(marks=True)):
            return content(
                str(
                    h.section(class_="root")[
                        h.h2["Always the same, and long enough to be worth keeping " * 4],
                        self.rows(),
                        self.box("0", 0),
                        h.footer(part="foot")[places],
                    ]
                )
            )


def html(views: dict[str, View]) -> str:
    def fill(key: str) -> str:
        made = views[key].content
        assert made is not None
        return made.html(key, fill)

    return fill("root-1")


def test_random_renders_become_each_other(show):
    page = show('<main id="host"></main>').page
    stepped = 0
    for case in range(SEED * 1000, SEED * 1000 + 250):
        trees = Trees(case)
        inner = view("inner-1", content("<p>inside</p>"))
        old, new = trees.render(), trees.render()
        views = {"root-1": view("root-1", old), "inner-1": inner}
        before = html(views)
        have = {"root-1": old.version, "inner-1": inner.content.version if inner.content else ""}
        views["root-1"].content = new
        views["root-1"].past = {old.version: old}
        body = b"".join(frame(views, views["root-1"], have, steps=True)).decode()
        stepped += "helio-steps" in body
        problem = page.evaluate(APPLY, [before, body, html(views)])
        assert not problem, f"case {case}: {body}\n{problem}"
    assert stepped > 100


MARK = """() => document.querySelectorAll('li').forEach((el) => (el.mark = el.id))"""
MARKED = """() => [...document.querySelectorAll('li')].filter((el) => el.mark).map((el) => el.id)"""


def column(name: str, rows: list[int], dice: random.Random) -> Content:
    with use(Rendering(marks=True)):
        listed = (h.li(id=f"row-{n}")[f"row {n} ", dice.choice(["", "x"]) * 9] for n in rows)
        return content(str(h.section[h.h2["Long enough to be kept " * 9], h.ul(part=name)[listed]]))


def test_rows_that_go_from_region_to_region_stay_the_same_elements(show):
    page = show('<main id="host"></main>').page
    with use(Rendering(marks=True)):
        board = content(str(h.main[hole("left"), hole("right")]))
    moved = 0
    for case in range(SEED * 1000, SEED * 1000 + 60):
        dice = random.Random(case)  # noqa: S311
        before, after = (
            {n: dice.choice(["left", "right", ""]) for n in dice.sample(range(9), 9)} for _ in "ba"
        )
        old, new = (
            {
                name: column(name, [n for n in at if at[n] == name], dice)
                for name in ("left", "right")
            }
            for at in (before, after)
        )
        views = {"root-1": view("root-1", board)} | {name: view(name, old[name]) for name in old}
        shown = html(views)
        have = {"root-1": board.version} | {name: made.version for name, made in old.items()}
        for name, made in new.items():
            views[name].content = made
            views[name].past = {old[name].version: old[name]}
        events = frame(views, views["root-1"], have, steps=True)
        body = wire.batch(events).decode()
        page.evaluate("html => { document.querySelector('#host').innerHTML = html }", shown)
        page.evaluate(MARK)
        problem = page.evaluate(
            APPLY.replace("host.innerHTML = before", ""), [shown, body, html(views)]
        )
        assert not problem, f"case {case}: {body}\n{problem}"
        if body.count("helio-steps") < 2:
            continue
        marked = set(page.evaluate(MARKED))
        for n, name in after.items():
            if name and before[n]:
                moved += name != before[n]
                assert f"row-{n}" in marked, f"case {case}: row {n} was made anew by {body}"
    assert moved > 50
