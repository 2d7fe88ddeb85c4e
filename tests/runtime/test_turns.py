"""A batch is one turn: nobody sees the page between two of its events."""

import pytest

from runtime.events import OPENER, batch, event, steps, whole

BOARD = f"""{OPENER}
<section data-region="a" data-v="a1"><ul data-part="left"><li data-part="card-1">one</li><li
  data-part="card-2"><details><summary>two</summary></details><input id="note"></li></ul>
</section>
<section data-region="b" data-v="b1"><ul data-part="right"><li data-part="card-3">three</li></ul>
</section>"""

CARD = (
    '<li data-part="card-2" class="moved"><details><summary>two</summary></details>'
    '<input id="note"></li>'
)
TAKEN = steps("a", "a1", "a2", ("remove", "card-2"))
BROUGHT = steps("b", "b1", "b2", ("after", "card-3", CARD))

WATCH = """
window.states = []
const cards = () => states.push([...document.querySelectorAll('[data-region]')]
  .map(el => el.querySelectorAll('li').length).join())
new MutationObserver(cards).observe(document.body, {childList: true, subtree: true})
const frame = () => { cards(); requestAnimationFrame(frame) }
frame()
"""


@pytest.fixture
def board(show, streams):
    tab = show(BOARD)
    tab.page.fill("#note", "half typed")
    tab.value("note.setSelectionRange(2, 4)")
    tab.page.click("summary")
    tab.page.focus("#note")
    tab.value("window.card = document.querySelector('[data-part=card-2]'), 0")
    return tab


def moved(tab) -> None:
    tab.until("document.querySelector('[data-region=b]').dataset.v == 'b2'")
    assert tab.value("card.parentElement.dataset.part") == "right"
    assert tab.value("card.className") == "moved"
    assert tab.value("document.activeElement.id") == "note"
    assert tab.value("[note.value, note.selectionStart, note.selectionEnd]") == ["half typed", 2, 4]
    assert tab.value("card.querySelector('details').open")
    assert tab.value("document.querySelectorAll('[data-part=card-2]').length") == 1
    assert tab.errors == []


def test_nobody_sees_the_page_between_the_events_of_a_batch(board, streams):
    board.page.evaluate(WATCH)
    stream = streams.next()
    whole_batch = batch(TAKEN, event("helio-title", detail='{"title": "x"}'), BROUGHT)
    for at in range(0, len(whole_batch), 60):
        stream.write(whole_batch[at : at + 60])
        board.page.wait_for_timeout(20)
    moved(board)
    assert board.page.title() == "x"
    board.page.wait_for_timeout(50)
    assert set(board.value("states")) == {"2,1", "1,2"}


@pytest.mark.parametrize("native", [True, False], ids=["moveBefore", "insertBefore"])
@pytest.mark.parametrize("order", [[TAKEN, BROUGHT], [BROUGHT, TAKEN]], ids=["out-in", "in-out"])
def test_a_part_that_goes_to_another_region_is_moved(board, streams, order, native):
    if not native:
        board.value("delete Element.prototype.moveBefore && 0")
    streams.next().write(batch(*order))
    moved(board)


def test_a_part_is_moved_into_what_else_comes_with_the_batch(board, streams):
    column = f'<ul data-part="new"><li data-part="card-9">nine</li>{CARD}</ul>'
    streams.next().write(batch(TAKEN, steps("b", "b1", "b2", ("after", "right", column))))
    board.until("card.parentElement.dataset.part == 'new'")
    assert board.page.input_value("#note") == "half typed"
    assert board.value("document.activeElement.id") == "note"


@pytest.mark.parametrize("early", [True, False])
def test_a_region_sent_whole_takes_over_what_another_gives_away(board, streams, early):
    brought = whole("b", "b2", f'<ul data-part="right">{CARD}</ul>', "section")
    streams.next().write(batch(*([brought, TAKEN] if early else [TAKEN, brought])))
    moved(board)


def test_a_region_that_brings_its_own_part_again_keeps_it(board, streams):
    """Another region has a part of the same name, which is something else."""
    stream = streams.next()
    back = steps("a", "a1", "a2", ("remove", "card-2"), ("before", "card-1", CARD))
    stream.write(batch(BROUGHT, back))
    board.until("document.querySelector('[data-region=a]').dataset.v == 'a2'")
    assert board.value("card.parentElement.dataset.part") == "left"
    assert board.value("card.nextElementSibling.dataset.part") == "card-1"
    assert board.page.input_value("[data-part=left] input") == "half typed"
    assert board.page.input_value("[data-part=right] input") == ""


