"""`helio dev`: the author writes, and the open pages follow."""


def rewrite(served, old: str, new: str) -> None:
    """Save the application with another text in it."""
    path = served.place / served.target
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_open_page_follows_what_the_author_writes(serve, window):
    todo = serve("todo.py", "dev")
    anna = window(todo.url)
    anna.page.fill("input", "half typed")
    anna.locate("input").evaluate("el => el.setSelectionRange(2, 4)")

    rewrite(todo, 'h.h1["Todos"]', 'h.h1["Things"]')
    anna.shows("h1", "Things")
    anna.connected()
    assert anna.page.input_value("input") == "half typed"
    assert anna.value("document.activeElement.selectionStart") == 2

    rewrite(todo, 'h.h1["Things"]', "h.h1[1 / 0]")
    anna.page.wait_for_timeout(500)
    anna.shows("h1", "Things")
    rewrite(todo, "h.h1[1 / 0]", 'h.h1["Well again"]')
    anna.shows("h1", "Well again")
    anna.page.press("input", "Enter")
    anna.shows("#todos li", "half typed")
    anna.forgive_network()


def test_an_error_in_the_file_is_shown_until_it_is_mended(serve, window):
    todo = serve("todo.py", "dev")
    anna = window(todo.url)
    rewrite(todo, "db = SQLite(", "db = SQLight(")
    anna.page.wait_for_selector("html[data-helio-connection=offline]")
    ben = window()
    ben.page.goto(todo.url)
    assert "name 'SQLight' is not defined" in ben.page.inner_text("body")

    rewrite(todo, "db = SQLight(", "db = SQLite(")
    anna.connected()
    anna.page.fill("input", "mended")
    anna.page.press("input", "Enter")
    for each in (anna, ben):
        each.shows("#todos li", "mended")
    for each in (anna, ben):
        each.forgive_network()
