"""Steps: the smallest change of a region, for our own runtime; stock runtimes get it whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from . import fields

StepMode = Literal["outer", "remove", "before", "after", "append", "prepend"]

_SAFE = "#@/:;,.!~*'()_-+=?&$"
"""Beside letters and digits; the rest is percent-encoded, so that a name is one word."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: `html` goes where `mode` says, seen from `target`.

    The target is a part by its `data-part`, an element by `#` and its id, a region inside by `@`
    and its key, or the root of the region (the empty text).
    """

    mode: StepMode
    target: str
    html: str = ""


def steps(region: str, base: str, version: str, changes: Iterable[Step]) -> bytes:
    """Turn a region that shows `base` into `version`. A client that shows another one asks anew.

    One line names the region and both versions; one each step; the HTML of step 2 is in the lines
    that begin with `html 2`.

    Raises ValueError for a field that is not one line of text.
    """
    parts = [
        b"event: helio-steps\ndata: region %b %b %b\n"
        % (fields.text("region", region), fields.text("base", base), fields.text("to", version))
    ]
    for at, change in enumerate(changes):
        target = quote(change.target, safe=_SAFE, errors="replace").encode()
        parts.append(b"data: step %b %b\n" % (change.mode.encode(), target))
        if change.html:
            line = b"data: html %d " % at
            parts.append(line)
            parts.append(fields.lines(fields.html_bytes(change.html), b"\n" + line))
            parts.append(b"\n")
    parts.append(b"\n")
    return b"".join(parts)
