"""With JavaScript off, forms and links do what the runtime would have done."""

import pytest

TASKS = "select title, done from task order by id"


@pytest.fixture
def plain(window):
    """A window with JavaScript switched off."""

    def open_window(url):
        return window(url, java_script_enabled=False)

    return open_window


def test_the_printed_todo_works_as_a_plain_form(serve, window, plain):
    todo = serve("todo.py")
    old, new = plain(todo.url), window(todo.url)
    old.page.fill("input", "by hand")
    with old.page.expect_response("**/todos") as answered:
        old.page.press("input", "Enter")
    assert answered.value.status == 303
    old.page.wait_for_url(f"{todo.url}/")
    assert old.texts("#todos li") == ["by hand"]
    assert old.page.input_value("input") == ""
    new.shows("#todos li", "by hand")


def test_put_patch_and_delete_are_sent_through_a_hidden_field(serve, plain):
    tasks = serve("tasks.py")
    old = plain(tasks.url)
    for title in ("one", "two"):
        old.page.fill("#title", title * 2)
        old.submit("#add button")
    old.submit("#task-1 .done button")
    assert tasks.rows(TASKS) == [("oneone", 1), ("twotwo", 0)]
    assert old.texts("#tasks b") == [" done", ""] or old.texts("#tasks b") == ["done", ""]

    old.submit("#task-2 .drop button")
    assert tasks.rows(TASKS) == [("oneone", 1)]
    assert old.page.url == f"{tasks.url}/"

    old.submit("#task-1 a")
    old.page.fill("#name", "renamed")
    old.submit("#rename button")
    assert tasks.rows(TASKS) == [("renamed", 1)]
    assert old.page.url == f"{tasks.url}/tasks/1"
    assert old.texts("h1") == ["renamed"]


def choose(window) -> None:
    window.page.check("#urgent")
    window.page.select_option("#kind", "work")
    window.page.fill("#remark", "a <b>\nc")


def chosen(window) -> list[object]:
    page = window.page
    return [page.is_checked("#urgent"), page.input_value("#kind"), page.input_value("#remark")]


def test_what_does_not_fit_is_shown_again_with_messages_and_values(serve, plain):
    tasks = serve("tasks.py")
    old = plain(tasks.url)
    assert old.texts("#add [role=alert]") == ["", ""]
    old.page.fill("#title", "<b")
    old.page.fill("#count", "many")
    choose(old)
    assert old.submit("#add button").status == 422
    assert old.page.input_value("#title") == "<b"
    assert old.page.input_value("#count") == "many"
    assert chosen(old) == [True, "work", "a <b>\nc"]
    messages = old.texts("#add [role=alert]")
    assert messages[0] == "Expected at least 3 characters"
    assert messages[1] == "Expected a whole number, got text"
    assert tasks.rows(TASKS) == []
    old.forgive("422")

    old.page.fill("#title", "<b>")
    old.page.fill("#count", "2")
    old.submit("#add button")
    assert old.page.url == f"{tasks.url}/"
    assert old.texts("#tasks a") == ["<b>", "<b>"]
    assert old.texts("#add [role=alert]") == ["", ""]


@pytest.fixture
def early(window):
    """A window whose user sends the form before the runtime has loaded."""

    def refused(url):
        opened = window()
        opened.page.route("**/_helio/*", lambda route: route.abort())
        opened.page.goto(url)
        opened.page.fill("#title", "no")
        choose(opened)
        opened.page.unroute("**/_helio/*")
        opened.submit("#add button")
        opened.connected()
        opened.forgive("422", "ERR_FAILED")
        return opened

    return refused


def test_a_refused_page_comes_alive_where_javascript_is_on(serve, early):
    tasks = serve("tasks.py")
    anna = early(tasks.url)
    tasks.elsewhere("insert into task (title) values ('meanwhile')")
    anna.shows("#tasks a", "meanwhile")
    assert anna.page.input_value("#title") == "no"
    assert anna.texts("#add [role=alert]") == ["Expected at least 3 characters", ""]

    anna.page.fill("#title", "now it fits")
    anna.page.click("#add button")
    anna.shows("#tasks a", "meanwhile", "now it fits")
    anna.shows("#add [role=alert]", "", "")


def test_a_refused_page_keeps_what_was_chosen_when_it_comes_alive(serve, early):
    tasks = serve("tasks.py")
    anna = early(tasks.url)
    tasks.elsewhere("insert into task (title) values ('meanwhile')")
    anna.shows("#tasks a", "meanwhile")
    assert chosen(anna) == [True, "work", "a <b>\nc"]
