"""Source pages: each file of the gallery with line numbers, its words told apart.

Only the files named in the catalogue can be asked for, by name: no path comes from the client.

Selectors: `.source .line` (lines), `nav.files a` (the files beside it).
"""

import asyncio
import io
import keyword
import token
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from catalog import DEMOS, FRAME
from helio import Markup, NotFound, Routes, title
from helio import html as h

routes = Routes()

HERE = Path(__file__).parent
GROUPS = (*DEMOS, FRAME)
FILES = {file.removesuffix(".py"): HERE / file for demo in GROUPS for file in demo.files}


@routes.page("/source/{name}")
async def source(name: str) -> Markup:
    if name not in FILES:
        raise NotFound("The gallery has no such source file.")
    title(f"{name}.py · Helio")
    demo = next(each for each in GROUPS if f"{name}.py" in each.files)
    return h.main(".source")[
        h.header(".page-head")[
            h.p(".crumb")[h.a(href=demo.path)[demo.title]],
            h.h1[f"{name}.py"],
            h.nav(".files", aria_label="Files")[(_link(file, name) for file in demo.files)]
            if len(demo.files) > 1
            else None,
        ],
        await asyncio.to_thread(listing, name),
    ]


def _link(file: str, name: str) -> Markup:
    own = file.removesuffix(".py")
    return h.a(href=f"/source/{own}", aria_current="page" if own == name else None)[file]


@lru_cache(maxsize=32)
def listing(name: str) -> Markup:
    """A file's lines, each with an anchor `#L12`."""
    lines = highlighted(FILES[name].read_text("utf-8"))
    return h.div(".listing.card")[
        h.pre(tabindex="0", aria_label=f"{name}.py")[
            h.code[
                (
                    h.span(".line", id=f"L{number}")[
                        h.a(href=f"#L{number}", aria_label=f"Line {number}", tabindex="-1"),
                        *line,
                        "\n",
                    ]
                    for number, line in enumerate(lines, 1)
                )
            ]
        ]
    ]


def highlighted(text: str) -> list[list[Markup | str]]:
    """Python source by lines, with keywords, strings, comments, numbers and definitions marked."""
    lines: list[list[Markup | str]] = [[]]
    for kind, piece in pieces(text):
        for index, part in enumerate(piece.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(h.span(class_=kind)[part] if kind else part)
    return lines[:-1] if lines[-1] == [] else lines


STRINGS = {
    getattr(token, name)
    for name in ("STRING", "FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")
    if hasattr(token, name)
}


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in order, piece by piece, each with its kind; kind "" is everything else."""
    rows = text.splitlines(keepends=True)
    at = (1, 0)
    previous = ""
    for item in tokenize.generate_tokens(io.StringIO(text).readline):
        if item.end <= at:
            continue
        start = max(at, item.start)
        yield "", _between(rows, at, start)
        yield _kind(item, previous), _between(rows, start, item.end)
        at, previous = item.end, item.string
    yield "", _between(rows, at, (len(rows) + 1, 0))


def _between(rows: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    (first, left), (last, right) = start, end
    if first == last:
        return rows[first - 1][left:right] if first <= len(rows) else ""
    inner = rows[first : last - 1]
    ending = rows[last - 1][:right] if last <= len(rows) else ""
    return (rows[first - 1][left:] if first <= len(rows) else "") + "".join(inner) + ending


def _kind(item: tokenize.TokenInfo, previous: str) -> str:
    if item.type in STRINGS:
        return "string"
    if item.type == token.COMMENT:
        return "comment"
    if item.type == token.NUMBER:
        return "number"
    if item.type != token.NAME:
        return "decorator" if item.string == "@" else ""
    if keyword.iskeyword(item.string):
        return "keyword"
    if previous in ("def", "class"):
        return "definition"
    return "decorator" if previous == "@" else ""
