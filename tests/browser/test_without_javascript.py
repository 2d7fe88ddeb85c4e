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


def test_what_does_not_fit_is_shown_again_with_messages_and_values(serve, plain):
    tasks = serve("tasks.py")
    old = plain(tasks.url)
    assert old.texts("#add [role=alert]") == ["", ""]
    old.page.fill("#title", "<b")
    old.page.fill("#count", "many")
    assert old.submit("#add button").status == 422
    assert old.page.input_value("#title") == "<b"
    assert old.page.input_value("#count") == "many"
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


def test_a_refused_page_comes_alive_where_javascript_is_on(serve, window, plain):
    """A plain post that was refused, sent before the runtime had loaded."""
    tasks = serve("tasks.py")
    anna = window()
    anna.page.route("**/_helio/*", lambda route: route.abort())
    anna.page.goto(tasks.url)
    anna.page.fill("#title", "no")
    anna.page.unroute("**/_helio/*")
    anna.submit("#add button")
    anna.connected()
    assert anna.page.input_value("#title") == "no"
    assert anna.texts("#add [role=alert]") == ["Expected at least 3 characters", ""]
    anna.forgive("422", "ERR_FAILED")

    anna.page.fill("#title", "now it fits")
    anna.page.click("#add button")
    anna.shows("#tasks a", "now it fits")
    anna.shows("#add [role=alert]", "", "")
