"""Actions: what is sent, what the answers do, and what happens when there is none."""

import json
import threading

import pytest


def test_signals_travel_in_the_query_or_the_body(show, server):
    tab = show("""<div data-signals="{a: {b: 1}, _c: 2}"></div>
      <button id=get data-on:click="@get('/x?q=1')"></button><button id=delete
        data-on:click="@delete('/x')"></button>
      <button id=post data-on:click="@post('/x')"></button><button id=put
        data-on:click="@put('/x')"></button>
      <button id=patch data-on:click="@patch('/x', {headers: {'X-Own': 'yes'}})"></button>""")
    for method in ("get", "delete", "post", "put", "patch"):
        server.answers(method.upper(), "/x", status=204)
        tab.page.click(f"#{method}")
        call = server.next("/x")
        assert call.method == method.upper()
        assert call.signals == {"a": {"b": 1}}
        assert call.headers["accept"] == "text/event-stream, text/html, application/json"
        assert call.headers["datastar-request"] == "true"
        assert "helio-have" not in call.headers
        if method in ("get", "delete"):
            assert call.body == b""
        else:
            assert call.headers["content-type"] == "application/json"
        if method == "get":
            assert call.query["q"] == ["1"]
    assert call.headers["x-own"] == "yes"
    assert tab.errors == []


def test_filters_and_payload_say_what_is_sent(show, server):
    server.answers("POST", "/x", status=204)
    tab = show("""<div data-signals="{a: 1, ab: {c: 2}, _p: 3}"></div>
      <button id=b1 data-on:click="@post('/x', {filterSignals: {include: /^ab/}})"></button>
      <button id=b2
        data-on:click="@post('/x', {filterSignals: {include: '^(a|_p)$', exclude: '^b'}})"></button>
      <button id=b3 data-on:click="@post('/x', {filterSignals: {include: '^$'}})"></button>
      <button id=b4 data-on:click="@post('/x', {payload: {id: 7, was: $ab}})"></button>""")
    for name, expected in {
        "b1": {"ab": {"c": 2}},
        "b2": {"a": 1, "_p": 3},
        "b3": {},
        "b4": {"id": 7, "was": {"c": 2}},
    }.items():
        tab.page.click(f"#{name}")
        assert server.next("/x").signals == expected


