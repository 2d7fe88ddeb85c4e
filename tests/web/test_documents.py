"""Documents: what a page may return, its title, and the layout around it."""

import re

import pytest

from helio import App, Shell, Topic, raw, title, watch
from helio import html as h
from web.visiting import BRISK, browser, stream

NEWS = Topic("news")


class World:
    value: object = 0


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (h.p["one"], "<p>one</p>"),
        ([h.p["one"], "text", None, h.p["two"]], "<p>one</p>text<p>two</p>"),
        ((h.p[n] for n in range(2)), "<p>0</p><p>1</p>"),
        (None, "<template></template>"),
        (raw("<p>a</p><p>b</p>"), "<p>a</p><p>b</p>"),
    ],
    ids=["element", "list", "generator", "None", "markup"],
)
async def test_what_a_page_may_return(app: App, returned: object, expected: str) -> None:
    @app.page("/")
    def index():
        return returned

    async with browser(app) as visitor:
        document = await visitor.get("/")
    assert document.status_code == 200
    assert expected in re.sub(r' data-(region|v)="[^"]*"', "", document.text)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("text", "returned str 'text'. Return an element, such as h.p[…]"),
        (5, "returned int 5. Return an element"),
        ({"a": 1}, "returned dict"),
        (h.html[h.body["x"]], "returned a whole document. Return what belongs into the body"),
    ],
    ids=["str", "int", "dict", "document"],
)
async def test_what_it_may_not(
    app: App, returned: object, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    @app.page("/")
    def index():
        return returned

    app.development = True
    async with browser(app) as visitor:
        document = await visitor.get("/")
    assert document.status_code == 500
    assert told in document.text.replace("&#39;", "'")


async def test_titles(app: App, world: World) -> None:
    @app.page("/")
    def front_page():
        watch(NEWS)
        if world.value:
            title(f"{world.value} <new>")
        return h.p[world.value]

    @app.page("/named", title="A name")
    def other():
        return h.p["x"]

    async with browser(app) as visitor:
        assert "<title>A name</title>" in (await visitor.get("/named")).text
        assert "<title>Front page</title>" in (await visitor.get("/")).text
        async with stream(app, "/") as opened:
            world.value = 2
            app.publish(NEWS)
            await opened.says('{"title":"2 <new>"}')
            assert "<title>2 &lt;new&gt;</title>" in (await visitor.get("/")).text
            world.value = 0
            app.publish(NEWS)
            await opened.says('{"title":"Front page"}')


async def test_layouts(world: World) -> None:
    def wide(shell: Shell):
        return h.html[h.head[shell.head], h.body(class_="wide")[shell.body, shell.path]]

    def narrow(shell: Shell):
        return h.html[h.head[shell.head], h.body(class_="narrow")[h.h1[shell.title], shell.body]]

    app = App(layout=wide, css="/static/a.css", pace=BRISK)

    @app.page("/")
    def index():
        return h.p["x"]

    @app.page("/other", layout=narrow)
    def other():
        return h.p["x"]

    async with browser(app) as visitor:
        first, second = await visitor.get("/"), await visitor.get("/other")
    assert '<body class="wide">' in first.text
    assert '<link rel="stylesheet" href="/static/a.css">' in first.text
    assert '<body class="narrow"><h1>Other</h1>' in second.text
    await app.stop()


async def test_a_page_that_fails_is_logged_once_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App()

    @app.page("/")
    def broken() -> object:
        raise ZeroDivisionError("the reason")

    async with browser(app) as visitor:
        assert (await visitor.get("/")).status_code == 500
    traced = [record for record in caplog.records if record.exc_info and record.exc_info[1]]
    assert len(traced) == 1
    assert any("error" in record.getMessage() for record in caplog.records if record not in traced)
