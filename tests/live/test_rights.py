"""Who may see what: rules of pages, regions and mounts, asked again when what they read changes."""

import asyncio
from dataclasses import dataclass, field

import pytest

from helio import RenderError, Topic, region, watch
from helio import html as h
from helio.live.hub import Hub
from helio.live.rights import NotAllowed, Visitor
from helio.live.rule import anyone, check
from helio.live.user import User
from helio.live.views import Place, Stream
from live.standin import Tab, Visit, bare, have, running, until

MEMBERS = Topic("members")
NEWS = Topic("news")


@dataclass
class Someone:
    """A visitor by name."""

    id: str

    async def user(self) -> object:
        return self.id


ANN, BOB = Someone("ann"), Someone("bob")


@dataclass
class Club:
    """A page that everybody may visit, with a region for members; the region counts its renders."""

    members: set[str] = field(default_factory=lambda: {"ann"})
    asked: list[str] = field(default_factory=list)
    news: str = "secret"

    def __post_init__(self) -> None:
        async def member(user: object) -> bool:
            watch(MEMBERS)
            self.asked.append(str(user))
            await asyncio.sleep(0)
            return user in self.members

        @region(allow=member)
        def board() -> object:
            watch(NEWS)
            return h.p(id="board")[self.news]

        def page() -> object:
            return h.main["hall", board()]

        self.rule = member
        self.board = board
        self.page = Visit(page)
        self.guarded = Visit(page, rule=member)

    async def open(
        self, hub: Hub, visitor: Visitor, page: Visit | None = None
    ) -> tuple[Tab, Stream]:
        tab = Tab()
        document = await hub.document(page or self.page, visitor)
        shown = have(document.html)
        stream = await hub.open(page or self.page, shown, tab, visitor.id, visitor, steps=True)
        return tab, stream


async def test_a_region_is_shown_to_whom_its_rule_allows() -> None:
    club = Club()
    async with running() as hub:
        assert "secret" in (await hub.document(club.page, ANN)).html
        refused = (await hub.document(club.page, BOB)).html
        assert bare(refused) == "<main>hall<template></template></main>"


async def test_changes_reach_only_those_who_are_allowed() -> None:
    club = Club()
    async with running() as hub:
        ann, _ = await club.open(hub, ANN)
        bob, _ = await club.open(hub, BOB)
        club.news = "newer"
        hub.publish([NEWS])
        await until(lambda: b"newer" in ann.sent)
        await asyncio.sleep(0.02)
        assert bob.sent == b""


async def test_a_right_that_is_given_or_taken_is_followed() -> None:
    club = Club()
    async with running() as hub:
        ann, _ = await club.open(hub, ANN)
        bob, _ = await club.open(hub, BOB)
        club.members = {"bob"}
        hub.publish([MEMBERS])
        await until(lambda: ann.patches and bob.patches)
        assert ann.patches == ["<template></template>"]
        assert bob.patches == ['<p id="board">secret</p>']
        club.news = "newer"
        hub.publish([NEWS])
        await until(lambda: b"newer" in bob.sent)
        assert b"newer" not in ann.sent


async def test_a_rule_is_asked_once_for_all_tabs_of_a_visitor() -> None:
    club = Club()
    async with running() as hub:
        await club.open(hub, ANN)
        await hub.open(club.page, {}, Tab(), "other tab", ANN)
        club.asked.clear()
        hub.publish([MEMBERS])
        await until(lambda: club.asked)
        await asyncio.sleep(0.02)
        assert club.asked == ["ann"]


async def test_the_region_is_rendered_once_whoever_may_see_it() -> None:
    club = Club(members={"ann", "bob"})
    async with running() as hub:
        tabs = [(await club.open(hub, one))[0] for one in (ANN, BOB)]
        club.news = "newer"
        hub.publish([NEWS])
        await until(lambda: all(b"newer" in tab.sent for tab in tabs))
        assert tabs[0].sent == tabs[1].sent


async def test_a_page_is_refused() -> None:
    club = Club()
    async with running() as hub:
        with pytest.raises(NotAllowed):
            await hub.document(club.guarded, BOB)
        with pytest.raises(NotAllowed):
            await hub.open(club.guarded, {}, Tab(), None, BOB)
        assert not len(hub.streams)


async def test_a_page_whose_right_is_taken_away_is_loaded_again() -> None:
    club = Club()
    async with running() as hub:
        tab, _ = await club.open(hub, ANN, club.guarded)
        club.members.clear()
        club.news = "not for ann any more"
        hub.publish([MEMBERS, NEWS])
        await until(lambda: tab.end)
        assert [event.event for event in tab.events] == ["helio-navigate", "datastar-close"]
        assert b"any more" not in tab.sent


