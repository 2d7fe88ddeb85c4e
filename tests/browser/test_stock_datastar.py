"""Stock Datastar v1 in the place of our runtime: the same pages work, as far as it can."""

import subprocess
import sys
import zipfile

import pytest

PACKAGE = "starhtml==0.7.0"
"""A package that carries the stock runtime of its time, v1.0.1, as one of its static files."""
INSIDE = "starhtml/static/js/datastar-core.js"


@pytest.fixture(scope="session")
def datastar(tmp_path_factory) -> bytes:
    """The stock runtime, fetched for this run."""
    place = tmp_path_factory.mktemp("stock")
    asked = ["--no-deps", "--only-binary=:all:", "--python-version=3.13", "--dest", str(place)]
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", *asked, PACKAGE],
        capture_output=True,
        text=True,
        timeout=120,
    )
    if fetched.returncode:
        pytest.skip(f"{PACKAGE}, which carries stock Datastar, cannot be had here")
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        source = wheel.read(INSIDE)
    assert source.startswith(b"// Datastar v1.")
    return source


@pytest.fixture
def stock(serve, datastar):
    return serve("stock.py", files={"static/datastar.js": datastar})


@pytest.fixture
def look(stock, window):
    """Opens the page."""

    def open_window(path: str = "/"):
        opened = window()
        following(opened, lambda: opened.page.goto(stock.url + path))
        return opened

    return open_window


def following(window, go) -> None:
    """Waits until the page that `go` leads to has its stream: stock Datastar does not say."""
    with window.page.expect_response(
        lambda answer: (
            "event-stream" in answer.headers.get("content-type", "")
            and answer.request.method == "GET"
        )
    ):
        go()


def test_changes_of_others_appear(stock, look):
    anna, ben = look(), look()
    stock.elsewhere("insert into note (text) values ('from elsewhere')")
    for each in (anna, ben):
        each.shows("#notes li", "from elsewhere")
    anna.page.fill("#text", "from anna")
    anna.page.press("#text", "Enter")
    for each in (anna, ben):
        each.shows("#notes li", "from elsewhere", "from anna")
    anna.until("document.querySelector('#text').value === ''")


def test_signals_go_and_come_with_an_element(look):
    anna = look()
    anna.page.click("#up")
    anna.shows("#n", "1")
    anna.shows("#up", "Up again")
    anna.page.click("#up")
    anna.shows("#n", "2")


def test_messages_stand_at_their_fields_until_all_is_well(stock, look):
    anna = look()
    anna.page.fill("#text", "x")
    anna.page.click("#add")
    anna.shows("[role=alert]", "Expected at least 2 characters", "")
    assert anna.page.input_value("#text") == "x"
    anna.page.fill("#text", "fine")
    anna.page.click("#add")
    anna.shows("#notes li", "fine")
    anna.shows("[role=alert]", "", "")


def test_a_refusal_is_told_and_a_redirect_followed(stock, look):
    anna = look()
    anna.page.click("#late")
    anna.page.get_by_text("Too late.").wait_for()
    anna.page.click("#away")
    anna.page.wait_for_url(f"{stock.url}/elsewhere")


def test_a_page_whose_row_disappears_becomes_the_404_page(stock, look):
    stock.get("/")
    stock.elsewhere("insert into note (text) values ('One')")
    anna = look("/notes/1")
    anna.shows("h1", "One")
    stock.elsewhere("delete from note")
    anna.shows("h1", "This note is gone.")
    anna.shows("small", "Status 404")
    anna.errors.clear()  # the 404 is one


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_it_comes_back_after_the_server_was_away(stock, look, end):
    anna = look()
    anna.page.fill("#text", "half typed")
    getattr(stock, end)()
    stock.elsewhere("insert into note (text) values ('meanwhile')")
    stock.restart()
    anna.shows("#notes li", "meanwhile")
    assert anna.page.input_value("#text") == "half typed"
    anna.errors.clear()  # it logs each attempt as an error


# What it does not know of: rights, and slots

NOTE = "insert into note (text) values (?)"
JOIN = "insert into member (id) values (1)"
LEAVE = "delete from member"


@pytest.fixture
def rights(serve, datastar):
    served = serve("stock_rights.py", files={"static/datastar.js": datastar})
    served.get("/")
    served.elsewhere(JOIN)
    return served


@pytest.fixture
def member(rights, window):
    """A window of a member at the start page."""
    opened = window()
    following(opened, lambda: opened.page.goto(rights.url))
    following(opened, lambda: opened.page.click("#enter"))
    return opened


def test_a_guarded_region_comes_and_goes_with_the_right(rights, member, window):
    guest = window()
    following(guest, lambda: guest.page.goto(rights.url))
    member.shows("#secret", "The secret of 0")
    for turn in (1, 2):
        rights.elsewhere(LEAVE)
        member.page.wait_for_selector("#secret", state="detached")
        rights.elsewhere(NOTE, "while away")
        member.until(f"document.querySelectorAll('#notes li').length === {2 * turn - 1}")
        assert member.locate("#guarded").inner_text() == ""
        rights.elsewhere(JOIN)
        member.shows("#secret", f"The secret of {2 * turn - 1}")
        rights.elsewhere(NOTE, "while there")
        member.shows("#secret", f"The secret of {2 * turn}")
    guest.shows("#notes li", *["while away", "while there"] * 2)
    assert "The secret" not in guest.page.content()


def test_who_is_removed_is_sent_away_from_the_page(rights, member):
    following(member, lambda: member.page.goto(f"{rights.url}/members"))
    rights.elsewhere(LEAVE)
    member.page.get_by_text("You may not see this.").wait_for(timeout=5000)
    assert member.locate("#notes").count() == 0
    member.errors.clear()  # the 403 is one


def test_a_slot_is_filled_once_and_emptied(rights, member):
    member.page.click("#open")
    member.shows("#place", "Dialog 1 of 0")
    rights.elsewhere(NOTE, "one")
    member.shows("#notes li", "one")
    member.shows("#secret", "The secret of 1")
    assert member.texts("#place") == ["Dialog 1 of 0"], "it is not kept current"
    member.page.click("#more")
    member.shows(".dialog", "Dialog 1 of 0", "Dialog 2 of 1")
    member.page.click("#close")
    member.shows(".dialog")
    rights.elsewhere(NOTE, "two")
    member.shows("#notes li", "one", "two")
