"""The gallery's boards, with several people at them."""

import re

import pytest

ANN, BOB, EVE = 1, 2, 3
KITCHEN = "/boards/1"
REMOVE = "delete from member where board_id = ? and person_id = ?"
DIALOG = "#dialog h2"


@pytest.fixture
def enter(gallery, window):
    """`enter(ANN)`: a window in which Ann has the kitchen's board open."""

    def open_board(person: int, path: str = KITCHEN):
        opened = window(f"{gallery.url}/boards")
        opened.page.click(f"#enter-{person}")
        opened.page.wait_for_selector("#boards")
        opened.visit(gallery.url + path)
        return opened

    return open_board


@pytest.fixture
def change(gallery):
    """`change(sql, *values)`: another process writes to the gallery's database."""
    return lambda sql, *values: gallery.elsewhere(sql, *map(str, values), file="gallery.db")


def cards(window, stage: str, *titles: str) -> None:
    """Wait until these are the cards of a column."""
    window.shows(f"[data-stage={stage}] .open", *titles)


def open_card(window, number: int) -> None:
    window.page.click(f"#card-{number} .open", position={"x": 5, "y": 5})
    window.page.wait_for_selector("#dialog:modal")


# Several people, one board


def test_a_card_that_one_adds_and_moves_is_so_for_everybody(enter):
    ann, bob = enter(ANN), enter(BOB)
    ann.page.fill("#new-card input", "Hang the lamp")
    ann.page.press("#new-card input", "Enter")
    for each in (ann, bob):
        cards(
            each, "todo", "Order the cupboards", "Paint the walls", "Lay the floor", "Hang the lamp"
        )
    ann.until("document.querySelector('#new-card input').value === ''")
    bob.page.evaluate("window.card = document.querySelector('#card-6')")
    bob.page.focus("#card-6 .forth")
    bob.page.keyboard.press("Enter")
    for each in (ann, bob):
        cards(each, "doing", "New wiring", "Choose the worktop", "Paint the walls")
    assert bob.value("card.isConnected"), "it is moved, not made anew"
    ann.page.drag_and_drop("#card-6", "[data-stage=done] header")
    for each in (ann, bob):
        cards(each, "done", "Measure the room", "Take the old kitchen out", "Paint the walls")


def test_who_edits_a_card_in_its_place_keeps_his_words_while_others_move_it(enter):
    ann, bob = enter(ANN), enter(BOB)
    ann.page.click("#card-5 .edit")
    ann.page.fill("#card-5 [name=title]", "Order oak cup")
    ann.locate("#card-5 [name=title]").evaluate("el => el.setSelectionRange(6, 9)")
    ann.page.evaluate("window.field = document.activeElement")
    bob.page.click("#card-5 .forth")
    cards(bob, "doing", "New wiring", "Choose the worktop", "Order the cupboards")
    ann.page.wait_for_selector("[data-stage=doing] #card-5 .editor")
    bob.page.click("#card-5 .edit")
    bob.page.fill("#card-5 [name=cost]", "4200")
    bob.page.click("#card-5 .primary")
    bob.shows("#card-5 .cost", "€ 4,200")
    ann.until("document.querySelector('#card-5 .cost')?.textContent === '€ 4,200'")
    assert ann.value(
        "[document.activeElement === field, field.value, field.selectionStart, field.selectionEnd]"
    ) == [True, "Order oak cup", 6, 9]
    ann.page.press("#card-5 [name=title]", "Enter")
    for each in (ann, bob):
        cards(each, "doing", "New wiring", "Choose the worktop", "Order oak cup")
    assert ann.locate(".editor").count() == 0


# One tab's dialog


def test_half_a_comment_survives_everything(enter, gallery, change):
    ann = enter(ANN)
    open_card(ann, 4)
    ann.page.fill("#comment", "half a tho")
    ann.locate("#comment").evaluate("el => el.setSelectionRange(2, 4)")

    def still_typing() -> bool:
        return ann.page.input_value("#comment") == "half a tho" and ann.value(
            "[document.activeElement.id, document.activeElement.selectionEnd]"
        ) == ["comment", 4]

    change("update card set title = 'Stone or oak', stage = 'done' where id = 4")
    ann.shows(DIALOG, "Stone or oak")
    ann.page.wait_for_selector("[data-stage=done] #card-4", state="attached")
    assert still_typing()
    gallery.kill()
    change("insert into comment (board_id, card_id, person_id, text) values (1, 4, 2, 'Stone.')")
    gallery.restart()
    ann.until("document.querySelectorAll('#comments li').length === 4")
    assert ann.value("document.querySelector('#dialog:modal') !== null")
    assert still_typing()
    ann.forgive_network()
    ann.page.click("#comment-form button")
    ann.until("document.querySelectorAll('#comments li').length === 5")
    ann.until("document.querySelector('#comment').value === ''")
    ann.page.keyboard.press("Escape")
    ann.page.wait_for_selector("#dialog", state="detached")


