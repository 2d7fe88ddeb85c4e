"""The page's stream: it is reopened for ever, tells what the page has,
and says when it is missing."""

import re
import threading

PAGE = """
<template id="helio-page" data-signals__ifmissing='{"n": 1}'
  data-init="@get('/live', {live: true, retry: 'always', retryMaxCount: 1000000, retryInterval: 50,
  filterSignals: {include: '^$'}})"></template>
<main id="main"><input id="field" name="field"><div data-region="a" data-v="v1">old</div>
<b id="n" data-text="$n"></b><i id="on" data-text="$_helio.online"></i></main>
"""

PATCH = (
    "event: datastar-patch-elements\n"
    'data: selector [data-region="a"]\n'
    'data: elements <div data-region="a" data-v="v2">new</div>\n\n'
)


def connection(tab):
    return tab.value("document.documentElement.getAttribute('data-helio-connection')")


def until_connection(tab, state):
    tab.until(f"document.documentElement.getAttribute('data-helio-connection') == '{state}'")


def test_the_stream_of_a_template_is_opened_and_patches_regions(show, server):
    def live(call):
        call.stream()
        call.write(PATCH)
        server.stopping.wait(20)

    server.on("GET", "/live", live)
    tab = show(PAGE)
    tab.until("document.querySelector('[data-region]').textContent == 'new'")
    call = server.next("/live")
    assert call.headers["helio-have"] == "a=v1"
    assert call.headers["datastar-request"] == "true"
    assert re.fullmatch(r"[0-9a-z]+", call.headers["helio-tab"])
    assert call.headers["helio-request"]
    assert call.query == {}
    assert connection(tab) == "online"
    assert tab.text("#on") == "true"
    assert tab.errors == []


def test_it_reconnects_after_clean_ends_broken_ends_and_refusals(show, server):
    endings = iter(["clean", "drop", 500, 502, 503, "drop"])

    def live(call):
        ending = next(endings, None)
        if isinstance(ending, int):
            call.answer("<html><body>gateway</body></html>", status=ending)
        elif ending == "clean":
            call.stream()
            call.write(PATCH)
        elif ending == "drop":
            call.drop()
        else:
            call.stream()
            call.write(": alive\n\n")
            server.stopping.wait(20)

    server.on("GET", "/live", live)
    tab = show(PAGE)
    for _ in range(6):
        server.next("/live")
    last = server.next("/live")
    assert last.headers["helio-have"] == "a=v2"
    until_connection(tab, "online")
    assert tab.page.locator("#main").count() == 1
    assert tab.text("#on") == "true"


def test_a_close_ends_it_for_good(show, server):
    def live(call):
        call.stream()
        call.write("event: datastar-close\ndata: reason done\n\n")

    server.on("GET", "/live", live)
    tab = show(PAGE)
    server.next("/live")
    tab.page.wait_for_timeout(400)
    assert server.count("/live") == 1
    assert connection(tab) is None


def test_the_banner_shows_what_is_missing_and_goes_when_it_is_back(show, server):
    up = threading.Event()
    gone = threading.Event()

    def live(call):
        if gone.is_set() and not up.is_set():
            call.drop()
            return
        call.stream()
        call.write(PATCH)
        (server.stopping if up.is_set() else gone).wait(20)
        call.drop()

    server.on("GET", "/live", live)
    tab = show(PAGE)
    until_connection(tab, "online")
    tab.page.fill("#field", "half typed")
    tab.page.locator("#field").evaluate("el => el.setSelectionRange(2, 4)")
    gone.set()
    banner = tab.page.get_by_text("Connection lost. Reconnecting …")
    banner.wait_for()
    assert tab.page.locator("helio-notices [role=status]").count() == 1
    assert tab.text("#on") == "false"
    up.set()
    banner.wait_for(state="detached")
    until_connection(tab, "online")
    assert tab.page.input_value("#field") == "half typed"
    assert tab.value("document.activeElement.id") == "field"
    assert tab.value("[field.selectionStart, field.selectionEnd]") == [2, 4]


def test_the_banner_can_be_switched_off(show, server):
    server.on("GET", "/live", lambda call: call.drop())
    tab = show(PAGE, html='data-helio-banner="off"')
    tab.until("!document.querySelector('#on').textContent.includes('true')")
    tab.page.wait_for_timeout(1300)
    assert tab.page.get_by_text("Connection lost").count() == 0