def test_what_nobody_brings_again_is_gone(board, streams):
    streams.next().write(batch(TAKEN, steps("b", "b1", "b2", ("outer", "card-3", "<li>3</li>"))))
    board.until("document.querySelector('[data-region=b]').dataset.v == 'b2'")
    assert not board.value("card.isConnected")


def test_a_region_inside_is_moved_with_what_is_in_it(show, streams):
    tab = show(
        f"""{OPENER}<div data-region="a" data-v="1"><p data-part="x">x</p>
        <form data-region="in" data-v="i"><input id="note"></form></div>
        <div data-region="b" data-v="1"><p data-part="y">y</p></div>"""
    )
    tab.page.fill("#note", "half typed")
    tab.value("window.form = document.querySelector('form'), 0")
    html = '<form data-region="in" data-v="j"><input id="note"><b>new</b></form>'
    streams.next().write(
        batch(
            steps("a", "1", "2", ("remove", "@in")),
            steps("b", "1", "2", ("after", "y", html)),
        )
    )
    tab.until("form.closest('[data-region=b]')")
    assert tab.page.input_value("#note") == "half typed"
    assert tab.value("form.dataset.v") == "j"
    assert tab.value("document.activeElement.id") == "note"


def test_half_a_batch_is_none(board, streams, server):
    stream = streams.next()
    stream.write(batch(TAKEN, BROUGHT).removesuffix("\n"))
    board.page.wait_for_timeout(100)
    stream.drop()
    again = streams.next()
    assert again.headers["helio-have"] == "a=a1 b=b1"
    assert board.value("card.parentElement.dataset.part") == "left"
    again.write(batch(TAKEN, BROUGHT))
    moved(board)


def test_one_failing_event_spares_the_others(board, streams):
    bad = event("helio-title", detail="{")
    streams.next().write(batch(TAKEN, bad, BROUGHT) + event("helio-title", detail='{"title":"y"}'))
    board.until("document.title == 'y'")
    assert board.value("card.parentElement.dataset.part") == "right"
    assert len(board.errors) == 1
    assert "helio-title" in board.errors[0]


def test_steps_that_do_not_fit_have_the_region_sent_whole(board, streams):
    streams.next().write(
        steps("a", "a1", "a2", ("outer", "card-1", "<li>1</li>"), ("outer", "nowhere", "<p>"))
    )
    assert streams.next().headers["helio-have"] == "a=- b=b1"


def test_a_view_transition_does_not_hold_up_a_batch(board, streams):
    board.value("document.startViewTransition = null, 0")
    moving = TAKEN.rstrip("\n") + "\n\n"
    patch = event(
        "datastar-patch-elements",
        selector="[data-part=card-1]",
        mode="inner",
        useViewTransition="true",
        elements="uno",
    )
    streams.next().write(batch(moving, patch, BROUGHT))
    moved(board)
    assert board.text("[data-part=card-1]") == "uno"


def test_patches_of_regions_that_have_left_are_ignored(board, streams):
    gone = event("datastar-patch-elements", selector="#gone", elements="<p id=gone>")
    stream = streams.next()
    stream.write(whole("gone", "2", "x") + steps("gone", "1", "2", ("remove", "x")))
    stream.write(gone + event("helio-title", detail='{"title":"y"}'))
    board.until("document.title == 'y'")
    assert len(board.errors) == 1
    assert "#gone" in board.errors[0]
    assert streams.quiet


def test_a_region_that_becomes_another_element_twice_is_there_once(board, streams):
    frames = [
        whole("a", f"a{n}", f"<ul id=list><li>{n}</li></ul>", tag)
        for n, tag in ((2, "article"), (3, "aside"), (4, "article"))
    ]
    streams.next().write(batch(TAKEN, *frames))
    board.until("document.querySelector('[data-region=a]').dataset.v == 'a4'")
    assert board.value("document.querySelectorAll('[data-region=a]').length") == 1
    assert board.text("#list") == "4"
