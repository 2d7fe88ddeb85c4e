"""The first application, as printed: several windows, other processes, a server that goes away."""

CARET = """[document.activeElement.name, document.activeElement.selectionStart,
            document.activeElement.selectionEnd]"""
INSERT = "insert into todo (title) values (?)"
BANNER = "Connection lost. Reconnecting …"


def half_type(window, text: str = "half typed") -> None:
    """Type into the field, and put the caret into the middle of it, with two letters selected."""
    window.page.fill("input", text)
    window.locate("input").evaluate("el => el.setSelectionRange(2, 4)")


def is_still_typing(window, text: str = "half typed") -> bool:
    return window.page.input_value("input") == text and window.value(CARET) == ["draft.title", 2, 4]


def test_two_windows_see_each_others_todos_at_once(serve, window):
    todo = serve("todo.py")
    anna, ben = window(todo.url), window(todo.url)
    half_type(ben)

    anna.page.fill("input", "buy milk")
    anna.page.press("input", "Enter")

    anna.shows("#todos li", "buy milk")
    ben.shows("#todos li", "buy milk")
    anna.until("document.querySelector('input').value === ''")
    assert is_still_typing(ben)

    ben.page.fill("input", "call mother")
    ben.page.click("button")
    anna.shows("#todos li", "buy milk", "call mother")
    ben.shows("#todos li", "buy milk", "call mother")
    assert todo.rows("select title from todo order by id") == [("buy milk",), ("call mother",)]


def test_a_row_inserted_by_another_process_appears_by_itself(serve, window):
    todo = serve("todo.py")
    anna = window(todo.url)
    before = len(anna.requests)

    todo.elsewhere(INSERT, "from elsewhere")

    anna.shows("#todos li", "from elsewhere")
    todo.elsewhere("delete from todo")
    anna.shows("#todos li")
    assert len(anna.requests) == before


def test_what_users_type_is_text_and_nothing_else(serve, window):
    todo = serve("todo.py")
    anna, ben = window(todo.url), window(todo.url)
    hostile = "<img src=x onerror=alert(1)> ' \" & \u2028 </ul> \x01 \\ ${1} 😀"
    anna.page.fill("input", hostile)
    anna.page.press("input", "Enter")
    for each in (anna, ben):
        each.until("document.querySelectorAll('#todos li').length === 1")
        assert each.texts("#todos li")[0].startswith("<img src=x onerror=alert(1)> ' \" &")
        assert each.locate("#todos img").count() == 0
    ben.page.reload()
    ben.connected()
    assert ben.texts("#todos li") == anna.texts("#todos li")


def test_the_server_is_killed_and_comes_back_while_somebody_types(serve, window):
    todo = serve("todo.py")
    anna = window(todo.url)
    todo.elsewhere(INSERT, "before")
    anna.shows("#todos li", "before")
    half_type(anna)

    todo.kill()
    anna.page.wait_for_selector("html[data-helio-connection=offline]")
    banner = anna.page.get_by_text(BANNER)
    banner.wait_for()
    todo.elsewhere(INSERT, "meanwhile")
    todo.restart()

    anna.shows("#todos li", "before", "meanwhile")
    anna.connected()
    banner.wait_for(state="detached")
    assert is_still_typing(anna)
    anna.forgive_network()

    anna.page.press("input", "Enter")
    anna.shows("#todos li", "before", "meanwhile", "half typed")


def test_the_server_is_restarted_and_nobody_need_do_anything(serve, window):
    todo = serve("todo.py")
    anna, ben = window(todo.url), window(todo.url)
    half_type(anna)

    todo.terminate()
    todo.elsewhere(INSERT, "meanwhile")
    todo.restart()

    for each in (anna, ben):
        each.shows("#todos li", "meanwhile")
        each.connected()
        each.forgive_network()
    assert is_still_typing(anna)
    assert todo.log == ""


def test_a_todo_sent_while_the_server_is_away_arrives_once(serve, window):
    todo = serve("todo.py")
    anna = window(todo.url)
    todo.kill()
    anna.page.fill("input", "patience")
    anna.page.press("input", "Enter")
    anna.page.get_by_text("Not done yet").wait_for()
    todo.restart()
    anna.shows("#todos li", "patience")
    anna.until("document.querySelector('input').value === ''")
    assert todo.rows("select title from todo") == [("patience",)]
    anna.forgive_network()