def steady(server):
    """Answer every stream with one comment and keep it open."""

    def live(call):
        call.stream()
        call.write(": on\n\n")
        server.stopping.wait(20)

    server.on("GET", "/live", live)


def test_it_is_reopened_when_the_network_returns_and_when_the_server_asks(show, server):
    steady(server)
    tab = show(PAGE)
    server.next("/live")
    until_connection(tab, "online")
    tab.value("dispatchEvent(new Event('online'))")
    server.next("/live")
    until_connection(tab, "online")
    server.answers(
        "POST",
        "/x",
        "event: helio-reconnect\ndata: detail {}\n\n",
        content_type="text/event-stream",
    )
    tab.value("helio.actions.post('/x') && 0")
    server.next("/live")
    until_connection(tab, "online")
    assert server.count("/live") == 3


def test_it_rests_in_the_back_forward_cache_and_returns(show, server):
    steady(server)
    tab = show(PAGE)
    first = server.next("/live").headers["helio-tab"]
    until_connection(tab, "online")
    tab.value("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert (
        tab.value(
            "navigator.locks.query().then(({held}) => held.filter(({name}) =>"
            " /helio/.test(name)).length)"
        )
        == 0
    )
    tab.value("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert server.next("/live").headers["helio-tab"] == first
    until_connection(tab, "online")


def test_a_rest_is_no_loss(show, server):
    steady(server)
    tab = show(
        PAGE + '<i data-effect="window.seen = [...(window.seen ?? []), $_helio.online]"></i>'
    )
    hide = """(hidden) => {
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
      document.dispatchEvent(new Event('visibilitychange'))
    }"""
    until_connection(tab, "online")
    for _ in range(2):
        server.next("/live")
        tab.page.evaluate(hide, True)
        tab.page.evaluate(hide, False)
    server.next("/live")
    until_connection(tab, "online")
    assert tab.value("seen") == [True]


def test_another_address_takes_the_place_of_the_first(show, server):
    steady(server)
    server.on("GET", "/other", server.routes["GET", "/live"])
    tab = show(PAGE)
    server.next("/live")
    tab.value(
        """(page => page.setAttribute('data-init',
          page.getAttribute('data-init').replace('/live', '/other')))
        (document.querySelector('#helio-page'))"""
    )
    server.next("/other")
    until_connection(tab, "online")
    tab.page.wait_for_timeout(300)
    assert (server.count("/live"), server.count("/other")) == (1, 1)


def test_it_ends_with_its_element(show, server):
    steady(server)
    tab = show(PAGE)
    server.next("/live")
    until_connection(tab, "online")
    tab.value("document.querySelector('#helio-page').remove()")
    tab.until("!document.documentElement.hasAttribute('data-helio-connection')")


def test_the_banner_survives_patches_of_the_body_and_keeps_out_of_the_way(show, server):
    server.on("GET", "/live", lambda call: call.drop())
    tab = show(PAGE)
    banner = tab.page.get_by_text("Connection lost. Reconnecting …")
    banner.wait_for()
    server.answers(
        "POST", "/x", "<body><template id=helio-page></template><p id=new>new</p></body>"
    )
    before = tab.value("document.body.getBoundingClientRect().width")
    tab.value("helio.actions.post('/x') && 0")
    tab.page.locator("#new").wait_for()
    assert tab.value("document.body.getBoundingClientRect().width") == before
    assert tab.value("document.querySelector('helio-notices').parentNode.localName") == "html"
    # The template without its attribute has ended the stream, so nothing is missing any more.
    banner.wait_for(state="detached")


def test_the_banner_works_under_a_strict_style_policy(show, server, context):
    server.on("GET", "/live", lambda call: call.drop())
    policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'"
    tab = show(PAGE, head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    tab.page.get_by_text("Connection lost. Reconnecting …").wait_for()
    host = "document.querySelector('helio-notices')"
    assert tab.value(f"getComputedStyle({host}).position") == "fixed"
    assert tab.errors == [error for error in tab.errors if "violates" not in error]


def test_own_words_and_colours_for_the_banner(show, server):
    server.on("GET", "/live", lambda call: call.drop())
    tab = show(
        PAGE + "<style>html { --helio-notice-background: rgb(1, 2, 3) }</style>",
        html='data-helio-banner="Moment …"',
    )
    banner = tab.page.get_by_text("Moment …")
    banner.wait_for()
    assert banner.evaluate("el => getComputedStyle(el).backgroundColor") == "rgb(1, 2, 3)"
