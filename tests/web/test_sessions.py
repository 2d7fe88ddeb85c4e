"""Sessions: who a visitor is, what is kept of him, and that nobody else sees it."""

import asyncio
import re
from pathlib import Path

import pytest

from helio import (
    App,
    Invalid,
    MemoryStore,
    RenderError,
    Session,
    SessionState,
    Signals,
    SQLite,
    SQLiteStore,
    Topic,
    region,
    watch,
)
from helio import html as h
from web.visiting import BRISK, browser, own, stream, until

NEWS = Topic("news")


class Prefs(SessionState):
    sort: str = "name"
    hidden: list[str] = []  # noqa: RUF012 - msgspec makes a new one for each


class Count(SessionState):
    value: int = 0


class Draft(Signals):
    title: str = ""


def cookies(answer) -> list[str]:
    return answer.headers.get_list("set-cookie")


@pytest.fixture
def site(app: App) -> App:
    @app.page("/mine")
    def mine(session: Session, prefs: Prefs):
        return h.p[f"{session.get('name')} by {prefs.sort}"]

    @app.page("/all")
    def everybody():
        watch(NEWS)
        return h.p["all"]

    @app.post("/name")
    def name(session: Session, to: str):
        session["name"] = to

    @app.post("/sort")
    def sort(prefs: Prefs, to: str):
        prefs.sort = to

    @app.post("/forget")
    def forget(session: Session):
        del session["name"]

    return app


async def test_a_session_begins_where_it_is_needed_and_is_known_again(site: App) -> None:
    async with browser(site) as visitor:
        assert cookies(await visitor.get("/all")) == []
        first = await visitor.get("/mine")
        assert len(cookies(first)) == 1
        await visitor.post("/name", data={"to": "ann"})
        again = await visitor.get("/mine")
        assert cookies(again) == []
        assert "ann by name" in again.text
        await visitor.post("/forget")
        assert "None by name" in (await visitor.get("/mine")).text


@pytest.mark.parametrize(
    ("base", "name", "secure"),
    [
        ("http://testserver", "helio", False),
        ("http://localhost:8000", "helio", False),
        ("http://127.0.0.1", "helio", False),
        ("https://shop.example", "__Host-helio", True),
    ],
)
async def test_the_cookie(site: App, base: str, name: str, secure: bool) -> None:
    async with browser(site, base) as visitor:
        [cookie] = cookies(await visitor.get("/mine"))
    first, *flags = cookie.split("; ")
    assert re.fullmatch(rf"{name}=[A-Za-z0-9_-]{{43}}", first)
    expected = {"Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={30 * 24 * 3600}"}
    assert set(flags) == expected | ({"Secure"} if secure else set())


async def test_plain_http_from_elsewhere_needs_to_be_permitted(site: App) -> None:
    async with browser(site, "http://shop.example") as visitor:
        refused = await visitor.get("/mine")
        assert refused.status_code == 400
        assert cookies(refused) == []
        assert "sessions need https" in refused.text
        assert "App(plain_http=True)" in refused.text
        assert (await visitor.get("/all")).status_code == 200
        site.visitors.plain_http = True
        assert len(cookies(await visitor.get("/mine"))) == 1


async def test_an_id_that_is_not_ours_is_not_adopted(site: App) -> None:
    for told in ("chosen-by-an-attacker", "", "x" * 5000, "ä"):
        async with browser(site) as visitor:
            answer = await visitor.get("/mine", headers={"cookie": f"helio={told}".encode()})
        [cookie] = cookies(answer)
        assert cookie.partition(";")[0] != f"helio={told}"


async def test_a_cookie_of_plain_http_is_no_session_over_https(site: App) -> None:
    async with browser(site) as visitor:
        [cookie] = cookies(await visitor.get("/mine"))
    told = cookie.partition(";")[0]
    async with browser(site, "https://testserver") as visitor:
        answer = await visitor.get("/mine", headers={"cookie": told})
    assert cookies(answer)[0].startswith("__Host-helio=")