def test_forms_send_their_fields_once_they_are_valid(show, server):
    server.answers("POST", "/x", status=204)
    server.answers("GET", "/x", status=204)
    tab = show(
        """<form id=f data-on:submit="@post('/x', {contentType: 'form'})" data-indicator="busy">
      <input name=a value="1 & 2"><input id=need name=b required><button name=go
        value=now>x</button></form>
      <button id=other
        data-on:click="@get('/x?k=v', {contentType: 'form', selector: '#f'})"></button>
      <form id=m enctype="multipart/form-data" data-on:submit="@post('/x', {contentType: 'form'})">
      <input type=file name=up><button id=send>y</button></form>"""
    )
    tab.page.click("[name=go]")
    assert server.count("/x") == 0
    assert tab.value("helio.root.busy") is False
    tab.page.fill("#need", "ü")
    tab.page.click("[name=go]")
    call = server.next("/x")
    assert call.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert call.body == b"a=1+%26+2&b=%C3%BC&go=now"
    tab.page.click("#other")
    assert server.next("/x").query == {"k": ["v"], "a": ["1 & 2"], "b": ["ü"]}
    tab.page.set_input_files(
        "[type=file]", {"name": "n.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    tab.page.click("#send")
    call = server.next("/x")
    assert call.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'filename="n.txt"' in call.body
    assert b"hello" in call.body


def test_every_action_has_an_id_of_its_own_and_every_tab_too(show, server):
    server.answers("POST", "/x", status=204)
    tab = show("""<button data-on:click="@post('/x')"></button>""")
    tab.page.click("button")
    tab.page.click("button")
    one, two = server.next("/x").headers, server.next("/x").headers
    assert one["helio-request"] != two["helio-request"]
    assert one["helio-tab"] == two["helio-tab"]
    tab.page.reload()
    tab.page.click("button")
    assert server.next("/x").headers["helio-tab"] == one["helio-tab"]
    with tab.page.context.expect_page() as opened:
        # The copy of a tab begins with the same session storage.
        tab.page.evaluate("open('/', '_blank', 'opener') && 0")
    other = opened.value
    other.wait_for_function("window.helio")
    assert other.evaluate("sessionStorage['helio-tab']")
    other.click("button")
    assert server.next("/x").headers["helio-tab"] != one["helio-tab"]


@pytest.mark.parametrize("status", [200, 201, 400, 422, 500])
def test_answers_of_any_status_and_known_type_take_effect(show, server, status):
    server.answers("POST", "/html", "<b id=t>html</b>", status=status)
    server.answers(
        "POST",
        "/into",
        "<i>one</i>",
        status=status,
        datastar_selector="#box",
        datastar_mode="append",
    )
    server.answers(
        "POST", "/json", '{"n": 5, "m": 5}', content_type="application/json", status=status
    )
    server.answers(
        "POST",
        "/missing",
        '{"n": 6, "k": 6}',
        content_type="application/json",
        status=status,
        datastar_only_if_missing="true",
    )
    server.answers(
        "POST",
        "/js",
        "window.ran = document.currentScript.id",
        content_type="text/javascript",
        status=status,
        datastar_script_attributes='{"id": "own"}',
    )
    server.answers(
        "POST",
        "/sse",
        'event: datastar-patch-signals\ndata: signals {"s": 1}\n\n',
        content_type="text/event-stream",
        status=status,
    )
    tab = show(
        """<div data-signals="{n: 1}"></div><b id=t>old</b><p id=box></p>
      <button data-indicator="busy"
        data-on:click="for (const url of ['html', 'into', 'json', 'missing', 'js',
          'sse']) @post('/' + url)"></button>"""
    )
    tab.page.click("button")
    tab.until(
        "t.textContent == 'html' && box.innerHTML == '<i>one</i>' && window.ran == 'own' &&"
        " helio.root.s == 1"
    )
    tab.until(
        "helio.root.n === 5 && helio.root.m === 5 && helio.root.k === 6 && helio.root.busy ==="
        " false"
    )
    assert tab.value("document.querySelectorAll('script#own').length") == 0


def test_an_error_page_does_not_replace_the_document(show, server):
    server.answers("POST", "/x", "<!doctype html><html><body>Bad gateway</body></html>", status=502)
    tab = show(
        """<p id=p>mine</p><button data-on:click="@post('/x')" data-indicator="busy"></button>"""
    )
    tab.page.click("button")
    tab.page.locator("helio-notices").get_by_text("failed on the server (502)").wait_for()
    assert tab.text("#p") == "mine"


def test_the_life_of_a_request_is_announced(show, server):
    server.answers(
        "POST",
        "/ok",
        'event: datastar-patch-signals\ndata: signals {"n": 1}\n\n',
        content_type="text/event-stream",
    )
    server.answers("POST", "/bad", status=400, content_type=None)
    tab = show(
        """<button id=a data-on:click="@post('/ok')"></button><button id=b
          data-on:click="@post('/bad')"></button>
      <i data-on:datastar-fetch="window.life = [...(window.life ?? []), [evt.detail.type,
        evt.detail.el.id, evt.detail.argsRaw]]"></i>"""
    )
    tab.page.click("#a")
    tab.until("window.life?.length === 3")
    tab.page.click("#b")
    tab.until("window.life.length === 6")
    assert tab.value("life") == [
        ["started", "a", {}],
        ["datastar-patch-signals", "a", {"signals": '{"n": 1}'}],
        ["finished", "a", {}],
        ["started", "b", {}],
        ["error", "b", {"status": "400"}],
        ["finished", "b", {}],
    ]


def test_a_newer_request_of_the_same_element_ends_the_older(show, server):
    release = threading.Event()

    def slow(call):
        number = server.count("/x")
        if number == 1:
            release.wait(20)
        call.answer(json.dumps({"n": number}), "application/json")

    server.on("GET", "/x", slow)
    tab = show(
        """<button id=a data-on:click="@get('/x')" data-indicator="busy"></button><b
          data-text="$n"></b>
      <button id=b data-on:click="@get('/x')"></button>"""
    )
    tab.page.click("#a")
    server.next("/x")
    tab.page.click("#a")
    tab.until("helio.root.n === 2 && helio.root.busy === false")
    release.set()
    tab.page.wait_for_timeout(200)
    assert tab.value("helio.root.n") == 2


def test_two_elements_may_read_the_same_stream(show, server):
    def live(call):
        call.stream()
        call.write(
            f'event: datastar-patch-signals\ndata: signals {{"x{server.count("/s")}": 1}}\n\n'
        )
        server.stopping.wait(20)

    server.on("GET", "/s", live)
    tab = show("""<i data-init="@get('/s')"></i><i data-init="@get('/s')"></i>""")
    tab.until("helio.root.x1 === 1 && helio.root.x2 === 1")
    tab.page.wait_for_timeout(150)
    assert server.count("/s") == 2


def test_a_stream_ends_with_its_element_and_a_command_does_not(show, server):
    ended = threading.Event()
    go = threading.Event()

    def live(call):
        call.stream()
        try:
            while not server.stopping.wait(0.02):
                call.write(": on\n\n")
        except OSError:
            ended.set()

    def post(call):
        go.wait(20)
        call.answer('{"done": true}', "application/json")

    server.on("GET", "/s", live)
    server.on("POST", "/p", post)
    tab = show(
        """<p id=p><i data-init="@get('/s')"></i><button
          data-on:click="@post('/p')"></button></p>"""
    )
    server.next("/s")
    tab.page.click("button")
    server.next("/p")
    tab.value("p.remove()")
    assert ended.wait(20)
    go.set()
    tab.until("helio.root.done === true")


def test_an_answer_may_remove_its_own_button_and_go_on(show, server):
    def more(call):
        call.stream()
        call.write("event: datastar-patch-elements\ndata: mode remove\ndata: selector #b\n\n")
        threading.Event().wait(0.2)
        call.write("event: datastar-patch-signals\ndata: signals {n: 1}\n\n")

    server.on("GET", "/more", more)
    tab = show("""<button id=b data-on:click="@get('/more')"></button>""")
    tab.page.click("#b")
    tab.until("helio.root.n === 1")
    assert tab.page.locator("#b").count() == 0


def test_controllers_of_the_page_end_requests_and_are_renewed(show, server):
    def slow(call):
        call.stream()
        server.stopping.wait(20)

    server.on("GET", "/x", slow)
    tab = show("""<div data-signals="{_ctrl: new AbortController()}"></div>
      <button id=go data-indicator="busy"
        data-on:click="@get('/x', {requestCancellation: $_ctrl})"></button>
      <button id=stop data-on:click="$_ctrl.abort()"></button>""")
    for _ in range(2):
        tab.page.click("#go")
        tab.until("helio.root.busy === true")
        tab.page.click("#stop")
        tab.until("helio.root.busy === false")
    assert tab.errors == []


def test_a_command_without_an_answer_is_tried_again_with_the_same_id_then_given_up(show, server):
    server.on("POST", "/x", lambda call: call.drop())
    tab = show(
        """<button data-on:click="@post('/x', {retryInterval: 30})" data-indicator="busy"></button>
      <i data-on:datastar-fetch="window.life = [...(window.life ?? []), evt.detail.type]"></i>"""
    )
    tab.page.click("button")
    tab.page.locator("helio-notices").get_by_text("The action was not done").wait_for()
    tab.until("helio.root.busy === false")
    calls = [call for call in server.log if call.path == "/x"]
    assert len({call.headers["helio-request"] for call in calls}) == 1
    assert tab.value("life") == ["started", *["retrying"] * 3, "retries-failed", "finished"]


def test_a_command_whose_answer_is_cut_is_not_done_twice(show, server):
    def promised(call):
        call.handler.send_response(200)
        call.handler.send_header("Content-Type", "application/json")
        call.handler.send_header("Content-Length", "100")
        call.handler.end_headers()
        call.write('{"n": ')
        call.drop()

    server.on("POST", "/x", promised)
    tab = show("""<button data-on:click="@post('/x', {retryInterval: 20})"></button>""")
    tab.page.click("button")
    tab.page.locator("helio-notices").get_by_text("may have been done").wait_for()
    tab.page.wait_for_timeout(150)
    assert server.count("/x") == 1


def test_never_means_once(show, server):
    server.on("POST", "/x", lambda call: call.drop())
    tab = show("""<button data-on:click="@post('/x', {retry: 'never'})"></button>""")
    tab.page.click("button")
    tab.page.locator("helio-notices").get_by_text("The action was not done").wait_for()
    # The browser itself may repeat once on a fresh connection.
    assert server.count("/x") <= 2


def test_retries_carry_the_signals_of_their_moment_and_the_last_id(show, server):
    def answer(call):
        number = server.count("/x")
        if number == 1:
            call.stream()
            call.write(
                'retry: 20\nid: seven\nevent: datastar-patch-signals\ndata: signals {"n": 2}\n\n'
            )
            call.drop()
        elif number == 2:
            call.answer(status=503)
        else:
            call.answer(status=204)

    server.on("GET", "/x", answer)
    show("""<div data-signals="{n: 1}"></div><i data-init="@get('/x', {retry: 'always'})"></i>""")
    first, second, third = (server.next("/x") for _ in range(3))
    assert "last-event-id" not in first.headers
    assert (first.signals, second.signals, third.signals) == ({"n": 1}, {"n": 2}, {"n": 2})
    assert second.headers["last-event-id"] == third.headers["last-event-id"] == "seven"


PATCH = '{"draft": {"title": "", "note": ""}}'
EVENT = f"event: datastar-patch-signals\ndata: signals {PATCH}\n\n"


@pytest.mark.parametrize("method", ["post", "get"])
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_what_was_typed_since_the_request_is_not_overwritten(show, server, method, kind):
    go = threading.Event()

    def add(call):
        go.wait(20)
        call.answer(PATCH if kind == "application/json" else EVENT, kind)

    server.on(method.upper(), "/add", add)
    tab = show(
        f"""<div data-signals="{{draft: {{title: '', note: ''}}}}"></div>
      <form data-on:submit="@{method}('/add')"><input id=t data-bind="draft.title"><input id=n
        data-bind="draft.note"><button>add</button></form>"""
    )
    tab.page.fill("#n", "sent")
    tab.page.fill("#t", "first")
    tab.page.press("#t", "Enter")
    assert server.next("/add").signals["draft"] == {"title": "first", "note": "sent"}
    tab.page.fill("#t", "second")
    go.set()
    tab.until("helio.root.draft.note === ''")
    assert tab.page.input_value("#t") == "second"


def test_a_stream_without_an_end_says_what_is_so_by_then(show, server):
    go = threading.Event()

    def follow(call):
        call.stream()
        call.write(": on\n\n")
        go.wait(20)
        call.write(EVENT)

    server.on("GET", "/follow", follow)
    tab = show(
        """<div data-signals="{draft: {title: ''}}" data-init="@get('/follow')"></div>
      <input id=t data-bind="draft.title">"""
    )
    server.next("/follow")
    tab.page.fill("#t", "typed")
    go.set()
    tab.until("t.value === ''")


def test_requests_go_through_the_fetch_of_their_moment(show, server):
    server.answers("GET", "/x", '{"n": 1}', content_type="application/json")
    tab = show("""<button data-on:click="@get('/x')"></button>""")
    tab.value(
        "(window.original = fetch, window.fetch = (...args) => { window.seen = args[0]; return"
        " original(...args) }, 0)"
    )
    tab.page.click("button")
    tab.until("helio.root.n === 1")
    assert tab.value("seen").endswith("/x?datastar=%7B%7D")


def test_a_stream_rests_while_the_page_is_hidden(show, server):
    def live(call):
        call.stream()
        call.write(": on\n\n")
        server.stopping.wait(20)

    server.on("GET", "/s", live)
    server.on("GET", "/keep", live)
    hide = """(hidden) => {
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
      document.dispatchEvent(new Event('visibilitychange'))
    }"""
    tab = show(
        """<i data-init="@get('/s')"></i><i
          data-init="@get('/keep', {openWhenHidden: true})"></i>"""
    )
    server.next("/s")
    tab.page.evaluate(hide, True)
    tab.page.wait_for_timeout(100)
    assert server.count("/s") == 1
    tab.page.evaluate(hide, False)
    server.next("/s")
    tab.page.wait_for_timeout(100)
    assert (server.count("/s"), server.count("/keep")) == (2, 1)


@pytest.mark.parametrize("method", ["push", "replace", "reload"])
def test_effects_navigate(show, server, method):
    server.answers("GET", "/next", "<p>next</p>")
    detail = json.dumps({"url": "/next", "mode": method})
    server.answers(
        "POST",
        "/x",
        f"event: helio-navigate\ndata: detail {detail}\n\n",
        content_type="text/event-stream",
    )
    tab = show("""<button data-on:click="@post('/x')">x</button>""")
    tab.value("window.before = true")
    tab.page.click("button")
    if method == "reload":
        tab.until("!window.before && window.helio")
    else:
        tab.page.wait_for_url("**/next")


def test_effects_carry_data(show, server):
    events = [
        ("title", {"title": "New <title>"}),
        ("focus", {"selector": "#f"}),
        ("dispatch", {"name": "own-event", "detail": {"n": 1}, "selector": "#f"}),
        ("dispatch", {"name": "page-event", "detail": [2]}),
        ("toast", {"text": "Saved <b>", "tone": "success", "id": "s"}),
        ("toast", {"text": "Saved again", "tone": "success", "id": "s"}),
        ("toast", {"text": "Oh no", "tone": "error"}),
        ("navigate", {"url": "javascript:window.bad=1"}),
    ]
    body = "".join(
        f"event: helio-{name}\ndata: detail {json.dumps(detail)}\n\n" for name, detail in events
    )
    server.answers("POST", "/x", body, content_type="text/event-stream")
    tab = show(
        """<input id=f data-on:own-event="window.own = evt.detail.n"><b
          data-on:page-event__document="window.all = evt.detail[0]"></b>
      <button data-on:click="@post('/x')">x</button>"""
    )
    tab.page.click("button")
    tab.page.locator("helio-notices [role=alert]").get_by_text("Oh no").wait_for()
    notices = tab.page.locator("helio-notices [role=status] p")
    assert notices.count() == 1
    assert notices.inner_text().startswith("Saved again")
    assert tab.value("[document.title, document.activeElement.id, own, all, window.bad]") == [
        "New <title>",
        "f",
        1,
        2,
        None,
    ]
    assert "InvalidEffect" in tab.errors[0]
    tab.page.locator("helio-notices").get_by_label("Dismiss").first.click()


def test_signals_of_a_stream_may_be_expressions_and_scripts_may_be_sent(show, server):
    body = (
        "event: datastar-patch-signals\ndata: signals {a: 1,\ndata: signals b: 'two'}\n\n"
        "event: datastar-patch-signals\ndata: signals {a: 5}\ndata: onlyIfMissing true\n\n"
        "event: datastar-patch-signals\ndata: signals [1]\n\n"
        "event: datastar-execute-script\ndata: script window.ran = 1\n\n"
        "event: other\ndata: x\n\nevent: datastar-unknown\ndata: x y\n\n"
    )
    server.answers("GET", "/x", body, content_type="text/event-stream")
    tab = show("""<i data-init="@get('/x')"></i>""")
    tab.until("window.ran === 1")
    assert tab.value("[helio.root.a, helio.root.b]") == [1, "two"]
    assert len(tab.errors) == 1
    assert "PatchSignalsExpectedSignals" in tab.errors[0]
