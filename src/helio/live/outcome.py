"""What the author's function returned, as the HTML of exactly one element."""

import re
from collections.abc import Generator
from typing import cast

from markupsafe import Markup, escape

from helio.html import Node, Whole, h
from helio.html.marks import split, strip
from helio.html.tags import VOID
from helio.live.recorder import Renderable, RenderError

NOTHING = "<template></template>"
"""What stands for None."""

_FRAGMENT = "helio-fragment"
_FIRST_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)")
_DOCUMENT = re.compile(r"<!doctype|<html[\s>]", re.IGNORECASE)


class Refused(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """The page's function says no (not found, forbidden): an answer, not a failure."""


def outcome(spec: Renderable, result: object) -> str:
    """The HTML of what a page or region returned.

    A page may return any number of elements and regions; they get one element around them. A
    region returns one element, or None for nothing. Raises RenderError for anything else.
    """
    if result is None:
        return NOTHING
    if isinstance(result, (list, tuple, Generator)):
        result = h[cast("Node", result)]
    if not hasattr(result, "__html__"):
        raise RenderError(
            f"{spec.name} returned {type(result).__name__} {_short(result)}. "
            "Return an element, such as h.p[…]; text alone cannot be kept current."
        )
    html = str(escape(result))
    if _DOCUMENT.search(html[:80]):
        raise RenderError(
            f"{spec.name} returned a whole document. Return what belongs into the body; what "
            "surrounds it is the layout: @app.page(path, layout=shell)."
        )
    if isinstance(result, Whole) or _is_one_element(html):
        return html
    if spec.kind == "region" and not split(html).holes:
        raise RenderError(
            f"{spec.name} returned several elements, or text beside them: {_short(strip(html))}. "
            "A region is one element: put h.div[…] around them."
        )
    return f'<{_FRAGMENT} style="display:contents">{html}</{_FRAGMENT}>'


def _is_one_element(html: str) -> bool:
    """Whether markup from elsewhere (a template engine) is one element: its first tag's end is
    the end of everything."""
    bare = strip(html).strip()
    first = _FIRST_TAG.match(bare)
    if first is None:
        return False
    if first[1].lower() in VOID:
        return bare.find(">") == len(bare) - 1
    depth = 0
    for found in re.finditer(rf"<(/?){re.escape(first[1])}(?=[\s/>])", bare, re.IGNORECASE):
        depth += -1 if found[1] else 1
        if depth == 0:
            return bare.find(">", found.end()) == len(bare) - 1
    return False


def shown_failure(spec: Renderable, error: Exception) -> Markup:
    """What stands in the place of a region that has never rendered without an error."""
    return h.div(class_="helio-failed", role="alert")["This part cannot be shown at the moment."]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