async def test_one_visitors_data_is_never_seen_by_another(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.post("/name", data={"to": "ann"})
        await bob.post("/name", data={"to": "bob"})
        pages = await asyncio.gather(*[each.get("/mine") for each in (ann, bob) * 5])
    for page, name in zip(pages, ["ann", "bob"] * 5, strict=True):
        assert f"{name} by name" in page.text


async def test_a_session_belongs_to_its_pages_alone(site: App) -> None:
    async with browser(site) as ann, browser(site) as bob:
        await ann.get("/mine")
        await bob.get("/mine")
        async with (
            stream(site, "/mine", cookie=f"helio={ann.cookies['helio']}") as hers,
            stream(site, "/mine", cookie=f"helio={bob.cookies['helio']}") as his,
        ):
            await hers.says("None by name")
            await his.says("None by name")
            quiet = his.text
            await ann.post("/sort", data={"to": "size"})
            await hers.says("None by size")
            await ann.post("/name", data={"to": "ann"})
            await hers.says("ann by size")
            assert his.text == quiet


async def test_what_is_assigned_and_equal_wakes_nobody(site: App) -> None:
    async with browser(site) as ann:
        await ann.get("/mine")
        async with stream(site, "/mine", cookie=f"helio={ann.cookies['helio']}") as hers:
            await hers.says("None by name")
            before = site.hub.graph.number
            await ann.post("/sort", data={"to": "name"})
            assert site.hub.graph.number == before


async def test_a_state_that_was_changed_in_place_is_kept(app: App) -> None:
    @app.post("/hide")
    def hide(prefs: Prefs, what: str):
        prefs.hidden.append(what)

    @app.page("/")
    def index(prefs: Prefs):
        return h.p[", ".join(prefs.hidden)]

    async with browser(app) as visitor:
        for what in ("a", "b"):
            await visitor.post("/hide", data={"what": what})
        assert "<p" in (page := (await visitor.get("/")).text)
        assert ">a, b</p>" in page


async def test_a_command_that_fails_or_refuses_keeps_nothing(
    site: App, caplog: pytest.LogCaptureFixture
) -> None:
    @site.post("/fail")
    def fail(session: Session, prefs: Prefs, how: str):
        session["name"] = "wrong"
        prefs.sort = "wrong"
        if how == "raise":
            raise RuntimeError
        return Invalid(how="no")

    async with browser(site) as visitor:
        await visitor.get("/mine")
        for how in ("raise", "invalid"):
            await visitor.post("/fail", json={"how": how}, headers=own())
        assert "None by name" in (await visitor.get("/mine")).text


async def test_two_commands_of_one_visitor_lose_nothing(app: App) -> None:
    @app.page("/")
    def index(count: Count):
        return h.p[f"count {count.value}"]

    @app.post("/add")
    async def add(count: Count):
        value = count.value
        await asyncio.sleep(0.001)
        count.value = value + 1

    async with browser(app) as visitor:
        await visitor.get("/")
        await asyncio.gather(*[visitor.post("/add") for _ in range(10)])
        assert "count 10" in (await visitor.get("/")).text


async def test_different_visitors_do_not_wait_for_each_other(app: App) -> None:
    met = asyncio.Barrier(2)

    @app.post("/meet")
    async def meet(count: Count):
        async with asyncio.timeout(10):
            await met.wait()

    async with browser(app) as ann, browser(app) as bob:
        answers = await asyncio.gather(ann.post("/meet"), bob.post("/meet"))
    assert [answer.status_code for answer in answers] == [303, 303]


async def test_a_generator_keeps_what_it_assigned(app: App) -> None:
    @app.page("/")
    def index(count: Count):
        return h.p[f"count {count.value}"]

    @app.post("/add")
    async def add(count: Count):
        yield h.p(id="x")["begun"]
        count.value += 1

    async with browser(app) as visitor:
        await visitor.get("/")
        for headers in (own(), {}):
            await visitor.post("/add", headers=headers)
        assert "count 2" in (await visitor.get("/")).text


async def test_a_session_that_begins_in_a_refused_form_keeps_its_cookie(app: App) -> None:
    @app.page("/")
    def index(prefs: Prefs):
        return h.p["x"]

    @app.post("/add")
    def add(draft: Draft, session: Session):
        return Invalid(title="No.")

    async with browser(app) as visitor:
        answer = await visitor.post("/add", data={"draft.title": "x"})
    assert (answer.status_code, len(cookies(answer))) == (422, 1)


async def test_renders_change_no_session(app: App) -> None:
    said: list[str] = []

    @app.page("/")
    def index(session: Session, prefs: Prefs):
        def assign() -> None:
            session["name"] = "x"

        def remove() -> None:
            del session["name"]

        def sort() -> None:
            prefs.sort = "x"

        for attempt in (assign, remove, sort):
            try:
                attempt()
            except RenderError as error:
                said.append(str(error).partition(" inside ")[0])
        return h.p["x"]

    async with browser(app) as visitor:
        await visitor.get("/")
    assert said == ["session['name'] = …", "del session['name']", "Prefs.sort = …"]


async def test_a_region_that_reaches_for_the_session_gets_the_error(app: App) -> None:
    held: list[Session] = []
    said: list[str] = []

    @region
    def nosy():
        for read in (lambda it: it["name"], lambda it: it.get("name"), lambda it: "name" in it):
            try:
                read(held[0])
            except RenderError as error:
                said.append(str(error))
        return h.p["x"]

    @app.page("/")
    def index(session: Session):
        held.append(session)
        return h.main[nosy()]

    async with browser(app) as visitor:
        await visitor.get("/")
    assert len(said) == 3
    assert all("out of reach inside region" in text for text in said)
    assert all("Read it in the page and pass on a plain value" in text for text in said)


def kept(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.iterdir())


async def test_sessions_in_a_database_outlive_the_process_and_are_stored_hashed(
    tmp_path: Path,
) -> None:
    async def visit(cookie: str | None, to: str | None) -> tuple[str, str]:
        db = SQLite(tmp_path / "a.db")
        app = App(db=db, pace=BRISK)

        @app.page("/")
        def index(session: Session):
            return h.p[f"name {session.get('name')}"]

        @app.post("/name")
        def name(session: Session, to: str):
            session["name"] = to

        async with browser(app) as visitor:
            if cookie:
                visitor.cookies.set("helio", cookie, domain="testserver.local")
            if to:
                await visitor.post("/name", data={"to": to})
            page = await visitor.get("/")
            found = cookie or visitor.cookies["helio"]
        await app.stop()
        await db.close()
        return found, page.text

    cookie, _ = await visit(None, "ann")
    assert cookie.encode() not in kept(tmp_path)
    assert "name ann" in (await visit(cookie, None))[1]


async def test_a_session_is_followed_when_another_process_changes_it(tmp_path: Path) -> None:
    def site() -> App:
        app = App(db=SQLite(tmp_path / "a.db"), pace=BRISK)

        @app.page("/")
        def index(prefs: Prefs):
            return h.p[f"by {prefs.sort}"]

        @app.post("/sort")
        def sort(prefs: Prefs, to: str):
            prefs.sort = to

        return app

    one, other = site(), site()
    async with browser(one) as here, browser(other) as there:
        await here.get("/")
        there.cookies = here.cookies
        cookie = "; ".join(f"{name}={value}" for name, value in here.cookies.items())
        async with stream(one, "/", cookie=cookie) as opened:
            await there.post("/sort", data={"to": "date"})
            await opened.says("by date")
            assert "by date" in (await here.get("/")).text
    await one.stop()
    await other.stop()


class TestStores:
    """What every store does."""

    @pytest.fixture(params=["memory", "sqlite"])
    async def store(self, request: pytest.FixtureRequest, tmp_path: Path):
        if request.param == "memory":
            yield MemoryStore()
            return
        db = SQLite(tmp_path / "s.db")
        yield SQLiteStore(db)
        await db.close()

    async def test_values(self, store: MemoryStore) -> None:
        assert await store.load("a") is None
        assert await store.remaining("a") is None
        await store.save("a", {"n": 1})
        assert await store.load("a") is None, "an unknown session is left alone"
        await store.create("a")
        assert await store.load("a") == {}
        await store.save("a", {"n": 1, "list": [1]})
        await store.save("a", {"m": 2, "n": None})
        assert await store.load("a") == {"m": 2, "list": [1]}
        await store.delete("a")
        assert await store.load("a") is None

    async def test_values_are_copies(self, store: MemoryStore) -> None:
        await store.create("a")
        await store.save("a", {"list": [1]})
        (await store.load("a") or {})["list"].append(2)
        assert await store.load("a") == {"list": [1]}

    async def test_what_has_no_json_is_refused(self, store: MemoryStore) -> None:
        await store.create("a")
        with pytest.raises(TypeError):
            await store.save("a", {"x": object()})

    async def test_expiry(self, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 1_000_000.0
        monkeypatch.setattr("helio.web.sessions.time.time", lambda: now)
        await store.create("a")
        now += 20 * 24 * 3600
        assert await store.load("a") == {}
        assert (await store.remaining("a") or 0) < 11 * 24 * 3600
        await store.renew("a")
        now += 20 * 24 * 3600
        assert await store.load("a") == {}
        now += 20 * 24 * 3600
        assert await store.load("a") is None
        assert await store.remaining("a") is None

    async def test_secret(self, store: MemoryStore) -> None:
        secret = await store.secret()
        assert len(secret) == 32
        assert await store.secret() == secret
        assert await MemoryStore().secret() != secret


async def test_all_who_use_a_database_have_one_secret(tmp_path: Path) -> None:
    dbs = [SQLite(tmp_path / "s.db") for _ in range(4)]
    stores = [SQLiteStore(db) for db in dbs for _ in range(2)]
    [secret] = set(await asyncio.gather(*(store.secret() for store in stores)))
    for db in dbs:
        await db.close()
    assert await SQLiteStore(dbs[0]).secret() == secret, "also after a restart"
    other = SQLite(tmp_path / "t.db")
    assert await SQLiteStore(other).secret() != secret
    await dbs[0].close()
    await other.close()


async def test_a_session_in_use_is_renewed_with_its_cookie(
    site: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("helio.web.sessions.time.time", lambda: now)
    async with browser(site) as visitor:
        [cookie] = cookies(await visitor.get("/mine"))
        told = {"cookie": cookie.partition(";")[0]}
        now += 10 * 24 * 3600
        assert cookies(await visitor.get("/mine", headers=told)) == []
        now += 10 * 24 * 3600
        assert cookies(await visitor.get("/mine", headers=told)) == [cookie]
        now += 20 * 24 * 3600
        assert cookies(await visitor.get("/mine", headers=told)) == [cookie]


async def test_many_visitors_at_once_do_not_stay_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("helio.web.sessions.time.time", lambda: now)
    store = MemoryStore()
    for number in range(5000):
        await store.create(str(number))
        now += 24 * 3600
    await until(lambda: len(store._sessions) < 2000)
