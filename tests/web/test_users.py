"""Users: who a session's visitor is, what he may take part in, and what ends with his session."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from helio import (
    App,
    MemoryStore,
    Session,
    SessionState,
    SQLite,
    Topic,
    User,
    goto,
    redirect,
    region,
    watch,
)
from helio import html as h
from web.visiting import BRISK, PATIENCE, browser, detail, events, own, stream, until

PEOPLE = Topic("people")


class Me(User):
    id: int
    name: str


class Other(User):
    id: int


class Prefs(SessionState):
    sort: str = "name"


class Village:
    """Who there is, and how often somebody asked."""

    def __init__(self) -> None:
        self.names = {1: "ann", 2: "bob"}
        self.asked = 0

    async def load(self, session: Session) -> Me | None:
        self.asked += 1
        watch(PEOPLE)
        number = session.get("user")
        return Me(number, self.names[number]) if number in self.names else None


@region
def own_region(me: Me):
    return h.p[f"for {me.name} alone"]


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
async def site(village: Village) -> AsyncIterator[App]:
    app = App(user=village.load, pace=BRISK)

    @app.page("/mine")
    def mine(me: Me):
        return h.main[h.h1[f"Hello {me.name}"], own_region(me)]

    @app.page("/open")
    def everybody(me: Me | None):
        return h.p[f"Hello {me.name if me else 'stranger'}"]

    @app.page("/prefs")
    def prefs(session: Session, prefs: Prefs):
        return h.p[f"by {prefs.sort}"]

    @app.post("/in/{number}")
    def log_in(session: Session, number: int):
        session["user"] = number

    @app.post("/out")
    def log_out(session: Session):
        del session["user"]

    @app.post("/say")
    def say(me: Me, again: Me, user: User):
        return h.p(id="said")[f"{me.name} {again.id} {user is me}"]

    @app.post("/whisper")
    def whisper(me: Me | None):
        return h.p(id="said")[me.name if me else "nobody"]

    yield app
    await app.stop()


def cookie(visitor: httpx.AsyncClient) -> str:
    return f"helio={visitor.cookies['helio']}"


async def test_a_page_for_users_refuses_visitors_and_begins_no_session(
    site: App, village: Village
) -> None:
    async with browser(site) as visitor:
        for headers in ({}, {"cookie": "helio=chosen-by-somebody"}):
            refused = await visitor.get("/mine", headers=headers)
            assert refused.status_code == 403
            assert "Log in first." in refused.text
            admitted = await visitor.get("/open", headers=headers)
            assert "Hello stranger" in admitted.text
            assert "set-cookie" not in {*refused.headers, *admitted.headers}
    assert village.asked == 0


async def test_who_has_logged_in_is_known(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        hers, his = await ann.get("/mine"), await bob.get("/mine")
        assert "Hello ann" in hers.text
        assert "for ann alone" in hers.text
        assert "bob" not in hers.text
        assert "for bob alone" in his.text
        assert "Hello ann" in (await ann.get("/open")).text


async def test_visitors_without_a_session_share_what_they_see(site: App) -> None:
    async with browser(site) as one, browser(site) as other:
        await one.get("/open")
        known = len(site.hub.graph.views)
        await other.get("/open", headers={"cookie": "helio=unknown"})
        assert len(site.hub.graph.views) == known


async def test_the_stream_of_a_page_for_users_is_refused_to_visitors(site: App) -> None:
    async with stream(site, "/mine") as refused:
        assert refused.status == 403
        assert [event.event for event in refused.events] == ["helio-navigate", "datastar-close"]


async def test_logging_out_in_one_tab_turns_the_others_away(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        async with (
            stream(site, "/mine", cookie=cookie(ann)) as hers,
            stream(site, "/mine", cookie=cookie(bob)) as his,
        ):
            await hers.says("for ann alone")
            await his.says("for bob alone")
            await ann.post("/out")
            await hers.says("datastar-close")
            *_, leave, close = hers.events
            assert leave.event == "helio-navigate"
            assert '"mode":"reload"' in leave.data
            assert close.data == "reason refused"
            await until(hers.task.done)
            assert not his.task.done()
            assert "helio-navigate" not in his.text
        assert (await ann.get("/mine")).status_code == 403


async def test_a_page_for_everybody_follows_logging_in_and_out(site: App) -> None:
    async with browser(site) as ann:
        await ann.post("/in/1")
        async with stream(site, "/open", cookie=cookie(ann)) as hers:
            await hers.says("Hello ann")
            await ann.post("/out")
            await hers.says("Hello stranger")
            await ann.post("/in/2")
            await hers.says("Hello bob")


async def test_a_page_follows_what_is_known_of_its_user(site: App, village: Village) -> None:
    async with browser(site) as ann:
        await ann.post("/in/1")
        async with stream(site, "/mine", cookie=cookie(ann)) as hers:
            await hers.says("Hello ann")
            village.names[1] = "anna"
            site.publish(PEOPLE)
            await hers.says("Hello anna")
            await hers.says("for anna alone")
            del village.names[1]
            site.publish(PEOPLE)
            await hers.says("helio-navigate")


async def test_a_users_page_that_is_current_is_not_rendered_again() -> None:
    rendered: list[int] = []
    app = App(user=Village().load, pace=BRISK)

    @app.page("/")
    def index(me: Me):
        rendered.append(me.id)
        return h.p[f"Hello {me.name}"]

    @app.post("/in/{number}")
    def log_in(session: Session, number: int):
        session["user"] = number

    async with browser(app) as ann:
        await ann.post("/in/1")
        for _ in range(3):
            assert "Hello ann" in (await ann.get("/")).text
    assert rendered == [1]
    await app.stop()


async def test_who_logs_in_as_somebody_else_sees_nothing_of_the_first(site: App) -> None:
    async with browser(site) as visitor:
        await visitor.post("/in/1")
        async with stream(site, "/mine", cookie=cookie(visitor)) as opened:
            await opened.says("for ann alone")
            await visitor.post("/in/2")
            await opened.says("Hello bob")
            await opened.says("for bob alone")
        page = (await visitor.get("/mine")).text
        assert "for bob alone" in page
        assert "ann" not in page


async def test_commands_for_users_refuse_visitors(site: App) -> None:
    async with browser(site) as visitor:
        refused = await visitor.post("/say", headers=own())
        assert (refused.status_code, detail(refused, "toast")["text"]) == (403, "Log in first.")
        plain = await visitor.post("/say")
        assert (plain.status_code, "Log in first." in plain.text) == (403, True)
        assert "nobody" in (await visitor.post("/whisper", headers=own())).text
        assert not visitor.cookies


async def test_a_refused_form_comes_back_with_its_page_as_its_visitor_may_see_it(
    site: App,
) -> None:
    async with browser(site) as visitor:
        sent = {"referer": "http://testserver/open"}
        refused = await visitor.post("/say", headers=sent)
        assert refused.status_code == 403
        assert "Log in first." in refused.text
        assert "Hello stranger" in refused.text
        hidden = await visitor.post("/say", headers={"referer": "http://testserver/mine"})
        assert hidden.status_code == 403
        assert "Hello" not in hidden.text


async def test_a_command_asks_once_who_it_is(site: App, village: Village) -> None:
    async with browser(site) as ann:
        await ann.post("/in/1")
        before = village.asked
        answer = await ann.post("/say", headers=own())
        assert "ann 1 True" in answer.text
        assert village.asked == before + 1


async def test_a_revoked_session_is_over_at_once(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/in/1")
        await bob.post("/in/2")
        [key] = [key for key in site.visitors.store._sessions if await is_of(site, key, 1)]
        async with (
            stream(site, "/mine", cookie=cookie(ann)) as private,
            stream(site, "/open", cookie=cookie(ann)) as shared,
            stream(site, "/prefs", cookie=cookie(ann)) as kept,
            stream(site, "/mine", cookie=cookie(bob)) as his,
        ):
            await site.visitors.revoke(key)
            for opened in (private, shared, kept):
                await opened.says("datastar-close")
                assert "helio-navigate" in opened.text
                await until(opened.task.done)
            assert not his.task.done()
        assert (await ann.get("/mine")).status_code == 403
        assert "Hello stranger" in (await ann.get("/open")).text
        assert "Hello bob" in (await bob.get("/mine")).text


async def test_a_stream_that_opens_while_its_session_is_revoked_is_refused() -> None:
    gate = asyncio.Event()
    gate.set()

    class Store(MemoryStore):
        async def remaining(self, hashed: str) -> float | None:
            found = await super().remaining(hashed)
            await gate.wait()
            return found

    app = App(sessions=Store(), pace=BRISK)

    @app.page("/")
    def index(prefs: Prefs):
        return h.p[f"by {prefs.sort}"]

    @app.post("/sort")
    def sort(prefs: Prefs, session: Session):
        prefs.sort = session.key

    async with browser(app) as ann:
        await ann.post("/sort")
        async with stream(app, "/", cookie=cookie(ann)) as first:
            await first.says("by ")
            [key] = app.visitors.store._sessions
            gate.clear()
            opening = asyncio.ensure_future(ann.get("/", headers=own()))
            await asyncio.sleep(0.02)
            await app.visitors.revoke(key)
            gate.set()
            refused = await asyncio.wait_for(opening, PATIENCE)
            assert refused.status_code == 403
            assert key not in refused.text
    await app.stop()


async def is_of(site: App, key: str, user: int) -> bool:
    return (await site.visitors.store.load(key) or {}).get("user") == user


async def test_a_session_that_another_process_ends_ends_its_pages_here(tmp_path: Path) -> None:
    def site() -> App:
        app = App(db=SQLite(tmp_path / "a.db"), pace=BRISK)

        @app.page("/")
        def index(prefs: Prefs):
            return h.p[f"by {prefs.sort}"]

        @app.post("/end")
        async def end(session: Session):
            await app.visitors.revoke(session.key)

        return app

    here, there = site(), site()
    async with browser(here) as visitor, browser(there) as elsewhere:
        await visitor.get("/")
        elsewhere.cookies = visitor.cookies
        told = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        async with stream(here, "/", cookie=told) as opened:
            await opened.says("by name")
            await elsewhere.post("/end")
            await opened.says("helio-navigate")
        again = await visitor.get("/")
        assert (again.status_code, "set-cookie" in again.headers) == (200, True)
    await here.stop()
    await there.stop()


async def test_the_tab_of_a_command_that_begins_a_session_opens_its_stream_again(
    site: App,
) -> None:
    async with browser(site) as visitor:
        first = await visitor.post("/in/1", headers=own())
        assert [event.event for event in events(first)] == ["helio-reconnect"]
        again = await visitor.post("/in/1", headers=own())
        assert again.status_code == 204


async def test_nothing_is_reconnected_where_one_leaves_or_knows_no_effects(site: App) -> None:
    @site.post("/go")
    def go(session: Session):
        session["user"] = 1
        return redirect("/mine")

    async with browser(site) as visitor:
        gone = await visitor.post("/go", headers=own())
        assert [event.event for event in events(gone)] == ["helio-navigate"]
    async with browser(site) as stock:
        answer = await stock.post("/in/1", headers={"datastar-request": "true"})
        assert answer.status_code == 204


# What is refused at the start


async def refused(app: App) -> str:
    with pytest.raises(TypeError) as caught:
        await app.start()
    await app.stop()
    return str(caught.value)


async def test_what_load_returns_is_a_class_of_users() -> None:
    def silent(session): ...

    async def a_dict(session) -> dict | None: ...

    async def base(session) -> User | None: ...

    for load, told in ((silent, "nothing"), (a_dict, "dict"), (base, "User")):
        app = App(user=load)

        @app.page("/")
        def index(me: Me): ...

        said = await refused(app)
        assert load.__qualname__ in said
        assert told in said
        assert "async def load(session) -> Me | None" in said


async def test_load_is_checked_though_nobody_takes_a_user() -> None:
    async def load(session): ...

    assert "annotated to return nothing" in await refused(App(user=load))


async def test_a_user_that_cannot_be_had_is_refused_at_the_start(village: Village) -> None:
    for app, fix in (
        (App(), "App(user=load)"),
        (App(user=village.load), "Annotate it as Me."),
    ):

        @app.post("/x")
        def command(other: Other): ...

        said = await refused(app)
        assert "command" in said
        assert "parameter other: Other" in said
        assert fix in said


async def test_load_that_does_not_keep_its_word_is_a_fault_and_shows_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def forging(session: Session) -> Me | None:
        return Other(1)  # type: ignore[return-value]

    async def writing(session: Session) -> Me | None:
        session["user"] = 1
        return Me(1, "ann")

    async def guest(session: Session) -> Me | None:
        return Me(None, "guest")  # type: ignore[arg-type]

    for load, told in (
        (forging, "returned Other"),
        (writing, "assigned session['user']"),
        (guest, "with the id None, by which nobody is told from others"),
    ):
        app = App(user=load, pace=BRISK)

        @app.post("/begin")
        def begin(session: Session):
            session["x"] = 1

        @app.post("/run")
        def run(me: Me):
            return h.p(id="secret")["secret"]

        async with browser(app) as visitor:
            await visitor.post("/begin")
            with caplog.at_level(logging.ERROR, "helio.web"):
                answer = await visitor.post("/run", headers=own())
            assert answer.status_code == 500
            assert "secret" not in answer.text
        assert told in caplog.text
        await app.stop()


# Mounted applications


async def test_a_mounted_application_knows_its_parents_users(site: App) -> None:
    inner = App()

    @inner.page("/mine")
    def mine(me: Me):
        return h.p[f"inside, {me.name}"]

    site.mount("/inner", inner)
    async with browser(site) as ann:
        assert (await ann.get("/inner/mine")).status_code == 403
        await ann.post("/in/1")
        assert "inside, ann" in (await ann.get("/inner/mine")).text


async def test_a_mounted_application_may_know_users_of_its_own(site: App) -> None:
    async def load(session: Session) -> Other | None:
        return Other(session["user"] + 100) if "user" in session else None

    inner = App(user=load)

    @inner.page("/mine")
    def mine(other: Other):
        return h.p[f"number {other.id}"]

    site.mount("/inner", inner)
    async with browser(site) as ann:
        await ann.post("/in/1")
        assert "number 101" in (await ann.get("/inner/mine")).text
        assert "Hello ann" in (await ann.get("/mine")).text


def is_manager(user: User | None) -> bool:
    return isinstance(user, Me) and user.name == "manager"


async def test_a_right_in_one_application_is_none_in_another(app: App) -> None:
    def tenant(name: str) -> App:
        async def load(session: Session) -> Me | None:
            return Me(session["user"], name) if "user" in session else None

        made = App(user=load)

        @made.page("/", allow=is_manager)
        def index():
            return h.main["for managers"]

        return made

    @app.post("/in")
    def log_in(session: Session):
        session["user"] = 1

    app.mount("/one", tenant("manager"))
    app.mount("/other", tenant("clerk"))
    async with browser(app) as ann:
        await ann.post("/in")
        assert (await ann.get("/one/")).status_code == 200
        assert (await ann.get("/other/")).status_code == 403


async def test_who_goes_to_another_applications_page_is_known_to_that_one(app: App) -> None:
    def member(user: User | None) -> bool:
        return user is not None

    @app.page("/members", allow=member)
    def members():
        return h.main["for members"]

    @app.post("/in")
    def log_in(session: Session):
        session["user"] = 1

    async def load(session: Session) -> Me | None:
        return Me(session["user"], "ann") if "user" in session else None

    inner = App(user=load)

    @inner.post("/go")
    def go():
        return goto(members)

    app.mount("/inner", inner)
    async with browser(app) as ann:
        await ann.post("/in")
        assert (await ann.get("/members")).status_code == 403
        answer = await ann.post("/inner/go", headers=own())
        assert answer.status_code == 403
        assert "for members" not in answer.text


async def test_a_session_whose_user_is_asked_for_is_renewed(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("helio.web.sessions.time.time", lambda: now)
    app = App(user=village.load, sessions=MemoryStore(), pace=BRISK)

    @app.page("/")
    def index(me: Me | None):
        return h.p[me.name if me else "nobody"]

    @app.post("/in")
    def log_in(session: Session):
        session["user"] = 1

    async with browser(app) as ann:
        await ann.post("/in")
        told = {"cookie": cookie(ann)}
        for _ in range(5):
            now += 20 * 24 * 3600
            page = await ann.get("/", headers=told)
            assert "ann" in page.text
            assert "set-cookie" in page.headers
    await app.stop()
