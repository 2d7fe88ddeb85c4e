"""A patch changes what has changed: the work of the hands and eyes on the page stays."""

import pytest

CARD = "insert into card (title, body) values (?, ?)"


@pytest.fixture
def board(serve):
    """A board of forty cards."""
    served = serve("board.py")
    served.get("/")
    served.elsewhere(
        "with n(i) as (select 1 union all select i + 1 from n where i < 40) "
        "insert into card (title, body) select 'Card ' || i, 'Body ' || i from n"
    )
    return served


@pytest.fixture
def anna(board, window):
    """Looks at the board, and notices whether an element of it is replaced."""
    opened = window(board.url)
    opened.shows("#size", "40 cards")
    opened.page.evaluate("window.element = id => document.getElementById(id)")
    opened.page.evaluate("window.before = ['board', 'free', 'card-7', 'scrolled'].map(element)")
    return opened


def patched(board, anna) -> None:
    """Another process adds a card, and it is shown."""
    board.elsewhere(CARD, "Card 41", "Body 41")
    anna.shows("#size", "41 cards")
    assert anna.value("before.every(el => el.isConnected)")


@pytest.mark.parametrize("field", ["bound", "free", "area"])
def test_typed_text_focus_and_selection_stay(board, anna, field):
    anna.page.fill(f"#{field}", "typed so far")
    anna.locate(f"#{field}").evaluate("el => el.setSelectionRange(6, 8, 'backward')")
    patched(board, anna)
    assert anna.page.input_value(f"#{field}") == "typed so far"
    assert anna.value("document.activeElement.id") == field
    caret = "(({selectionStart: a, selectionEnd: b, selectionDirection: c}) => [a, b, c])"
    assert anna.value(f"{caret}(document.activeElement)") == [6, 8, "backward"]
    anna.page.keyboard.type("XY")
    assert anna.page.input_value(f"#{field}") == "typed XY far"


def test_typing_goes_on_while_patches_come(board, anna):
    anna.page.focus("#free")
    text = "the quick brown fox jumps over the lazy dog"
    for start in range(0, len(text), 9):
        anna.page.keyboard.type(text[start : start + 9], delay=5)
        board.elsewhere(CARD, "More", "More")
    anna.shows("#size", "45 cards")
    assert anna.page.input_value("#free") == text


def test_choices_details_and_scrolling_stay(board, anna):
    anna.page.check("#box")
    anna.page.select_option("#choice", "7")
    anna.page.click("#card-3 summary")
    anna.page.click("#card-7 summary")
    anna.page.click("#card-7 summary")
    anna.locate("#scrolled").evaluate("el => el.scrollTop = 300")
    anna.page.evaluate("document.body.style.paddingBottom = '3000px'; scrollTo(0, 80)")
    patched(board, anna)
    assert anna.page.is_checked("#box")
    assert anna.page.input_value("#choice") == "7"
    assert anna.value("[...document.querySelectorAll('details[open]')].map(el => el.id)") == [
        "card-3"
    ]
    assert anna.locate("#scrolled").evaluate("el => el.scrollTop") == 300
    assert anna.value("scrollY") == 80


def test_the_keyboard_goes_on_where_it_was(board, anna):
    anna.page.focus("#count")
    anna.page.keyboard.press("Enter")
    anna.shows("#size", "41 cards")
    assert anna.value("document.activeElement.id") == "count"
    anna.page.keyboard.press("Tab")
    assert anna.value("document.activeElement.closest('details')?.id") == "card-1"
    board.elsewhere("delete from card where id = 41")
    anna.shows("#size", "40 cards")
    assert anna.value("document.activeElement.closest('details')?.id") == "card-1"
    anna.page.keyboard.press("Enter")
    assert anna.locate("#card-1").get_attribute("open") == ""


def test_rows_that_move_are_the_same_rows(board, anna):
    anna.page.click("#card-9 summary")
    board.elsewhere("update card set id = 100 where id = 1")
    anna.shows("#scrolled details:last-child summary", "Card 1")
    assert anna.value("document.querySelector('#scrolled').firstElementChild.id") == "card-2"
    assert anna.value("before[2] === document.getElementById('card-7')")
    assert anna.locate("#card-9").get_attribute("open") == ""
