"""Of a list whose rows are parts only what has changed is sent, and all else is left alone."""

import pytest

ROWS = (
    "with n(i) as (select 1 union all select i + 1 from n where i < 30) "
    "insert into row (id, place, title) select i, i, 'Row ' || i from n"
)


@pytest.fixture
def rows(serve):
    served = serve("rows.py")
    served.get("/")
    served.elsewhere(ROWS)
    return served


@pytest.fixture
def anna(rows, window):
    """Has typed into row 7 of the first copy, and opened its details in the second."""
    opened = window(rows.url)
    shown(opened, *numbered(*range(1, 31)))
    opened.page.click("#two summary >> nth=6")
    opened.page.fill("#one [name=note-7]", "half typed")
    opened.locate("#one [name=note-7]").evaluate("el => el.setSelectionRange(2, 4)")
    opened.page.evaluate(
        "window.rows = [...document.querySelectorAll('article')];"
        "window.seven = document.querySelector('[name=note-7]')"
    )
    return opened


def kept(anna) -> None:
    assert anna.value("[document.activeElement === seven, seven.value, seven.isConnected]") == [
        True,
        "half typed",
        True,
    ]
    assert anna.value("[seven.selectionStart, seven.selectionEnd]") == [2, 4]
    assert anna.value("document.querySelectorAll('details[open]').length") == 1


def shown(anna, *titles: str) -> None:
    """Both copies show these rows, in this order."""
    anna.shows("#one h2", *titles)
    anna.shows("#two h2", *titles)


def numbered(*numbers: int) -> list[str]:
    return [f"Row {n}" for n in numbers]


def test_an_append_sends_one_row_to_both_copies(rows, anna, listen):
    stream = listen(rows.url, Helio_Request="a", Helio_Have=anna.value(HAVE))
    rows.elsewhere("insert into row values (31, 31, 'Row 31')")
    shown(anna, *numbered(*range(1, 32)))
    assert anna.value("rows.every(row => row.isConnected)")
    kept(anna)
    stream.shows("Row 31")
    [event] = stream.events
    assert event.event == "helio-steps"
    assert event.data.count("<article") == 1


HAVE = (
    "[...document.querySelectorAll('[data-region]')]"
    ".map(el => `${el.dataset.region}=${el.dataset.v}`).join(' ')"
)


def test_a_stock_runtime_gets_the_region_whole(rows, listen):
    stream = listen(rows.url)
    rows.elsewhere("insert into row values (31, 31, 'Row 31')")
    stream.shows("Row 31")
    assert {event.event for event in stream.events} == {"datastar-patch-elements"}


def test_changed_removed_and_moved_rows_leave_the_others_alone(rows, anna):
    rows.elsewhere("delete from row where id in (5, 6)")
    rows.elsewhere(
        "update row set place = case id when 10 then 29.5 else 0 end where id in (10, 30)"
    )
    rows.elsewhere("update row set title = 'New 3' where id = 3")
    expected = numbered(30, 1, 2, 3, 4, 7, 8, 9, *range(11, 30), 10)
    shown(anna, *["New 3" if title == "Row 3" else title for title in expected])
    assert anna.value("rows.filter(row => !row.isConnected).length") == 4
    kept(anna)


def test_a_row_that_moves_takes_along_what_is_in_it(rows, anna):
    rows.elsewhere("update row set place = 50 where id = 7")
    shown(anna, *numbered(*range(1, 7), *range(8, 31), 7))
    assert anna.value("[seven.value, seven.isConnected]") == ["half typed", True]
    assert anna.value("document.querySelectorAll('details[open]').length") == 1


def test_a_list_that_empties_and_fills_again(rows, anna):
    rows.elsewhere("delete from row")
    anna.page.wait_for_function("!document.querySelector('article')")
    rows.elsewhere(ROWS)
    shown(anna, *numbered(*range(1, 31)))


def test_a_page_that_shows_another_version_asks_anew(rows, anna):
    """Somebody has meddled with the page: the next change does not fit, and all becomes right."""
    anna.page.evaluate("document.querySelector('article').remove()")
    anna.page.evaluate("document.querySelector('section').dataset.v = 'meddled'")
    rows.elsewhere("update row set title = 'New 9' where id = 9")
    shown(anna, *numbered(*range(1, 9)), "New 9", *numbered(*range(10, 31)))
