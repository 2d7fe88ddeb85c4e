"""What is mounted in a slot stays there: through renders, a killed server, and without scripts."""

import pytest

RENAME = "update card set title = ? where id = 1"
ADD = "insert into card (title) values (?)"


@pytest.fixture
def served(serve):
    made = serve("dialogs.py")
    made.get("/")
    return made


def change(served, sql, *values):
    served.elsewhere(sql, *values, file="cards.db")


def test_a_dialog_lives_through_the_page_around_it(served, window):
    anna = window(served.url)
    anna.page.click(".show")
    anna.shows("article h2", "first")
    anna.page.fill(".note", "half a tho")
    change(served, ADD, "second")
    anna.shows("h1", "2 cards")
    anna.shows("article h2", "first")
    change(served, RENAME, "renamed")
    anna.shows("article h2", "renamed")
    assert anna.page.input_value(".note") == "half a tho"
    assert anna.value("document.activeElement.className") == "note"
    anna.page.click("article button")
    anna.shows("article")
    anna.shows("main em", "nothing open")


def test_it_lives_through_a_killed_server(served, window):
    anna = window(served.url)
    anna.page.click(".show")
    anna.shows("article h2", "first")
    anna.page.fill(".note", "half a tho")
    served.kill()
    change(served, RENAME, "renamed")
    served.restart()
    anna.shows("article h2", "renamed")
    assert anna.page.input_value(".note") == "half a tho"
    change(served, RENAME, "renamed again")
    anna.shows("article h2", "renamed again")
    anna.forgive_network()


def test_going_to_a_page_and_back(served, window):
    anna = window(served.url)
    anna.value("window.kept = true")
    anna.page.click(".beside")
    anna.shows("aside h2", "first")
    anna.page.click(".show")
    anna.shows("main h2", "first")
    anna.page.click(".visit")
    anna.shows("h1", "Card: first")
    anna.connected()
    assert anna.page.title() == "A card"
    assert anna.page.url == f"{served.url}/cards/1"
    anna.shows("aside h2", "first")
    anna.shows("main h2")
    change(served, RENAME, "renamed")
    anna.shows("h1", "Card: renamed")
    anna.shows("aside h2", "renamed")
    anna.page.go_back()
    anna.shows("h1", "1 cards")
    anna.shows("aside h2", "renamed")
    change(served, ADD, "second")
    anna.shows("h1", "2 cards")
    assert anna.value("window.kept")


def test_without_scripts_the_page_comes_with_the_slot_filled(served, window):
    otto = window(served.url, java_script_enabled=False)
    otto.submit(".show")
    assert otto.texts("article h2") == ["first"]
    assert otto.texts("h1") == ["1 cards"]
    otto.submit("article button")
    assert otto.texts("article h2") == []
    assert otto.page.url == f"{served.url}/"
    otto.submit(".visit")
    assert otto.texts("h1") == ["Card: first"]
