"""Leaving a page and coming back to it: always a page, always current, one stream a tab."""

import re
import time

import pytest

CAT = "insert into cat (name, weight) values (?, ?)"


@pytest.fixture
def cats(serve):
    served = serve("cats.py")
    served.get("/")
    served.elsewhere(CAT, "Anton", "5")
    return served


@pytest.fixture(params=["kept in the back/forward cache", "loaded anew"])
def browser(request, launch, chromium):
    """A browser that keeps pages one has left, and one that does not."""
    if request.param == "loaded anew":
        yield chromium
        return
    own = launch(ignore_default_args=["--disable-back-forward-cache"])
    yield own
    own.close()


def is_a_page(window) -> bool:
    text = window.page.inner_text("body")
    return not re.search("event:|data:|datastar", text) and window.locate("main").count() == 1


def test_back_shows_the_page_as_it_is_now(cats, window, browser, chromium):
    anna = window(cats.url, browser=browser)
    anna.shows("#cats li", "Anton")
    anna.page.evaluate("window.kept = true")
    anna.page.click("text=Mine")
    anna.page.wait_for_url("**/mine", wait_until="commit")
    anna.connected()
    cats.elsewhere(CAT, "Berta", "3")
    anna.shows("#cats li", "Anton", "Berta")

    cats.elsewhere(CAT, "Carlo", "4")
    anna.page.go_back(wait_until="commit")
    anna.page.wait_for_url(f"{cats.url}/", wait_until="commit")
    assert is_a_page(anna)
    assert bool(anna.value("window.kept")) is (browser is not chromium)
    anna.connected()
    anna.shows("#cats li", "Anton", "Berta", "Carlo")
    cats.elsewhere(CAT, "Doris", "2")
    anna.shows("#cats li", "Anton", "Berta", "Carlo", "Doris")

    anna.page.reload()
    assert is_a_page(anna)
    anna.connected()
    anna.page.go_forward(wait_until="commit")
    anna.page.wait_for_url("**/mine", wait_until="commit")
    assert is_a_page(anna)
    anna.connected()
    cats.elsewhere("delete from cat where id > 1")
    anna.shows("#cats li", "Anton")


def test_back_from_another_site_shows_the_page(cats, serve, window, browser):
    todo = serve("todo.py")
    anna = window(cats.url, browser=browser)
    for _ in range(2):
        anna.visit(todo.url)
        anna.page.go_back(wait_until="commit")
        anna.page.wait_for_url(f"{cats.url}/", wait_until="commit")
        assert is_a_page(anna)
        anna.connected()
    cats.elsewhere(CAT, "Berta", "3")
    anna.shows("#cats li", "Anton", "Berta")


def test_a_page_that_was_put_away_catches_up_when_it_is_shown_again(cats, window):
    """The tab is hidden, as when one changes to another tab, and its stream ends."""
    anna = window(cats.url)
    hide = """hidden => {
        Object.defineProperty(document, 'hidden', {configurable: true, value: hidden})
        document.dispatchEvent(new Event('visibilitychange'))
    }"""
    anna.page.evaluate(hide, True)
    cats.elsewhere(CAT, "Berta", "3")
    time.sleep(0.3)
    anna.page.evaluate(hide, False)
    anna.shows("#cats li", "Anton", "Berta")


def test_a_second_stream_of_the_same_tab_replaces_the_first(cats, listen):
    tab = {"Helio-Request": "one", "Helio-Tab": "abcdefgh12345678"}
    first = listen(cats.url, **tab)
    first.shows('id="cats"')
    second = listen(cats.url, **tab)
    assert first.ended.wait(15)
    assert first.heard("datastar-close") == ["reason replaced"]
    cats.elsewhere(CAT, "Berta", "3")
    second.shows("Berta")
    assert "Berta" not in first.text


def test_the_same_tab_id_of_another_visitor_replaces_nothing(cats, window, listen):
    tab = {"Helio-Request": "one", "Helio-Tab": "abcdefgh12345678"}
    anna, ben = window(f"{cats.url}/mine"), window(f"{cats.url}/mine")
    streams = [listen(f"{cats.url}/mine", cookie=each.cookie, **tab) for each in (anna, ben)]
    cats.elsewhere(CAT, "Berta", "3")
    for stream in streams:
        stream.shows("Berta")
        assert stream.heard("datastar-close") == []


def test_a_duplicated_tab_is_a_tab_of_its_own(cats, window):
    anna = window(cats.url)
    with anna.context.expect_page() as opened:
        # What is opened from a page begins with a copy of its session storage, as a duplicate does.
        anna.page.evaluate("window.open(location.href)")
    copy = anna.watch(opened.value)
    copy.connected()
    tabs = [each.value("sessionStorage['helio-tab']") for each in (anna, copy)]
    assert tabs[0] != tabs[1]
    cats.elsewhere(CAT, "Berta", "3")
    for each in (anna, copy):
        each.shows("#cats li", "Anton", "Berta")
        each.connected()


def test_a_reloaded_tab_stays_the_same_tab(cats, window):
    anna = window(cats.url)
    before = anna.value("sessionStorage['helio-tab']")
    anna.page.reload()
    anna.connected()
    assert anna.value("sessionStorage['helio-tab']") == before
    assert before
