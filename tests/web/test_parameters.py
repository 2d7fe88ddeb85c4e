"""Parameters: found by name and type, or refused at the start with what helps."""

import enum
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import pytest
from msgspec import Meta
from starlette.datastructures import UploadFile

from helio import App, Form, Request, Session, SessionState, Signals
from helio import html as h
from web.visiting import browser, own


class Draft(Signals):
    title: str = ""


class Move(Form):
    to: int
    why: str = ""


class Prefs(SessionState):
    sort: str = "name"


class Color(enum.Enum):
    RED = "red"


async def _refusal(app: App) -> str:
    with pytest.raises(TypeError) as refused:
        await app.start()
    return str(refused.value)


@pytest.mark.parametrize(
    ("hint", "sent", "value"),
    [
        (int, "5", 5),
        (float, "1.5", 1.5),
        (str, "a%20b", "a b"),
        (bool, "true", True),
        (date, "2024-02-03", date(2024, 2, 3)),
        (UUID, "12345678-1234-5678-1234-567812345678", UUID("12345678123456781234567812345678")),
        (Decimal, "1.50", Decimal("1.50")),
        (Color, "red", Color.RED),
        (Literal["a", "b"], "b", "b"),
        (int | None, "5", 5),
        (Annotated[int, Meta(ge=1)], "5", 5),
    ],
    ids=str,
)
async def test_values_of_path_and_query(app: App, hint: type, sent: str, value: object) -> None:
    seen: list[object] = []

    @app.page("/path/{value}")
    def by_path(value: hint):  # type: ignore[valid-type]
        seen.append(value)
        return h.p["x"]

    @app.page("/query")
    def by_query(value: hint):  # type: ignore[valid-type]
        seen.append(value)
        return h.p["x"]

    @app.post("/body")
    def by_body(value: hint):  # type: ignore[valid-type]
        seen.append(value)

    async with browser(app) as visitor:
        assert (await visitor.get(f"/path/{sent}")).status_code == 200
        assert (await visitor.get(f"/query?value={sent}")).status_code == 200
        await visitor.post("/body", data={"value": sent.replace("%20", " ")})
    assert seen == [value] * 3
    assert app.url(by_path, value=value) == f"/path/{sent}"


async def test_several_values_of_one_name(app: App) -> None:
    seen: list[object] = []

    @app.page("/")
    def index(tags: list[str] = ["none"], kinds: set[int] = set()):  # noqa: B006
        seen.append((tags, kinds))
        return h.p["x"]

    @app.post("/")
    def save(tags: list[str]):
        seen.append(tags)

    async with browser(app) as visitor:
        for query in ("", "?tags=a", "?tags=a&tags=b&kinds=2&kinds=1"):
            assert (await visitor.get(f"/{query}")).status_code == 200
        await visitor.post("/", data={"tags": "a"})
        await visitor.post("/", data={"tags": ["a", "b"]})
        await visitor.post("/", json={"tags": ["a"]}, headers=own())
    assert seen[:3] == [(["none"], set()), (["a"], set()), (["a", "b"], {1, 2})]
    assert seen[3:] == [["a"], ["a", "b"], ["a"]]


async def test_the_last_value_of_a_name_counts(app: App) -> None:
    @app.page("/")
    def index(page: int = 1):
        return h.p[f"page {page}"]

    async with browser(app) as visitor:
        assert "page 3" in (await visitor.get("/?page=2&page=3")).text
        assert "page 1" in (await visitor.get("/?other=2")).text


async def test_a_page_is_rendered_apart_for_each_of_its_arguments(app: App) -> None:
    @app.page("/{name}")
    def index(name: str, page: int = 1, flag: bool = False):
        return h.p[f"{name} {page} {flag}"]

    async with browser(app) as visitor:
        for path, text in (
            ("/a", "a 1 False"),
            ("/b", "b 1 False"),
            ("/a?page=2", "a 2 False"),
            ("/a?flag=true", "a 1 True"),
            ("/a?page=1", "a 1 False"),
        ):
            assert text in (await visitor.get(path)).text


async def test_a_paths_own_converter_may_be_used(app: App) -> None:
    @app.page("/n/{number:int}")
    def number(number):
        return h.p[repr(number)]

    @app.page("/f/{place:path}")
    def place(place: str):
        return h.p[place]

    async with browser(app) as visitor:
        assert "&#39;5&#39;" in (await visitor.get("/n/5")).text
        assert (await visitor.get("/n/x")).status_code == 404
        assert "a/b" in (await visitor.get("/f/a/b")).text
    assert app.url(place, place="a/b c") == "/f/a/b%20c"


async def test_everything_at_once(app: App) -> None:
    seen: list[object] = []

    @app.post("/{number}")
    async def everything(
        number: int,
        draft: Draft,
        prefs: Prefs,
        session: Session,
        request: Request,
        flag: bool = False,
    ):
        seen.append((number, draft.title, prefs.sort, request.method, flag))

    async with browser(app) as visitor:
        body = {"draft": {"title": "x"}, "flag": True, "unknown": {"a": 1}}
        await visitor.post("/3", json=body, headers=own())
        await visitor.post("/3", data={"draft.title": "x", "flag": "true"})
    assert seen == [(3, "x", "name", "POST", True)] * 2


