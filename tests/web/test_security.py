"""What another site, or a stranger, cannot do."""

import pytest

from helio import App, Session, Topic, goto, on, redirect, region, watch
from helio import html as h
from web.visiting import browser, own, stream

NEWS = Topic("news")


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def site(app: App, done: list[str]) -> App:
    @app.page("/")
    def index():
        watch(NEWS)
        return h.p["x"]

    for method in ("post", "put", "patch", "delete"):

        def change(method: str = method):
            done.append(method)

        change.__qualname__ = f"change_{method}"
        getattr(app, method)("/change")(change)

    @app.get("/look")
    def look():
        done.append("get")

    return app


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://testserver:81"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"origin": ""}, False),
    ],
    ids=str,
)
async def test_commands_of_other_sites(
    site: App, done: list[str], method: str, headers: dict[str, str], allowed: bool
) -> None:
    async with browser(site) as visitor:
        plain = await visitor.request(method, "/change", headers=headers)
        ours = await visitor.request(method, "/change", headers={**own(), **headers})
    if allowed:
        assert (plain.status_code, ours.status_code) == (303, 204)
        assert done == [method] * 2
    else:
        assert (plain.status_code, ours.status_code) == (403, 403)
        assert "This request came from another site." in plain.text
        assert done == []


async def test_a_stranger_cannot_end_anothers_stream(site: App) -> None:
    async with (
        stream(site, "/", helio_tab="tab-00001", cookie="helio=ann") as hers,
        stream(site, "/", helio_tab="tab-00001") as _,
        stream(site, "/", helio_tab="tab-00001 helio=ann") as _,
    ):
        assert not hers.task.done()
        assert "datastar-close" not in hers.text


async def test_looking_is_open_to_links_of_other_sites(site: App, done: list[str]) -> None:
    async with browser(site) as visitor:
        headers = {"sec-fetch-site": "cross-site"}
        assert (await visitor.get("/", headers=headers)).status_code == 200
        assert (await visitor.get("/look", headers=headers)).status_code == 303
    assert done == ["get"]


async def test_a_plain_form_cannot_be_a_command_by_json(site: App, done: list[str]) -> None:
    """A page of another site can send text/plain without asking."""
    async with browser(site) as visitor:
        headers = {"content-type": "text/plain"}
        answer = await visitor.post("/change", content=b"{}", headers=headers)
    assert (answer.status_code, done) == (415, [])


async def test_redirects_of_commands_stay_on_the_site(app: App) -> None:
    @app.post("/go")
    def go(to: str):
        return redirect(to)

    async with browser(app) as visitor:
        for to in ("//evil.example", "https://evil.example/", "/\t/evil.example", "/\\evil.x"):
            for headers in ({}, own()):
                answer = await visitor.post("/go", json={"to": to}, headers=headers)
                assert answer.status_code == 500
                assert "evil" not in answer.headers.get("location", "")
                assert "evil" not in answer.text


async def test_urls_of_pages_and_commands_stay_on_the_site(app: App) -> None:
    @app.page("/{place:path}")
    def index(place: str):
        return h.main[f"at {place}", h.button(on.click(remove, owner="", name="evil.example"))]

    @app.delete("/{owner}/{name}")
    def remove(owner: str, name: str): ...

    @app.post("/go")
    def go(place: str):
        return goto(index, place=place)

    async with browser(app) as visitor:
        for place, url in (
            ("/evil.example", "/%2Fevil.example"),
            ("//evil.example", "/%2F/evil.example"),
            ("\\evil.example", "/%5Cevil.example"),
        ):
            assert app.url(index, place=place) == url
            sent = await visitor.post("/go", data={"place": place})
            assert (sent.status_code, sent.headers["location"]) == (303, url)
            page = await visitor.get(url)
            assert f"at {place}" in page.text
            assert 'data-to-click="/%2Fevil.example"' in page.text


async def test_user_text_is_text_everywhere(app: App) -> None:
    evil = "<script>alert(1)</script>\x01'\"&"

    @region
    def cell(text: str):
        return h.p(title=text)[text]

    @app.page("/{text:path}")
    def index(text: str):
        watch(NEWS)
        return h.main[cell(text)]

    async with browser(app) as visitor:
        url = app.url(index, text=evil)
        page = await visitor.get(url)
        async with stream(app, url) as opened:
            await opened.says("alert")
    for answer in (page.text, opened.text):
        assert "<script>alert" not in answer
        assert "\x01" not in answer


async def test_a_private_page_is_rendered_for_nobody_else(app: App) -> None:
    @app.page("/")
    def index(session: Session):
        return h.p[f"key {session.key}"]

    async with browser(app) as ann, browser(app) as bob:
        hers, his = await ann.get("/"), await bob.get("/")
        assert hers.text != his.text
        assert (await ann.get("/")).text == hers.text
        assert ann.cookies["helio"] not in hers.text


async def test_what_went_wrong_is_told_to_developers_alone(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    @region
    def broken():
        raise RuntimeError("secret")

    @app.page("/")
    def index():
        return h.main[broken()]

    async with browser(app) as visitor:
        assert "secret" not in (await visitor.get("/")).text
        assert "This part cannot be shown at the moment." in (await visitor.get("/")).text
