"""Two processes behind one address: what a tab has does not depend on which of them it meets."""

import pytest

RENAME = "update card set title = ? where id = 1"
LOG = """
window.log = []
document.addEventListener('helio-settled', ({ detail }) => queueMicrotask(() => log.push(
  [document.querySelectorAll('#rows li').length,
   getComputedStyle(document.querySelector('#busy')).display !== 'none'])))
"""


@pytest.fixture
def pair(serve):
    """Two processes on one database."""

    def start(name):
        first = serve(name)
        first.get("/")
        return first, serve(name, beside=first)

    return start


@pytest.fixture
def cards(pair):
    return pair("dialogs.py")


def rename(served, title: str) -> None:
    served.elsewhere(RENAME, title, file="cards.db")


def test_a_dialog_goes_along_to_the_other_process(cards, before, window):
    first, second = cards
    address = before(first)
    anna = window(address.url)
    anna.page.click(".show")
    anna.shows("article h2", "first")
    anna.page.fill(".note", "half a tho")
    anna.page.evaluate("window.field = document.querySelector('.note')")

    address.streams = address.others = second
    first.kill()
    address.cut()
    rename(second, "renamed")
    anna.shows("article h2", "renamed")
    anna.connected()
    assert anna.value("[field.isConnected, field.value, document.activeElement === field]") == [
        True,
        "half a tho",
        True,
    ]
    rename(second, "renamed again")
    anna.shows("article h2", "renamed again")
    anna.page.click("article button")
    anna.shows("main em", "nothing open")
    anna.shows("article")
    anna.forgive_network()


def test_what_one_process_mounts_the_other_shows(cards, before, window):
    """The command is answered by a process that does not have the tab's stream."""
    anna = window(before(*cards).url)
    anna.page.click(".show")
    anna.shows("article h2", "first")
    rename(cards[0], "renamed")
    anna.shows("article h2", "renamed")
    anna.page.click("article button")
    anna.shows("article")
    rename(cards[0], "renamed again")
    anna.page.click(".show")
    anna.shows("article h2", "renamed again")


def test_both_processes_in_turn(cards, before, window):
    """Each connection that is lost comes back to the other one."""
    address = before(*cards)
    anna = window(address.url)
    anna.page.click(".beside")
    anna.page.click(".show")
    for turn in range(3):
        rename(cards[0], f"title {turn}")
        anna.shows("h2", f"title {turn}", f"title {turn}")
        address.streams, address.others = address.others, address.streams
        address.cut()
    anna.page.click("article button >> nth=0")
    anna.shows("h2", "title 2")
    anna.forgive_network()


def test_an_indicator_ends_when_the_page_shows_what_the_other_process_did(pair, before, window):
    anna = window(before(*pair("slow.py")).url)
    anna.page.evaluate(LOG)
    for count in (1, 2):
        anna.page.click("#add")
        anna.page.wait_for_selector("#busy", state="visible")
        anna.until(f"log.length === {count}")
    assert anna.value("log") == [[1, False], [2, False]]
