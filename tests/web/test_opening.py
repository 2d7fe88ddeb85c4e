"""A page's stream that is opened with a body: what the tab says, and who may say it."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helio import App, Forbidden, Request, Topic, region, watch
from helio import html as h
from web.visiting import BRISK, STOCK, browser, own, stream, until

NEWS = Topic("news")


@region
def cell():
    watch(NEWS)
    return h.p["the cell"]


class World:
    commands = 0
    seen: str = ""
    closed = False


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    app = App(pace=BRISK)

    @app.page("/")
    def index():
        if world.closed:
            raise Forbidden("Closed.")
        return h.main[cell()]

    @app.page("/items/{name}")
    def item(name: str, request: Request):
        world.seen = f"{request.method} {request.headers.get('content-type')}"
        return h.main[cell(), f"item {name}"]

    def command() -> None:
        world.commands += 1

    for path in ("/", "/items/new", "/lonely"):
        app.post(path)(command)
    yield app
    await app.stop()


def opening(**headers: str) -> dict[str, str]:
    kind = {"content-type": "application/json", "helio-stream": "open"}
    return {**own(), **kind, **{name.replace("_", "-"): it for name, it in headers.items()}}


def versions(document: str) -> dict[str, str]:
    return dict(re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', document))


async def test_it_is_the_same_stream(app: App) -> None:
    async with stream(app, "/", {}, helio_tab="tab-00001") as opened:
        assert opened.status == 200
        assert opened.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert opened.headers["vary"] == "Datastar-Request"
        await opened.says("the cell")
        app.publish(NEWS)
        async with stream(app, "/", helio_tab="tab-00001"):
            await opened.says("datastar-close")
            await until(opened.task.done)


async def test_what_it_has_is_not_sent(app: App) -> None:
    async with browser(app) as visitor:
        have = versions((await visitor.get("/")).text)
    async with stream(app, "/", {"have": have, "of a later build": 1}) as opened:
        await opened.says(":\n\n")
        assert opened.events == []


async def test_a_command_at_the_same_address_is_not_run(app: App, world: World) -> None:
    for path in ("/", "/items/new"):
        async with stream(app, path, {}) as opened:
            await opened.says("the cell")
    assert world.commands == 0
    async with browser(app) as visitor:
        answer = await visitor.post("/lonely", headers=opening(), content=b"{}")
        assert answer.status_code == 404
        assert world.commands == 0
        for headers in (own(), own(helio_stream="close")):
            assert (await visitor.post("/items/new", headers=headers)).status_code == 204
        for others, status in ((STOCK, 204), ({}, 303)):
            answer = await visitor.post("/items/new", headers={**others, "helio-stream": "open"})
            assert answer.status_code == status
    assert world.commands == 4


async def test_the_page_sees_a_visit(app: App, world: World) -> None:
    async with stream(app, "/items/a%20b?x=1", {}) as opened:
        await opened.says("item a b")
    assert world.seen == "GET None"


async def test_another_site_opens_none(app: App) -> None:
    async with browser(app) as visitor:
        for told in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}):
            answer = await visitor.post("/", headers=opening(**told), content=b"{}")
            assert answer.status_code == 403


async def test_a_page_that_refuses_is_loaded_again(app: App, world: World) -> None:
    world.closed = True
    async with stream(app, "/", {}) as opened:
        await until(opened.task.done)
        assert opened.status == 403
        assert "helio-navigate" in opened.text


BAD: list[Any] = [
    b"",
    b"\xff",
    b"null",
    b"[]",
    b'{"have": {"a": 1}}',
    b'{"have": ["a"]}',
    b'{"mounts": {}}',
    b'{"mounts": [{}]}',
    b'{"mounts": [{"into": "a", "mode": "outer", "grant": "x"}]}',
    b'{"mounts": [{"into": "", "mode": "inner", "grant": "x"}]}',
    b'{"mounts": [{"into": "\\ud800", "mode": "inner", "grant": "x"}]}',
    b'{"presence": [{"token": 5}]}',
    b'{"presence": [{"token": "x", "values": []}]}',
    b'{"presence": [{"token": "x", "values": {"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}}]}",
    b"[" * 60_000,
    json.dumps({"presence": [{"token": "x"}] * 33}).encode(),
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
async def test_what_nobody_understands(app: App, body: bytes) -> None:
    async with browser(app) as visitor:
        answer = await visitor.post("/", headers=opening(), content=body)
    assert answer.status_code == 400
    assert "helio-navigate" not in answer.text, "to load the page again would not help"
    assert len(app.hub.streams) == 0


async def test_what_is_too_much(app: App) -> None:
    async with browser(app) as visitor:
        body = json.dumps({"have": {f"region-{at}": "x" * 12 for at in range(20_000)}})
        assert len(body) > 512 * 1024
        assert (await visitor.post("/", headers=opening(), content=body)).status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "have": JSON | st.dictionaries(st.text(), st.text()),
        "mounts": JSON
        | st.lists(
            st.fixed_dictionaries(
                {
                    "into": st.text(),
                    "mode": st.sampled_from(["inner", "append", "prepend"]),
                    "grant": st.text() | st.just("cell-0.AAAA"),
                }
            )
        ),
        "presence": JSON,
    },
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(SAID | JSON)
async def test_whatever_is_said_is_no_fault_of_the_server(app: App, said: object) -> None:
    async with stream(app, "/", said) as opened:
        assert opened.status in (200, 400)


async def test_a_tab_with_too_many_mounts_has_a_stream_without_the_last(app: App) -> None:
    said = {"mounts": [{"into": f"slot-{n}", "mode": "inner", "grant": "x"} for n in range(102)]}
    async with stream(app, "/", said) as opened:
        await opened.says("into slot-101\n")
        assert opened.status == 200


async def test_head_and_get_are_what_they_were(app: App) -> None:
    async with browser(app) as visitor:
        for method in ("HEAD", "GET"):
            answer = await visitor.request(method, "/", headers={"helio-stream": "open"})
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_acknowledgement_that_was_not_heard_is_said_again(app: App) -> None:
    async with stream(app, "/", {}, helio_acks="first-one second-one") as opened:
        await opened.says("ack second-one")
        assert opened.text.index("the cell") < opened.text.index("ack first-one")


async def test_no_wait_for_a_body_that_does_not_come(app: App) -> None:
    """A client that goes while it sends is no fault either."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    url = httpx.URL("http://testserver/")
    headers = {"host": "testserver", **opening()}
    await app(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "server": ("testserver", 80),
            "path": url.path,
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), it.encode()) for name, it in headers.items()],
        },
        receive,
        send,
    )
    assert sent[0]["status"] == 400
