"""Parts: a render read once, as nested tuples, so that two renders are compared in C.

items    (item, item, …)     what stands between two marks, in order
item     "text"              markup outside every part
         ("name", items)     a part: an element with `part=`, or an `id` ("#name")
         ("key",)            a hole: another region
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from helio.html.marks import kind, payload, tokens

Hole: TypeAlias = tuple[str]
Part: TypeAlias = "tuple[str, Items]"
Items: TypeAlias = "tuple[str | Hole | Part, ...]"
Fill = Callable[[str], str]
"""The HTML of the region of this key."""


class Parts(NamedTuple):
    """A render: its items, the keys of the regions in it, names that two parts have, and its size
    in characters."""

    items: Items
    holes: tuple[str, ...]
    twice: tuple[str, ...]
    size: int


def parse(html: str) -> Parts:
    """Rendered HTML with marks as nested items. Unbalanced part marks are left out."""
    found = tokens(html)
    items: list[str | Hole | Part] = []
    stack: list[tuple[str, list[str | Hole | Part]]] = []
    names: list[str] = []
    holes: list[str] = []
    for at, token in enumerate(found):
        if not at & 1:
            if token:
                items.append(token)
            continue
        said = kind(token)
        if said == "(":
            name = payload(token)
            names.append(name)
            stack.append((name, items))
            items = []
        elif said == ":":
            key = payload(token)
            holes.append(key)
            items.append((key,))
        elif stack:
            name, around = stack.pop()
            around.append((name, tuple(items)))
            items = around
    while stack:
        _, around = stack.pop()
        around += items
        items = around
    return Parts(tuple(items), tuple(holes), _repeated(names), sum(map(len, found[::2])))


def _repeated(names: list[str]) -> tuple[str, ...]:
    if len(set(names)) == len(names):
        return ()
    seen: set[str] = set()
    return tuple(sorted({name for name in names if name in seen or seen.add(name)}))


def render(items: Items, fill: Fill) -> str:
    """The HTML of items, with the regions in it."""
    out: list[str] = []
    _write(items, fill, out)
    return "".join(out)


def _write(items: Items, fill: Fill, out: list[str]) -> None:
    for item in items:
        if isinstance(item, str):
            out.append(item)
        elif len(item) == 1:
            out.append(fill(item[0]))
        else:
            _write(item[1], fill, out)


def regions(items: Items) -> list[str]:
    """The keys of all regions inside, in the order they appear."""
    found: list[str] = []
    for item in items:
        if not isinstance(item, str):
            found += item if len(item) == 1 else regions(item[1])
    return found
