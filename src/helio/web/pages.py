"""Pages: a URL and the function that renders what stands there."""

from collections.abc import Callable
from typing import Any, ParamSpec, cast

from markupsafe import Markup

from helio.js import Expression
from helio.live.naming import key
from helio.live.recorder import Kind
from helio.live.region import called
from helio.live.rule import Rule
from helio.live.schedule import USUAL, Schedule
from helio.live.user import User
from helio.web.effects import title
from helio.web.handler import Handler
from helio.web.incoming import Incoming
from helio.web.paths import with_query
from helio.web.sessions import recorded, state_name

P = ParamSpec("P")

Layout = Callable[["Shell"], Markup]
"""Puts a page's body into a whole document."""


class Shell:
    """What a layout gets: the page's title, its path, what belongs into the head, and its body."""

    __slots__ = ("body", "head", "path", "title")

    def __init__(self, title: str, path: str, head: Markup, body: Markup) -> None:
        self.title = title
        self.path = path
        self.head = head
        self.body = body


class Page(Handler[P]):
    """A function decorated with `@app.page(path)`."""

    verb = "PAGE"

    def __init__(
        self, function: Callable[P, object], path: str, title: str | None, layout: Layout | None
    ) -> None:
        super().__init__(function, path)
        self.title = title or titled(function.__name__)
        self.layout = layout

    @property
    def where(self) -> str:
        return f"page {self.qualified} at {self.path}"

    def url(self, **arguments: object) -> str:
        """The page's URL for these path and query arguments. TypeError for an unknown one."""
        unknown = [
            name
            for name in arguments
            if name not in self.path.names
            and all(item.name != name for item in self.parameters.of("query"))
        ]
        if unknown:
            raise TypeError(f"{self.where} has no parameter {unknown[0]!r}")
        inner = {name: value for name, value in arguments.items() if name in self.path.names}
        query = {name: value for name, value in arguments.items() if name not in inner}
        url = with_query(self.path.url(self.prefix, inner, self.where), query)
        if isinstance(url, Expression):
            raise TypeError(f"{self.where}: a URL for the browser takes plain values, not {url}")
        return url

    async def call(self, incoming: Incoming) -> "PageCall":
        """The page for this request. A refusal if its arguments cannot be had."""
        arguments: dict[str, Any] = {}
        for item in self.parameters.items:
            if not item.private:
                arguments[item.name] = item.read(incoming)
        visitor = await incoming.identify() if self.parameters.private else None
        if visitor is not None and self.parameters.of("request"):
            visitor += f"?{incoming.query}"  # whatever the function may look at
        return PageCall(self, arguments, incoming, visitor)


class PageCall:
    """A page with its arguments: rendered and shared under one key.

    The key names the function, the path and query arguments and, if the function sees who the
    visitor is, the session.
    """

    __slots__ = ("address", "arguments", "incoming", "key", "page", "user")

    kind: Kind = "page"
    schedule: Schedule = USUAL

    def __init__(
        self, page: Page[...], arguments: dict[str, Any], incoming: Incoming, visitor: str | None
    ) -> None:
        self.page = page
        self.arguments = arguments
        self.incoming = incoming
        self.user: User | None = None
        values = _hashable(arguments)
        self.address = key(page.qualified, tuple(values), page.where)
        self.key = key(page.qualified, (*values, visitor), page.where) if visitor else self.address

    @property
    def name(self) -> str:
        return self.page.where

    @property
    def function(self) -> object:
        return self.page.function

    @property
    def rule(self) -> Rule | None:
        return None

    def fallback(self) -> object | None:
        return None

    async def render(self) -> object:
        incoming = self.incoming.again()
        arguments = dict(self.arguments)
        private = [item for item in self.page.parameters.items if item.private]
        for item in private:
            if item.source in ("session", "state"):
                state = state_name(item.hint) if item.source == "state" else ""
                recorded(await incoming.identify(), state)
        for item in private:
            arguments[item.name] = await called(item.read, incoming)
        title(self.page.title)  # unless the function says another one
        return await called(self.page.function, **arguments)


def _hashable(arguments: dict[str, Any]) -> list[object]:
    """The arguments in a fixed order, lists and sets of the query as tuples."""
    values = [arguments[name] for name in sorted(arguments)]
    return [_unchanging(value) for value in values]


def _unchanging(value: object) -> object:
    if isinstance(value, list):
        return tuple(cast("list[object]", value))
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(cast("set[object]", value), key=repr))
    return value


def titled(name: str) -> str:
    """A title from a function's name."""
    words = name.strip("_").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
