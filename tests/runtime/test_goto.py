"""From page to page within one document, and back."""

import pytest

from runtime.events import DOCUMENT, event, mount, opener, region, slot

NAV = f"<nav>{slot('tools')}<button id=nav>nav</button></nav>"
TALL = "<div style='height: 3000px'></div>"


def page(name, url, inside="", **options):
    """What goto sends: the opener and the root."""
    root = region(name, f"<h1>{name}</h1><input id=field>{inside}{TALL}", tag="main")
    return opener(url, **options) + root


def document(name, url, inside="", **options):
    body = f"{NAV}<section>{page(name, url, inside, **options)}</section><footer>foot</footer>"
    return DOCUMENT.format(body=body, html="", head="").replace("test", f"title {name}")


A, B = page("a", "/a/live"), page("b", "/b/live")


def goto(url, html, title="title b"):
    return event("helio-goto", url=url, title=title, html=html)


@pytest.fixture
def site(server, streams, show):
    """Pages a and b in one layout, a shown; both have a stream."""
    for name in "ab":
        for method in ("GET", "POST"):
            server.on(method, f"/{name}/live", streams)
        server.answers("GET", f"/{name}", document(name, f"/{name}/live"))
    tab = show("")
    tab.page.goto(f"{server.url}/a")
    tab.until("window.helio")
    tab.value("window.same = true")
    return tab


def command(tab, server, *events, path="/x"):
    server.answers("POST", path, "".join(events), content_type="text/event-stream")
    tab.page.evaluate(f"void helio.actions.post('{path}')")


def shows(tab, name):
    tab.page.get_by_role("heading", name=name, exact=True).wait_for()
    tab.until(f"document.title == 'title {name}'")
    assert tab.value("document.querySelectorAll('main').length") == 1
    assert tab.value("location.pathname") == f"/{name}"


def test_a_page_takes_the_place_of_another(site, server, streams):
    first = streams.next()
    assert first.path == "/a/live"
    site.page.fill("#field", "typed")
    site.page.focus("#field")
    site.value("window.foot = document.querySelector('footer'), scrollTo(0, 500)")
    command(site, server, goto("/b", B))
    shows(site, "b")
    second = streams.next()
    assert second.path == "/b/live"
    assert second.headers["helio-have"] == "b=1"
    assert second.headers["helio-tab"] == first.headers["helio-tab"]
    assert site.value("foot.isConnected && same")
    # It is another page: nothing of the first one goes with it.
    assert site.page.input_value("#field") == ""
    assert site.value("document.activeElement === document.body")
    assert site.value("scrollY") == 0
    assert site.value("document.querySelectorAll('#helio-page').length") == 1
    # What the first stream says after that has no one to hear it.
    first.write(event("helio-title", detail='{"title": "late"}'))
    site.page.wait_for_timeout(100)
    assert site.page.title() == "title b"
    assert streams.quiet
    assert site.errors == []


def test_the_way_back_and_forth(site, server, streams):
    site.page.evaluate("scrollTo(0, 700)")
    site.until("scrollY == 700")
    assert streams.next().path == "/a/live"
    command(site, server, goto("/b", B))
    shows(site, "b")
    site.page.evaluate("scrollTo(0, 300)")
    site.until("scrollY == 300")
    assert streams.next().path == "/b/live"
    site.page.go_back(wait_until="commit")
    shows(site, "a")
    site.until("scrollY == 700")
    assert streams.next().path == "/a/live"
    site.page.go_forward(wait_until="commit")
    shows(site, "b")
    site.until("scrollY == 300")
    assert streams.next().path == "/b/live"
    fetched = [call for call in server.log if call.path == "/b"]
    assert [call.headers.get("datastar-request") for call in fetched] == [None]
    assert site.value("same")
    assert site.errors == []


def test_only_the_last_of_several_steps_back_counts(site, server, streams):
    command(site, server, goto("/b", B))
    shows(site, "b")
    command(site, server, goto("/a?again=1", A, "title a"), path="/y")
    shows(site, "a")
    site.page.evaluate("history.back()")
    site.page.evaluate("history.back()")
    site.until("location.search == '' && location.pathname == '/a'")
    site.page.wait_for_timeout(200)
    shows(site, "a")
    assert site.value("same")


def test_places_within_a_page_are_the_browser_s(site, server, streams):
    command(site, server, goto("/b", page("b", None, f"{TALL}<h2 id=über>deep</h2>{TALL}")))
    shows(site, "b")
    site.page.evaluate("scrollTo(0, 100)")
    site.until("scrollY == 100")
    site.page.evaluate("new Promise(requestAnimationFrame)")
    site.value("location.hash = 'über'")
    site.until("scrollY > 2000")
    site.page.go_back(wait_until="commit")
    site.until("scrollY == 100")
    assert server.count("/b") == 0
    assert site.value("same")


