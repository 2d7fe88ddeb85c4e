"""What the live core is made of: views and their renders, pages and their streams."""

from collections.abc import Generator, Hashable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from helio.html.rendering import Path
from helio.live.content import Content, Declared
from helio.live.recorder import Renderable
from helio.live.rights import Visitor, guarded
from helio.live.sink import Sink
from helio.wire import MountMode

Versions = Mapping[str, str]
"""What a client holds: the version of each view, by address."""

Keys = frozenset[str]
"""Keys of guarded views that somebody may see."""

WITHHELD = "withheld"
"""The version of what a rule keeps back."""


def withheld(view: "View", allowed: Keys | None) -> bool:
    """Whether this is kept back from those who are allowed these; None: everything."""
    return allowed is not None and guarded(view.spec) and view.key not in allowed


class Reader:
    """Something that has read topics: a view (its last render) or a run (the one under way)."""

    __slots__ = ("stale", "topics")

    def __init__(self) -> None:
        self.topics: set[Hashable] = set()
        self.stale = False


class View(Reader):
    """A page, region or rule with its arguments, kept while somebody needs it and a bit longer."""

    __slots__ = (
        "asking",
        "began",
        "content",
        "encoded",
        "key",
        "past",
        "pins",
        "roots",
        "run",
        "spec",
        "standing_in",
    )

    def __init__(self, spec: Renderable) -> None:
        super().__init__()
        self.key = spec.key
        self.spec = spec
        self.content: Content | None = None
        self.standing_in = False  # the content is a fallback
        self.past: dict[str, Content] = {}  # by version: what streams may still hold until a flush
        self.encoded: dict[str, bytes] = {}  # by base: its events, for all pages that show it
        self.began = 0  # the number at which the render of `content` began
        self.run: Run | None = None
        self.roots: dict[Root, None] = {}  # those whose last content reaches this view
        self.asking: dict[Stream, bool] = {}  # of a rule: for whom, and whether that was answered
        self.pins = 0  # documents and runs that need it though no stream shows it

    @property
    def address(self) -> str:
        """Its name on the wire."""
        return self.spec.address

    @property
    def shown(self) -> bool:
        """Whether a stream would notice this view's changes."""
        return bool(self.asking) or any(root.streamed for root in self.roots)

    @property
    def viewers(self) -> int:
        """How many streams show it."""
        return sum(len(root.in_step) + len(root.behind) for root in self.roots)

    def take(self, spec: Renderable) -> None:
        """From now on it is rendered as this call of it says, which may know its user better."""
        if spec.kind == "region" and spec.user != self.spec.user:
            self.stale = True
        self.spec = spec

    @property
    def due(self) -> bool:
        """Whether it must be rendered again now."""
        return self.stale and self.run is None and self.shown


@contextmanager
def pinned(views: Iterable[View]) -> Generator[None]:
    """Inside, these are known though no stream may show them."""
    kept = list(views)
    for view in kept:
        view.pins += 1
    try:
        yield
    finally:
        for view in kept:
            view.pins -= 1


class Run(Reader):
    """One render under way."""

    __slots__ = ("began", "children", "view")

    def __init__(self, view: View, began: int) -> None:
        super().__init__()
        self.view = view
        self.began = began
        self.children: dict[str, View] = {}


class Stream:
    """One tab's connection: the page it shows, and what is mounted in it."""

    __slots__ = ("mounts", "page", "sink", "steps", "verdicts", "visitor")

    def __init__(self, sink: Sink, visitor: Visitor, *, steps: bool) -> None:
        self.sink = sink
        self.visitor = visitor
        self.steps = steps  # whether its client understands our own events
        self.page: Seat
        self.mounts: dict[tuple[str, str], Seat] = {}  # by target and key
        self.verdicts: dict[str, View] = {}  # by key of what a rule guards: the question's view

    @property
    def root(self) -> "Root":
        """The page."""
        return self.page.root

    @property
    def seats(self) -> "list[Seat]":
        return [self.page, *self.mounts.values()]

    def making_room(self, key: str, place: "Place") -> list[tuple[str, str]]:
        """Which mounts go when this region is mounted there: all others if it wants to be alone,
        and the region itself.
        """
        alone = place.mode == "inner"
        return [at for at in self.mounts if at[0] == place.into and (alone or at[1] == key)]

    @property
    def in_step(self) -> bool:
        """Whether its client has been written all that there is."""
        return all(seat.state is None for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a region is mounted: a slot or other target, how, and the tab's right to it."""

    into: str
    mode: MountMode
    grant: str


class Seat:
    """One stream at one root."""

    __slots__ = ("place", "root", "state", "stream")

    def __init__(self, stream: Stream, root: "Root", place: Place | None = None) -> None:
        self.stream = stream
        self.root = root
        self.place = place  # None: the page itself
        self.state: Versions | None = None  # what its client holds; None: in step with the root


class Root:
    """What is shown by itself, a page or a mounted region, to those who may see the same of it.

    Most pages have no rules, and one root; else there is one for each set of regions allowed.
    """

    __slots__ = ("allowed", "behind", "declared", "in_step", "reached", "state", "view")

    def __init__(self, view: View, allowed: Keys) -> None:
        self.view = view
        self.allowed = allowed
        self.reached: dict[str, View] = {}
        self.state: Versions = {}
        self.declared: frozenset[Path] = frozenset()  # signals that its streams hold
        self.in_step: dict[Seat, None] = {}
        self.behind: dict[Seat, None] = {}

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
