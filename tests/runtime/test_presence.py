"""Presence: the tab says where it is, and what it does there."""

import json

import pytest

from runtime.events import OPENER, region, whole

PAGE = OPENER + region(
    "room",
    """<p id=here data-presence="where t5"></p>
    <input id=note data-presence-while="where.typing 600">""",
)
HERE = [{"token": "t5", "values": {}}]
TYPING = [{"token": "t5", "values": {"typing": True}}]


class Posts:
    """The presence posts of the page, beside its streams."""

    def __init__(self, server, streams, path="/live"):
        self.server, self.streams, self.path = server, streams, path
        self.lists, self.status = [], 204
        server.on("POST", path, self)

    def __call__(self, call):
        if call.headers["helio-stream"] == "open":
            self.streams(call)
            return
        assert call.headers["helio-tab"]
        assert call.headers["datastar-request"] == "true"
        assert call.headers["content-type"] == "application/json"
        body = json.loads(call.body)
        assert list(body) == ["presence"]
        self.lists.append(body["presence"])
        call.answer(status=self.status)

    def until(self, tab, count):
        for _ in range(200):
            if len(self.lists) >= count:
                break
            tab.page.wait_for_timeout(20)
        assert len(self.lists) == count


@pytest.fixture
def posts(server, streams):
    return Posts(server, streams)


def told(call):
    assert call.headers["helio-stream"] == "open"
    return json.loads(call.body)["presence"]


def online(tab):
    tab.until("document.documentElement.dataset.helioConnection == 'online'")


def test_the_stream_says_where_the_tab_is(show, streams, posts):
    tab = show(PAGE)
    call = streams.next()
    assert (call.method, told(call)) == ("POST", HERE)
    online(tab)
    call.drop()
    assert told(streams.next()) == HERE
    tab.page.wait_for_timeout(150)
    assert posts.lists == []
    assert streams.quiet


def test_elements_that_come_and_go_are_told(show, streams, posts):
    tab = show(PAGE)
    call = streams.next()
    online(tab)
    twice = '<i data-presence="where t5"></i><i data-presence="here t6"></i>'
    call.write(whole("room", "2", twice))
    posts.until(tab, 1)
    assert posts.lists[0] == [*HERE, {"token": "t6", "values": {}}]
    call.write(whole("room", "3", twice.replace("t5", "t7")))
    posts.until(tab, 2)
    assert posts.lists[1] == [{"token": "t6", "values": {}}, {"token": "t7", "values": {}}]
    call.write(whole("room", "4", "empty"))
    posts.until(tab, 3)
    assert posts.lists[2] == []
    call.drop()
    assert streams.next().method == "GET"


def test_typing_is_told_while_it_lasts(show, streams, posts):
    tab = show(PAGE)
    call = streams.next()
    online(tab)
    tab.page.focus("#note")
    for key in "abc":
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(110)
    assert posts.lists == [TYPING]
    posts.until(tab, 2)
    assert posts.lists[1] == HERE
    tab.page.type("#note", "d")
    posts.until(tab, 3)
    # The field goes, and with it what was said of it.
    call.write(whole("room", "2", '<p id=here data-presence="where t5"></p>'))
    posts.until(tab, 4)
    assert posts.lists[2:] == [TYPING, HERE]


def test_many_changes_are_told_ten_times_a_second_and_the_last_one_wins(show, streams, posts):
    tab = show(PAGE)
    streams.next()
    online(tab)
    took = tab.page.evaluate("""async () => {
      const began = performance.now()
      for (let n = 0; n < 60; n++) {
        here.setAttribute('data-presence', `where u${n}`)
        await new Promise(done => setTimeout(done, 5))
      }
      return performance.now() - began
    }""")
    tab.page.wait_for_timeout(300)
    assert posts.lists[-1] == [{"token": "u59", "values": {}}]
    tokens = [int(told[0]["token"][1:]) for told in posts.lists]
    assert tokens == sorted(tokens)
    assert 1 < len(tokens) <= took / 100 + 2


def test_another_process_has_the_tab_now(show, streams, posts):
    tab = show(PAGE)
    streams.next()
    online(tab)
    posts.status = 409
    tab.page.type("#note", "a")
    assert told(streams.next()) == TYPING
    assert posts.lists == [TYPING]


def test_what_cannot_be_told_is_told_with_the_next_stream(show, streams, posts, server):
    tab = show(PAGE)
    streams.next()
    online(tab)

    def lose(call):
        if call.headers["helio-stream"] == "open":
            streams(call)
        else:
            call.drop()

    server.on("POST", "/live", lose)
    tab.page.type("#note", "a")
    assert told(streams.next()) in (TYPING, HERE)


def test_nothing_is_posted_while_there_is_no_stream(show, streams, posts, server):
    tab = show(PAGE)
    call = streams.next()
    online(tab)
    server.on("POST", "/live", lambda call: call.answer("busy", "text/plain", 503))
    call.drop()
    tab.until("document.documentElement.dataset.helioConnection != 'online'")
    tab.value("here.setAttribute('data-presence', 'where t9')")
    tab.page.wait_for_timeout(100)
    assert all(c.headers["helio-stream"] == "open" for c in server.log if c.method == "POST")
    server.on("POST", "/live", posts)
    assert told(streams.next()) == [{"token": "t9", "values": {}}]
    tab.page.wait_for_timeout(150)
    assert posts.lists == []


def test_a_static_page_opens_a_stream_for_it(show, server, streams):
    Posts(server, streams, "/")
    show('<template id="helio-page"></template><p data-presence="where t1"></p>')
    call = streams.next()
    assert (call.path, told(call)) == ("/", [{"token": "t1", "values": {}}])
    assert streams.quiet


def test_no_more_places_are_told_than_a_tab_may_be_at(show, streams, posts):
    places = "".join(f'<i data-presence="where t{n}"></i>' for n in range(40))
    tab = show(OPENER + places)
    assert len(told(streams.next())) == 32
    online(tab)
    assert "TooManyPlaces" in tab.errors[0]
