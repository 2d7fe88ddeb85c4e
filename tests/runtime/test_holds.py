"""What the user is in the middle of is left alone until it is over."""

import pytest

from runtime.events import OPENER, batch, event, mount, region, slot, steps, whole

ITEMS = "".join(f'<li id="{name}">{name}</li>' for name in "abc")
BOARD = region("board", f"<h1 id=head>board</h1><ul data-part=list>{ITEMS}</ul><input id=note>")
PAGE = OPENER + BOARD + region("side", "<p id=side>side</p>")


@pytest.fixture
def board(show, streams):
    tab = show(PAGE)
    tab.value("b.setAttribute('data-hold', '')")
    return tab


def changed(name, base="1", version="2"):
    return steps("board", base, version, ("outer", f"#{name}", f"<li id={name}>{name}{version}"))


@pytest.fixture
def arriving(board, streams):
    """Applies what is sent, and returns what the page shows then."""
    stream = streams.next()

    def send(*events):
        listening = board.page.evaluate_handle(ARRIVAL)
        stream.write("".join(events) + event("helio-dispatch", detail='{"name": "arrived"}'))
        listening.evaluate("({done}) => done.then(() => 0)")
        return board.text("[data-region=board]").split()

    return send


ARRIVAL = """() => ({
  done: new Promise(done => document.addEventListener('arrived', done, {once: true}))
})"""
OLD = ["board", "a", "b", "c"]


def let_go(tab):
    tab.value("b.removeAttribute('data-hold')")


@pytest.mark.parametrize(
    "frame",
    [
        changed("b"),
        steps("board", "1", "2", ("remove", "#b")),
        steps("board", "1", "2", ("outer", "list", "<ul data-part=list><li id=x>x</ul>")),
        steps("board", "1", "2", ("before", "#b", "<li id=x>x</li>")),
        whole("board", "2", "<p>x</p>"),
        batch(changed("b"), whole("side", "2", "side2")),
    ],
    ids=["itself", "removed", "around", "beside", "whole", "batch"],
)
def test_what_touches_a_held_element_waits_until_it_is_let_go(board, arriving, frame):
    assert arriving(frame) == OLD
    let_go(board)
    board.until("document.querySelector('[data-region=board]').dataset.v == '2'")
    assert board.text("[data-region=board]").split() != OLD
    assert board.errors == []


def test_what_lies_inside_of_a_held_element_waits(board, arriving):
    board.value("document.querySelector('ul').setAttribute('data-hold', '')")
    let_go(board)
    assert arriving(changed("a")) == OLD
    board.value("document.querySelector('ul').removeAttribute('data-hold')")
    board.until("a.textContent == 'a2'")


def test_what_does_not_touch_it_goes_on(board, arriving):
    assert arriving(
        changed("c"),
        steps("board", "2", "3", ("outer", "#head", "<h1 id=head>new</h1>")),
        whole("side", "2", "side2"),
    ) == ["new", "a", "b", "c2"]
    assert board.text("[data-region=side]") == "side2"


def test_frames_of_one_region_keep_their_order_and_others_go_on(board, arriving, streams):
    frames = [changed("b"), changed("a", "2", "3"), changed("b", "3", "4"), changed("c", "4", "5")]
    assert arriving(*frames, whole("side", "2", "side2")) == OLD
    assert board.text("[data-region=side]") == "side2"
    let_go(board)
    board.until("c.textContent == 'c5'")
    assert board.text("[data-region=board]").split() == ["board", "a3", "b4", "c5"]
    assert streams.quiet
    assert arriving(changed("a", "5", "6")) == ["board", "a6", "b4", "c5"]


