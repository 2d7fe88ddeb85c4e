"""Aids of development: what is legal and yet not meant, told once, with the place to look at."""

import difflib
import dis
import logging
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from types import CodeType

from helio.html.escape import escape
from helio.html.marks import strip
from helio.live.content import Content
from helio.live.outcome import NOTHING
from helio.live.parts import render
from helio.live.recorder import Renderable
from helio.live.rule import name_of
from helio.live.topics import Source
from helio.live.views import View

log = logging.getLogger("helio.aids")

MANY = 200
"""Regions on one page, above which rows were probably meant to be parts."""

_SLOT = re.compile(r'\sdata-slot="([^"]*)"')

_SHOWN = 6
"""Lines of a difference that are shown."""


class Aids:
    """Watches renders in development. Every warning is given once for each function."""

    def __init__(self, listened_to: Callable[[], Iterable[Source]] | None = None) -> None:
        """`listened_to` gives the sources whose changes reach the pages; None: do not ask."""
        self._told: set[tuple[str, object]] = set()
        self._listened_to = listened_to

    def rendered(self, view: View, made: Content, again: str | None, html: str) -> None:
        """A render has ended; `again` is the same render once more, if it was the first."""
        spec = view.spec
        if spec.kind == "page" and html == NOTHING:
            self._warn(
                "nothing", spec, f"{spec.name} returned None and is empty: return an element."
            )
        if again is not None and strip(again) != strip(html):
            self._warn("repeatable", spec, _differs(spec, strip(html), strip(again)))
        if made.parts.twice:
            names = ", ".join(made.parts.twice[:5])
            self._warn(
                "twice",
                spec,
                f"{spec.name} has more than one part of the name {names}. A part's name (its id, "
                "or part=) is its address, so any change now sends the whole region.",
            )
        self.framed(spec, html)

    def framed(self, spec: Renderable, html: str) -> None:
        """What stands in one page: a render, or the whole document around it."""
        found = Counter(_SLOT.findall(html))
        twice = ", ".join(repr(name) for name, times in found.items() if times > 1)
        if twice:
            self._warn(
                "slots",
                spec,
                f"{spec.name} has more than one slot of the name {twice}. A slot's name says where "
                "something is mounted, so the first gets it: name each, slot(f'detail-{row.id}').",
            )

    def patched(
        self, command: Callable[..., object], where: str, name: str, views: Iterable[View]
    ) -> None:
        """A command has sent an element to the one with this id."""
        for view in views:
            if view.spec.kind == "region" and view.content and _holds(view.content, name):
                self._tell(
                    ("patched", command),
                    f"{where} sends an element to #{name}, which stands in {view.spec.name}: the "
                    "region's next render takes it away again. Change what the region reads, or "
                    f"return mount(…, into=…) and put a slot(…) there.{_place(command)}",
                )
                return

    def unruled(self, command: Callable[..., object], where: str, name: str) -> None:
        """A command that has a rule mounts a region that has none."""
        self._tell(
            ("unruled", command, name),
            f"{where} has a rule, and mounts {name}, which has none: once mounted, it stays and is "
            "kept current also when that rule would say no. Give the region a rule; allow=anyone "
            f"says that everybody may see it.{_place(command)}",
        )

    def read(self, spec: Renderable, topics: Iterable[Hashable]) -> None:
        """A render has read under these topics."""
        self._read_by_each(spec, topics)
        if self._listened_to is None:
            return
        sources: set[Source | None] = {getattr(topic, "source", None) for topic in topics}
        for source in sources - {None, *self._listened_to()}:
            self._warn(
                "source",
                spec,
                f"{spec.name} reads {source!r}, which the application does not listen to, so "
                "changes never reach the page. Name it: App(db=db), or App(sources=[…]).",
            )

    def _read_by_each(self, spec: Renderable, topics: Iterable[Hashable]) -> None:
        """Tell of a page that each visitor has for himself and that reads what all share."""
        if spec.key == spec.address:
            return
        shared = sorted(str(topic) for topic in topics if getattr(topic, "unkeyed", False))
        if shared:
            self._warn(
                "each",
                spec,
                f"{spec.name} is rendered for each visitor and reads {', '.join(shared)}: whoever "
                "changes one row has every visitor's page rendered. Read it in a region that all "
                "share, or by a key: SQLite(keys={…}), … where user_id = $1.",
            )

    def judged(self, rule: Callable[..., object], answer: object) -> None:
        """A rule has answered."""
        if answer and answer is not True:
            self._tell(
                ("judged", rule),
                f"rule {name_of(rule)} answered {answer!r}, which is not True, so it refuses: "
                f"write bool(…) if it should allow.{_place(rule)}",
            )

    def shown(self, view: View, regions: int) -> None:
        """A document shows so many regions."""
        if regions > MANY:
            self._warn(
                "many",
                view.spec,
                f"{view.spec.name} shows {regions} regions. Each is rendered and watched by "
                "itself; rows of a list are better parts: give them an id, or part=, inside one "
                "region.",
            )

    def unused(self, function: Callable[..., object], name: str, where: str) -> None:
        """A page takes `name`, which splits its key, and does not use it."""
        code = getattr(function, "__code__", None)
        if isinstance(code, CodeType) and not _uses(code, name):
            self._tell(
                ("unused", function, name),
                f"{where} takes {name} and does not use it, so it is rendered once for each value "
                f"of it. Remove the parameter.{_place(function)}",
            )

    def _warn(self, kind: str, spec: Renderable, text: str) -> None:
        self._tell((kind, spec.function), f"{text}{_place(spec.function)}")

    def _tell(self, key: tuple[object, ...], text: str) -> None:
        if (str(key[0]), key[1:]) not in self._told:
            self._told.add((str(key[0]), key[1:]))
            log.warning("%s", text)


def _holds(content: Content, name: str) -> bool:
    """Whether the element with this id stands in what was rendered, and not in a slot of it."""
    before, found, _ = render(content.parts.items, lambda key: "").partition(
        f' id="{escape(name)}"'
    )
    return bool(found) and before.count("<helio-slot") == before.count("</helio-slot>")


def _differs(spec: Renderable, first: str, second: str) -> str:
    """What two renders of the same thing do not have in common."""
    before, after = (html.replace("><", ">\n<").split("\n") for html in (first, second))
    difference = [
        line
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    shown = "\n    ".join(difference[:_SHOWN])
    return (
        f"{spec.name} gave something else when it was rendered twice in a row. A render that "
        "depends on chance, time or the order of a set sends changes that are none; read the time "
        f"by `await every(…)`, and give queries an order.\n    {shown}\n"
    )


def _uses(code: CodeType, name: str) -> bool:
    """Whether code, or a function inside it, loads a local variable of this name."""
    for instruction in dis.get_instructions(code):
        # Python 3.13 puts two loads into one instruction, and writes both names.
        if instruction.opname.startswith("LOAD_") and name in instruction.argrepr.split(", "):
            return True
    inside = [const for const in code.co_consts if isinstance(const, CodeType)]
    return name in code.co_cellvars and any(name in inner.co_freevars for inner in inside)


def _place(function: object) -> str:
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    return f" ({code.co_filename}:{code.co_firstlineno})"
