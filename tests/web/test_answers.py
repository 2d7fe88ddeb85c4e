"""Answers: what becomes of what a command returns, for each kind of client."""

import pytest

from helio import (
    App,
    Forbidden,
    Form,
    Invalid,
    NotFound,
    Patch,
    Reject,
    Signals,
    bind,
    dispatch,
    errors,
    focus,
    on,
    redirect,
    title,
    toast,
)
from helio import html as h
from web.visiting import STOCK, browser, detail, events, own

NO_STORE = "no-store, no-transform"


class Draft(Signals):
    title: str = ""
    size: int = 3


def returning(app: App, result: object) -> None:
    """One command at `/`, which returns (or raises) this."""

    @app.post("/", back="/back")
    def command():
        if isinstance(result, Exception) and not isinstance(result, Invalid):
            raise result
        return result


async def test_none_is_204(app: App) -> None:
    returning(app, None)
    async with browser(app) as visitor:
        for headers in (own(), STOCK):
            answer = await visitor.post("/", headers=headers)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["cache-control"] == NO_STORE


@pytest.mark.parametrize(
    ("result", "patch"),
    [
        (Draft(), {"draft": {"title": "", "size": 3}}),
        (Draft.patch(title="x"), {"draft": {"title": "x"}}),
        ([Draft.patch(title="x"), None], {"draft": {"title": "x"}}),
    ],
    ids=["struct", "patch", "list of one"],
)
async def test_signals_are_json(app: App, result: object, patch: object) -> None:
    returning(app, result)
    async with browser(app) as visitor:
        for headers in (own(), STOCK, {"content-type": "application/json"}):
            answer = await visitor.post("/", headers=headers)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["cache-control"] == NO_STORE
            assert answer.json() == patch


async def test_an_element_is_html(app: App) -> None:
    returning(app, h.p(id="state")["<new>"])
    async with browser(app) as visitor:
        for headers in (own(), STOCK):
            answer = await visitor.post("/", headers=headers)
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["cache-control"] == NO_STORE
            assert answer.text == '<p id="state">&lt;new&gt;</p>'


async def test_several_things_are_events(app: App) -> None:
    returning(app, [h.p(id="state")["new"], (Draft.patch(title="x"), [toast("Done.")])])
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers=own())
        stock = await visitor.post("/", headers=STOCK)
    assert [event.event for event in events(answer)] == [
        "datastar-patch-elements",
        "datastar-patch-signals",
        "helio-toast",
    ]
    assert {event.event for event in events(stock)} == {
        "datastar-patch-elements",
        "datastar-patch-signals",
    }


@pytest.mark.parametrize(
    ("result", "effect", "expected"),
    [
        (redirect("/there?x=1"), "navigate", {"url": "/there?x=1", "mode": "push"}),
        (
            redirect("https://b.example/", external=True),
            "navigate",
            {"url": "https://b.example/", "mode": "push"},
        ),
        (toast("Hi.", "success"), "toast", {"text": "Hi.", "tone": "success"}),
        (focus("#a"), "focus", {"selector": "#a"}),
        (title("New"), "title", {"title": "New"}),
        (dispatch("done", {"n": 1}), "dispatch", {"name": "done", "detail": {"n": 1}}),
    ],
    ids=["redirect", "elsewhere", "toast", "focus", "title", "dispatch"],
)
async def test_effects(app: App, result: object, effect: str, expected: object) -> None:
    returning(app, result)
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers=own())
        stock = await visitor.post("/", headers=STOCK)
    assert answer.status_code == stock.status_code == 200
    assert detail(answer, effect) == expected
    assert all(event.event.startswith("datastar-") for event in events(stock))


async def test_a_patch_says_its_place(app: App) -> None:
    returning(app, Patch(h.li["new"], selector="#list", mode="append"))
    async with browser(app) as visitor:
        [event] = events(await visitor.post("/", headers=own()))
    assert event.data.split("\n") == ["selector #list", "mode append", "elements <li>new</li>"]


@pytest.mark.parametrize(
    "url", ["//b.example", "https://b.example/", "/\\b.example", "javascript:x", "b"]
)
def test_a_redirect_stays_on_this_site(url: str) -> None:
    with pytest.raises(ValueError, match="leaves this site"):
        redirect(url)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (h.p["x"], "returned an element without an id: '<p>'"),
        (5, "returned int 5. A command returns None, signals, an element"),
        ({"a": 1}, "returned dict {'a': 1}"),
        ("text", "returned str 'text'"),
    ],
    ids=["no id", "int", "dict", "str"],
)
async def test_what_is_no_answer(
    app: App, result: object, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    returning(app, result)
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers=own())
    assert answer.status_code == 500
    [logged] = caplog.records
    assert logged.exc_info
    assert told in str(logged.exc_info[1])