def test_a_dialog_is_one_tabs_and_says_when_its_card_is_gone(enter, gallery):
    ann = enter(ANN)
    other = ann.beside(gallery.url + KITCHEN)
    open_card(ann, 4)
    open_card(other, 3)
    ann.shows(DIALOG, "Choose the worktop")
    other.shows(DIALOG, "New wiring")
    bob = enter(BOB)
    open_card(bob, 4)
    bob.page.click("#send-away button")
    bob.page.get_by_text("is on the board “Street party” now").wait_for()
    ann.shows(DIALOG, "This card is not on this board any more.")
    cards(ann, "doing", "New wiring")
    other.shows(DIALOG, "New wiring")


# Rights


@pytest.mark.parametrize("by", ["a manager", "another process"])
def test_who_is_removed_loses_the_page_at_once(enter, change, by):
    eve, bob = enter(EVE), enter(BOB)
    open_card(eve, 4)
    open_card(bob, 4)
    bob.page.fill("#comment", "half a tho")
    if by == "a manager":
        enter(ANN).page.click("#manage >> text=Remove Eve")
    else:
        change(REMOVE, 1, EVE)
    eve.page.get_by_text("You may not see this.").wait_for(timeout=5000)
    assert "worktop" not in eve.page.content()
    bob.shows("#members .name", "Ann", "Bob")
    assert bob.page.input_value("#comment") == "half a tho"
    eve.forgive("status of 403")


def test_what_is_for_managers_comes_and_goes_with_the_right(enter, change):
    ann = enter(ANN)
    eve = enter(EVE)
    ann.page.fill("#new-card input", "half typed")
    assert ann.locate("#budget").count() == 1
    assert eve.locate("#budget, #manage").count() == 0
    change("update member set manager = (person_id = 3) where board_id = 1")
    eve.page.wait_for_selector("#budget", timeout=5000)
    ann.page.wait_for_selector("#budget", state="detached", timeout=5000)
    ann.page.wait_for_selector("#manage", state="detached", timeout=5000)
    assert ann.page.input_value("#new-card input") == "half typed"
    change("update board set budget = 7777 where id = 1")
    eve.page.get_by_text("€ 7,777").wait_for()
    assert "7,777" not in ann.page.content()


def test_who_leaves_is_led_to_the_entrance(enter):
    """The page that he leaves may not be seen by anybody else, and goes its own way: no further."""
    for _ in range(3):
        ann = enter(ANN)
        ann.page.click("#leave")
        ann.page.wait_for_url("**/boards")
        ann.shows(".who strong", "Ann", "Bob", "Eve")


def test_who_becomes_somebody_else_keeps_nothing_of_the_first(enter, gallery):
    """In one browser all tabs have one session, and in that one user."""
    tab = enter(ANN)
    open_card(tab, 4)
    tab.page.wait_for_selector("#budget", state="attached")
    other = tab.beside(f"{gallery.url}/boards")
    other.page.click("#leave")
    tab.page.get_by_text("You may not see this.").wait_for(timeout=5000)
    other.page.click("#enter-2")
    other.shows("#boards h2", "New kitchen", "Street party")
    tab.visit(gallery.url + KITCHEN)
    open_card(tab, 4)
    tab.shows("#comment-form label", "Write as Bob")
    assert tab.locate("#budget").count() == 0
    tab.forgive("status of 403")


def test_a_dialog_of_one_user_is_not_shown_to_the_next(enter, gallery):
    """The board may be seen by both, so that the page stays."""
    tab = enter(ANN)
    open_card(tab, 4)
    other = tab.beside(f"{gallery.url}/boards")
    other.page.evaluate(
        "fetch('/boards/enter/2', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: '{}'})"
    )
    tab.page.wait_for_selector("#dialog", state="detached")
    tab.page.wait_for_selector("#budget", state="detached")
    tab.shows("#switch a", "All boards", "New kitchen", "Street party")


