"""What a command has begun on the page ends when the page shows what it has changed, and at once
when it was refused."""

import json
import time

import pytest

from runtime.events import OPENER, event, region, whole

PAGE = (
    OPENER
    + region("board", "<b id=n>1</b>")
    + """<button id=go data-on:click="@post('/x')" data-indicator="busy">go</button>
    <i id=busy data-text="$busy"></i>"""
)
LOG = """() => {
  window.log = []
  const later = () => setTimeout(() => log.push('later'))
  document.addEventListener('helio-settled', () => log.push('settled'))
  document.addEventListener('datastar-fetch', ({ detail }) => {
    if (detail.type === 'finished' && detail.el.id === 'go') log.push('finished'), later()
  })
}"""
BUSY = "[go.hasAttribute('data-pending'), busy.textContent]"


@pytest.fixture
def page(show, streams):
    return show(PAGE)


def ack(number):
    return event("helio-ack", ack=number)


def click(page, server):
    page.page.click("#go")
    server.next("/x")


def test_it_is_pending_until_the_stream_says_the_number(page, server, streams):
    server.answers("POST", "/x", status=204, Helio_Ack="n1")
    stream = streams.next()
    click(page, server)
    page.page.wait_for_timeout(100)
    assert page.value(BUSY) == [True, "true"]
    stream.write(ack("n0"))
    page.page.wait_for_timeout(50)
    assert page.value(BUSY) == [True, "true"]
    stream.write(whole("board", "2", "<b id=n>2</b>") + ack("n1"))
    page.until("!go.hasAttribute('data-pending')")
    assert page.value(f"[n.textContent, ...{BUSY}]") == ["2", False, "false"]


@pytest.mark.parametrize("status", [403, 409, 422, 500])
def test_a_refusal_ends_it_at_once(page, server, streams, status):
    """Whatever number it came with: nothing will be shown for it."""
    refused = {"content_type": "application/json", "status": status}
    server.answers("POST", "/x", "{}", **refused, Helio_Ack="n1")
    streams.next()
    page.page.evaluate(LOG)
    click(page, server)
    page.until("log.length == 3")
    # Within the same task: it has waited for nothing.
    assert page.value("log") == ["finished", "settled", "later"]
    assert page.value(BUSY) == [False, "false"]


def test_a_held_element_does_not_hold_up_the_end(page, server, streams):
    server.answers("POST", "/x", status=204, Helio_Ack="n1")
    stream = streams.next()
    page.value("n.setAttribute('data-hold', '')")
    click(page, server)
    stream.write(whole("board", "2", "<b id=n>2</b>") + ack("n1"))
    page.until("busy.textContent == 'false'")
    assert page.value("n.textContent") == "1"
    page.value("n.removeAttribute('data-hold')")
    page.until("n.textContent == '2'")


def test_a_stream_that_opens_names_the_numbers_it_has_not_heard(page, server, streams):
    numbers = iter(["n1", "n2", "n3"])
    server.on("POST", "/x", lambda call: call.answer(status=204, Helio_Ack=next(numbers)))
    stream = streams.next()
    assert "helio-acks" not in stream.headers
    click(page, server)
    click(page, server)
    stream.write(ack("n1"))
    page.page.wait_for_timeout(100)
    stream.drop()
    again = streams.next()
    assert again.headers["helio-acks"] == "n2"
    again.write(ack("n2"))
    page.until("busy.textContent == 'false'")
    again.drop()
    assert "helio-acks" not in streams.next().headers


def test_a_number_that_never_comes_is_not_asked_for_for_ever(page, server, streams):
    server.answers("POST", "/x", status=204, Helio_Ack="n1")
    stream = streams.next()
    click(page, server)
    page.until("busy.textContent == 'false'")
    stream.drop()
    assert "helio-acks" not in streams.next().headers


def reload(stream, **when):
    stream.write(event("helio-navigate", detail=json.dumps({"mode": "reload", **when})))


def reloads(page, server):
    """How often the page has been loaded."""
    return server.count("/")


FORM = (
    OPENER
    + """<form id=form><input id=field name=a data-bind=field><input id=other name=b
    value=served><input type=checkbox id=box></form><button id=go
    data-on:click="@post('/x')">go</button>"""
)


def test_it_reloads_at_once_unless_told_to_wait(show, server, streams):
    page = show(FORM)
    page.page.fill("#field", "typed")
    reload(streams.next())
    streams.next()
    assert reloads(page, server) == 2


def test_it_reloads_when_nothing_written_would_be_lost(show, server, streams):
    page = show(FORM)
    server.answers("POST", "/x", status=204)
    stream = streams.next()
    page.page.fill("#field", "typed")
    page.page.focus("#other")
    reload(stream, when="idle")
    page.page.wait_for_timeout(1200)
    assert reloads(page, server) == 1
    # Sent, but the other one is being written in.
    page.page.fill("#other", "more")
    page.page.evaluate("go.click()")
    server.next("/x")
    page.page.wait_for_timeout(1200)
    assert reloads(page, server) == 1
    page.value("other.blur()")
    streams.next()
    assert reloads(page, server) == 2


def test_a_field_that_says_what_the_server_said_is_not_written_in(show, server, streams):
    page = show(FORM)
    stream = streams.next()
    page.page.fill("#other", "typed")
    page.page.check("#box")
    page.page.uncheck("#box")
    page.page.focus("#other")
    page.page.fill("#other", "served")
    reload(stream, when="idle")
    streams.next()


def test_a_refused_command_has_not_taken_the_fields_along(show, server, streams):
    page = show(FORM)
    server.answers("POST", "/x", "{}", content_type="application/json", status=422)
    stream = streams.next()
    page.page.fill("#field", "typed")
    page.page.click("#go")
    server.next("/x")
    reload(stream, when="idle")
    page.page.wait_for_timeout(1200)
    assert reloads(page, server) == 1
    page.value("form.reset()")
    streams.next()


NEXT = event("helio-navigate", detail='{"url": "/next"}')


def log_out(page, server, *parts):
    """A command that ends the right to the page: the parts of its answer, as they are sent."""

    def answer(call):
        call.stream()
        for part in parts:
            part(call)

    server.on("POST", "/x", answer)
    server.answers("GET", "/next", "<p>next</p>")
    page.page.click("#go")


@pytest.mark.parametrize("first", ["stream", "answer"])
def test_a_command_that_ends_the_right_to_the_page_leads_elsewhere(page, server, streams, first):
    """The stream says that the page is to be loaded again, for it may not be seen any more."""
    stream = streams.next()
    said, answered = (lambda _: reload(stream)), (lambda call: call.write(NEXT))
    late = [said, lambda _: time.sleep(0.2), answered]
    log_out(page, server, *(late if first == "stream" else [answered, said]))
    page.page.wait_for_url("**/next")
    assert reloads(page, server) == 1


def test_a_command_that_leads_nowhere_holds_up_the_reload_for_a_moment_only(page, server, streams):
    stream = streams.next()
    log_out(page, server, lambda _: reload(stream), lambda _: server.stopping.wait(20))
    streams.next()
    assert reloads(page, server) == 2


def test_what_leads_to_another_place_in_the_page_does_not_keep_it(page, server, streams):
    stream = streams.next()
    log_out(page, server, lambda call: call.write(NEXT.replace("/next", "#n")))
    page.page.wait_for_url("**/#n")
    reload(stream)
    streams.next()
    assert reloads(page, server) == 2
