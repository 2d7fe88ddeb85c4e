"""Rules: who may see a page or region and who may run a command, and that it ends when it ends."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from msgspec import Meta

from helio import (
    App,
    Forbidden,
    Routes,
    Session,
    Signals,
    SQLite,
    Topic,
    User,
    anyone,
    region,
    watch,
)
from helio import html as h
from web.visiting import BRISK, STOCK, browser, detail, own, stream, until

MEMBERS = Topic("members")
PLAN = "the plan is to win"


class Me(User):
    id: int


class Draft(Signals):
    title: Annotated[str, Meta(min_length=3)] = ""


async def load(session: Session) -> Me | None:
    return Me(session["user"]) if "user" in session else None


class Club:
    """Whose boards there are; rules that read it, and how often they were asked."""

    def __init__(self) -> None:
        self.members: set[tuple[int, int]] = {(1, 7)}

    async def member(self, user: Me | None, board: int) -> bool:
        watch(MEMBERS)
        return user is not None and (user.id, board) in self.members


club = Club()


@pytest.fixture(autouse=True)
def fresh() -> None:
    club.members = {(1, 7)}


@region(allow=club.member)
def plan(board: int):
    return h.p[f"board {board}: {PLAN}"]


async def begin(app: App) -> None:
    """What all applications here have in common."""

    @app.post("/in/{number}", allow=anyone)
    def log_in(session: Session, number: int):
        session["user"] = number


@pytest.fixture
async def site() -> AsyncIterator[App]:
    app = App(user=load, pace=BRISK)
    await begin(app)

    @app.page("/boards/{board}", allow=club.member)
    def board(board: int):
        return h.main[f"board {board}", plan(board)]

    @app.page("/")
    def index():
        watch(MEMBERS)
        return h.main["everybody", plan(7)]

    @app.post("/boards/{board}/add", allow=club.member)
    def add(board: int, draft: Draft):
        done.append((board, draft.title))

    done.clear()
    yield app
    await app.stop()


done: list[tuple[int, str]] = []


def cookie(visitor: httpx.AsyncClient) -> str:
    return f"helio={visitor.cookies['helio']}"


# Pages


async def test_a_page_is_refused_to_whom_its_rule_refuses(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        page = await ann.get("/boards/7")
        assert (page.status_code, PLAN in page.text) == (200, True)
        assert (await ann.get("/boards/8")).status_code == 403
        assert (await ann.head("/boards/7")).status_code == 200
        for method in ("GET", "HEAD"):
            refused = await bob.request(method, "/boards/7")
            assert refused.status_code == 403
            assert "board 7" not in refused.text
        assert "You may not see this." in (await bob.get("/boards/7")).text
        assert (await ann.get("/boards/x")).status_code == 404


async def test_the_stream_is_refused_as_well(site: App) -> None:
    async with browser(site) as bob:
        await bob.post("/in/2")
        async with stream(site, "/boards/7", cookie=cookie(bob)) as refused:
            assert refused.status == 403
            assert [event.event for event in refused.events] == ["helio-navigate", "datastar-close"]


async def test_who_loses_his_right_is_turned_away_and_nobody_else(site: App) -> None:
    club.members.add((2, 7))
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        async with (
            stream(site, "/boards/7", cookie=cookie(ann)) as hers,
            stream(site, "/boards/7", cookie=cookie(bob)) as his,
        ):
            await hers.says(PLAN)
            await his.says(PLAN)
            club.members.remove((2, 7))
            site.publish(MEMBERS)
            await his.says("datastar-close")
            *_, leave, close = his.events
            assert leave.event == "helio-navigate"
            assert '"mode":"reload"' in leave.data
            assert close.data == "reason refused"
            await until(his.task.done)
            assert not hers.task.done()
            assert "helio-navigate" not in hers.text
        assert (await bob.get("/boards/7")).status_code == 403


async def test_a_right_in_a_database_ends_with_its_row_whoever_deletes_it(tmp_path: Path) -> None:
    db = SQLite(tmp_path / "a.db", schema="create table if not exists member (user int, board int)")
    app = App(db=db, user=load, pace=BRISK)
    await begin(app)

    async def member(user: Me | None, board: int) -> bool:
        if user is None:
            return False
        sql = "select count(*) from member where user = $1 and board = $2"
        return bool(await db.fetch_value(sql, user.id, board))

    @app.page("/boards/{board}", allow=member)
    def board(board: int):
        return h.main[f"board {board}"]

    await db.execute("insert into member values (1, 7)")
    async with browser(app) as ann:
        await ann.post("/in/1")
        async with stream(app, "/boards/7", cookie=cookie(ann)) as opened:
            await opened.says("board 7")
            other = SQLite(tmp_path / "a.db")
            await other.execute("delete from member")
            await other.close()
            await opened.says("helio-navigate")
    await app.stop()
    await db.close()


# Regions


async def test_a_region_is_withheld_from_whom_its_rule_refuses(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob, browser(site) as visitor:
        await ann.post("/in/1")
        await bob.post("/in/2")
        assert PLAN in (await ann.get("/")).text
        for other in (bob, visitor):
            page = (await other.get("/")).text
            assert "everybody" in page
            assert 'data-v="withheld"></template>' in page
            assert PLAN not in page


async def test_a_region_comes_and_goes_with_the_right(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        async with (
            stream(site, "/", cookie=cookie(ann)) as hers,
            stream(site, "/", cookie=cookie(bob)) as his,
            stream(site, "/") as nobodys,
        ):
            await hers.says(PLAN)
            await his.says("withheld")
            await nobodys.says("withheld")
            assert PLAN not in his.text + nobodys.text
            club.members = {(2, 7)}
            site.publish(MEMBERS)
            await his.says(PLAN)
            await hers.says("withheld")
            club.members = set()
            site.publish(MEMBERS)
            await until(lambda: "withheld" in his.text.rpartition(PLAN)[2])
            assert PLAN not in nobodys.text


async def test_a_refused_form_does_not_bring_a_region_that_is_withheld(site: App) -> None:
    @site.post("/check", allow=anyone)
    def check(draft: Draft): ...

    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        sent = {"headers": {"referer": "http://testserver/"}, "data": {"draft.title": "x"}}
        hers, his = await ann.post("/check", **sent), await bob.post("/check", **sent)
        assert (hers.status_code, his.status_code) == (422, 422)
        assert PLAN in hers.text
        assert "everybody" in his.text
        assert PLAN not in his.text
        # Nor does a page whose rule refuses come back with a form of its own.
        sent["headers"] = {"referer": "http://testserver/boards/7"}
        assert PLAN in (await ann.post("/check", **sent)).text
        hidden = await bob.post("/check", **sent)
        assert hidden.status_code == 403
        assert "board 7" not in hidden.text


# Commands


async def test_a_command_is_refused_before_its_signals_are_looked_at(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        wrong = {"draft": {"title": "x"}}
        path = "/boards/7/add"
        assert (await ann.post(path, json=wrong, headers=own())).status_code == 422
        refused = await bob.post(path, json=wrong, headers=own())
        assert refused.status_code == 403
        assert detail(refused, "toast")["text"] == "You may not do this."
        stock = await bob.post(path, json=wrong, headers=STOCK)
        assert (stock.status_code, stock.headers["helio-status"]) == (200, "403")
        assert done == []
        right = {"draft": {"title": "more"}}
        assert (await ann.post(path, json=right, headers=own())).status_code == 204
        assert (await ann.post("/boards/8/add", json=right, headers=own())).status_code == 403
        assert (await ann.post("/boards/x/add", json=right, headers=own())).status_code == 404
        assert done == [(7, "more")]


async def test_a_plain_form_is_refused_like_any(site: App) -> None:
    async with browser(site) as bob:
        await bob.post("/in/2")
        sent = {"headers": {"referer": "http://testserver/"}, "data": {"draft.title": "more"}}
        refused = await bob.post("/boards/7/add", **sent)
        assert refused.status_code == 403
        assert "You may not do this." in refused.text
        assert "everybody" in refused.text
        assert PLAN not in refused.text
        assert done == []


async def test_every_kind_of_command_is_refused(site: App) -> None:
    ran: list[str] = []

    @site.get("/boards/{board}/next", allow=club.member)
    def following(board: int):
        ran.append("get")

    @site.delete("/rows", allow=club.member)
    def remove(board: int):
        ran.append("delete")

    @site.put("/boards/{board}", allow=club.member)
    def rename(board: int):
        ran.append("put")

    @site.patch("/boards/{board}", allow=club.member)
    async def several(board: int):
        ran.append("patch")
        yield h.p(id="x")[PLAN]

    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        asked = [
            ("GET", "/boards/7/next"),
            ("HEAD", "/boards/7/next"),
            ("DELETE", "/rows?board=7"),
            ("PUT", "/boards/7"),
            ("PATCH", "/boards/7"),
        ]
        for headers in (own(), {}):
            for method, path in asked:
                answer = await bob.request(method, path, headers=headers)
                assert (method, answer.status_code) == (method, 403)
                assert PLAN not in answer.text
        hidden = {"_method": "PUT"}
        assert (await bob.post("/boards/7", data=hidden)).status_code == 403
        assert ran == []
        for method, path in asked:
            assert (await ann.request(method, path, headers=own())).status_code < 300
        assert ran == ["get", "get", "delete", "put", "patch"]


async def test_a_right_that_has_ended_ends_for_the_next_command(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/in/1")
        right = {"draft": {"title": "more"}}
        assert (await ann.post("/boards/7/add", json=right, headers=own())).status_code == 204
        club.members.clear()
        assert (await ann.post("/boards/7/add", json=right, headers=own())).status_code == 403


# The nearest rule


def no(user: object) -> bool:
    return False


async def test_the_nearest_rule_counts() -> None:
    app = App(allow=no, pace=BRISK)
    routes, ruled = Routes(), Routes(allow=anyone)

    @app.page("/refused")
    def refused(): ...

    @app.page("/open", allow=anyone)
    def opened(): ...

    @routes.page("/included")
    def included(): ...

    @routes.post("/run")
    def run(): ...

    @ruled.page("/ruled")
    def ruled_page(): ...

    @ruled.page("/own", allow=no)
    def own_rule(): ...

    inner, inner_ruled = App(), App(allow=anyone)
    for child in (inner, inner_ruled):

        @child.page("/")
        def index():
            return h.p["x"]

    app.include(routes)
    app.include(ruled)
    app.mount("/inner", inner)
    app.mount("/ruled-inner", inner_ruled)
    async with browser(app) as visitor:
        expected = {
            "/refused": 403,
            "/open": 200,
            "/included": 403,
            "/ruled": 200,
            "/own": 403,
            "/inner/": 403,
            "/ruled-inner/": 200,
        }
        found = {path: (await visitor.get(path)).status_code for path in expected}
        assert found == expected
        assert (await visitor.post("/run", headers=own())).status_code == 403
    await app.stop()


async def test_one_function_may_stand_at_two_paths_under_two_rules(app: App) -> None:
    @app.page("/guarded", allow=no)
    @app.page("/open")
    def page():
        watch(MEMBERS)
        return h.p["here"]

    async with browser(app) as visitor:
        assert (await visitor.get("/guarded")).status_code == 403
        async with stream(app, "/open") as opened:
            assert (await visitor.get("/guarded")).status_code == 403
            app.publish(MEMBERS)
            assert opened.status == 200
            assert not opened.task.done()


# What is refused at the start


async def test_a_rule_that_asks_for_what_is_not_there_is_refused_at_the_start() -> None:
    def asks(user: object, board: int) -> bool: ...

    def takes_nothing() -> bool: ...

    app = App()

    @app.page("/cards/{card}", allow=asks)
    def card(card: int): ...

    with pytest.raises(TypeError) as caught:
        await app.start()
    said = str(caught.value)
    assert said.startswith(f"page {card.qualified} at /cards/{{card}}: ")
    assert "takes 'board', which is no argument here. There are: card." in said

    app = App(allow=takes_nothing)

    @app.post("/x")
    def command(board: int): ...

    with pytest.raises(TypeError) as caught:
        await app.start()
    assert f"command {command.qualified} (POST /x)" in str(caught.value)
    assert "async def rule(user) -> bool" in str(caught.value)

    app = App()

    @app.post("/y", allow=asks)
    def from_body(board: int): ...

    with pytest.raises(TypeError) as caught:
        await app.start()
    assert "takes 'board', which is no argument here" in str(caught.value)


async def test_commands_without_a_rule_are_named_once(caplog: pytest.LogCaptureFixture) -> None:
    app, inner = App(user=load), App()

    @app.post("/one")
    def one(): ...

    @inner.delete("/two")
    def two(): ...

    @app.put("/three", allow=anyone)
    def three(): ...

    app.mount("/inner", inner)
    with caplog.at_level(logging.WARNING, "helio.web"):
        await app.start()
    [record] = caplog.records
    said = record.getMessage()
    assert one.where in said
    assert two.where in said
    assert three.where not in said
    assert "allow=anyone" in said
    await app.stop()


async def test_without_users_nothing_is_said_of_rules(caplog: pytest.LogCaptureFixture) -> None:
    app = App()

    @app.post("/one")
    def one(): ...

    with caplog.at_level(logging.WARNING, "helio.web"):
        await app.start()
    assert caplog.records == []
    await app.stop()


# Rules that go wrong


async def test_a_rule_that_fails_refuses(caplog: pytest.LogCaptureFixture) -> None:
    def broken(user: object) -> bool:
        raise RuntimeError("no database")

    @region(allow=broken)
    def secret():
        return h.p[PLAN]

    app, ran = App(pace=BRISK), []

    @app.page("/", allow=broken)
    def index():
        return h.p[PLAN]

    @app.page("/open")
    def opened():
        return h.main["open", secret()]

    @app.post("/run", allow=broken)
    def run():
        ran.append(1)

    async with browser(app) as visitor:
        for answer in (
            await visitor.get("/"),
            await visitor.post("/run"),
            await visitor.post("/run", headers=own()),
        ):
            assert answer.status_code == 500
            assert PLAN not in answer.text
            assert "no database" not in answer.text
        assert ran == []
        assert "no database" in caplog.text
        page = await visitor.get("/open")
        assert (page.status_code, "open" in page.text) == (200, True)
        assert PLAN not in page.text
        async with stream(app, "/") as refused:
            assert refused.status == 500
            assert PLAN not in refused.text
    await app.stop()


async def test_only_true_allows(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[object] = [1, "yes", [0], None, 0, False, object]

    def rule(user: object) -> bool:
        return answers[0]  # type: ignore[return-value]

    app = App(pace=BRISK)
    app.development = True

    @app.page("/", allow=rule)
    def index():
        return h.p[PLAN]

    @app.post("/run", allow=rule)
    def run():
        raise AssertionError

    async with browser(app) as visitor:
        while answers:
            assert (await visitor.get("/")).status_code == 403
            assert (await visitor.post("/run", headers=own())).status_code == 403
            answers.pop(0) if len(answers) > 1 else answers.clear()
            if not answers:
                break
    told = [record.getMessage() for record in caplog.records if "answered" in record.getMessage()]
    assert len(told) == 1
    assert "answered 1, which is not True, so it refuses" in told[0]
    await app.stop()


async def test_a_rule_may_say_why(app: App, caplog: pytest.LogCaptureFixture) -> None:
    def members(user: object) -> bool:
        raise Forbidden("This is for members.")

    @app.page("/", allow=members)
    def index():
        return h.p[PLAN]

    @app.post("/run", allow=members)
    def run(): ...

    async with browser(app) as visitor:
        for answer in (await visitor.get("/"), await visitor.post("/run", headers=own())):
            assert answer.status_code == 403
            assert "This is for members." in answer.text
    assert caplog.records == []
