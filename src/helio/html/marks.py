"""Marks in rendered HTML: where a region goes, and where a part begins and ends.

A mark is written as a control character, a token that is random in each process, and a payload:

    \\x01 TOKEN : key \\x01     a hole, filled with the region's own HTML
    \\x01 TOKEN ( name \\x01    a part begins
    \\x01 TOKEN ) \\x01         a part ends

Text that came from outside never carries the control character: `text` and `attribute` replace it
with U+FFFD, so data cannot forge a mark. Marks never leave the process: `split` and `strip` take
them out.
"""

import re
import secrets
from typing import NamedTuple, NoReturn

from markupsafe import Markup

from helio.html.escape import escape

EDGE = "\x01"
REPLACEMENT = "\ufffd"
TOKEN = secrets.token_hex(8)

_HOLE = f"{EDGE}{TOKEN}:"
_BEGIN = f"{EDGE}{TOKEN}("
PART_END = f"{EDGE}{TOKEN}){EDGE}"

_TOKEN_SIZE = len(TOKEN)
_IS_MARK = re.compile(rf"{TOKEN}(?::[\w.:~-]{{1,200}}|\(.*|\))", re.ASCII | re.DOTALL).fullmatch
_KEY = re.compile(r"[\w.:~-]{1,200}", re.ASCII)
_HOLES = re.compile(f"({re.escape(_HOLE)}[\\w.:~-]{{1,200}}{EDGE})", re.ASCII)
_PARTS = re.compile(f"{re.escape(_BEGIN)}[^{EDGE}]*{EDGE}|{re.escape(PART_END)}")
_MARKS = re.compile(f"({_HOLES.pattern[1:-1]}|{_PARTS.pattern})", re.ASCII)


class Pieces(NamedTuple):
    """HTML cut at its holes: `pieces[0]`, `holes[0]`, `pieces[1]`, … `pieces[-1]`."""

    pieces: tuple[str, ...]
    holes: tuple[str, ...]


class Hole(Markup):
    """The placeholder of a region."""

    __slots__ = ()

    def __await__(self) -> NoReturn:
        raise TypeError(
            "a region is not awaited: write it where it shall stand, h.main[todo_list()]; "
            "it is rendered beside the others"
        )


def hole(key: str) -> Hole:
    """The placeholder of the region `key`: works in brackets, f-strings, joins and templates."""
    if _KEY.fullmatch(key) is None:
        raise ValueError(
            f"a region's key is 1 to 200 of the characters A-Z a-z 0-9 _ . : ~ -, not {key!r}"
        )
    return Hole(f"{_HOLE}{key}{EDGE}")


def part_begin(name: str) -> str:
    """The mark before a part; `name` is text that was escaped for an attribute."""
    return f"{_BEGIN}{name}{EDGE}"


def split(html: str) -> Pieces:
    """Cut at the holes; part marks, and whatever looks like a mark and is none, are taken out."""
    if EDGE not in html:
        return Pieces((str(html),), ())
    found = _HOLES.split(_PARTS.sub("", html))
    pieces = tuple(piece.replace(EDGE, REPLACEMENT) for piece in found[::2])
    return Pieces(pieces, tuple(mark[len(_HOLE) : -1] for mark in found[1::2]))


def tokens(html: str) -> list[str]:
    """Text and marks in turn: text at even places, marks at odd ones; see `kind` and `payload`.

    What looks like a mark and is none is text, with U+FFFD for the control character.
    """
    found = html.split(EDGE)
    if all(map(_IS_MARK, found[1::2])):
        return found
    found = _MARKS.split(html)
    found[::2] = [piece.replace(EDGE, REPLACEMENT) for piece in found[::2]]
    found[1::2] = [mark[1:-1] for mark in found[1::2]]
    return found


def kind(mark: str) -> str:
    """What a mark says: `:` a hole, `(` a part begins, `)` it ends."""
    return mark[_TOKEN_SIZE]


def payload(mark: str) -> str:
    """The key of a hole; the name of a part, as it stands in its attribute."""
    return mark[_TOKEN_SIZE + 1 :]


def strip(html: str) -> str:
    """The HTML without any mark; what stood in holes is left out."""
    return "".join(split(html).pieces)


def text(value: str) -> str:
    """Escape text that carries the control character: real holes stay, everything else goes.

    An f-string around a placeholder is plain text to Python, and must still work.
    """
    found = _HOLES.split(_PARTS.sub("", value))
    found[::2] = [escape(piece.replace(EDGE, REPLACEMENT)) for piece in found[::2]]
    return "".join(found)


def markup(value: str) -> str:
    """Markup the author vouches for: every real mark stays, a forged one becomes U+FFFD."""
    if EDGE not in value:
        return value
    found = _MARKS.split(value)
    found[::2] = [piece.replace(EDGE, REPLACEMENT) for piece in found[::2]]
    return "".join(found)


def plain(value: str, where: str) -> str:
    """Text for a place that can hold no markup (an attribute, a title): a hole is an error."""
    if _HOLES.search(value) is not None:
        raise ValueError(
            f"a region stands in {where}, where only text can stand: "
            "a region is markup, so put it between the brackets of an element"
        )
    return _PARTS.sub("", value).replace(EDGE, REPLACEMENT)
