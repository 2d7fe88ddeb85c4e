"""State of one tab: shown in that tab alone, kept in its session within bounds; and `Tab.send`."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from helio import (
    App,
    RenderError,
    Session,
    Signals,
    SQLite,
    Tab,
    TabState,
    Topic,
    region,
    toast,
    watch,
)
from helio import html as h
from web.visiting import BRISK, STOCK, browser, detail, events, own, stream, until

ONE, TWO = "tab-number-one", "tab-number-two"
NEWS = Topic("news")


class Panel(TabState):
    open: bool = False
    text: str = "nothing"


class Filter(TabState):
    by: str = "name"


class Draft(Signals):
    title: str = ""


def site_of(app: App) -> App:
    @app.page("/")
    def index(panel: Panel):
        return h.p[f"{panel.text} {'open' if panel.open else 'closed'}"]

    @app.page("/both")
    def both(panel: Panel, order: Filter):
        return h.p[f"{panel.text} by {order.by}"]

    @app.page("/static")
    def still():
        watch(NEWS)
        return h.p["still"]

    @app.post("/write")
    def write(panel: Panel, to: str):
        panel.text = to

    @app.post("/filter")
    def by(order: Filter, to: str):
        order.by = to

    @app.post("/look")
    def look(panel: Panel):
        return h.p(id="seen")[panel.text]

    @app.post("/begin")
    def begin(session: Session):
        session["x"] = 1

    return app


@pytest.fixture
async def site() -> AsyncIterator[App]:
    app = site_of(App(pace=BRISK))
    yield app
    await app.stop()


def cookie(visitor: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


async def write(visitor: httpx.AsyncClient, tab: str, to: str) -> httpx.Response:
    return await visitor.post("/write", json={"to": to}, headers=own(helio_tab=tab))


async def shown(site: App, visitor: httpx.AsyncClient, tab: str, path: str = "/") -> str:
    """What a tab's stream brings to somebody who has nothing."""
    async with stream(site, path, cookie=cookie(visitor), helio_tab=tab) as opened:
        await opened.says("data-region")
        return opened.text


