"""Plain forms: where one goes that was sent without the runtime, and how it comes back refused."""

import json
import logging
from urllib.parse import urlencode

import pytest
from selectolax.lexbor import LexborHTMLParser

from helio import App, Invalid, Signals, bind, errors, on, redirect, toast
from helio import html as h
from web.visiting import browser, own


class Draft(Signals):
    title: str = ""
    size: int = 3


def returning(app: App, result: object) -> None:
    """One command at `/`, which returns this."""

    @app.post("/", back="/back")
    def command():
        return result


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        ("http://testserver/from?x=1", "/from?x=1"),
        ("http://testserver/", "/"),
        ("http://other.example/from", "/back"),
        ("http://testserver//b.example", "/back"),
        ("http://[", "/back"),
        ("", "/back"),
    ],
)
async def test_back_to_the_page_it_came_from(app: App, referer: str, location: str) -> None:
    returning(app, None)
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers={"referer": referer})
    expected = "/back" if referer.endswith("server/") else location
    assert (answer.status_code, answer.headers["location"]) == (303, expected)


async def test_else_to_the_start(app: App) -> None:
    @app.post("/x")
    def command(): ...

    async with browser(app) as visitor:
        assert (await visitor.post("/x")).headers["location"] == "/"


async def test_never_back_to_where_nothing_can_be_visited(app: App) -> None:
    """A refused form's page stands at its command's address."""

    @app.post("/x")
    def command(): ...

    async with browser(app) as visitor:
        answer = await visitor.post("/x", headers={"referer": "http://testserver/x"})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("result", [redirect("/there"), [toast("x"), (redirect("/there"),)]])
async def test_where_a_redirect_says(app: App, result: object) -> None:
    returning(app, result)
    async with browser(app) as visitor:
        answer = await visitor.post("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/there")


async def test_an_action_by_get_goes_back_as_well(app: App) -> None:
    @app.get("/next", back="/list")
    def following():
        return h.p(id="x")

    async with browser(app) as visitor:
        assert (await visitor.get("/next")).headers["location"] == "/list"
        assert (await visitor.get("/next", headers=own())).text == '<p id="x"></p>'


async def test_a_refused_form_finds_its_page_in_any_spelling(app: App) -> None:
    @app.page("/lists/{name}")
    def one_list(name: str, page: int = 1):
        return h.main[
            f"List {name}, page {page}", h.form(on.submit(add))[h.input(bind(Draft.title))]
        ]

    @app.post("/add")
    def add(draft: Draft):
        return Invalid(title="No.")

    async with browser(app) as visitor:
        referer = {"referer": "http://testserver/lists/%C3%A4%2Fb?page=2"}
        data = {"draft.title": "typed"}
        answer = await visitor.post("/add", data=data, headers=referer)
        assert answer.status_code == 422
        assert ("List ä, page 2" in answer.text) or "No." in answer.text
        referer = {"referer": "http://testserver/lists/%C3%A4?page=2"}
        answer = await visitor.post("/add", data=data, headers=referer)
    assert "List ä, page 2" in answer.text
    assert 'value="typed"' in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_form_without_a_page_still_says_why(app: App) -> None:
    returning(app, Invalid(title="Not this one."))
    async with browser(app) as visitor:
        answer = await visitor.post("/")
    assert (answer.status_code, "Not this one." in answer.text) == (422, True)


