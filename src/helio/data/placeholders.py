"""Placeholders: `$1, $2 …` or `?`, and lists for `in $1`.

SQLite takes `$1` for a name; it is rewritten to `?1`, a position, of the same length. `in $1`
becomes `in (select value from json_each(?1))`, so that one statement text serves lists of any
length.
"""

import re
from dataclasses import dataclass

from .errors import DatabaseError, report

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
  | (?P<place> \$\d+ | \?\d* | [$:@](?=[A-Za-z_])\w+ )
  | (?P<word> [^\W\d]\w* )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What a statement's text asks to be given."""

    sql: str
    """The text as SQLite runs it."""
    bare: str
    """The text without comments, its arguments named by index: `:v0`, a list `:l0`."""
    count: int
    """How many arguments it takes."""
    lists: frozenset[int]
    """Indexes of the arguments that stand after `in`: these are lists."""
    bracketed: frozenset[int]
    """Indexes of those in `in ($1)`: single values, though an author may have meant a list."""


def placeholders(text: str) -> Placeholders:
    """Read the placeholders of one statement.

    Raises DatabaseError when `?` and `$1` are mixed, or for names (`:name`), which have no order.
    """
    pieces: list[str] = []
    bare: list[str] = []
    recent = ["", ""]  # The last two tokens that mean something, newest last.
    numbers: set[int] = set()
    lists: set[int] = set()
    bracketed: set[int] = set()
    marks = 0
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if token.lastgroup == "skip":
            pieces.append(piece)
            bare.append(" ")
            continue
        plain = piece
        if token.lastgroup == "place":
            if piece == "?":
                index, piece = marks, "?"
                marks += 1
            else:
                index = _number(piece, text, token.start()) - 1
                numbers.add(index)
                piece = f"?{index + 1}"
            plain = f":v{index}"
            if recent[1] == "in":
                lists.add(index)
                plain = f"(:l{index})"
                piece = f"(select value from json_each({piece}))"  # noqa: S608 - a number
            elif recent == ["in", "("]:
                bracketed.add(index)
        recent = [recent[1], piece.lower()]
        pieces.append(piece)
        bare.append(plain)
    if marks and numbers:
        raise DatabaseError(report("`?` and `$1` are mixed; use one kind.", text), text)
    count = marks or max(numbers, default=-1) + 1
    return Placeholders(
        "".join(pieces), "".join(bare), count, frozenset(lists), frozenset(bracketed)
    )


def _number(piece: str, text: str, at: int) -> int:
    if piece[0] == "$" and piece[1:].isdigit() and 0 < int(piece[1:]) <= 32_000:
        return int(piece[1:])
    offset = len(text[:at].encode())
    advice = "Arguments are given by position: write $1, $2 … or ?."
    raise DatabaseError(report(f"the placeholder {piece} is unknown", text, advice, offset), text)
