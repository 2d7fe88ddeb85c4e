"""The content of a view: what one render of a page or region left, ready to be put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from helio.html.marks import split

_ROOT = re.compile(r"\s*<([a-zA-Z][^\s/>\x01]*)")

Declared = Mapping[tuple[str, ...], object]
"""Paths of signals and their defaults."""


class NoRootError(ValueError):
    """The HTML does not begin with an element that could carry the view's address."""


@dataclass(frozen=True, slots=True)
class Content:
    """One render: HTML cut at the places of the regions it shows.

    `holes[i]`, the key of a region, stands between `pieces[i]` and `pieces[i + 1]`. `version`
    names the HTML without what fills the holes, so a change inside a region does not change what
    surrounds it. The root element carries key and version as `data-region` and `data-v`.
    """

    pieces: tuple[str, ...]
    holes: tuple[str, ...]
    version: str
    declared: Declared = field(default_factory=dict[tuple[str, ...], object])
    title: str | None = None


def content(
    key: str, html: str, declared: Declared | None = None, title: str | None = None
) -> Content:
    """Content from HTML with marks, under a view's key; NoRootError if it has no root element."""
    cut = split(html)
    root = _ROOT.match(cut.pieces[0])
    if root is None:
        raise NoRootError(cut.pieces[0][:80])
    version = _version(cut.pieces, cut.holes, title)
    first = cut.pieces[0]
    at = root.end()
    addressed = f'{first[:at]} data-region="{key}" data-v="{version}"{first[at:]}'
    return Content((addressed, *cut.pieces[1:]), cut.holes, version, declared or {}, title)


def _version(pieces: tuple[str, ...], holes: tuple[str, ...], title: str | None) -> str:
    digest = blake2b(digest_size=6)
    for piece, hole in zip(pieces, (*holes, title or ""), strict=True):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\x01" + hole.encode("utf-8", "surrogatepass") + b"\x01")
    return digest.hexdigest()