def test_a_hash_is_where_the_page_begins(site, server, streams):
    inside = f"{TALL}<h2 id=über>deep</h2>{TALL}"
    command(site, server, goto("/b#%C3%BCber", page("b", None, inside)))
    shows(site, "b")
    site.until("scrollY > 2000")


def test_the_same_address_makes_no_entry(site, server, streams):
    streams.next()
    before = site.value("history.length")
    command(site, server, goto("/a", A, "title a"))
    streams.next()
    assert site.value("history.length") == before
    assert site.value("same")


def test_mounts_of_the_page_end_and_those_of_the_layout_stay(site, server, streams):
    inside = slot("detail")
    streams.next()
    command(site, server, goto("/b", page("b", "/b/live", inside)))
    shows(site, "b")
    stream = streams.next()
    stream.write(mount("detail", "edit", "g1", region("edit", "mine")))
    stream.write(mount("tools", "tool", "g2", region("tool", "<input id=tool>")))
    site.page.fill("#tool", "half typed")
    site.page.get_by_text("mine").wait_for()
    command(site, server, goto("/a", page("a", "/a/live", inside), "title a"))
    shows(site, "a")
    assert site.page.input_value("#tool") == "half typed"
    assert site.page.get_by_text("mine").count() == 0
    call = streams.next()
    assert (call.path, call.method) == ("/a/live", "POST")
    assert b'"grant":"g2"' in call.body
    assert b"g1" not in call.body
    site.page.wait_for_timeout(700)
    assert streams.quiet
    assert site.errors == []


def test_a_static_page_is_kept_for_the_layout_s_mounts(site, server, streams):
    server.on("POST", "/b", streams)
    streams.next().write(mount("tools", "tool", "g2", region("tool", "tool")))
    site.page.get_by_text("tool").wait_for()
    command(site, server, goto("/b", page("b", None)))
    call = streams.next()
    assert (call.path, call.method) == ("/b", "POST")


def test_another_layout_is_another_document(site, server, streams):
    before = site.value("history.length")
    command(site, server, goto("/b", page("b", "/b/live", layout="l2")))
    site.until("!window.same && window.helio")
    shows(site, "b")
    assert site.value("history.length") == before + 1


@pytest.mark.parametrize(
    "odd",
    [
        document("a", "/a/live", layout="l2"),
        "<!doctype html><p>no page",
        None,
    ],
    ids=["layout", "no page", "failure"],
)
def test_what_is_odd_on_the_way_back_is_loaded_whole(site, server, streams, odd):
    command(site, server, goto("/b", B))
    shows(site, "b")
    site.value("window.same = true")
    if odd is None:
        server.answers("GET", "/a", "<p>broken</p>", status=500)
    else:
        server.answers("GET", "/a", odd)
    site.page.go_back(wait_until="commit")
    site.until("!window.same")
    assert site.value("location.pathname") == "/a"


def test_nobody_is_sent_to_scripts_or_kept_from_other_sites(site, server, streams):
    command(site, server, goto("javascript:alert(1)", B))
    site.until("true")
    site.page.wait_for_timeout(100)
    assert "InvalidEffect" in site.errors[0]
    other = server.url.replace("127.0.0.1", "localhost")
    command(site, server, goto(f"{other}/b", B), path="/y")
    site.page.wait_for_url(f"{other}/b")


def test_what_asks_for_the_focus_gets_it_and_scripts_run(site, server, streams):
    inside = "<input id=eager autofocus><script>window.ran = (window.ran ?? 0) + 1</script>"
    command(site, server, goto("/b", page("b", None, inside)))
    shows(site, "b")
    assert site.value("document.activeElement.id") == "eager"
    assert site.value("ran") == 1
    server.answers("GET", "/b", document("b", None, inside))
    site.page.go_back(wait_until="commit")
    shows(site, "a")
    site.page.go_forward(wait_until="commit")
    site.until("window.ran == 2")


def test_a_link_that_was_in_the_page_may_bring_the_next(site, server, streams):
    """A request of an element that goes with its page."""
    button = "<button id=go data-on:click=\"@get('/x')\">go</button>"
    command(site, server, goto("/b", page("b", "/b/live", button)), path="/y")
    shows(site, "b")
    more = goto("/a", A, "title a") + event("helio-dispatch", detail='{"name": "after"}')
    server.answers("GET", "/x", more, content_type="text/event-stream")
    site.value("document.addEventListener('after', () => { window.after = true })")
    site.page.click("#go")
    shows(site, "a")
    site.until("window.after")


def test_entries_of_others_are_left_to_them(site, server, streams):
    command(site, server, goto("/b", B))
    shows(site, "b")
    site.value("history.pushState({mine: 1}, '', '/b?tab=2')")
    site.page.go_back(wait_until="commit")
    site.page.wait_for_timeout(100)
    shows(site, "b")
    assert server.count("/b") == 0