async def test_a_mounted_region_leaves_with_the_right_to_it() -> None:
    club = Club()

    def hall() -> object:
        return h.p["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, ANN, steps=True)
        await hub.mount(stream, club.board(), Place("side", "inner", "grant"))
        assert b"secret" in tab.sent
        club.members.clear()
        hub.publish([MEMBERS])
        await until(lambda: tab.fields("helio-unmount", "into"))
        club.news = "newer"
        hub.publish([NEWS])
        await asyncio.sleep(0.02)
        assert b"newer" not in tab.sent


async def test_a_mount_is_refused() -> None:
    club = Club()

    def hall() -> object:
        return h.p["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, BOB, steps=True)
        with pytest.raises(NotAllowed):
            await hub.mount(stream, club.board(), Place("side", "inner", "grant"))
        assert b"secret" not in tab.sent


async def test_regions_that_share_a_rule_come_and_go_by_themselves() -> None:
    """They hang on one question: it stays asked as long as one of them is shown."""
    club = Club()
    details = Topic("details")
    detailed = True

    @region(allow=club.rule)
    def first() -> object:
        return h.p["first"]

    @region(allow=club.rule)
    def second() -> object:
        return h.p["second"]

    def page() -> object:
        watch(details)
        return h.main["hall", first(), second() if detailed else None]

    visit = Visit(page)
    async with running() as hub:
        tab, _ = await club.open(hub, ANN, visit)
        for detailed in (False, True, False):  # noqa: B007 (the page reads it)
            tab.sent = b""
            hub.publish([details])
            await until(lambda: tab.sent)
            assert "first" in (await hub.document(visit, ANN)).html
        club.members = set()
        tab.sent = b""
        hub.publish([MEMBERS])
        await until(lambda: tab.patches)
        assert tab.patches == ["<template></template>"]


async def test_a_mount_that_leaves_takes_no_right_from_the_page() -> None:
    club = Club()

    @region(allow=club.rule)
    def mounted() -> object:
        return h.p["mounted"]

    async with running() as hub:
        tab, stream = await club.open(hub, ANN)
        await hub.mount(stream, mounted(), Place("slot", "inner", "grant"))
        hub.unmount(stream, "slot")
        for _ in range(2):
            club.asked.clear()
            hub.publish([MEMBERS])
            await until(lambda: club.asked)
        club.news = "newer"
        hub.publish([NEWS])
        await until(lambda: b"newer" in tab.sent)
        club.members = set()
        hub.publish([MEMBERS])
        await until(lambda: "<template></template>" in tab.patches)


async def test_a_region_that_comes_later_waits_for_its_rule() -> None:
    club = Club()
    shows: list[bool] = []

    def page() -> object:
        watch(NEWS)
        return h.main[club.board() if shows else None]

    async with running() as hub:
        tabs = [(await club.open(hub, one, Visit(page)))[0] for one in (ANN, BOB)]
        shows.append(True)
        hub.publish([NEWS])
        await until(lambda: b"secret" in tabs[0].sent)
        await asyncio.sleep(0.02)
        assert b"template" in tabs[1].sent
        assert b"secret" not in tabs[1].sent


async def test_a_rule_that_fails_allows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    broken = [True]

    def rule(user: object) -> bool:
        if broken:
            raise LookupError("the list of members is lost")
        return True

    @region(allow=rule)
    def board() -> object:
        return h.p["secret"]

    def page() -> object:
        watch(NEWS)
        return h.main[board()]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(page), {}, tab, None, ANN)
        assert stream in hub.streams
        assert b"secret" not in tab.sent
        assert "the list of members is lost" in caplog.text
        broken.clear()
        await until(lambda: b"secret" in tab.sent)


@pytest.mark.parametrize("answer", [1, "yes", object(), None, 0])
async def test_only_true_allows(answer: object) -> None:
    def rule(user: object) -> object:
        return answer

    def page() -> object:
        return h.p["secret"]

    async with running() as hub:
        with pytest.raises(NotAllowed):
            await hub.document(Visit(page, rule=rule), ANN)


async def test_a_rule_gets_arguments_by_name() -> None:
    asked: list[object] = []

    def rule(user: object, room: int) -> bool:
        asked.append((user, room))
        return room == 1

    @region(allow=rule)
    def board(room: int, sort: str = "name") -> object:
        return h.p[f"board {room}"]

    def page() -> object:
        return h.main[board(1), board(2)]

    async with running() as hub:
        html = (await hub.document(Visit(page), ANN)).html
        assert "board 1" in html
        assert "board 2" not in html
        assert sorted(asked) == [("ann", 1), ("ann", 2)]  # type: ignore[type-var]


def test_a_rule_that_does_not_fit_is_an_error_at_once() -> None:
    def rule(user: object, rom: int) -> bool:
        return True

    with pytest.raises(TypeError, match=r"takes 'rom'.*There are: room"):

        @region(allow=rule)
        def board(room: int) -> object:
            return h.p[room]

    with pytest.raises(TypeError, match="Its first parameter is the user"):
        check(lambda: True, (), "page x")


async def test_anyone_is_no_question() -> None:
    @region(allow=anyone)
    def board() -> object:
        return h.p["for all"]

    def page() -> object:
        return h.main[board()]

    async with running() as hub:
        assert "for all" in (await hub.document(Visit(page), BOB)).html
        assert not [view for view in hub.graph.views.values() if view.spec.kind == "rule"]


async def test_a_rule_shows_and_writes_nothing() -> None:
    @region
    def inner() -> object:
        return h.p["inner"]

    def rule(user: object) -> bool:
        inner()
        return True

    def page() -> object:
        return h.p["secret"]

    async with running() as hub:
        with pytest.raises(RenderError, match="a rule shows nothing"):
            await hub.document(Visit(page, rule=rule), ANN)


class Me(User):
    id: int
    name: str = ""


@dataclass
class Session:
    """A visitor whose user may change."""

    who: Me | None
    id: str = "session"

    async def user(self) -> object:
        watch(MEMBERS)
        return self.who


@region
def inbox(me: Me) -> object:
    watch(NEWS)
    return h.p[f"letters of {me.name}"]


async def test_a_users_region_is_shown_to_that_user_alone() -> None:
    ann, bob = Me(1, "ann"), Me(2, "bob")

    def page() -> object:
        return h.main[inbox(ann)]

    visit = Visit(page, user=ann)
    async with running() as hub:
        assert "letters of ann" in (await hub.document(visit, Session(ann))).html
        assert "letters" not in (await hub.document(visit, Session(bob, "other"))).html
        assert "letters" not in (await hub.document(visit)).html


async def test_a_users_mount_leaves_when_another_user_has_come() -> None:
    ann, bob = Me(1, "ann"), Me(2, "bob")
    session = Session(ann)

    def hall() -> object:
        return h.p["hall"]

    async with running() as hub:
        tab = Tab()
        stream = await hub.open(Visit(hall), {}, tab, None, session, steps=True)
        await hub.mount(stream, inbox(ann), Place("side", "inner", "grant"))
        assert b"letters of ann" in tab.sent
        session.who = bob
        hub.publish([MEMBERS])
        await until(lambda: tab.fields("helio-unmount", "into"))
        assert not stream.mounts


async def test_a_users_region_follows_what_is_known_of_him() -> None:
    session = Session(Me(1, "ann"))

    def page() -> object:
        watch(MEMBERS)
        assert session.who is not None
        return h.main[inbox(session.who)]

    visit = Visit(page, user=session.who)
    async with running() as hub:
        tab = Tab()
        await hub.open(visit, {}, tab, None, session)
        session.who = Me(1, "anna")
        hub.publish([MEMBERS])
        await until(lambda: b"letters of anna" in tab.sent)


async def test_nobody_is_the_user_without_an_id() -> None:
    ann, bob = Me(None, "ann"), Me(None, "bob")  # type: ignore[arg-type]

    def page(who: str) -> object:
        return h.main[inbox(ann if who == "ann" else bob)]

    async with running() as hub:
        with pytest.raises(RenderError, match="shows one user's data"):
            await hub.document(Visit(page, "ann", user=ann), Session(ann))

        def hall() -> object:
            return h.p["hall"]

        stream = await hub.open(Visit(hall), {}, Tab(), None, Session(ann), steps=True)
        with pytest.raises(NotAllowed):
            await hub.mount(stream, inbox(bob), Place("side", "inner", "grant"))


async def test_a_users_document_has_him_as_he_is_now() -> None:
    session = Session(Me(1, "ann"))

    def page() -> object:
        watch(MEMBERS)
        assert session.who is not None
        return h.main[inbox(session.who)]

    visit = Visit(page, user=session.who)
    async with running() as hub:
        for name in ("ann", "anna"):
            session.who = Me(1, name)
            hub.publish([MEMBERS])
            assert f"letters of {name}<" in (await hub.document(visit, session)).html


async def test_what_nobody_asks_any_more_is_forgotten() -> None:
    club = Club()
    async with running() as hub:
        _, stream = await club.open(hub, ANN)
        hub.drop(stream)
        hub.graph.forget(lambda view: False)
        assert not hub.graph.views
        assert not hub.graph._readers
