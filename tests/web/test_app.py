"""The application as a whole: its parts, its life, and what is served beside pages."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from helio import App, Routes, Session, SessionState, SQLite, Topic, on, publish, watch
from helio import html as h
from web.visiting import BRISK, browser, own, stream, stream_url, until

NEWS = Topic("news")


class Prefs(SessionState):
    sort: str = "name"


def news(app: App | Routes, path: str = "/news") -> list[str]:
    """A page that shows the news, and the news."""
    told = ["nothing"]

    @app.page(path)
    def page():
        watch(NEWS)
        return h.p[f"news: {told[-1]}"]

    return told


class Lifespan:
    """The part of a server that starts and ends an application."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.told: list[str] = []
        self._from: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def __aenter__(self) -> "Lifespan":
        self._task = asyncio.create_task(self._run())
        self._from.put_nowait({"type": "lifespan.startup"})
        await until(lambda: self.told or self._task.done())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._from.put_nowait({"type": "lifespan.shutdown"})
        with contextlib.suppress(TypeError):
            await self._task

    async def _run(self) -> None:
        await self.app({"type": "lifespan"}, self._from.get, self._send)  # type: ignore[arg-type]

    async def _send(self, message: dict[str, str]) -> None:  # type: ignore[override]
        self.told.append(message["type"])


class TestParts:
    """Handlers of several modules, applications within applications."""

    @pytest.mark.parametrize("name", ["page", "post", "delete"])
    def test_a_decorator_without_a_path(self, app: App, name: str) -> None:
        with pytest.raises(TypeError, match=rf'write @app\.{name}\("/…"\) above .*news'):
            getattr(app, name)(news)

    async def test_routes_of_a_module_are_included(self, app: App) -> None:
        routes = Routes()

        @routes.page("/cards/{number}")
        def card(number: int):
            return h.form(on.submit(rename, number=number))[h.button["x"]]

        @routes.post("/cards/{number}/name")
        def rename(number: int): ...

        app.include(routes)
        async with browser(app) as visitor:
            page = await visitor.get("/cards/3")
            assert 'action="/cards/3/name"' in page.text
            assert (await visitor.post("/cards/3/name")).status_code == 303

    async def test_a_mounted_application_stands_under_its_prefix(self) -> None:
        shop, site = App(pace=BRISK), App(pace=BRISK)

        @shop.page("/")
        def front():
            watch(NEWS)
            return h.form(on.submit(buy))[h.a(href=shop.url(item, number=3))["item"]]

        @shop.page("/items/{number}")
        def item(number: int):
            return h.p[number]

        @shop.post("/buy", back="/items/3")
        def buy(): ...

        site.mount("/shop", shop)
        async with browser(site) as visitor:
            page = await visitor.get("/shop/")
            assert 'action="/shop/buy"' in page.text
            assert 'href="/shop/items/3"' in page.text
            assert stream_url(page) == "/shop/"
            assert (await visitor.get("/shop/items/3")).status_code == 200
            assert (await visitor.post("/shop/buy")).headers["location"] == "/shop/items/3"
            assert (await visitor.get("/shop/nowhere")).status_code == 404
            script = page.text.partition('type="module" src="')[2].partition('"')[0]
            assert (await visitor.get(script)).status_code == 200
        await site.stop()

    async def test_applications_within_applications_within_applications(self) -> None:
        inner, middle, outer = App(pace=BRISK), App(pace=BRISK), App(pace=BRISK)

        @inner.page("/page")
        def page():
            return h.p["inner"]

        middle.mount("/b", inner)
        outer.mount("/a", middle)
        assert inner.url(page) == "/a/b/page"
        async with browser(outer) as visitor:
            assert "inner" in (await visitor.get("/a/b/page")).text
        await outer.stop()

    async def test_what_one_publishes_the_other_shows(self) -> None:
        shop, site = App(pace=BRISK), App(pace=BRISK)
        told = news(shop)

        @site.post("/tell")
        def tell(what: str):
            told.append(what)
            publish(NEWS)

        site.mount("/shop", shop)
        async with browser(site) as visitor, stream(site, "/shop/news") as opened:
            await opened.says("news: nothing")
            await visitor.post("/tell", data={"what": "much"})
            await opened.says("news: much")
            shop.publish(NEWS)
            await site.drain(1)
            await until(lambda: opened.task.done())
            assert "retry: " in opened.text
        await site.stop()

    async def test_a_visitor_is_one_visitor_to_both(self) -> None:
        shop, site = App(pace=BRISK), App(pace=BRISK)
        for app in (shop, site):

            @app.page("/mine")
            def mine(session: Session):
                return h.p[f"name {session.get('name')}"]

            mine.qualified += app.prefix

        @site.post("/name")
        def name(session: Session, to: str):
            session["name"] = to

        site.mount("/shop", shop)
        async with browser(site) as visitor:
            await visitor.get("/shop/mine")
            cookie = visitor.cookies["helio"]
            await visitor.post("/name", data={"to": "ann"})
            assert visitor.cookies["helio"] == cookie
        await site.stop()

    async def test_any_asgi_application_may_be_mounted(self, app: App) -> None:
        async def hello(request: object) -> PlainTextResponse:
            return PlainTextResponse("hello")

        app.mount("/other", Starlette(routes=[Route("/x", hello)]))
        async with browser(app) as visitor:
            assert (await visitor.get("/other/x")).text == "hello"

    @pytest.mark.parametrize("path", ["shop", "/shop/", "/", ""])
    def test_a_prefix_is_a_name(self, app: App, path: str) -> None:
        with pytest.raises(ValueError, match="write the path as /name"):
            app.mount(path, App())


