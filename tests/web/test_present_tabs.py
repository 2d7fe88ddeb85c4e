"""Presence over the web: a tab is where its page puts it, as long as its stream is open."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape

import pytest

from helio import App, Invalid, Session, User, region
from helio import html as h
from helio.attrs import presence
from helio.live.presence import Presence
from helio.live.region import RegionCall
from helio.web.grants import sealed
from web.visiting import BRISK, browser, own, stream, until


class Where(Presence):
    room: int
    typing: bool = False


class Me(User):
    id: int


class Delay:
    """Holds up who asks for a user, or renders the region."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.waiting = 0

    async def wait(self) -> None:
        self.waiting += 1
        await self.over.wait()


delays: list[Delay] = []


@pytest.fixture
def delay() -> Iterator[Delay]:
    delays.append(Delay())
    yield delays[0]
    delays.clear()


async def load(session: Session) -> Me | None:
    if delays:
        await delays[0].wait()
    number = session.get("user")
    return None if number is None else Me(number)


@region
async def slow():
    await delays[0].wait()
    return h.p["slow"]


@region
def people(room: int):
    there = Where.first(8, room=room)
    who = ", ".join(f"{one.user and one.user.id}{'…' * one.presence.typing}" for one in there)
    return h.p[f"{Where.count(room=room)} here: {who}"]


def serve() -> App:
    app = App(user=load, secret="the secret of these tests", pace=BRISK)  # noqa: S106

    @app.page("/rooms/{room}")
    def rooms(room: int):
        return h.main(presence(Where(room=room)))[people(room)]

    @app.post("/log-in/{number}")
    def log_in(session: Session, number: int):
        session["user"] = number

    @app.post("/count")
    def count(room: int):
        return h.p("#count")[Where.count(room=room)]

    return app


@pytest.fixture
async def app() -> AsyncIterator[App]:
    made = serve()
    yield made
    await made.stop()


async def token(app: App, room: int) -> str:
    """The token of a place, as the page has it."""
    async with browser(app) as visitor:
        document = await visitor.get(f"/rooms/{room}")
    found = re.search(r'data-presence="where ([^"]+)"', document.text)
    assert found is not None
    return unescape(found[1])


def at(token: str, **values: object) -> dict[str, object]:
    return {"presence": [{"token": token, "values": values}]}


def telling(tab: str) -> dict[str, str]:
    return own(**{"helio-tab": tab, "helio-stream": "presence", "content-type": "application/json"})


async def test_who_opens_his_stream_is_there_until_it_has_gone(app: App) -> None:
    room = await token(app, 5)
    async with stream(app, "/rooms/5", helio_tab="tab-00001") as watching:
        await watching.says("0 here: ")
        async with stream(app, "/rooms/5", at(room), helio_tab="tab-00002"):
            await watching.says("1 here: None")
            async with browser(app) as visitor:
                answer = await visitor.post("/count", data={"room": "5"}, headers=own())
                assert answer.text == '<p id="count">1</p>'


async def test_what_a_tab_does_is_told_while_its_stream_is_open(app: App) -> None:
    room = await token(app, 5)
    tab = "tab-00001"
    async with (
        stream(app, "/rooms/5", at(room), helio_tab=tab) as opened,
        browser(app) as visitor,
    ):
        await opened.says("1 here: None")
        said = json.dumps(at(room, typing=True))
        answer = await visitor.post("/rooms/5", headers=telling(tab), content=said)
        assert (answer.status_code, answer.content) == (204, b"")
        await opened.says("1 here: None…")
        for body, status in (
            (json.dumps(at("forged")), 400),
            (json.dumps(at(room, typing="yes")), 400),
            (json.dumps({"presence": [{"token": room}] * 33}), 400),
            (b"[]", 400),
            (b"{}", 204),
        ):
            answer = await visitor.post("/rooms/5", headers=telling(tab), content=body)
            assert answer.status_code == status
        await opened.says("0 here: ")


async def test_another_process_says_that_the_tab_must_open_its_stream(app: App) -> None:
    room = await token(app, 5)
    async with browser(app) as visitor:
        for headers in (telling("tab-00001"), telling("")):
            answer = await visitor.post("/rooms/5", headers=headers, content=json.dumps(at(room)))
            assert answer.status_code == 409


async def test_a_page_of_an_older_build_is_no_error(app: App) -> None:
    room = await token(app, 5)
    said = {"presence": [{"token": "of another secret"}, {"token": room}]}
    async with stream(app, "/rooms/5", said, helio_tab="tab-00001") as opened:
        assert opened.status == 200
        await opened.says("1 here: None")


async def test_a_user_is_known_by_his_session(app: App) -> None:
    room = await token(app, 5)
    async with browser(app) as ann:
        await ann.post("/log-in/7")
        cookie = f"helio={ann.cookies['helio']}"
    async with (
        stream(app, "/rooms/5", at(room), helio_tab="tab-00001", cookie=cookie) as opened,
        stream(app, "/rooms/5", at(room), helio_tab="tab-00002", cookie=cookie),
    ):
        await opened.says("1 here: 7")


async def test_a_plain_forms_page_has_its_presence(app: App) -> None:
    @app.post("/check")
    def check():
        return Invalid(title="too short")

    async with browser(app) as visitor:
        answer = await visitor.post("/check", headers={"referer": "http://testserver/rooms/5"})
    assert answer.status_code == 422
    assert "data-presence" in answer.text


async def test_who_goes_while_he_says_where_he_is_has_gone(app: App) -> None:
    room, tab = await token(app, 5), "tab-00001"
    async with browser(app) as ann:
        await ann.post("/log-in/7")
        cookie = f"helio={ann.cookies['helio']}"
        async with stream(app, "/rooms/5", {}, helio_tab=tab, cookie=cookie):
            delays.append(delay := Delay())
            saying = asyncio.ensure_future(
                ann.post("/rooms/5", headers=telling(tab), content=json.dumps(at(room)))
            )
            await until(lambda: delay.waiting)
        delays.clear()
        delay.over.set()
        assert (await saying).status_code == 409
        answer = await ann.post("/count", data={"room": "5"}, headers=own())
        assert answer.text == '<p id="count">0</p>'


async def test_a_stream_that_was_replaced_while_it_opened_says_nothing_any_more(
    app: App, delay: Delay
) -> None:
    here, there, tab = await token(app, 5), await token(app, 6), "tab-00001"
    call = slow()
    assert isinstance(call, RegionCall)
    grant = (await app.trust.grants()).give(sealed(call), "")
    mount = {"into": "side", "mode": "inner", "grant": grant}
    said = {**at(here), "mounts": [mount]}
    newer = asyncio.Event()

    async def supersede() -> None:
        await until(lambda: delay.waiting)
        async with stream(app, "/rooms/6", at(there), helio_tab=tab) as opened:
            await opened.says("1 here: None")
            delay.over.set()
            await newer.wait()

    superseding = asyncio.ensure_future(supersede())
    async with stream(app, "/rooms/5", said, helio_tab=tab) as older:
        await older.says("datastar-close")
        async with browser(app) as visitor:
            for room, count in ((5, 0), (6, 1)):
                answer = await visitor.post("/count", data={"room": str(room)}, headers=own())
                assert answer.text == f'<p id="count">{count}</p>'
        newer.set()
        await superseding