class TestInvalid:
    """Refused input."""

    @pytest.fixture(params=["returned", "raised"])
    def site(self, app: App, request: pytest.FixtureRequest) -> App:
        @app.page("/")
        def index():
            return h.form(on.submit(add))[
                h.input(bind(Draft.title)), errors(Draft.title), h.input(bind(Draft.size))
            ]

        @app.post("/add")
        def add(draft: Draft):
            if draft.title == "bad":
                refusal = Invalid(title="Not this one.")
                if request.param == "raised":
                    raise refusal
                return refusal
            return None

        return app

    async def test_our_runtime(self, site: App) -> None:
        async with browser(site) as visitor:
            answer = await visitor.post("/add", json={"draft": {"title": "bad"}}, headers=own())
        assert answer.status_code == 422
        assert answer.json() == {"errors": {"draft": {"title": "Not this one.", "size": ""}}}
        assert answer.headers["cache-control"] == NO_STORE

    async def test_stock(self, site: App) -> None:
        async with browser(site) as visitor:
            answer = await visitor.post("/add", json={"draft": {"title": "bad"}}, headers=STOCK)
        assert (answer.status_code, answer.headers["helio-status"]) == (200, "422")
        assert answer.json()["errors"]["draft"]["title"] == "Not this one."

    async def test_a_program(self, site: App) -> None:
        async with browser(site) as visitor:
            answer = await visitor.post("/add", json={"draft": {"title": "bad"}})
        assert answer.status_code == 422
        assert answer.json()["errors"]["draft"]["title"] == "Not this one."

    async def test_a_plain_form(self, site: App) -> None:
        async with browser(site) as visitor:
            answer = await visitor.post("/add", data={"draft.title": "bad", "draft.size": "4"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "Not this one." in answer.text
        assert 'value="bad"' in answer.text
        assert 'value="4"' in answer.text

    async def test_all_problems_at_once(self, site: App) -> None:
        async with browser(site) as visitor:
            wrong = {"draft": {"title": 1, "size": "x"}}
            answer = await visitor.post("/add", json=wrong, headers=own())
        told = answer.json()["errors"]["draft"]
        assert answer.status_code == 422
        assert all(told.values())

    async def test_messages_go_when_all_is_well(self, site: App) -> None:
        shown = {"errors": {"draft": {"title": "Not this one."}}}
        async with browser(site) as visitor:
            answer = await visitor.post("/add", json={"draft": {}, **shown}, headers=own())
            assert answer.json() == {"errors": {"draft": {"title": "", "size": ""}}}
            shown["errors"]["draft"]["title"] = ""
            answer = await visitor.post("/add", json={"draft": {}, **shown}, headers=own())
            assert answer.status_code == 204


async def test_messages_go_also_where_only_arguments_are_sent(app: App) -> None:
    @app.post("/")
    def save(draft: Draft, row: int): ...

    async with browser(app) as visitor:
        answer = await visitor.post("/", json={"draft": {}, "row": 1}, headers=own())
    assert answer.json() == {"errors": {"draft": {"title": "", "size": ""}}}


async def test_a_message_without_a_field_is_a_toast(app: App) -> None:
    returning(app, Invalid({"": "Nothing fits."}))
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers=own())
    assert (answer.status_code, detail(answer, "toast")["text"]) == (422, "Nothing fits.")


async def test_a_form_that_does_not_fit_beside_signals(app: App) -> None:
    class Move(Form):
        to: int

    @app.post("/")
    def move(draft: Draft, move: Move): ...

    async with browser(app) as visitor:
        answer = await visitor.post("/", json={"to": "x"}, headers=own())
        plain = await visitor.post("/", data={"to": "x"})
    assert (answer.status_code, plain.status_code) == (422, 422)
    assert "Expected a whole number" in detail(answer, "toast")["text"]
    assert "Expected a whole number" in plain.text


async def test_a_field_that_nobody_has_is_the_authors_error(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    @app.post("/")
    def save(draft: Draft):
        return Invalid(titel="wrong")

    async with browser(app) as visitor:
        assert (await visitor.post("/", json={}, headers=own())).status_code == 500
    [logged] = caplog.records
    assert logged.exc_info
    assert "It takes: Draft.title, Draft.size." in str(logged.exc_info[1])


@pytest.mark.parametrize(
    ("refusal", "status", "text"),
    [
        (NotFound(), 404, "This page does not exist."),
        (Forbidden("Not you."), 403, "Not you."),
        (Reject("Too late."), 409, "Too late."),
    ],
)
async def test_refusals(app: App, refusal: Exception, status: int, text: str) -> None:
    returning(app, refusal)

    @app.page("/back")
    def page():
        return h.main["The page."]

    async with browser(app) as visitor:
        ours = await visitor.post("/", headers=own())
        stock = await visitor.post("/", headers=STOCK)
        program = await visitor.post("/", json={})
        plain = await visitor.post("/")
    assert (ours.status_code, program.status_code, plain.status_code) == (status,) * 3
    assert detail(ours, "toast") == {"text": text, "tone": "error"}
    assert (stock.status_code, stock.headers["helio-status"]) == (200, str(status))
    assert text in stock.text
    assert text in program.text
    assert text in plain.text
    assert ("The page." in plain.text) is (status != 404)


async def test_failures(app: App, caplog: pytest.LogCaptureFixture) -> None:
    returning(app, RuntimeError("secret"))
    async with browser(app) as visitor:
        ours = await visitor.post("/", headers=own())
        stock = await visitor.post("/", headers=STOCK)
        plain = await visitor.post("/")
        app.development = True
        shown = await visitor.post("/", headers=own())
    assert (ours.status_code, stock.status_code, plain.status_code) == (500, 200, 500)
    assert stock.headers["helio-status"] == "500"
    assert len(caplog.records) == 4
    for answer, record in zip((ours, stock, plain), caplog.records, strict=False):
        assert "secret" not in answer.text
        number = record.getMessage().partition("(error ")[2][:8]
        assert number in answer.text
    assert detail(shown, "toast")["text"] == "RuntimeError: secret"
