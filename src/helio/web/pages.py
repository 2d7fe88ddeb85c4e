"""Pages: a URL and the function that renders what stands there."""

from collections.abc import Callable
from typing import Any, ParamSpec

from markupsafe import Markup

from helio.js import Expression
from helio.live.naming import key, unchanging
from helio.live.recorder import Kind
from helio.live.region import called
from helio.live.rule import Rule, guarding
from helio.live.schedule import USUAL, Schedule
from helio.live.user import User
from helio.web.effects import title
from helio.web.handler import Handler, Home
from helio.web.incoming import Incoming
from helio.web.paths import with_query

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
        self,
        function: Callable[P, object],
        path: str,
        title: str | None,
        layout: Layout | None,
        allow: Rule | None,
        *,
        live: bool = True,
    ) -> None:
        super().__init__(function, path, allow)
        self.title = title or titled(function.__name__)
        self.layout = layout
        self.live = live

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

    async def call(self, incoming: Incoming, home: Home) -> "PageCall":
        """The page for this request, served by this application. A refusal if its arguments
        cannot be had.
        """
        arguments: dict[str, Any] = {}
        for item in self.parameters.items:
            if not item.private:
                arguments[item.name] = item.read(incoming)
        shown_to = await self._shown_to(incoming)
        # The render must not learn of a session that this request begins later.
        rule = guarding(self.rule_in(home))
        return PageCall(self, arguments, incoming.again(), shown_to, rule)

    async def _shown_to(self, incoming: Incoming) -> tuple[str, ...]:
        """Whom the page of this request may be shown to; empty: everybody.

        A session is begun for what cannot be had without one. Visitors who have none are all the
        same to a page that takes the user, and see the same defaults of a tab's state.
        """
        takes, visit = self.parameters, incoming.visit
        session = None
        if takes.of("request") or takes.of("session") or takes.of("state"):
            session = await visit.identify()
        elif takes.of("user") or (takes.of("tab state") and visit.tab):
            session = await visit.known()
        if session is None:
            return ()
        return (
            session,
            (await visit.visitor()).id if takes.of("user") else "",
            incoming.query if takes.of("request") else "",  # whatever it may look at
            visit.tab or "" if takes.of("tab state") else "",
        )


class PageCall:
    """A page with its arguments: rendered and shared under one key.

    The key names the function, the path and query arguments and, if the function sees who the
    visitor is, the session, and the tab whose state it sees.
    """

    __slots__ = ("address", "arguments", "incoming", "key", "page", "rule", "user")

    kind: Kind = "page"
    schedule: Schedule = USUAL

    def __init__(
        self,
        page: Page[...],
        arguments: dict[str, Any],
        incoming: Incoming,
        shown_to: tuple[str, ...],
        rule: Rule | None,
    ) -> None:
        self.page = page
        self.rule = rule
        self.arguments = arguments
        self.incoming = incoming
        self.user: User | None = None  # of the newest render
        values = (page.prefix + page.path.text, *_hashable(arguments))
        self.address = key(page.qualified, values, page.where)
        self.key = (
            key(page.qualified, (*values, shown_to), page.where) if shown_to else self.address
        )

    @property
    def name(self) -> str:
        return self.page.where

    @property
    def function(self) -> object:
        return self.page.function

    def fallback(self) -> object | None:
        return None

    async def render(self) -> object:
        incoming = self.incoming.again()
        arguments = dict(self.arguments)
        private = [item for item in self.page.parameters.items if item.private]
        await incoming.visit.follow([item.hint for item in private])
        for item in private:
            arguments[item.name] = await called(item.read, incoming)
        self.user = next((it for it in arguments.values() if isinstance(it, User)), None)
        title(self.page.title)  # unless the function says another one
        return await called(self.page.function, **arguments)


def _hashable(arguments: dict[str, Any]) -> list[object]:
    """The arguments in a fixed order."""
    values = [arguments[name] for name in sorted(arguments)]
    return [unchanging(value) for value in values]


def titled(name: str) -> str:
    """A title from a function's name."""
    words = name.strip("_").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