def test_slow_prices_follow_the_page(enter):
    ann = enter(ANN)
    ann.until("document.querySelector('#offers')?.textContent.includes('€ 9,130')")
    ann.page.fill("#amount", "9999")
    ann.page.click("#budget-form button")
    ann.page.get_by_text("planned of € 9,999").wait_for()


# Who is there


def test_faces_come_and_go(enter, gallery):
    ann = enter(ANN)
    ann.shows(".here .face", "A\nAnn")
    bob = enter(BOB)
    ann.shows(".here .face", "A\nAnn", "B\nBob")
    ann.shows("#members .looks .name", "Ann", "Bob")
    bob.page.click("#switch >> text=Street party")
    bob.shows(".here .face", "B\nBob")
    ann.shows(".here .face", "A\nAnn")
    bob.page.go_back()
    ann.shows(".here .face", "A\nAnn", "B\nBob")
    bob.page.close()
    ann.shows(".here .face", "A\nAnn")


def test_faces_come_back_with_the_server(enter, gallery):
    ann, bob = enter(ANN), enter(BOB)
    open_card(bob, 4)
    ann.shows("#members .looks .name", "Ann", "Bob")
    gallery.kill()
    gallery.restart()
    for each in (ann, bob):
        each.connected()
        each.forgive_network()
    eve = enter(EVE)
    eve.until("document.querySelectorAll('#members .looks').length === 3")
    ann.page.wait_for_function("document.querySelectorAll('#members .looks').length === 3")


def test_who_writes_is_seen_writing_by_others(enter):
    ann, bob = enter(ANN), enter(BOB)
    open_card(ann, 4)
    open_card(bob, 4)
    ann.page.locator("#comment").press_sequentially("Well")
    bob.shows("#writing", "Ann writing …")
    ann.shows("#writing", "")
    ann.page.click("#comment-form button")
    bob.until("document.querySelectorAll('#comments li').length === 4")
    bob.shows("#writing", "")


# From board to board


def test_another_board_takes_the_place_of_this_one_and_back_brings_it_again(enter, change):
    ann = enter(ANN)
    ann.page.evaluate("window.kept = true")
    ann.page.click("#card-4 .edit")
    ann.page.click("#switch >> text=Web shop")
    ann.shows("h1", "Web shop")
    ann.page.wait_for_url("**/boards/3")
    assert ann.page.title() == "Web shop · Helio"
    assert ann.locate(".editor").count() == 0
    ann.connected()
    change("update board set name = 'Shop' where id = 3")
    ann.shows("h1", "Shop")
    change("update card set title = 'New worktop' where id = 4")
    ann.page.go_back()
    ann.shows("h1", "New kitchen")
    assert re.search(f"{KITCHEN}$", ann.page.url)
    cards(ann, "doing", "New wiring", "New worktop")
    change("update card set title = 'Newest worktop' where id = 4")
    cards(ann, "doing", "New wiring", "Newest worktop")
    ann.page.go_forward()
    ann.shows("h1", "Shop")
    assert ann.value("window.kept")


# One tab's state


def test_a_folded_column_stays_folded_in_this_tab_alone(enter, gallery):
    ann = enter(ANN)
    other = ann.beside(gallery.url + KITCHEN)
    ann.page.click("[data-stage=done] .fold")
    cards(ann, "done")
    ann.page.click("[data-stage=todo] .fold")
    cards(ann, "todo")
    ann.page.reload()
    ann.connected()
    cards(ann, "done")
    cards(ann, "todo")
    cards(ann, "doing", "New wiring", "Choose the worktop")
    cards(other, "done", "Measure the room", "Take the old kitchen out")
    ann.page.click("[data-stage=done] .fold")
    cards(ann, "done", "Measure the room", "Take the old kitchen out")
    cards(ann, "todo")


# Lists that grow


def test_earlier_entries_are_added_below_and_new_ones_come_above(enter, gallery, change):
    ann = enter(ANN)
    for oldest in ("#entry-9", "#entry-1"):
        ann.page.click("#log .earlier button >> visible=true")
        ann.page.wait_for_selector(oldest)
    gallery.kill()
    gallery.restart()
    change("insert into entry (id, board_id, person_id, text) values (100, 1, 2, 'came back')")
    ann.page.wait_for_selector("#entry-100")
    numbers = ann.value("[...document.querySelectorAll('#log li')].map(li => li.id)")
    assert numbers == [f"entry-{number}" for number in (100, *range(25, 0, -1))]
    assert not ann.locate("#log .earlier button >> visible=true").count()
    ann.forgive_network()
