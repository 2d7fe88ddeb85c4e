"""Whatever the server makes of the surroundings, mounts are where their slots are, with all that
was written in them, or have ended with them."""

import os
import random

from runtime.events import batch, event, mount, region, slot, whole

SEED = int(os.environ.get("HELIO_SEED", "1"))
NAMES = "abcd"
MODES = ["inner", "append", "prepend"]

STATE = """() => {
  const mounted = Object.fromEntries([...document.querySelectorAll('helio-mount')].map(el => {
    const field = el.querySelector('input')
    return [field.id, [field.value, el.parentElement.dataset.slot, el === made[field.id]]]
  }))
  const bare = document.querySelector('[data-region=tree]').cloneNode(true)
  for (const el of bare.querySelectorAll('helio-mount')) el.remove()
  for (const el of bare.querySelectorAll('helio-slot')) el.textContent = 'default'
  bare.normalize()
  return [mounted, bare.innerHTML]
}"""

WRITE = """() => {
  window.made = {}
  for (const el of document.querySelectorAll('helio-mount')) {
    const field = el.querySelector('input')
    field.value = `typed ${field.id}`
    made[field.id] = el
  }
}"""
FEED = """window.feed = async (body) => {
  const original = window.fetch
  const headers = {'content-type': 'text/event-stream'}
  window.fetch = async (url, init) =>
    url.includes('/made-here') ? new Response(body, {headers}) : original(url, init)
  await helio.actions.get('/made-here')
  window.fetch = original
}, 0"""


class Trees:
    """Random surroundings with every slot in some place, or in none."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311

    def tree(self) -> tuple[str, set[str]]:
        shown = [name for name in NAMES if self.dice.random() < 0.9]
        return self.inside([*shown], 0), set(shown)

    def inside(self, names: list[str], depth: int) -> str:
        self.dice.shuffle(names)
        html = ""
        while names or (depth == 0 and not html):
            took = [names.pop() for _ in range(self.dice.randint(1, 2)) if names]
            if depth < 3 and self.dice.random() < 0.6:
                tag = self.dice.choice(["div", "section", "article"])
                name = self.dice.choice(["", "", f' id="x{self.dice.randint(0, 3)}{depth}"'])
                html += f"<{tag}{name}>{self.inside(took, depth + 1)}</{tag}>"
            else:
                html += "".join(slot(name, "default") for name in took)
            html += self.dice.choice(["", "text", "<b>bold</b>"])
        return html


def test_mounts_follow_their_slots(show, server):
    server.answers("POST", "/", status=204)
    tab = show(region("tree", "", "0", "section"))
    tab.value(FEED)
    feed = "(text) => feed(text)"
    ended = 0
    for case in range(SEED * 1000, SEED * 1000 + 60):
        trees = Trees(case)
        html = "".join(slot(name, "default") for name in NAMES)
        events = [whole("tree", "1", html, "section")]
        for name in NAMES:
            inside = region(f"r{name}", f'<input id="{name}">')
            events.append(mount(name, f"r{name}", name, inside, trees.dice.choice(MODES)))
        tab.page.evaluate(feed, batch(*events))
        tab.page.evaluate(WRITE)
        alive = set(NAMES)
        for turn in range(6):
            frames = []
            for _ in range(trees.dice.randint(1, 2)):
                html, shown = trees.tree()
                tag = trees.dice.choice(["section", "section", "article"])
                frames.append(whole("tree", f"{case}.{turn}", html, tag))
            tab.page.evaluate(feed, batch(*frames))
            alive &= shown
            mounted, bare = tab.page.evaluate(STATE)
            wanted = {name: [f"typed {name}", name, True] for name in alive}
            assert mounted == wanted, f"case {case}, turn {turn}: {html}"
            assert bare == html, f"case {case}, turn {turn}"
        ended += len(NAMES) - len(alive)
        gone = [event("helio-unmount", into=name) for name in NAMES]
        tab.page.evaluate(feed, batch(*gone))
        assert tab.value("document.querySelector('helio-mount, helio-parking')") is None
    assert ended > 30
    assert tab.errors == []