async def test_a_document_shows_the_defaults_and_its_stream_what_the_tab_has(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        await write(ann, ONE, "hello")
        page = await ann.get("/")
        assert "nothing closed" in page.text
        assert "data-init" in page.text
        assert "hello closed" in await shown(site, ann, ONE)
        assert "nothing closed" in await shown(site, ann, TWO)
        address = page.text.partition('<p data-region="')[2].partition('"')[0]
        assert address in await shown(site, ann, ONE)


async def test_what_a_tab_assigns_reaches_its_page_alone(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/begin")
        await bob.post("/begin")
        async with (
            stream(site, "/", cookie=cookie(ann), helio_tab=ONE) as one,
            stream(site, "/", cookie=cookie(ann), helio_tab=TWO) as two,
            stream(site, "/", cookie=cookie(bob), helio_tab=ONE) as his,
        ):
            for opened in (one, two, his):
                await opened.says("nothing closed")
            await write(ann, ONE, "hello")
            await one.says("hello closed")
            await write(ann, TWO, "good bye")
            await two.says("good bye closed")
            assert "good bye" not in one.text
            assert "hello" not in two.text
            # Another visitor's tab that calls itself the same is not the same.
            assert "hello" not in his.text
            await write(bob, ONE, "mine")
            await his.says("mine closed")
            assert "mine" not in one.text
        assert "hello closed" in await shown(site, ann, ONE)


async def test_structs_of_one_tab_are_kept_apart(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        async with stream(site, "/both", cookie=cookie(ann), helio_tab=ONE) as opened:
            await write(ann, ONE, "hello")
            await opened.says("hello by name")
            await ann.post("/filter", json={"to": "size"}, headers=own(helio_tab=ONE))
            await opened.says("hello by size")


async def test_what_is_assigned_and_equal_wakes_nobody(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        async with stream(site, "/", cookie=cookie(ann), helio_tab=ONE) as opened:
            await opened.says("nothing closed")
            before = list(site.visitors.store._sessions.values())
            await write(ann, ONE, "nothing")
            assert list(site.visitors.store._sessions.values()) == before
            await write(ann, ONE, "something")
            await opened.says("something closed")
            assert opened.text.count("nothing closed") == 1


async def test_no_session_is_begun_until_a_command_needs_one(site: App) -> None:
    async with browser(site) as ann:
        assert "set-cookie" not in (await ann.get("/")).headers
        async with stream(site, "/", helio_tab=ONE) as opened:
            await opened.says("nothing closed")
            assert "set-cookie" not in opened.headers
        answer = await write(ann, ONE, "hello")
        assert "set-cookie" in answer.headers
        assert [event.event for event in events(answer)] == ["helio-reconnect"]
        assert "hello closed" in await shown(site, ann, ONE)


async def test_a_session_that_begins_later_is_not_shown_to_others(site: App) -> None:
    """The page of those who have no session is one for all of them."""
    async with (
        browser(site) as ann,
        stream(site, "/", helio_tab=ONE) as hers,
        stream(site, "/") as others,
    ):
        await hers.says("nothing")
        await others.says("nothing")
        await write(ann, ONE, "hello")
        site.publish(NEWS)
        await shown(site, ann, ONE)
        assert "hello" not in others.text
        assert "hello" not in hers.text


async def test_stock_runtimes_and_plain_forms_get_the_defaults_and_keep_nothing(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        assert (await ann.post("/write", json={"to": "x"}, headers=STOCK)).status_code == 204
        assert (await ann.post("/write", data={"to": "x"})).status_code == 303
        seen = await ann.post("/look", headers=STOCK)
        assert ">nothing</p>" in seen.text
        page = httpx.Headers({**STOCK, "cookie": cookie(ann)})
        async with stream(site, "/", **page) as opened:
            await opened.says("nothing closed")
    async with browser(site) as nobody:
        assert (await nobody.post("/write", data={"to": "x"})).status_code == 303
        assert not nobody.cookies


@pytest.mark.parametrize(
    "forged", ["", "short", "x" * 65, "tab:one:" + "x" * 8, "../../../etc", "' or 1=1 --", "ä" * 9]
)
async def test_a_tab_that_is_none_has_no_state(site: App, forged: str) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        headers = {**own(), "helio-tab": forged.encode()}
        answer = await ann.post("/write", json={"to": "x"}, headers=headers)
        assert answer.status_code == 204
        [kept] = site.visitors.store._sessions.values()
        assert b"tab:" not in kept[1]


async def values(site: App) -> dict[str, object]:
    [key] = site.visitors.store._sessions
    return await site.visitors.store.load(key) or {}


async def test_fifty_tabs_are_kept_and_the_oldest_forgotten(
    site: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("helio.web.tabs.time.time", lambda: now)
    async with browser(site) as ann:
        await ann.post("/begin")
        async with stream(site, "/", cookie=cookie(ann), helio_tab="number-00") as oldest:
            for number in range(55):
                now += 1
                await write(ann, f"number-{number:02}", f"text {number}")
                if number == 20:
                    await write(ann, "number-01", "again")
            await oldest.says("text 0 closed")
            await until(lambda: oldest.text.endswith("nothing closed</p>\n\n"))
        kept = sorted(name.split(":")[1] for name in await values(site) if name[:4] == "tab:")
        assert kept == ["number-01", *(f"number-{number:02}" for number in range(6, 55))]


async def test_tabs_keep_so_much_together(site: App, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("helio.web.tabs.time.time", lambda: now)
    async with browser(site) as ann:
        await ann.post("/begin")
        for number in range(4):
            now += 1
            await write(ann, f"number-{number}", "x" * 25_000)
        kept = sorted(name.split(":")[1] for name in await values(site) if name[:4] == "tab:")
        assert kept == ["number-2", "number-3"]


async def test_a_tab_that_would_keep_too_much_is_refused(site: App) -> None:
    @site.post("/grow")
    def grow(panel: Panel):
        panel.text = "ü" * 40_000

    async with browser(site) as ann:
        await ann.post("/begin")
        await write(ann, TWO, "other")
        await write(ann, ONE, "before")
        refused = await ann.post("/grow", headers=own(helio_tab=ONE))
        assert refused.status_code == 413
        assert "at most 64 KiB" in detail(refused, "toast")["text"]
        assert "before closed" in await shown(site, ann, ONE)
        assert "other closed" in await shown(site, ann, TWO)


async def test_what_no_longer_fits_takes_its_defaults(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/begin")
        await write(ann, ONE, "hello")
        [key] = site.visitors.store._sessions
        [name] = [name for name in await values(site) if name[:4] == "tab:"]
        for odd in ({"at": "x", "value": {"text": 3}}, {"at": 1}, [1], "x", {"value": [1]}):
            await site.visitors.store.save(key, {name: odd})
            assert "nothing closed" in await shown(site, ann, ONE)
        assert (await write(ann, TWO, "x")).status_code == 204


async def test_tabs_outlive_the_process(tmp_path: Path) -> None:
    async def visit(cookies: httpx.Cookies, to: str | None) -> str:
        db = SQLite(tmp_path / "a.db")
        app = site_of(App(db=db, pace=BRISK))
        async with browser(app) as ann:
            ann.cookies = cookies
            if to is not None:
                await write(ann, ONE, to)
            cookies.update(ann.cookies)
            text = await shown(app, ann, ONE)
        await app.stop()
        await db.close()
        return text

    cookies = httpx.Cookies()
    assert "hello closed" in await visit(cookies, "hello")
    assert "hello closed" in await visit(cookies, None)


async def test_a_tab_is_followed_when_another_process_changes_it(tmp_path: Path) -> None:
    here, there = (site_of(App(db=SQLite(tmp_path / "a.db"), pace=BRISK)) for _ in range(2))
    async with browser(here) as ann, browser(there) as elsewhere:
        await ann.post("/begin")
        elsewhere.cookies = ann.cookies
        async with stream(here, "/", cookie=cookie(ann), helio_tab=ONE) as opened:
            await opened.says("nothing closed")
            await write(elsewhere, ONE, "hello")
            await opened.says("hello closed")
    await here.stop()
    await there.stop()


async def test_renders_change_no_tab(site: App) -> None:
    said: list[str] = []

    @site.page("/assigning")
    def assigning(panel: Panel):
        try:
            panel.text = "x"
        except RenderError as error:
            said.append(str(error))
        return h.p["x"]

    async with browser(site) as ann:
        await ann.get("/assigning")
    assert said[0].startswith("Panel.text = … inside page")


def test_regions_do_not_take_a_tabs_state() -> None:
    with pytest.raises(TypeError, match="Take it in the page and pass on a plain value"):

        @region
        def personal(panel: Panel): ...


# Sending


@pytest.fixture
def sending(site: App) -> App:
    @site.post("/send")
    def send(tab: Tab, what: str):
        patches = {
            "element": h.p(id="x")["sent"],
            "signals": Draft(title="sent"),
            "effect": toast("sent"),
            "list": [h.p(id="x")["sent"], toast("sent as well")],
            "wrong": 3,
        }
        return Draft(title="open" if tab.send(patches[what]) else "closed")

    @site.post("/maybe")
    def maybe(tab: Tab | None):
        return Draft(title=tab.id if tab else "no tab")

    return site


def title(answer: httpx.Response) -> str:
    return answer.json()["draft"]["title"]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("element", '<p id="x">sent</p>'),
        ("signals", '{"draft":{"title":"sent"}}'),
        ("effect", "helio-toast"),
        ("list", "sent as well"),
    ],
)
async def test_a_command_sends_to_its_tab(sending: App, what: str, told: str) -> None:
    async with browser(sending) as ann:
        await ann.post("/begin")
        async with (
            stream(sending, "/static", cookie=cookie(ann), helio_tab=ONE) as one,
            stream(sending, "/static", cookie=cookie(ann), helio_tab=TWO) as two,
        ):
            await one.says("still")
            await two.says("still")
            headers = own(helio_tab=ONE)
            answer = await ann.post("/send", json={"what": what}, headers=headers)
            assert title(answer) == "open"
            await one.says(told)
            assert "sent" not in two.text


async def test_sending_to_a_tab_that_is_not_open_says_so(sending: App) -> None:
    async with browser(sending) as ann, browser(sending) as bob:
        await ann.post("/begin")
        await bob.post("/begin")
        async with stream(sending, "/static", cookie=cookie(bob), helio_tab=ONE) as his:
            await his.says("still")
            headers = own(helio_tab=ONE)  # as another visitor's tab calls itself
            answer = await ann.post("/send", json={"what": "element"}, headers=headers)
            assert title(answer) == "closed"
            assert "sent" not in his.text


async def test_what_no_command_may_return_cannot_be_sent(
    sending: App, caplog: pytest.LogCaptureFixture
) -> None:
    async with browser(sending) as ann:
        answer = await ann.post("/send", json={"what": "wrong"}, headers=own(helio_tab=ONE))
        assert answer.status_code == 500
        assert "returned int 3" in caplog.text


async def test_a_request_without_a_tab(sending: App) -> None:
    async with browser(sending) as ann:
        for headers in ({}, STOCK, {**own(), "helio-tab": "short"}):
            refused = await ann.post("/send", json={"what": "element"}, headers=headers)
            assert "400" in (str(refused.status_code), refused.headers.get("helio-status"))
            assert "its own runtime" in refused.text
        assert title(await ann.post("/maybe", headers=own())) == "no tab"
        one = title(await ann.post("/maybe", headers=own(helio_tab=ONE)))
        assert ONE not in one
        assert one == title(await ann.post("/maybe", headers=own(helio_tab=ONE)))
        await ann.post("/begin")
        assert one != title(await ann.post("/maybe", headers=own(helio_tab=ONE)))


async def test_a_page_takes_no_tab() -> None:
    app = App()

    @app.page("/")
    def index(tab: Tab): ...

    with pytest.raises(TypeError, match=r"parameter tab: Tab\..*TabState"):
        await app.start()
