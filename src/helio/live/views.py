"""What the live core is made of: views and their renders, pages and their streams."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import cast

from helio.html.rendering import Path
from helio.live.content import Content, Declared
from helio.live.recorder import Renderable
from helio.live.sink import Sink

Versions = Mapping[str, str]
"""What a client holds: the version of each view, by key."""


class Reader:
    """Something that has read topics: a view (its last render) or a run (the one under way)."""

    __slots__ = ("stale", "topics")

    def __init__(self) -> None:
        self.topics: set[Hashable] = set()
        self.stale = False


class View(Reader):
    """One page or region with its arguments, kept while somebody shows it and a little longer."""

    __slots__ = ("began", "content", "encoded", "key", "past", "pins", "roots", "run", "spec")

    def __init__(self, spec: Renderable) -> None:
        super().__init__()
        self.key = spec.key
        self.spec = spec
        self.content: Content | None = None
        self.past: dict[str, Content] = {}  # by version: what streams may still hold until a flush
        self.encoded: dict[str, bytes] = {}  # by base: its events, for all pages that show it
        self.began = 0  # the number at which the render of `content` began
        self.run: Run | None = None
        self.roots: set[Root] = set()  # the pages whose last content reaches this view
        self.pins = 0  # documents and runs that need it though no stream shows it

    @property
    def shown(self) -> bool:
        """Whether a stream would get this view's changes."""
        return any(root.streamed for root in self.roots)

    @property
    def due(self) -> bool:
        """Whether it must be rendered again now."""
        return self.stale and self.run is None and self.shown


class Run(Reader):
    """One render under way."""

    __slots__ = ("began", "children", "view")

    def __init__(self, view: View, began: int) -> None:
        super().__init__()
        self.view = view
        self.began = began
        self.children: dict[str, View] = {}


class Stream:
    """One tab's connection to one page."""

    __slots__ = ("root", "sink", "state", "steps")

    def __init__(self, root: "Root", sink: Sink, *, steps: bool) -> None:
        self.root = root
        self.sink = sink
        self.steps = steps  # whether its client understands diffs
        self.state: Versions | None = None  # None: in step with its root


class Root:
    """A page with streams: the views it reaches and the state its streams hold."""

    __slots__ = ("behind", "declared", "in_step", "reached", "state", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.reached: dict[str, View] = {}
        self.state: Versions = {}
        self.declared: frozenset[Path] = frozenset()  # signals that its streams hold
        self.in_step: dict[Stream, None] = {}
        self.behind: dict[Stream, None] = {}

    @property
    def streamed(self) -> bool:
        return bool(self.in_step or self.behind)


@dataclass(frozen=True, slots=True)
class Assembled:
    """A view with its holes filled: a document's body, or what a patch carries."""

    html: str
    declared: Declared
    title: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A page as of now: its HTML, what signals it declares, and whether it can change."""

    html: str
    declared: Declared
    title: str | None
    live: bool


def nest(flat: Declared) -> dict[str, object]:
    """Signals by path as the nested object that goes over the wire."""
    out: dict[str, object] = {}
    for path, value in flat.items():
        level = out
        for name in path[:-1]:
            below = level.get(name)
            if not isinstance(below, dict):
                below = level[name] = {}
            level = cast("dict[str, object]", below)
        level[path[-1]] = value
    return out
