"""The application: pages, commands and what they share, as an ASGI 3 application."""

import asyncio
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any
from urllib.parse import unquote

from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from helio.data import SQLite
from helio.html import FormState, Markup, h
from helio.live.acknowledgements import Acknowledgements
from helio.live.aids import Aids
from helio.live.hub import Hub
from helio.live.outcome import shown_failure
from helio.live.pace import Pace
from helio.live.recorder import Renderable, forbid
from helio.live.refreshing import Refreshing
from helio.live.region import lasting_regions
from helio.live.rule import Rule
from helio.live.topics import Publish, Source, complete
from helio.web.build import Build, module_of
from helio.web.checks import check_handlers, warn_of_unruled
from helio.web.commands import Command
from helio.web.document import Frame
from helio.web.endpoint import Done, Endpoint
from helio.web.metrics import metrics_route
from helio.web.once import Once
from helio.web.pages import Layout, Page
from helio.web.paths import Path
from helio.web.presence import Attendance
from helio.web.routes import Routes
from helio.web.routing import Missing, PathRoute
from helio.web.runtime import runtime_path, runtime_routes
from helio.web.sessions import MemoryStore, SQLiteStore, Store
from helio.web.static import Static
from helio.web.trust import Trust
from helio.web.users import Load, Users
from helio.web.visitors import Visitors
from helio.web.watchdog import Watchdog


