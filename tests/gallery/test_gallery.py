"""The gallery as its visitors meet it: pages, plain forms, and what the runtime is answered."""

import sys
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from helio import App
from helio.server import Target

GALLERY = Path(__file__).parents[2] / "gallery"
PAGES = ["/", "/todo/", "/todos", "/counters", "/monitor", "/boards"]
numbers = count()


@pytest.fixture
async def app(modules: None) -> AsyncIterator[App]:
    app: Any = Target.parse(str(GALLERY / "app.py")).load()
    await app.start()
    yield app
    await app.stop()


class Visitor:
    """A browser without JavaScript; `runtime(…)` is a request of one that has it."""

    def __init__(self, app: App, host: str = "testserver") -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=f"http://{host}"
        )

    async def see(self, path: str) -> LexborHTMLParser:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)

    async def send(self, path: str, page: str, **fields: str) -> httpx.Response:
        """Submit a plain form that stands on `page`."""
        headers = {"referer": f"http://testserver{page}"}
        data = {name.replace("__", "."): value for name, value in fields.items()}
        return await self.client.post(path, data=data, headers=headers)

    async def press(self, page: str, selector: str, **fields: str) -> None:
        """Press the button that `selector` finds on `page`, with what its form holds."""
        button = (await self.see(page)).css_first(selector)
        assert button is not None, f"no {selector} on {page}"
        form: Any = button
        while form.tag != "form":
            form = form.parent
        hidden = {
            field.attributes["name"] or "": field.attributes.get("value") or ""
            for field in form.css("input[name]")
        }
        answer = await self.send(form.attributes["action"], page, **{**hidden, **fields})
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == page

    async def runtime(self, method: str, path: str, **payload: object) -> httpx.Response:
        headers = {"datastar-request": "true", "helio-request": f"request-{next(numbers)}"}
        return await self.client.request(method, path, json=payload, headers=headers)

    async def titles(self, page: str = "/todos") -> list[str]:
        return texts(await self.see(page), "#todos2 .title")

    async def add(self, title: str) -> None:
        answer = await self.send("/todos", "/todos", new_todo__title=title)
        assert answer.status_code == 303, answer.text


async def test_a_phone_in_the_same_network_may_visit(app: App) -> None:
    phone = Visitor(app, "192.0.2.7:8080")
    for path in PAGES:
        await phone.see(path)
    await phone.client.aclose()


@pytest.fixture
async def visitor(app: App) -> AsyncIterator[Visitor]:
    visitor = Visitor(app)
    yield visitor
    await visitor.client.aclose()


@pytest.fixture
async def other(app: App) -> AsyncIterator[Visitor]:
    other = Visitor(app)
    yield other
    await other.client.aclose()


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [node.text() for node in page.css(selector)]


def links(page: LexborHTMLParser) -> set[str]:
    return {node.attributes["href"] or "" for node in page.css("a[href]")}


# The frame


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_a_title_one_heading_and_the_gallerys_look(
    visitor: Visitor, path: str
):
    page = await visitor.see(path)
    assert texts(page, "title")[0]
    assert len(page.css("h1")) == 1
    assert page.css_first('link[rel=stylesheet][href="/static/gallery.css"]')
    assert len(page.css(".site-header nav a")) == 5
    assert page.css_first("footer a").attributes["href"].startswith("/source/")


async def test_the_index_links_every_page_and_its_source(visitor: Visitor):
    page = await visitor.see("/")
    assert {*PAGES, "/source/todo", "/source/todos", "/source/counters"} <= links(page)
    for href in links(page):
        if href.startswith("/"):
            await visitor.see(href)


@pytest.mark.parametrize("path", PAGES)
async def test_the_header_says_where_one_is(visitor: Visitor, path: str):
    page = await visitor.see(path)
    current = page.css_first("header a[aria-current=page]")
    assert current.attributes["href"] == path


async def test_the_style_sheet_is_served(visitor: Visitor):
    answer = await visitor.client.get("/static/gallery.css")
    assert answer.headers["content-type"].startswith("text/css")


# Sources