async def test_a_page_that_fails_while_a_form_is_refused(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    returning(app, Invalid(title="No."))

    @app.page("/back")
    def page():
        raise RuntimeError("secret")

    async with browser(app) as visitor:
        answer = await visitor.post("/")
    assert (answer.status_code, "secret" in answer.text) == (500, False)


async def test_a_program_without_headers_that_sends_nothing_is_taken_for_a_form(app: App) -> None:
    returning(app, Draft())
    async with browser(app) as visitor:
        assert (await visitor.post("/")).status_code == 303
        assert json.loads((await visitor.post("/", json={})).text) == {
            "draft": {"title": "", "size": 3}
        }


async def test_a_refused_form_may_be_corrected_and_sent_again(app: App) -> None:
    @app.page("/lists/{number}")
    def one_list(number: int):
        return h.form(on.submit(add))[h.input(bind(Draft.title)), errors(Draft.title)]

    @app.post("/add")
    def add(draft: Draft):
        return Invalid(title="No.") if draft.title == "bad" else None

    async with browser(app) as visitor:
        headers = {"referer": "http://testserver/lists/3"}
        refused = await visitor.post("/add", data={"draft.title": "bad"}, headers=headers)
        assert 'name="_back" value="/lists/3"' in refused.text
        headers = {"referer": "http://testserver/add"}
        for _ in range(2):
            data = {"draft.title": "bad", "_back": "/lists/3"}
            refused = await visitor.post("/add", data=data, headers=headers)
            assert (refused.status_code, 'value="bad"' in refused.text) == (422, True)
        data = {"draft.title": "good", "_back": "/lists/3"}
        taken = await visitor.post("/add", data=data, headers=headers)
        assert (taken.status_code, taken.headers["location"]) == (303, "/lists/3")
        for back in ("//b.example", "https://b.example", "/\\b.example"):
            data["_back"] = back
            taken = await visitor.post("/add", data=data, headers=headers)
            assert taken.headers["location"] == "/"


async def test_links_and_forms_by_get_lead_back_to_the_page_as_well(app: App) -> None:
    @app.page("/lists/{number}")
    def one_list(number: int):
        return h.main[
            h.form(on.submit(add))[h.button["Add"]],
            h.a(on.click(look, at=3))["Look"],
            h.form(on.submit(look, at=4))[h.button["Look"]],
        ]

    @app.post("/add")
    def add():
        return Invalid({"": "No."})

    @app.get("/look")
    def look(at: int): ...

    async with browser(app) as visitor:
        seen = await visitor.get("/lists/3")
        assert "_back" not in seen.text
        headers = {"referer": "http://testserver/lists/3"}
        refused = LexborHTMLParser((await visitor.post("/add", headers=headers)).text)
        link = refused.css_first("a").attributes["href"]
        form = refused.css("form")[1].css("input[name]")
        fields = {field.attributes["name"]: field.attributes["value"] for field in form}
        headers = {"referer": "http://testserver/add"}
        for url in (link, f"/look?{urlencode(fields)}"):
            assert (await visitor.get(url, headers=headers)).headers["location"] == "/lists/3"


async def test_nothing_of_one_visitors_refused_form_is_seen_by_another(app: App) -> None:
    @app.page("/")
    def index():
        return h.form(on.submit(add))[h.input(bind(Draft.title)), errors(Draft.title)]

    @app.post("/add")
    def add(draft: Draft):
        return Invalid(title="No.")

    async with browser(app) as ann, browser(app) as bob:
        refused = await ann.post("/add", data={"draft.title": "ann's secret"})
        assert "ann&#39;s secret" in refused.text
        page = await bob.get("/")
        assert "secret" not in page.text
        assert "No." not in page.text


async def test_a_form_sent_by_get_fills_signals(app: App) -> None:
    seen: list[object] = []

    @app.get("/search")
    def search(draft: Draft, page: int = 1):
        seen.append((draft.title, draft.size, page))

    async with browser(app) as visitor:
        await visitor.get("/search?draft.title=x&draft.size=5&page=2")
        await visitor.get('/search?datastar={"draft":{"title":"y"}}', headers=own())
        await visitor.get("/search")
        refused = await visitor.get("/search?draft.size=x")
    assert seen == [("x", 5, 2), ("y", 3, 1), ("", 3, 1)]
    assert refused.status_code == 422


async def test_a_form_of_a_parents_page_comes_back_with_that_page(app: App) -> None:
    inner = App()

    @app.page("/cards")
    def cards():
        return h.main["the parent's cards"]

    @inner.page("/cards")
    def inner_cards():
        return h.main["cards inside"]

    @inner.post("/check")
    def check():
        return Invalid(title="too short")

    app.mount("/inner", inner)
    async with browser(app) as visitor:
        for path, text in (("/cards", "too short"), ("/inner/cards", "cards inside")):
            headers = {"referer": f"http://testserver{path}"}
            answer = await visitor.post("/inner/check", headers=headers)
            assert answer.status_code == 422
            assert text in answer.text
            assert ("cards inside" in answer.text) == (path == "/inner/cards")