async def test_forms(app: App) -> None:
    seen: list[object] = []

    @app.post("/")
    def move(move: Move):
        seen.append((move.to, move.why))

    async with browser(app) as visitor:
        await visitor.post("/", data={"to": "3", "why": "so"})
        await visitor.post("/", json={"to": 3, "why": "so", "else": 1}, headers=own())
        for wrong in ({}, {"to": "x"}):
            assert (await visitor.post("/", json=wrong, headers=own())).status_code == 422
            assert (await visitor.post("/", data=wrong)).status_code == 422
    assert seen == [(3, "so")] * 2


async def test_uploads(app: App) -> None:
    seen: list[object] = []

    @app.post("/")
    async def keep(file: UploadFile, note: str = ""):
        seen.append((file.filename, await file.read(), note))

    async with browser(app) as visitor:
        answer = await visitor.post(
            "/", files={"file": ("a.txt", b"x" * 70_000)}, data={"note": "n"}
        )
        assert answer.status_code == 303
        missing = await visitor.post("/", data={"note": "n"})
        assert (
            missing.status_code,
            "The file 'file' is missing." in missing.text.replace("&#39;", "'"),
        ) == (422, True)
    assert seen == [("a.txt", b"x" * 70_000, "n")]


async def test_what_cannot_be_found_is_refused_at_the_start(app: App) -> None:
    class Thing: ...

    @app.post("/things")
    def save(thing: Thing): ...

    told = await _refusal(app)
    assert told.startswith(
        f"command {save.qualified} (POST /things): parameter thing: Thing cannot be found"
    )
    assert "a Signals struct, a Form, a User, a SessionState or TabState, Session, Tab," in told


async def test_signals_in_a_page_are_refused_with_the_fix(app: App) -> None:
    @app.page("/")
    def index(draft: Draft):
        return h.p[draft.title]

    told = await _refusal(app)
    assert "page " in told
    assert "parameter draft: Draft. A page is shared and kept current" in told
    assert "Keep the choice in a SessionState struct, or in the query of the URL" in told


@pytest.mark.parametrize("kind", [Move, UploadFile])
async def test_what_comes_in_a_body_is_refused_where_there_is_none(app: App, kind: type) -> None:
    @app.page("/")
    def index(thing: kind):  # type: ignore[valid-type]
        return h.p["x"]

    assert "comes in a body, which this request does not have" in await _refusal(app)


async def test_a_name_in_the_path_that_nobody_takes(app: App) -> None:
    @app.page("/cards/{number}")
    def card():
        return h.p["x"]

    told = await _refusal(app)
    assert "the path names 'number', which the function does not take." in told
    assert "Add the parameter, e.g. number: int." in told


@pytest.mark.parametrize(
    "handler",
    [lambda *args: None, lambda **kwargs: None, eval("lambda a, /: None")],  # noqa: S307
    ids=["star", "stars", "slash"],
)
async def test_parameters_without_a_name(app: App, handler: Callable[..., object]) -> None:
    app.page("/")(handler)
    assert "name each parameter, without * and /" in await _refusal(app)


async def test_an_annotation_that_cannot_be_read(app: App) -> None:
    @app.page("/")
    def index(thing: "Nowhere"):  # type: ignore[name-defined] # noqa: F821
        return h.p["x"]

    told = await _refusal(app)
    assert "an annotation cannot be read: name 'Nowhere' is not defined" in told


async def test_an_application_that_cannot_start_does_not_start_by_halves(app: App) -> None:
    @app.page("/")
    def index(draft: Draft):
        return h.p["x"]

    async with browser(app) as visitor:
        for _ in range(2):
            with pytest.raises(TypeError, match="A page is shared"):
                await visitor.get("/")


def test_urls_are_made_of_what_a_handler_takes(app: App) -> None:
    @app.page("/cards/{number}")
    def card(number: int, page: int = 1, tags: list[str] = []):  # noqa: B006
        return h.p["x"]

    @app.delete("/cards/{number}")
    def remove(number: int, hard: bool = False): ...

    assert app.url(card, number=3) == "/cards/3"
    assert app.url(card, number=3, page=2, tags=["a", "b c"]) == "/cards/3?page=2&tags=a&tags=b+c"
    assert app.url(card, number=3, page=None) == "/cards/3"
    assert app.url(remove, number=3, hard=True) == "/cards/3?hard=true"
    with pytest.raises(TypeError, match="needs number=…, which is part of its path"):
        app.url(card)
    with pytest.raises(TypeError, match="has no parameter 'nothing'"):
        app.url(card, number=3, nothing=1)
    with pytest.raises(TypeError, match="has no argument 'nothing'; it has: hard, number"):
        app.url(remove, number=3, nothing=1)


@pytest.mark.parametrize(("first", "second"), [("/a/{x}", "/a/{x}"), ("/a/{x}", "/a/{y}")])
def test_two_handlers_of_one_method_and_path(app: App, first: str, second: str) -> None:
    app.page(first)(lambda x: h.p["x"])
    app.post(first)(lambda x: None)
    with pytest.raises(ValueError, match=r"answers GET"):
        app.page(second)(lambda x, y: h.p["x"])
    with pytest.raises(ValueError, match=r"answers GET"):
        app.get(second)(lambda x, y: None)
    with pytest.raises(ValueError, match=r"answers POST"):
        app.post(second)(lambda x, y: None)
    app.put(second)(lambda x, y: None)


def test_paths_begin_with_a_slash(app: App) -> None:
    with pytest.raises(ValueError, match="must begin with a slash"):
        app.page("cards")(lambda: h.p["x"])