class TestFiles:
    """What is served beside pages."""

    async def test_the_runtime_may_be_kept_for_ever(self, app: App) -> None:
        news(app)
        async with browser(app) as visitor:
            page = await visitor.get("/news")
            script = page.text.partition('type="module" src="')[2].partition('"')[0]
            answer = await visitor.get(script)
            assert (await visitor.get("/_helio/helio.000000000000.js")).status_code == 404
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"

    async def test_another_runtime(self) -> None:
        app = App(runtime="https://cdn.example/datastar.js", pace=BRISK)
        news(app)
        async with browser(app) as visitor:
            page = (await visitor.get("/news")).text
        assert 'src="https://cdn.example/datastar.js"' in page
        assert "/_helio/" not in page
        await app.stop()

    async def test_static_files(self, tmp_path: Path) -> None:
        (tmp_path / "a.css").write_text("p{}")
        (tmp_path.parent / "secret.txt").write_text("secret")
        app = App(static=tmp_path, css=["/static/a.css"], pace=BRISK)
        news(app)
        async with browser(app) as visitor:
            page = (await visitor.get("/news")).text
            assert '<link rel="stylesheet" href="/static/a.css">' in page
            answer = await visitor.get("/static/a.css")
            assert (answer.text, answer.headers["cache-control"]) == ("p{}", "no-cache")
            headers = {"if-none-match": answer.headers["etag"]}
            assert (await visitor.get("/static/a.css", headers=headers)).status_code == 304
            assert (await visitor.head("/static/a.css")).status_code == 200
            wrong = ["b.css", "../secret.txt", "%2e%2e/secret.txt", "%00", "a.css%00", "a" * 5000]
            for name in wrong:
                assert (await visitor.get(f"/static/{name}")).status_code == 404, name
            assert (await visitor.post("/static/a.css")).status_code == 405
        await app.stop()

    async def test_no_icon_is_no_error(self, app: App) -> None:
        async with browser(app) as visitor:
            assert (await visitor.get("/favicon.ico")).status_code == 204


class TestLife:
    """Start, drain, stop."""

    async def test_a_lifespan(self, tmp_path: Path) -> None:
        db = SQLite(tmp_path / "a.db", schema="create table if not exists t (a)")
        app = App(db=db, pace=BRISK)

        @app.page("/")
        async def index():
            rows = await db.fetch("select a from t")
            return h.p[f"rows {len(rows)}"]

        @app.post("/")
        async def add():
            await db.execute("insert into t values (1)")

        for round_ in range(2):
            async with Lifespan(app) as life, browser(app) as visitor:
                assert life.told == ["lifespan.startup.complete"]
                async with stream(app, "/") as opened:
                    await opened.says(f"rows {round_}")
                    await visitor.post("/")
                    await opened.says(f"rows {round_ + 1}")
            assert life.told[-1] == "lifespan.shutdown.complete"

    async def test_a_lifespan_that_fails_says_why(self, app: App) -> None:
        @app.post("/")
        def save(thing: object): ...

        async with Lifespan(app) as life:
            assert life.told == ["lifespan.startup.failed"]

    async def test_sources_start_and_stop_with_it(self) -> None:
        told: list[str] = []

        class Source:
            def start(self, publish: object) -> None:
                told.append("start")

            def attend(self, watched: bool) -> None: ...

            async def stop(self) -> None:
                told.append("stop")

        app = App(sources=[Source()], pace=BRISK)
        await app.start()
        await app.start()
        assert told == ["start"]
        await app.stop()
        assert told == ["start", "stop"]

    def test_one_application_on_several_loops(self) -> None:
        """As in tests of an application that is imported once."""
        app = App(pace=BRISK)
        told = news(app)

        async def visit(what: str) -> None:
            async with browser(app) as visitor:
                told.append(what)
                app.publish(NEWS)
                assert f"news: {what}" in (await visitor.get("/news")).text

        for what in ("one", "two"):
            asyncio.run(visit(what))

    async def test_publishing_from_anywhere(self, app: App) -> None:
        told = news(app)
        async with stream(app, "/news") as opened:
            await opened.says("news: nothing")
            told.append("much")
            await asyncio.to_thread(app.publish, NEWS)
            await opened.says("news: much")


@pytest.fixture
def served() -> Iterator[str]:
    """An application on a server that knows no lifespan, on a real socket."""
    app = App(pace=BRISK)
    told = news(app)

    @app.post("/tell")
    def tell(what: str, prefs: Prefs):
        told.append(what)
        publish(NEWS)

    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not (server.started and server.servers):
            assert thread.is_alive()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


def test_a_server_without_a_lifespan(served: str) -> None:
    with httpx.Client(base_url=served, timeout=10) as visitor:
        assert "news: nothing" in visitor.get("/news").text
        with visitor.stream("GET", "/news", headers=own()) as opened:
            lines = opened.iter_lines()
            assert any("news: nothing" in line for line in lines)
            assert httpx.post(f"{served}/tell", data={"what": "much"}).status_code == 303
            assert any("news: much" in line for line in lines)