async def test_every_file_of_the_gallery_has_a_source_page_with_its_whole_text(visitor: Visitor):
    for file in sorted(GALLERY.glob("*.py")):
        page = await visitor.see(f"/source/{file.stem}")
        assert page.css_first(".listing code").text() == file.read_text("utf-8"), file.name


@pytest.mark.parametrize("name", ["nothing", "todo.py", "..%2Fpyproject", "gallery.db", "%00"])
async def test_other_sources_do_not_exist(visitor: Visitor, name: str):
    assert (await visitor.client.get(f"/source/{name}")).status_code == 404


# The first todo


async def test_the_first_todo_works_as_a_plain_form_inside_the_gallery(visitor: Visitor):
    answer = await visitor.send("/todo/todos", "/todo/", draft__title="buy <b>milk</b>")
    assert (answer.status_code, answer.headers["location"]) == (303, "/todo/")
    page = await visitor.see("/todo/")
    assert texts(page, "#todos li") == ["buy <b>milk</b>"]
    assert page.css_first("#todos b") is None


# The second todo


async def test_a_title_is_added_and_escaped_everywhere(visitor: Visitor, other: Visitor):
    title = "<script>alert(\"1\")</script> & 'x' {}"
    await visitor.add(f"  {title} ")
    assert (await other.titles())[-1] == title
    assert title in texts(await other.see("/"), ".mini-list li")
    for path in ("/todos", "/"):
        assert "<script>alert" not in (await other.client.get(path)).text


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
async def test_a_refused_title_comes_back_with_its_message(visitor: Visitor, title: str):
    before = await visitor.titles()
    answer = await visitor.send("/todos", "/todos", new_todo__title=title)
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.text)
    assert page.css_first("#new-todo .helio-error").text()
    assert page.css_first('[name="new_todo.title"]').attributes.get("value") == title
    assert await visitor.titles() == before


async def test_the_runtime_is_told_of_a_refused_title_by_signals(visitor: Visitor):
    answer = await visitor.runtime("POST", "/todos", new_todo={"title": "x" * 130})
    assert answer.status_code == 422
    assert "120" in answer.json()["errors"]["new_todo"]["title"]


async def test_done_tasks_are_counted_and_filtered(visitor: Visitor):
    await visitor.add("one")
    task = "#task-4"
    await visitor.press("/todos", f"{task} .finish")
    assert "one" in await visitor.titles("/todos?show=done")
    assert "one" not in await visitor.titles("/todos?show=open")
    assert (await visitor.see("/todos")).css_first("#left").text() == "2 tasks left"
    await visitor.press("/todos?show=done", f"{task} .reopen")
    assert "one" in await visitor.titles("/todos?show=open")


async def test_an_unknown_filter_is_refused(visitor: Visitor):
    assert (await visitor.client.get("/todos?show=x")).status_code == 400


async def test_a_task_is_edited_in_place(visitor: Visitor, other: Visitor):
    await visitor.press("/todos", "#task-2 .edit button", title="  new <i>title</i> ")
    assert "new <i>title</i>" in await other.titles()


async def test_a_task_that_is_gone_cannot_be_edited(visitor: Visitor):
    assert (await visitor.runtime("PATCH", "/todos/999", title="x")).status_code == 404


@pytest.mark.parametrize("title", [" ", "x" * 121])
async def test_a_task_cannot_be_given_a_refused_title(visitor: Visitor, title: str):
    before = await visitor.titles()
    answer = await visitor.runtime("PATCH", "/todos/2", title=title)
    assert answer.status_code == 422
    assert await visitor.titles() == before


async def test_a_deletion_is_undone_at_its_place(visitor: Visitor):
    before = await visitor.titles()
    await visitor.press("/todos", "#task-1 .remove")
    await visitor.press("/todos", "#task-3 .remove")
    assert await visitor.titles() == [before[1]]
    await visitor.add("meanwhile")
    await visitor.press("/todos", "#undo")
    await visitor.press("/todos", "#undo")
    assert await visitor.titles() == [*before, "meanwhile"]
    assert (await visitor.see("/todos")).css_first("#undo") is None


async def test_a_completion_is_undone(visitor: Visitor):
    await visitor.press("/todos", "#task-2 .finish")
    await visitor.press("/todos", "#undo")
    assert (await visitor.see("/todos")).css_first("#task-2 .finish")


