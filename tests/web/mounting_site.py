"""A site with regions to mount, which several processes may serve."""

import re
import time

from helio import (
    App,
    MemoryStore,
    Session,
    SessionState,
    Signals,
    Topic,
    User,
    bind,
    errors,
    mount,
    on,
    part,
    publish,
    refresh,
    region,
    slot,
    toast,
    unmount,
    watch,
)
from helio import html as h
from helio.live.region import RegionCall
from helio.wire import Event
from web.visiting import BRISK, Streaming, own

NEWS = Topic("news")
RIGHTS = Topic("rights")
TAB = "tab-00001"
SECRET = "a secret that two processes share"  # noqa: S105
NOW = time.time()


class Me(User):
    id: int
    name: str


class Prefs(SessionState):
    sort: str = "name"


class Draft(Signals):
    title: str = ""


class World:
    """What the regions read."""

    def __init__(self) -> None:
        self.news = "old"
        self.silent = 0
        self.refused: set[int] = set()
        self.rendered: list[str] = []


world = World()


@region
def details(number: int = 1):
    watch(NEWS)
    world.rendered.append(f"details {number}")
    return h.article[f"details of {number}: {world.news}"]


async def may(user: object, number: int) -> bool:
    watch(RIGHTS)
    return number not in world.refused


@region(allow=may)
def guarded(number: int):
    return h.p[f"the secret of {number}"]


@region
def silent():
    world.rendered.append("silent")
    return h.p[f"silently {world.silent}"]


@region
def mine(me: Me):
    return h.p[f"what {me.name} has"]


@region
def sorted_by(sort: str):
    return h.p[f"sorted by {sort}"]


@region
def asking():
    return h.form(on.submit(check))[
        h.input(bind(Draft.title)), errors(Draft.title), h.button["Send"]
    ]


site = App()  # only so that `check` is a command: `serve` includes it


@site.post("/check")
def check(draft: Draft):
    return toast(f"checked {draft.title}")


def load(session: Session) -> Me | None:
    number = session.get("user")
    return None if number is None else Me(number, f"user {number}")


REGIONS = {"details": details, "guarded": guarded}


def serve(secret: str | None = SECRET, sessions: MemoryStore | None = None) -> App:
    """One process of the application."""
    app = App(user=load, secret=secret, sessions=sessions, pace=BRISK)

    @app.page("/")
    def index():
        watch(NEWS)
        world.rendered.append("page")
        return h.main[
            h.h1[f"page: {world.news}"],
            slot("dialog", h.em["nothing yet"]),
            h.ul(part=part("list", 1))[h.li["first"]],
        ]

    @app.page("/still")
    def still():
        return h.main[silent(), slot("dialog")]

    @app.post("/open/{name}/{number}")
    def open_it(name: str, number: int, mode: str = "inner"):
        return mount(REGIONS[name](number), into="dialog", mode=mode)

    @app.post("/open-and-change")
    def open_and_change(to: str):
        world.news = to
        publish(NEWS)
        return [toast("done"), mount(details(7), into="dialog")]

    @app.post("/into-part")
    def into_part():
        return mount(details(2), into=part("list", 1), mode="append")

    @app.post("/open-mine")
    def open_mine(me: Me):
        return mount(mine(me), into="dialog")

    @app.post("/open-other")
    def open_other(number: int):
        return mount(mine(Me(number, "somebody")), into="dialog")

    @app.post("/sort/{by}")
    def sort(by: str, prefs: Prefs):
        prefs.sort = by
        return mount(sorted_by(by), into="dialog")

    @app.post("/yielding")
    async def yielding():
        yield toast("begun")
        yield [mount(details(3), into="dialog")]
        yield mount(guarded(1), into="dialog")

    @app.post("/yielding-refused")
    async def yielding_refused():
        yield mount(guarded(13), into="dialog")

    @app.post("/ask")
    def ask():
        return mount(asking(), into="dialog")

    @app.post("/close")
    def close(number: int | None = None):
        return unmount("dialog") if number is None else unmount("dialog", details(number))

    @app.post("/refresh")
    def refresh_it():
        world.silent += 1
        return refresh(silent())

    @app.post("/astray")
    def astray():
        return mount(details(1), into="nowhere")

    @app.post("/log-in/{number}")
    def log_in(session: Session, number: int):
        session["user"] = number
        return mount(details(1), into="dialog")

    @app.post("/region")
    def just_a_region():
        return details(1)

    @app.post("/page")
    def just_a_page():
        return index

    app.include(site)
    return app


def tab(**headers: str) -> dict[str, str]:
    return own(helio_tab=TAB, **headers)


def versions(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', html))


def granted(event: Event, into: str = "dialog", mode: str = "inner") -> dict[str, str]:
    """What the tab says of this mount when it opens its stream."""
    return {"into": into, "mode": mode, "grant": event.fields["grant"]}


def key_of(call: object) -> str:
    assert isinstance(call, RegionCall)
    return call.key


async def mounted(opened: Streaming, text: str) -> Event:
    """The event by which the stream brings a mounted region."""
    await opened.says(text)
    return next(event for event in opened.of("helio-mount") if text in event.data)