def test_a_region_inside_of_what_waits_waits_too(show, streams):
    """Else the older would come after the newer."""
    inner = region("in", "<i id=in>1</i>")
    tab = show(OPENER + region("out", f"<p id=held data-hold>x</p>{inner}"))
    stream = streams.next()
    stream.write(whole("out", "2", f"<p id=held>y</p>{inner}"))
    newer = '<i id="in">2</i>'
    stream.write(steps("in", "1", "2", ("outer", "#in", newer)) + event("helio-toast", detail="{}"))
    tab.page.wait_for_timeout(100)
    assert tab.text("#in") == "1"
    tab.value("held.removeAttribute('data-hold')")
    tab.until("held.textContent == 'y' && document.querySelector('i').textContent == '2'")


def test_a_hold_ends_with_its_element(board, arriving):
    assert arriving(changed("b")) == OLD
    board.value("b.parentNode.append(document.createElement('li')), b.remove()")
    # Its target has gone, so the region is asked for.
    board.until("document.querySelector('[data-region=board]').dataset.v == '-'")


def test_after_ten_seconds_a_hold_is_forgotten(context, show, streams):
    context.clock.install()
    tab = show(PAGE)
    stream = streams.next()
    tab.value("b.setAttribute('data-hold', '')")
    stream.write(changed("b"))
    tab.page.wait_for_timeout(100)
    tab.page.clock.run_for(9000)
    assert tab.text("#b") == "b"
    tab.page.clock.run_for(1500)
    assert tab.text("#b") == "b2"
    assert tab.value("b.hasAttribute('data-hold')")


def test_a_stream_that_opens_anew_brings_again_what_waited(board, arriving, streams):
    assert arriving(changed("b")) == OLD
    board.value("dispatchEvent(new Event('online'))")
    stream = streams.next()
    assert stream.headers["helio-have"] == "board=1 side=1"
    stream.write(changed("b", "1", "3"))
    board.page.wait_for_timeout(100)
    assert board.text("#b") == "b"
    let_go(board)
    board.until("b.textContent == 'b3'")
    assert streams.quiet


def test_a_field_is_not_touched_while_an_input_method_composes_in_it(show, streams):
    tab = show(PAGE)
    stream = streams.next()
    tab.page.focus("#note")
    keys = tab.page.context.new_cdp_session(tab.page)
    keys.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    stream.write(whole("board", "2", "<h1 id=head>new</h1><input id=note value=server>"))
    stream.write(whole("side", "2", "side2"))
    tab.until("document.querySelector('[data-region=side]').textContent == 'side2'")
    assert tab.text("#head") == "board"
    keys.send("Input.insertText", {"text": "日本"})
    tab.until("head.textContent == 'new'")
    assert tab.errors == []


def test_what_is_mounted_inside_is_held_for_itself(show, streams):
    tab = show(OPENER + region("list", f"<p id=text>old</p>{slot('detail')}"))
    stream = streams.next()
    stream.write(mount("detail", "edit", "g", region("edit", "<b id=held data-hold>x</b>")))
    tab.page.locator("#held").wait_for()
    stream.write(whole("list", "2", f"<p id=text>new</p>{slot('detail')}"))
    tab.until("text.textContent == 'new'")
    stream.write(mount("detail", "edit", "g", region("edit", "<b id=held>y</b>")))
    stream.write(whole("list", "3", f"<p id=text>newer</p>{slot('detail')}"))
    tab.until("text.textContent == 'newer'")
    assert tab.text("#held") == "x"
    # What has been taken away does not come back.
    stream.write(event("helio-unmount", into="detail"))
    tab.until("!document.querySelector('helio-mount')")
    tab.page.wait_for_timeout(50)
    assert tab.value("document.querySelector('helio-mount')") is None


def test_answers_do_not_wait(board, server):
    """They are what the user has asked for."""
    server.answers(
        "POST",
        "/x",
        whole("board", "2", "<li id=b>answered</li>"),
        content_type="text/event-stream",
    )
    board.page.evaluate("void helio.actions.post('/x')")
    board.until("b.textContent == 'answered'")


def test_steps_that_cannot_be_read_harm_nothing_else(board, arriving):
    assert arriving(steps("board", "1", "2", ("remove", "%zz")), changed("c")) == [
        "board",
        "a",
        "b",
        "c2",
    ]
    assert len(board.errors) == 1
