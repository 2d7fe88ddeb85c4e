"""Going to a page by a command's answer."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from helio import (
    App,
    NotFound,
    Session,
    Shell,
    TabState,
    Topic,
    User,
    goto,
    region,
    slot,
    title,
    watch,
)
from helio import html as h
from web.visiting import BRISK, STOCK, browser, detail, events, own, stream

NEWS = Topic("news")
TAB = "tab-00001"


class Me(User):
    id: int


class Panel(TabState):
    open: bool = False


def load(session: Session) -> Me | None:
    number = session.get("user")
    return None if number is None else Me(number)


def member(user: Me | None) -> bool:
    return user is not None


def wide(page: Shell):
    return h.html[h.head[page.head], h.body(class_="wide")[page.body, slot("side")]]


def marking(page: Shell):
    """A layout that marks the present page."""
    return h.html[h.head[page.head], h.body[h.nav[page.path], page.body]]


@region
def names():
    watch(NEWS)
    return h.ul[h.li["ann"]]


@pytest.fixture
async def app() -> AsyncIterator[App]:
    app = App(user=load, pace=BRISK)

    @app.page("/")
    def index():
        return h.main["start"]

    @app.page("/cards/{number}", title="A card")
    def card(number: int, sort: str = "name"):
        if number == 404:
            raise NotFound("No such card.")
        title(f"Card\n {number}")
        return h.main[h.h1[f"card {number} by {sort}"], names()]

    @app.page("/named/{name}")
    def named(name: str):
        return h.main[name]

    @app.page("/members", allow=member)
    def members():
        return h.main["for members"]

    @app.page("/panel")
    def panel(panel: Panel):
        return h.main[f"open: {panel.open}"]

    @app.page("/wide", layout=wide)
    def wide_page():
        return h.main["wide"]

    @app.page("/wide/too", layout=wide)
    def wide_too():
        return h.main["wide, too"]

    @app.page("/a", layout=marking)
    def marked_a():
        return h.main["a"]

    @app.page("/b", layout=marking)
    def marked_b():
        return h.main["b"]

    child = App()

    @child.page("/inner/{word}")
    def inner(word: str):
        return h.main[f"inner {word}"]

    app.mount("/child", child)
    pages = {
        "members": members,
        "panel": panel,
        "wide": wide_page,
        "wide-too": wide_too,
        "a": marked_a,
        "b": marked_b,
    }

    @app.post("/to/{page}")
    def to(page: str):
        return goto(pages[page])

    @app.post("/to-card/{number}")
    def to_card(number: int, sort: str | None = None):
        return goto(card, number=number, sort=sort)

    @app.post("/to-name")
    def to_name(name: str):
        return goto(named, name=name)

    @app.post("/to-child")
    def to_child():
        return goto(inner, word="deep")

    @app.post("/to-astray")
    def to_astray():
        return goto(astray)

    @app.post("/log-in")
    def log_in(session: Session):
        session["user"] = 1
        return goto(members)

    @app.post("/open-panel")
    def open_panel(panel_state: Panel):
        panel_state.open = True
        return goto(panel)

    @app.post("/yielding")
    async def yielding():
        yield goto(card, number=1)

    yield app
    await app.stop()


elsewhere = App()


@elsewhere.page("/astray")
def astray():
    return h.p["x"]


def arrival(answer: httpx.Response) -> dict[str, str]:
    [event] = [event for event in events(answer) if event.event == "helio-goto"]
    return event.fields


def opener(html: str) -> str:
    found = re.search(r'<template id="helio-page".*?></template>', html)
    assert found is not None
    return found[0]


def layout(html: str) -> str:
    found = re.search(r'data-layout="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


async def test_our_runtime_gets_the_page_as_its_document_has_it(app: App) -> None:
    async with browser(app) as visitor:
        answer = await visitor.post("/to-card/5", data={"sort": "size"}, headers=own(helio_tab=TAB))
        document = await visitor.get("/cards/5?sort=size")
    fields = arrival(answer)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert fields["url"] == "/cards/5?sort=size"
    assert fields["title"] == "Card 5"
    assert fields["html"].startswith('<template id="helio-page" data-build="')
    assert f"<body>{fields['html']}</body>" in document.text
    assert "@get('/cards/5?sort=size', {live: true" in fields["html"]


async def test_its_stream_then_brings_nothing_that_is_there(app: App) -> None:
    async with browser(app) as visitor:
        html = arrival(await visitor.post("/to-card/5", headers=own()))["html"]
    have = dict(re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', html))
    assert len(have) == 2
    async with stream(app, "/cards/5", helio_have=" ".join(map("=".join, have.items()))) as opened:
        await opened.says(":\n\n")
        assert opened.events == []


async def test_others_are_redirected(app: App) -> None:
    async with browser(app) as visitor:
        [event] = events(await visitor.post("/to-card/5", headers=STOCK))
        assert 'location.assign("/cards/5")' in event.data
        answer = await visitor.post("/to-card/5", data={"sort": "size"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/cards/5?sort=size")
        answer = await visitor.post("/yielding")
        assert (answer.status_code, answer.headers["location"]) == (303, "/cards/1")


async def test_a_page_that_refuses(app: App) -> None:
    async with browser(app) as visitor:
        for path, status, text in (
            ("/to-card/404", 404, "No such card."),
            ("/to/members", 403, "You may not see this."),
        ):
            answer = await visitor.post(path, headers=own())
            assert answer.status_code == status
            assert detail(answer, "toast")["text"] == text
        answer = await visitor.post("/to-name", data={"name": "a/b"}, headers=own())
        assert answer.status_code == (await visitor.get("/named/a%2Fb")).status_code == 404


async def test_who_logs_in_goes_there_with_his_cookie_in_one_round_trip(app: App) -> None:
    async with browser(app) as visitor:
        answer = await visitor.post("/log-in", headers=own())
        assert "for members" in arrival(answer)["html"]
        assert answer.headers["set-cookie"].startswith("helio=")
        assert "helio-reconnect" not in answer.text
        assert (await visitor.get("/members")).status_code == 200


async def test_a_session_that_the_page_begins_is_in_the_answers_cookie(app: App) -> None:
    async with browser(app) as visitor:
        answer = await visitor.post("/open-panel", headers=own(helio_tab=TAB))
        assert "open: True" in arrival(answer)["html"]
        assert "set-cookie" in answer.headers
        for tab, open_there in ((TAB, True), ("tab-00002", False)):
            answer = await visitor.post("/to/panel", headers=own(helio_tab=tab))
            assert f"open: {open_there}" in arrival(answer)["html"]


async def test_a_page_of_a_mounted_application(app: App) -> None:
    async with browser(app) as visitor:
        fields = arrival(await visitor.post("/to-child", headers=own()))
        document = await visitor.get("/child/inner/deep")
    assert fields["url"] == "/child/inner/deep"
    assert f"<body>{fields['html']}</body>" in document.text


async def test_a_page_that_is_served_elsewhere(app: App) -> None:
    app.development = True
    async with browser(app) as visitor:
        answer = await visitor.post("/to-astray", headers=own())
    assert answer.status_code == 500
    assert "belongs to no application that is served together" in detail(answer, "toast")["text"]


async def test_a_generator_goes_there_too(app: App) -> None:
    async with browser(app) as visitor:
        assert arrival(await visitor.post("/yielding", headers=own()))["url"] == "/cards/1"


def test_arguments_that_a_page_has_not(app: App) -> None:
    [card] = [page for page in app.pages if page.path.text == "/cards/{number}"]
    with pytest.raises(TypeError, match="has no parameter 'colour'"):
        goto(card, number=1, colour="red")
    with pytest.raises(TypeError, match="needs number="):
        goto(card)


async def test_layouts_are_the_same_where_all_around_the_page_is(app: App) -> None:
    async with browser(app) as visitor:
        found = {
            path: layout((await visitor.get(path)).text)
            for path in ("/", "/cards/1", "/cards/2?sort=x", "/wide", "/wide/too", "/a", "/b")
        }
        gone = layout(arrival(await visitor.post("/to/wide", headers=own()))["html"])
    assert found["/"] == found["/cards/1"] == found["/cards/2?sort=x"]
    assert found["/wide"] == found["/wide/too"] == gone
    assert len(set(found.values())) == 4, "the layout of /a and /b says where one is"


async def test_a_page_that_is_not_live_opens_no_stream(app: App) -> None:
    @app.page("/frozen", live=False)
    def frozen():
        return h.main[names()]

    async with browser(app) as visitor:
        assert "data-init" not in opener((await visitor.get("/frozen")).text)
        assert "data-init" in opener((await visitor.get("/cards/1")).text)