async def test_clearing_is_undone_as_one(visitor: Visitor):
    before = await visitor.titles()
    await visitor.press("/todos", "#task-2 .finish")
    await visitor.press("/todos", "#clear")
    assert await visitor.titles() == before[2:]
    await visitor.press("/todos", "#undo")
    assert await visitor.titles() == before
    assert (await visitor.see("/todos")).css_first("#task-2 .reopen")


async def test_everybody_undoes_only_what_they_did(visitor: Visitor, other: Visitor):
    await visitor.press("/todos", "#task-1 .remove")
    assert (await other.see("/todos")).css_first("#undo") is None
    assert (await other.runtime("POST", "/todos/undo")).status_code == 409


async def test_undo_says_so_when_there_is_nothing_left_to_take_back(
    visitor: Visitor, other: Visitor
):
    await visitor.press("/todos", "#task-2 .finish")
    await other.press("/todos", "#task-2 .reopen")
    answer = await visitor.runtime("POST", "/todos/undo")
    assert "helio-toast" in answer.text
    assert (await visitor.see("/todos")).css_first("#undo") is None


async def test_a_full_list_takes_no_more(visitor: Visitor, app: App):
    store: Any = sys.modules["database"]
    await store.db.executemany("insert into task (title) values ($1)", [("x",)] * 197)
    answer = await visitor.send("/todos", "/todos", new_todo__title="one more")
    assert answer.status_code == 409
    assert "full" in LexborHTMLParser(answer.text).css_first(".helio-problems").text()


# Counters


async def test_the_sessions_button_is_answered_by_the_response(visitor: Visitor, other: Visitor):
    answer = await visitor.runtime("PATCH", "/counters/session")
    assert answer.status_code == 200
    assert LexborHTMLParser(answer.text).css_first("button#session-count .number").text() == "1"
    assert texts(await other.see("/counters"), "#session-count .number") == ["0"]


async def test_the_global_button_is_answered_by_nothing(visitor: Visitor, other: Visitor):
    answer = await visitor.runtime("PATCH", "/counters/global")
    assert (answer.status_code, answer.content) == (204, b"")
    assert texts(await other.see("/counters"), "#global-count .number") == ["1"]
    assert texts(await other.see("/"), "#live-counter") == ["1"]


async def test_both_buttons_work_as_plain_forms(visitor: Visitor):
    for name in ("session", "global", "session"):
        await visitor.press("/counters", f"#{name}-count")
    page = await visitor.see("/counters")
    assert texts(page, "#session-count .number") == ["2"]
    assert texts(page, "#global-count .number") == ["1"]


# Monitor


async def test_the_charts_show_this_machine(visitor: Visitor):
    page = await visitor.see("/monitor")
    for name in ("cpu", "memory", "network", "disk"):
        drawing = page.css_first(f"#{name} svg")
        assert "the last 120 seconds. Now:" in (drawing.attributes["aria-label"] or "")
        assert page.css_first(f"#{name} path.line").attributes["d"]


async def test_the_table_is_sorted_for_one_visitor_and_not_for_another(
    visitor: Visitor, other: Visitor
):
    for order in ("ascending", "descending"):
        await visitor.press("/monitor", "th.pid button")
        page = await visitor.see("/monitor")
        pids = [int(text) for text in texts(page, "#processes td.pid")]
        assert pids == sorted(pids, reverse=order == "descending")
        assert page.css_first("th.pid").attributes["aria-sort"] == order
    sorted_by = (await other.see("/monitor")).css("th[aria-sort]")
    assert [node.text() for node in sorted_by] == ["CPU"]


async def test_the_table_is_filtered_and_the_text_is_escaped(visitor: Visitor):
    await visitor.press("/monitor", "#process-filter button", text='<b>"no such"')
    page = await visitor.see("/monitor")
    assert texts(page, "#processes .empty") == ["No such process."]
    assert page.css_first("[name=text]").attributes["value"] == '<b>"no such"'
    assert page.css_first("#process-count b") is None


async def test_an_unknown_column_is_refused(visitor: Visitor):
    answer = await visitor.runtime("POST", "/monitor/sort", column="cmdline")
    assert answer.status_code == 400
