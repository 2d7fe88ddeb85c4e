"""The content of a view: what one render of a page or region left, ready to be put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from helio.html.marks import TOKEN
from helio.live.parts import Fill, Items, Parts, parse, render

_ROOT = re.compile(r"\s*<([a-zA-Z][^\s/>]*)")

Declared = Mapping[tuple[str, ...], object]
"""Paths of signals and their defaults."""


class NoRootError(ValueError):
    """The HTML does not begin with an element that could carry the view's address."""


@dataclass(frozen=True, slots=True)
class Content:
    """One render, as parts and the places of the regions it shows.

    `version` names the HTML without what fills
    the holes, so a change inside a region does not change what surrounds it; it is the same in
    every process.
    """

    parts: Parts
    version: str
    declared: Declared = field(default_factory=dict[tuple[str, ...], object])
    title: str | None = None
    _root: int = 0  # where the root's start tag can take attributes

    @property
    def holes(self) -> tuple[str, ...]:
        """The keys of the regions it shows, in order."""
        return self.parts.holes

    def html(self, key: str, fill: Fill) -> str:
        """The whole HTML; its root carries key and version as `data-region` and `data-v`."""
        html = render(self.parts.items, fill)
        address = f' data-region="{key}" data-v="{self.version}"'
        return f"{html[: self._root]}{address}{html[self._root :]}"


def content(html: str, declared: Declared | None = None, title: str | None = None) -> Content:
    """Content from HTML with marks; NoRootError if it has no root element."""
    parts = parse(html)
    first = _first_text(parts.items)
    root = _ROOT.match(first)
    if root is None:
        raise NoRootError(first[:80])
    return Content(parts, _version(html, title), declared or {}, title, root.end())


def _first_text(items: Items) -> str:
    while items:
        first = items[0]
        if isinstance(first, str):
            return first
        if len(first) == 1:
            break
        items = first[1]
    return ""


def _version(html: str, title: str | None) -> str:
    # The token in the marks is another one in each process.
    text = f"{html.replace(TOKEN, '')}\x01{title or ''}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