class App(Routes):
    """A web application whose pages stay current by themselves."""

    def __init__(
        self,
        *,
        db: SQLite | None = None,
        sources: Iterable[Source] = (),
        user: Load | None = None,
        allow: Rule | None = None,
        sessions: Store | None = None,
        secret: str | None = None,
        static: str | FilePath | None = None,
        css: str | Sequence[str] = (),
        layout: Layout | None = None,
        runtime: str | None = None,
        plain_http: bool = False,
        metrics: str | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Everything is optional.

        `db` is a database whose changes wake the pages that read it; it also keeps the sessions,
        unless `sessions` says where, and leads to the other processes that use it. `sources` are
        more of its kind. `user` says whose a session is: `async def load(session) -> Me | None`,
        with `class Me(User)`. `allow` is the rule of pages and commands that have none nearer.
        `secret` signs what clients are to bring back; without one, the sessions' store keeps one.
        `static` is a folder served under `/static`, `css` the URLs of style sheets, `layout` the
        layout of pages that name none. `runtime` is the URL of another browser runtime, such as
        stock Datastar. Sessions over plain http from other machines need `plain_http=True`.
        `metrics` is a token: who brings it may read `/_helio/metrics`. `pace` sets the times.
        """
        super().__init__(allow=allow)
        self.development = False
        self.prefix = ""
        self.sources: list[Source] = [*([db] if db is not None else []), *sources]
        mail = db.mailbox if db is not None else None
        self._hub = Hub(pace=pace, failure=self.failure, mail=mail)
        self._acknowledgements = Acknowledgements(self._hub)
        self.once: Once[Done] = Once()
        self._visitors = Visitors(
            sessions or (SQLiteStore(db) if db is not None else MemoryStore()),
            self._hub,
            plain_http=plain_http,
        )
        self._users = None if user is None else Users(user)
        self._refreshing = Refreshing(self._hub)
        self._trust = Trust(secret, self._visitors.store, self._hub)
        self._attendance = Attendance(self._hub, self._trust)
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
        self._watchdog = Watchdog()
        self._frame: Frame | None = None
        if static is not None:
            self._others.append(Mount("/static", Static(directory=static)))
        if metrics is not None:
            self._others.append(metrics_route(lambda: self.hub, metrics))

    # What belongs to it

    def _add_page(self, page: Page[...]) -> None:
        super()._add_page(page)
        page.prefix, page.home = self.prefix, self
        self._endpoint(page.path, "GET", page.where).add_page(page)

    def _add_command(self, command: Command[...]) -> None:
        super()._add_command(command)
        command.prefix, command.home = self.prefix, self
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
            if application.parent is not None:
                raise ValueError(
                    f"mount({path!r}): the application is mounted already, and can be once"
                )
            self.children.append(application)
            application.parent = self
            application.move(self.prefix + path)

    def move(self, prefix: str) -> None:
        """Stand under this prefix: all URLs begin with it."""
        before, self.prefix = self.prefix, prefix
        self._frame = None
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
    def refreshing(self) -> Refreshing:
        """Has regions rendered again wherever they are shown."""
        return self._refreshing if self.parent is None else self.parent.refreshing

    @property
    def trust(self) -> Trust:
        """Knows again what a tab brings back; a mounted application signs as its parent does."""
        return self._trust if self.parent is None else self.parent.trust

    @property
    def attendance(self) -> Attendance:
        """Who is present; tabs of mounted applications are present in their parent's."""
        return self._attendance if self.parent is None else self.parent.attendance

    @property
    def visitors(self) -> Visitors:
        """Who comes; a mounted application knows them by its parent's sessions."""
        return self._visitors if self.parent is None else self.parent.visitors

    @property
    def users(self) -> Users | None:
        """Who visitors are; a mounted application that does not say asks its parent."""
        return self._users or (self.parent.users if self.parent is not None else None)

    @property
    def rule(self) -> Rule | None:
        """The rule of handlers that have none nearer: its own, else its parent's."""
        return self.allow or (self.parent.rule if self.parent is not None else None)

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

    def aside(self, form: FormState) -> Hub:
        """A hub for the one answer to a plain form, which follows nothing."""
        hub = Hub(form=form, failure=self.failure)
        self.attendance.equip(hub)
        return hub

    @property
    def frame(self) -> Frame:
        """The frame of this application's documents."""
        return self._frame or self._framing()

    def _framing(self) -> Frame:
        runtime = self._runtime or self.prefix + runtime_path(development=self.development)
        css, layout = self._css, self._layout
        if self.parent is not None:
            around = self.parent.frame
            css, layout = css or around.css, layout or around.layout
        parts = [*self.pages, *self.commands, *lasting_regions()]
        layouts = [layout, *(page.layout for page in self.pages)]
        functions = [*(part.function for part in parts), *filter(None, layouts)]
        build = Build(runtime, css, (module_of(function) for function in functions))
        return Frame(build, runtime, css, layout)

    def find_page(self, path: str) -> tuple[Page[...], dict[str, Any]] | None:
        """The page that stands at this path of a URL, and its path arguments as text."""
        for endpoint, arguments in self._found(path):
            if endpoint.page is not None:
                return endpoint.page, arguments
        return None

    def home_of(self, page: Page[...]) -> "App":
        """The application that the page belongs to. TypeError if it is not served with this one."""
        home = page.home
        if isinstance(home, App) and home.hub is self.hub:
            return home
        raise TypeError(
            f"{page.where} belongs to no application that is served together with this one: "
            "app.include(routes), or app.mount(path, other)"
        )

    def can_visit(self, path: str) -> bool:
        """Whether a GET of this path may be answered: not, if only commands stand there."""
        found = [endpoint for endpoint, _ in self._found(path)]
        return not found or any(endpoint.answers("GET") for endpoint in found)

    def _found(self, path: str) -> Iterator[tuple[Endpoint, dict[str, str]]]:
        path = unquote(path)
        if not path.startswith(f"{self.prefix}/") and path != self.prefix:
            return
        path = path.removeprefix(self.prefix) or "/"
        for endpoint in self._endpoints.values():
            arguments = endpoint.path.match(path)
            if arguments is not None:
                yield endpoint, arguments

    # Its life

    async def start(self) -> None:
        """Check every handler, and begin to listen to the sources. Repeated calls are harmless.

        Raises TypeError for a handler with a parameter that cannot be found, or a rule that asks
        for one.
        """
        if self._started:
            return
        check_handlers((*self.pages, *self.commands), self, self.users)
        self._started = True
        self._frame = self._framing()
        if self.development and self.parent is None:
            self._hub.aids = Aids(self._listened_to)
            self._watchdog.start()
        self._warn_of_unused()
        if self.parent is None:
            warn_of_unruled(self._unruled())
        self.hub.start()
        for source in self.sources:
            if self.development and isinstance(source, SQLite):
                source.check_narrowings()
            source.start(self.publisher)
        if self.parent is None:
            self._acknowledgements.start()
            self._refreshing.start()
            await self._attendance.prepare()
        for child in self.children:
            child.development = self.development
            await child.start()

    def _listened_to(self) -> Iterator[Source]:
        """The sources of this application and of those mounted in it."""
        yield from self.sources
        for child in self.children:
            yield from child._listened_to()

    def _unruled(self) -> Iterator[Command[...]]:
        """The commands that no rule guards where users are known, mounted applications' too."""
        for command in self.commands:
            if self.users is not None and command.rule_in(self) is None:
                yield command
        for child in self.children:
            yield from child._unruled()

    def _warn_of_unused(self) -> None:
        """In development: parameters that split a page's key for nothing."""
        aids = self.hub.aids
        for page in self.pages if aids is not None else []:
            for item in page.parameters.items:
                if aids is not None and item.source not in ("path", "user"):
                    aids.unused(page.function, item.name, page.where)

    async def stop(self) -> None:
        """End all streams and let go of everything."""
        for child in self.children:
            await child.stop()
        if self.parent is None:
            await self._acknowledgements.stop()
            self._attendance.stop()
            self._watchdog.stop()
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
