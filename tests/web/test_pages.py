"""Pages: a document and a stream under one URL."""

import re

import pytest

from helio import (
    App,
    Forbidden,
    NotFound,
    Request,
    Signals,
    Topic,
    bind,
    publish,
    region,
    watch,
)
from helio import html as h
from web.visiting import browser, own, stream, stream_url, until

NEWS = Topic("news")


class Draft(Signals):
    title: str = ""


class World:
    value: object = 0


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def site(app: App, world: World) -> App:
    @region
    def cell():
        watch(NEWS)
        return h.p[f"value {world.value}"]

    @app.page("/")
    def front_page():
        return h.main[cell()]

    @app.page("/static")
    def nothing_read():
        return h.main["still"]

    @app.page("/bound")
    def bound():
        watch(NEWS)
        return h.main[h.input(bind(Draft.title))]

    @app.page("/gone")
    def gone():
        watch(NEWS)
        if world.value:
            raise NotFound("It is gone.")
        return h.main["here"]

    @app.post("/change")
    def change(to: str = "1"):
        world.value = to
        publish(NEWS)

    return app


def have(document: str) -> str:
    found = re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', document)
    return " ".join(f"{key}={version}" for key, version in found)


async def test_a_document(site: App) -> None:
    async with browser(site) as visitor:
        document = await visitor.get("/")
    assert document.status_code == 200
    assert document.headers["content-type"] == "text/html; charset=utf-8"
    assert document.headers["vary"] == "Datastar-Request"
    assert document.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in document.headers
    assert document.text.startswith("<!doctype html>")
    assert "<title>Front page</title>" in document.text
    assert stream_url(document) == "/"
    assert "live: true" in document.text
    assert "\x01" not in document.text


async def test_its_stream_stands_at_the_same_url(site: App) -> None:
    async with stream(site, "/") as opened:
        assert opened.status == 200
        assert opened.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert opened.headers["cache-control"] == "no-store, no-transform"
        assert opened.headers["x-accel-buffering"] == "no"
        assert opened.headers["vary"] == "Datastar-Request"
        await opened.says("value 0")


async def test_a_client_says_what_it_has_and_hears_what_changes(site: App) -> None:
    async with browser(site) as visitor:
        document = await visitor.get("/")
        async with stream(site, "/", helio_have=have(document.text)) as opened:
            assert (await visitor.post("/change", data={"to": "7"})).status_code == 303
            await opened.says("value 7")
            assert "value 0" not in opened.text


async def test_a_change_before_the_stream_reaches_it(site: App) -> None:
    async with browser(site) as visitor:
        document = await visitor.get("/")
        await visitor.post("/change", data={"to": "7"})
        async with stream(site, "/", helio_have=have(document.text)) as opened:
            await opened.says("value 7")


async def test_a_page_that_reads_nothing_opens_no_stream(site: App) -> None:
    async with browser(site) as visitor:
        document = await visitor.get("/static")
    assert stream_url(document) is None
    assert 'id="helio-page"' in document.text


async def test_a_stream_that_is_asked_for_nonetheless_stays_open(site: App) -> None:
    async with stream(site, "/static") as opened:
        await opened.says("still")
        assert not opened.task.done()


async def test_a_document_declares_its_signals_once(site: App) -> None:
    async with browser(site) as visitor:
        document = await visitor.get("/bound")
    assert document.text.count("data-signals__ifmissing") == 1
    assert 'data-signals__ifmissing=\'{"draft":{"title":""}}\'' in document.text


async def test_head_is_a_get_without_a_stream(site: App) -> None:
    async with browser(site) as visitor:
        for headers in ({}, own()):
            answer = await visitor.head("/", headers=headers)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_stream_carries_path_and_query_as_they_were(app: App) -> None:
    seen: list[object] = []

    @app.page("/files/{name:path}")
    def file(name: str, page: int = 1):
        watch(NEWS)
        seen.append((name, page))
        return h.p[f"{name} {page}"]

    async with browser(app) as visitor:
        document = await visitor.get("/files/a%3Fb%2541 %C3%A4'/c?page=2&more=%26")
        url = stream_url(document)
        assert url is not None
        seen.clear()
        again = await visitor.get(url)
    assert seen == []
    for answer in (document, again):
        assert "a?b%41 ä'/c 2" in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("path", ["//evil.example/x", "/%2Fevil.example/x"])
async def test_a_stream_never_goes_to_another_host(app: App, path: str) -> None:
    @app.page("/{anything:path}")
    def anything(anything: str):
        watch(NEWS)
        return h.p["x"]

    async with browser(app) as visitor:
        document = await visitor.get("http://testserver" + path)
    url = stream_url(document)
    assert url is not None
    assert not url.startswith("//")


