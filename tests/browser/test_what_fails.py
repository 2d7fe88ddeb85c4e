"""Things that fail on the server while pages are open."""

import pytest


@pytest.fixture
def board(serve):
    served = serve("board.py")
    served.get("/")
    served.elsewhere("insert into card (title) values ('One'), ('Two')")
    return served


def test_a_region_that_fails_keeps_its_last_good_html_and_recovers_by_itself(board, window):
    anna = window(board.url)
    anna.shows("#scrolled summary", "One", "Two")
    anna.page.fill("#free", "half typed")

    board.elsewhere("insert into mood values (1)")
    board.elsewhere("insert into card (title) values ('Three')")
    anna.shows("#total", "3")  # another region goes on
    anna.shows("#scrolled summary", "One", "Two")
    board.logs("the secret reason")

    board.elsewhere("delete from mood")
    anna.shows("#scrolled summary", "One", "Two", "Three")
    assert anna.page.input_value("#free") == "half typed"


def test_a_region_that_never_rendered_says_so_and_recovers_by_itself(board, window):
    board.elsewhere("insert into mood values (1)")
    board.terminate()
    board.restart()
    anna = window(board.url)
    anna.shows("[role=alert]", "This part cannot be shown at the moment.")
    anna.shows("#total", "2")
    assert "secret reason" not in anna.page.content()
    board.elsewhere("delete from mood")
    anna.shows("#scrolled summary", "One", "Two")
    assert anna.locate("main [role=alert]").count() == 0


def test_a_page_whose_row_disappears_becomes_the_404_page(board, window):
    anna, ben = window(f"{board.url}/cards/1"), window(f"{board.url}/cards/2")
    anna.shows("h1", "One")
    board.elsewhere("delete from card where id = 1")
    anna.shows("h1", "This card is gone.")
    anna.shows("small", "Status 404")
    assert anna.page.url == f"{board.url}/cards/1"
    anna.forgive("status of 404")

    board.elsewhere("update card set title = 'Still here'")
    ben.shows("h1", "Still here")


def test_a_page_whose_row_disappeared_while_the_server_was_away(board, window):
    anna = window(f"{board.url}/cards/1")
    board.kill()
    anna.page.wait_for_selector("html[data-helio-connection=offline]")
    board.elsewhere("delete from card where id = 1")
    board.restart()
    anna.shows("h1", "This card is gone.")
    anna.forgive_network()


def test_a_page_that_does_not_exist_is_a_page(board, window):
    anna = window()
    assert anna.page.goto(f"{board.url}/cards/99").status == 404
    anna.shows("h1", "This card is gone.")
    anna.page.click("text=Go to the start page")
    anna.connected()
    anna.shows("#size", "2 cards")
    assert anna.page.goto(f"{board.url}/cards/many").status == 404
    assert anna.page.goto(f"{board.url}/nowhere").status == 404
    anna.forgive("status of 404")
