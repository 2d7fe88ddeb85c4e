"""The application: pages, commands and what they share, as an ASGI 3 application."""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any, ParamSpec
from urllib.parse import unquote

from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from helio.data import SQLite
from helio.html import Markup, h
from helio.live.acknowledgements import Acknowledgements
from helio.live.aids import Aids
from helio.live.hub import Hub
from helio.live.naming import qualified
from helio.live.outcome import shown_failure
from helio.live.pace import Pace
from helio.live.recorder import Renderable, forbid
from helio.live.topics import Publish, Source, complete
from helio.web.commands import Command, Method
from helio.web.document import Frame
from helio.web.endpoint import Done, Endpoint
from helio.web.once import Once
from helio.web.pages import Layout, Page
from helio.web.paths import Path
from helio.web.routing import Missing, PathRoute
from helio.web.runtime import runtime_path, runtime_routes
from helio.web.sessions import MemoryStore, SQLiteStore, Store
from helio.web.static import Static
from helio.web.visitors import Visitors

P = ParamSpec("P")


class Routes:
    """Pages and commands of a module, for `app.include(routes)`."""

    def __init__(self) -> None:
        self.pages: list[Page[...]] = []
        self.commands: list[Command[...]] = []

    def page(
        self, path: str, *, title: str | None = None, layout: Layout | None = None
    ) -> Callable[[Callable[P, object]], Page[P]]:
        """A page at this path: the function returns its HTML, and is run again as it must.

        Its parameters are path and query arguments by name, `Request`, `Session` and
        `SessionState` structs by type. The title is the function's name unless told.
        """

        _refuse_bare("page", path)

        def decorate(function: Callable[P, object]) -> Page[P]:
            page = Page(function, path, title, layout)
            self._add_page(page)
            return page

        return decorate

    def get(
        self, path: str, *, back: str | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """An action by GET: it changes nothing, or nothing that matters."""
        return self._command("get", path, back)

    def post(
        self, path: str, *, back: str | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by POST. `back` is where a plain form goes that came from nowhere."""
        return self._command("post", path, back)

    def put(
        self, path: str, *, back: str | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by PUT."""
        return self._command("put", path, back)

    def patch(
        self, path: str, *, back: str | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by PATCH."""
        return self._command("patch", path, back)

    def delete(
        self, path: str, *, back: str | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by DELETE."""
        return self._command("delete", path, back)

    def _command(
        self, method: Method, path: str, back: str | None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        _refuse_bare(method, path)

        def decorate(function: Callable[P, object]) -> Command[P]:
            command = Command(function, method, path, back)
            self._add_command(command)
            return command

        return decorate

    def _add_page(self, page: Page[...]) -> None:
        self.pages.append(page)

    def _add_command(self, command: Command[...]) -> None:
        self.commands.append(command)


def _refuse_bare(decorator: str, path: object) -> None:
    """Raise TypeError for `@app.page` without parentheses, which would register nothing."""
    if callable(path):
        raise TypeError(
            f'@app.{decorator} needs a path: write @app.{decorator}("/…") above {qualified(path)}'
        )


class App(Routes):
    """A web application whose pages stay current by themselves."""

    def __init__(
        self,
        *,
        db: SQLite | None = None,
        sources: Iterable[Source] = (),
        sessions: Store | None = None,
        static: str | FilePath | None = None,
        css: str | Sequence[str] = (),
        layout: Layout | None = None,
        runtime: str | None = None,
        plain_http: bool = False,
        pace: Pace | None = None,
    ) -> None:
        """Everything is optional.

        `db` is a database whose changes wake the pages that read it; it also keeps the sessions,
        unless `sessions` says where, and leads to the other processes that use it. `sources` are
        more of its kind. `static` is a folder served under `/static`, `css` the URLs of style
        sheets, `layout` the layout of pages that name none. `runtime` is the URL of another
        browser runtime, such as stock Datastar. Sessions over plain http from other machines need
        `plain_http=True`. `pace` sets the times.
        """
        super().__init__()
        self.development = False
        self.prefix = ""
        self.sources: list[Source] = [*([db] if db is not None else []), *sources]
        mail = db.mailbox if db is not None else None
        self._hub = Hub(pace=pace, failure=self.failure, mail=mail)
        self._acknowledgements = Acknowledgements(self._hub)
        self.once: Once[Done] = Once()
        self._visitors = Visitors(
            sessions or (SQLiteStore(db) if db is not None else MemoryStore()),
            plain_http=plain_http,
        )
        self.parent: App | None = None
        self.children: list[App] = []
        self.commands_running: set[asyncio.Task[Any]] = set()
        self._endpoints: dict[str, Endpoint] = {}
        self._others: list[BaseRoute] = []
        self._router: Router | None = None
        self._runtime = runtime
        self._css = [css] if isinstance(css, str) else list(css)
        self._layout = layout
        self._started = False
        if static is not None:
            self._others.append(Mount("/static", Static(directory=static)))

    # What belongs to it

    def _add_page(self, page: Page[...]) -> None:
        super()._add_page(page)
        page.prefix = self.prefix
        self._endpoint(page.path, "GET", page.where).add_page(page)

    def _add_command(self, command: Command[...]) -> None:
        super()._add_command(command)
        command.prefix = self.prefix
        self._endpoint(command.path, command.method.upper(), command.where).add_command(command)

    def _endpoint(self, path: Path, method: str, where: str) -> Endpoint:
        """The endpoint at this path. ValueError if one that differs in names alone answers."""
        self._router = None
        for text, endpoint in self._endpoints.items():
            same = endpoint.path.shape == path.shape and text != path.text
            if same and endpoint.knows(method):
                raise ValueError(f"{where}: {text} answers {method} for the same URLs already")
        return self._endpoints.setdefault(path.text, Endpoint(self, path))

    def include(self, routes: Routes) -> None:
        """Take over the pages and commands that a module has collected."""
        for page in routes.pages:
            self._add_page(page)
        for command in routes.commands:
            self._add_command(command)

    def mount(self, path: str, application: ASGIApp) -> None:
        """Serve another application under this path.

        A Helio application shares start and end, sessions, and all that is live, so both may read
        one database; and, where it names none of its own, the style sheets and the layout.
        """
        if not path.startswith("/") or path.endswith("/"):
            raise ValueError(f"mount({path!r}): write the path as /name")
        self._others.append(Mount(path, application))
        self._router = None
        if isinstance(application, App):
            self.children.append(application)
            application.parent = self
            application.move(self.prefix + path)

    def move(self, prefix: str) -> None:
        """Stand under this prefix: all URLs begin with it."""
        before, self.prefix = self.prefix, prefix
        for part in (*self.pages, *self.commands):
            part.prefix = prefix
        for child in self.children:
            child.move(prefix + child.prefix.removeprefix(before))

    def url(self, target: Page[...] | Command[...], **arguments: object) -> str:
        """The URL of a page or command for these arguments."""
        if isinstance(target, Page):
            return target.url(**arguments)
        call = target.__action__(arguments)
        if not isinstance(call.url, str) or call.payload:
            raise TypeError(f"{target.where}: these arguments do not make a URL: {arguments!r}")
        return call.url

    # What it does

    @property
    def hub(self) -> Hub:
        """Everything live in it; a mounted application lives in its parent's."""
        return self._hub if self.parent is None else self.parent.hub

    @property
    def acknowledgements(self) -> Acknowledgements:
        """Tells tabs when their page shows what their command has changed."""
        return self._acknowledgements if self.parent is None else self.parent.acknowledgements

    @property
    def visitors(self) -> Visitors:
        """Who comes; a mounted application knows them by its parent's sessions."""
        return self._visitors if self.parent is None else self.parent.visitors

    def publish(self, *topics: Hashable) -> None:
        """Say that what lives under these topics has changed. From anywhere, from any thread.

        RenderError inside a render.
        """
        forbid("app.publish")
        self.hub.publish([complete(topic) for topic in topics])

    @property
    def publisher(self) -> Publish:
        return self.hub.publish

    def failure(self, spec: Renderable, error: Exception) -> Markup:
        """What stands where a region has never rendered: in development, the error."""
        if not self.development:
            return shown_failure(spec, error)
        return h.pre(class_="helio-failed", role="alert")[
            f"{spec.name} failed\n{type(error).__name__}: {error}"
        ]

    @property
    def frame(self) -> Frame:
        """The frame of this application's documents."""
        runtime = self._runtime or self.prefix + runtime_path(development=self.development)
        if self.parent is None:
            return Frame(runtime, self._css, self._layout)
        around = self.parent.frame
        return Frame(runtime, self._css or around.css, self._layout or around.layout)

    def find_page(self, path: str) -> tuple[Page[...], dict[str, Any]] | None:
        """The page that stands at this path of a URL, and its path arguments as text."""
        for endpoint, arguments in self._found(path):
            if endpoint.page is not None:
                return endpoint.page, arguments
        return None

    def can_visit(self, path: str) -> bool:
        """Whether a GET of this path may be answered: not, if only commands stand there."""
        found = [endpoint for endpoint, _ in self._found(path)]
        return not found or any(endpoint.answers("GET") for endpoint in found)

    def _found(self, path: str) -> Iterator[tuple[Endpoint, dict[str, str]]]:
        path = unquote(path).removeprefix(self.prefix) or "/"
        for endpoint in self._endpoints.values():
            arguments = endpoint.path.match(path)
            if arguments is not None:
                yield endpoint, arguments

    # Its life

    async def start(self) -> None:
        """Check every handler, and begin to listen to the sources. Repeated calls are harmless.

        Raises TypeError for a handler with a parameter that cannot be found.
        """
        if self._started:
            return
        for handler in (*self.pages, *self.commands):
            _ = handler.parameters
        self._started = True
        if self.development and self.parent is None:
            self._hub.aids = Aids(self._listened_to)
        self._warn_of_unused()
        self.hub.start()
        for source in self.sources:
            source.start(self.publisher)
        if self.parent is None:
            self._acknowledgements.start()
        for child in self.children:
            child.development = self.development
            await child.start()

    def _listened_to(self) -> Iterator[Source]:
        """The sources of this application and of those mounted in it."""
        yield from self.sources
        for child in self.children:
            yield from child._listened_to()

    def _warn_of_unused(self) -> None:
        """In development: parameters that split a page's key for nothing."""
        aids = self.hub.aids
        for page in self.pages if aids is not None else []:
            for item in page.parameters.items:
                if aids is not None and item.source != "path":
                    aids.unused(page.function, item.name, page.where)

    async def stop(self) -> None:
        """End all streams and let go of everything."""
        for child in self.children:
            await child.stop()
        if self.parent is None:
            await self._acknowledgements.stop()
            await self._hub.stop()
        for source in self.sources:
            await source.stop()
        self._started = False

    async def drain(self, deadline: float) -> None:
        """Send every stream away, to come back to the next process, and let commands finish.

        Returns when all running commands have ended, `deadline` seconds later at the latest.
        """
        self.hub.break_streams()
        others = [asyncio.ensure_future(child.drain(deadline)) for child in self.children]
        waiting = [*self.commands_running, *others]
        if waiting:
            await asyncio.wait(waiting, timeout=deadline)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self.start()
            await self._routes()(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": "no WebSockets here"})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _routes(self) -> Router:
        if self._router is None:
            routes: list[BaseRoute] = [
                PathRoute(path, endpoint) for path, endpoint in self._endpoints.items()
            ]
            missing = Missing(self.visitors)
            self._router = Router([*runtime_routes(), *routes, *self._others], default=missing)
        return self._router