async def test_the_newest_stream_of_a_tab_replaces_the_older(site: App) -> None:
    tab = "tab-00001"
    async with (
        stream(site, "/", helio_tab=tab) as first,
        stream(site, "/", helio_tab=tab) as second,
    ):
        await first.says("datastar-close")
        await until(lambda: first.task.done())
        assert first.whole
        assert not second.task.done()


async def test_the_same_tab_of_another_visitor_replaces_nothing(site: App) -> None:
    async with (
        stream(site, "/", helio_tab="tab-00001", cookie="helio=ann") as first,
        stream(site, "/", helio_tab="tab-00001", cookie="helio=bob") as second,
    ):
        assert second.status == 200
        assert not first.task.done()


async def test_a_client_that_goes_leaves_nothing(site: App) -> None:
    async with stream(site, "/"):
        assert len(site.hub.streams) == 1
    assert len(site.hub.streams) == 0


async def test_a_drain_breaks_streams_and_opens_no_new_ones(site: App) -> None:
    async with stream(site, "/") as opened:
        await site.drain(1)
        await until(lambda: opened.task.done())
        assert "retry: " in opened.text
        assert not opened.whole
        async with browser(site) as visitor:
            refused = await visitor.get("/", headers=own())
        assert refused.status_code == 503


@pytest.mark.parametrize(
    ("refusal", "status", "text"),
    [
        (NotFound(), 404, "This page does not exist."),
        (Forbidden("Not for you & me."), 403, "Not for you &amp; me."),
    ],
)
async def test_a_page_that_refuses(app: App, refusal: Exception, status: int, text: str) -> None:
    @app.page("/")
    def index():
        raise refusal

    async with browser(app) as visitor:
        document = await visitor.get("/")
        opened = await visitor.get("/", headers=own())
    assert document.status_code == opened.status_code == status
    assert document.headers["vary"] == opened.headers["vary"] == "Datastar-Request"
    assert document.headers["cache-control"] == "private, no-cache"
    assert f"<h1>{text}</h1>" in document.text
    assert "helio-navigate" in opened.text


async def test_an_open_page_that_is_gone_is_loaded_again(site: App, world: World) -> None:
    async with browser(site) as visitor:
        await visitor.get("/gone")
        async with stream(site, "/gone") as opened:
            await visitor.post("/change")
            await opened.says('"mode":"reload"')
            await until(lambda: opened.task.done())
        assert (await visitor.get("/gone")).status_code == 404
        world.value = 0
        site.publish(NEWS)
        assert (await visitor.get("/gone")).status_code == 200


async def test_a_page_that_fails(app: App, caplog: pytest.LogCaptureFixture) -> None:
    @app.page("/")
    def index():
        raise RuntimeError("secret detail")

    async with browser(app) as visitor:
        hidden = await visitor.get("/")
        toast = await visitor.get("/", headers=own())
        app.development = True
        shown = await visitor.get("/")
    assert hidden.status_code == toast.status_code == shown.status_code == 500
    assert "secret detail" not in hidden.text + toast.text
    number = re.search(r"error ([0-9a-f]{8})", hidden.text)
    assert number
    assert any(number[1] in record.getMessage() for record in caplog.records)
    assert "secret detail" in shown.text


async def test_a_page_that_sees_the_request_is_keyed_by_its_whole_query(app: App) -> None:
    @app.page("/")
    def index(request: Request):
        watch(NEWS)
        return h.p[f"looking for {request.query_params.get('q')}"]

    async with browser(app) as visitor:
        for word in ("one", "two"):
            assert f"looking for {word}" in (await visitor.get(f"/?q={word}")).text
        async with stream(app, "/?q=one&datastar=%7B%7D") as opened:
            await opened.says("looking for one")


async def test_one_function_may_stand_at_two_paths(app: App) -> None:
    @app.page("/a")
    @app.page("/b")
    def both():
        watch(NEWS)
        return h.p["both"]

    async with browser(app) as visitor:
        for path in ("/a", "/b"):
            assert "both" in (await visitor.get(path)).text


async def test_a_page_that_is_called_is_its_function(app: App) -> None:
    @app.page("/")
    def index(number: int = 1):
        return h.p[number]

    assert index(3) == "<p>3</p>"


async def test_a_page_sees_the_newest_request(app: App) -> None:
    @app.page("/")
    def index(request: Request):
        return h.p[f"in {request.headers['accept-language']}"]

    async with browser(app) as visitor:
        for language in ("de", "en"):
            page = await visitor.get("/", headers={"accept-language": language})
            assert f"in {language}" in page.text
