"""The live core, held by a state machine.

A small world of cells is shown by pages and regions whose structure depends on the cells; some of
it is guarded by rules that read the world as well. Cells and rights change at any moment, also
between the steps of a render; publications come later and in any order; streams open, stall, drain,
drop and come back to another process with what they had; tabs mount regions and take them away. The
invariant: after quiet every client equals a fresh render of what its visitor may see, and no client
ever had another's data.
"""

import os
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from markupsafe import Markup

from helio.html import Rendering, h, raw, use
from helio.html.marks import hole
from helio.live.content import Content, content
from helio.live.frames import assemble
from helio.live.graph import Graph
from helio.live.reach import reach
from helio.live.rights import Question, allows, question, verdict
from helio.live.rule import Rule
from helio.live.schedule import USUAL, Schedule
from helio.live.user import User
from helio.live.views import Keys, Place, Run, Stream, View
from helio.wire import MountMode, Parser
from live.dom import Page

CELLS = ("a", "b", "c")
USERS = ("ann", "bob")
VISITORS = (*USERS, "eve")
RIGHTS = tuple(f"right-{name}" for name in VISITORS)
TOPICS = (*CELLS, *(f"of-{user}" for user in USERS), *RIGHTS)
SLOTS = ("side", "rows")
World = dict[str, int]
Make = Callable[[Callable[["Spec"], Markup]], Markup]

Steps = Generator[str, None, Content]
"""A render: yields before each read of a cell (the note), then at the read."""


@dataclass(frozen=True)
class Spec:
    """A call of a page or region of the test world."""

    name: str
    argument: str
    kind: str = "region"

    schedule: ClassVar[Schedule] = USUAL
    user: ClassVar[User | None] = None

    @property
    def key(self) -> str:
        return f"{self.name}-{self.argument}"

    @property
    def address(self) -> str:
        return self.key

    @property
    def function(self) -> object:
        return self.name

    @property
    def arguments(self) -> Mapping[str, object]:
        return {"argument": self.argument}

    @property
    def rule(self) -> Rule | None:
        return GUARDED.get(self.name)

    def fallback(self) -> object | None:
        return None

    async def render(self) -> object:
        raise AssertionError("the state machine renders by steps")


@dataclass(frozen=True)
class Visitor:
    """Whose tab it is."""

    id: str

    async def user(self) -> object:
        return self.id


def guard(user: object, argument: str) -> bool:
    """Who may see what is guarded; the state machine answers by steps, as the world is."""
    raise AssertionError("the state machine asks by steps")


def guard_all(user: object) -> bool:
    """The same, asked once for all that it guards."""
    raise AssertionError("the state machine asks by steps")


GUARDED = {"vault": guard_all, "club": guard}


def may(visitor: str, world: World) -> bool:
    return world[f"right-{visitor}"] % 2 == 0


def beginning() -> World:
    """Everything is zero, and eve may not see what is guarded."""
    return {**dict.fromkeys(TOPICS, 0), "right-eve": 1}


def cell(name: str) -> Spec:
    return Spec("cell", name)


def rows() -> Spec:
    return Spec("rows", "")


def chooser(name: str) -> Spec:
    return Spec("chooser", name)


def vault(name: str) -> Spec:
    return Spec("vault", name)


def shared(name: str) -> Spec:
    return Spec("shared", name, "page")


def club() -> Spec:
    return Spec("club", "a", "page")


def private(user: str) -> Spec:
    return Spec("private", user, "page")


PAGES = [shared("a"), shared("b"), club(), *map(private, USERS)]
REGIONS = [cell("a"), cell("c"), rows(), chooser("a"), vault("a"), vault("b")]


def plan(spec: Spec, world: World) -> tuple[list[str], Make]:
    """What a spec reads, and how it is written, as the world is: `make` gets what each region it
    shows becomes."""
    match spec.name:
        case "cell":
            return [spec.argument], lambda show: h.b[str(world[spec.argument])]
        case "rows":
            return ["a", "b"], lambda show: h.ul(id="rows")[
                (
                    h.li(id=f"row-{row}")["row ", world["b"] if row == 2 else None, "r" * 40]
                    for row in _order(world["a"])
                ),
                show(cell("c")) if world["a"] % 2 else None,
            ]
        case "chooser":
            odd = world[spec.argument] % 2
            shows = [cell("b"), cell("c")] if odd else [cell("c")]
            return [spec.argument], lambda show: h.div[
                h.p(part="head")[f"choose {odd} {'long' * 20}"],
                h.div(part="body")[map(show, shows)],
            ]
        case "vault":
            inside = [vault("b")] if spec.argument == "a" and world["a"] % 2 else [cell("a")]
            return [spec.argument, "a"], lambda show: h.section[
                f"treasure {world[spec.argument]}", map(show, inside)
            ]
        case "club":
            shows = [cell("a"), vault("c"), *([vault("b")] if world["b"] % 2 else [])]
            return ["b"], lambda show: h.main[f"members {world['b']}", map(show, shows)]
        case "shared":
            shows = [cell(spec.argument), chooser("a"), rows(), cell(spec.argument)]
            guarded = [vault("a")] if spec.argument == "b" or world["b"] % 2 else []
            return ["b"], lambda show: h.main["shared", map(show, [*shows, *guarded])]
        case _:
            few = world["c"] % 3
            shows = [chooser("b"), cell("a"), rows()][: few or None]
            return ["c", f"of-{spec.argument}"], lambda show: h.main[
                h.p(part="secret")[f"secret of {spec.argument} {few}"], map(show, shows)
            ]


def _order(value: int) -> list[int]:
    """Some of six rows, in an order that depends on the value."""
    order = sorted(range(6), key=lambda row: (row * (value % 5 + 1)) % 7)
    return order[: value % 7]


def fresh(spec: Spec, world: World, visitor: str) -> str:
    """The HTML of a spec rendered now for a visitor, without versions."""
    if spec.name in GUARDED and not may(visitor, world):
        return "<template></template>"
    return str(plan(spec, world)[1](lambda inner: raw(fresh(inner, world, visitor))))


@dataclass
class Pipe:
    """A sink whose client takes bytes only while it is open."""

    stalled: bool = False
    waiting: list[bytes] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    writes: int = 0

    @property
    def buffered(self) -> int:
        return sum(map(len, self.waiting))

    def write(self, data: bytes) -> None:
        self.writes += 1
        (self.waiting if self.stalled else self.taken).append(data)

    def drain(self) -> None:
        self.stalled = False
        self.taken += self.waiting
        self.waiting.clear()

    def close(self) -> None: ...

    def break_(self) -> None: ...


@dataclass(eq=False)
class Client:
    """A tab: a page's HTML and whatever has been patched into it."""

    page: Spec
    visitor: str
    dom: Page
    steps: bool
    process: "Process | None" = None
    stream: Stream | None = None
    pipe: Pipe = field(default_factory=Pipe)
    parser: Parser = field(default_factory=Parser)
    seen: list[str] = field(default_factory=list)
    mounted: dict[str, Spec] = field(default_factory=dict)  # what it ever mounted, by key

    @property
    def open(self) -> Stream | None:
        """Its stream, unless it was turned away."""
        turned_away = self.process is not None and self.stream in self.process.refused
        return None if turned_away else self.stream

    def take(self) -> None:
        """Apply the bytes that have arrived."""
        while self.pipe.taken:
            data = self.pipe.taken.pop(0)
            self.seen.append(data.decode())
            events = self.parser.feed(data)
            if events and events[0].event == "helio-batch":
                assert self.steps
                assert events[0].data == f"size {len(events) - 1}"
            for event in events:
                self.dom.apply(event)


@dataclass(eq=False)
class Process:
    """One process: a graph, the renders under way, and publications that have not arrived."""

    world: World
    graph: Graph = field(default_factory=lambda: Graph(high_water=0))
    due: dict[str, View] = field(default_factory=dict)
    runs: list[tuple[Run, Steps]] = field(default_factory=list)
    bus: list[str] = field(default_factory=list)
    good: dict[View, set[str]] = field(default_factory=dict)  # what its last good render read
    failed: set[View] = field(default_factory=set)  # not rendered well since
    refused: list[Stream] = field(default_factory=list)  # whose page may not be seen any more

    def wake(self, views: list[View]) -> None:
        self.due.update({view.key: view for view in views})

    def arrive(self, index: int) -> None:
        self.wake(self.graph.publish([self.bus.pop(index)]))

    def begin(self, view: View) -> None:
        run = self.graph.begin(view)
        self.runs.append((run, self._steps(run)))

    def _steps(self, run: Run) -> Steps:
        """Render by steps: note a read, wait, read, wait; then wait for what is shown inside."""
        spec = run.view.spec
        if isinstance(spec, Question):
            right = f"right-{spec.visitor.id}"
            self.graph.read(run, right)
            yield "noted"
            answer = may(spec.visitor.id, self.world)
            yield "read"
            return verdict(answer)
        assert isinstance(spec, Spec)
        seen = beginning()
        for topic in plan(spec, seen)[0]:
            self.graph.read(run, topic)
            yield "noted"
            seen[topic] = self.world[topic]
            yield "read"
        shows: list[Spec] = []

        def show(inner: Spec) -> Markup:
            shows.append(inner)
            child = self.graph.call(run, inner)
            if child.run is None and (child.content is None or child.stale):
                self.begin(child)
            return hole(inner.key)

        with use(Rendering(marks=True)):
            html = str(plan(spec, seen)[1](show))
        while any(self.graph.view(inner).content is None for inner in shows):
            yield "waiting"
        return content(html)

    def step(self, index: int) -> None:
        run, steps = self.runs[index]
        try:
            next(steps)
        except StopIteration as done:
            self.runs.remove((run, steps))
            self.good[run.view] = set(map(str, run.topics))
            self.failed.discard(run.view)
            self.wake(self.graph.finish(run, done.value))

    def fail(self, index: int) -> None:
        """A render raises, for no reason that can be seen: what was good stays."""
        run, steps = self.runs[index]
        if run.view.content is None:
            return
        self.runs.remove((run, steps))
        self.failed.add(run.view)
        refused = verdict(False) if isinstance(run.view.spec, Question) else None
        self.wake(self.graph.finish(run, refused))

    def heal(self) -> None:
        """What failed is rendered again when anything is published that it shows."""
        self.settle()
        for view in self.failed:
            self.bus += sorted(self.good[view])
        self.settle()

    def start(self) -> None:
        due, self.due = self.due, {}
        for view in due.values():
            if view.due:
                self.begin(view)

    def current(self, page: Spec | Question) -> View:
        """Drive renders until it is as of now; other renders take steps meanwhile."""
        view = self.graph.view(page)
        view.pins += 1
        moment = self.graph.take_number()
        while True:
            old = [
                inner
                for inner in self.graph.reach(view).values()
                if inner.began < moment
                and (inner.content is None or inner.stale or inner in self.failed)
            ]
            if not old:
                break
            for inner in old:
                if inner.run is None:
                    self.begin(inner)
            for index in reversed(range(len(self.runs))):
                self.step(index)
        view.pins -= 1
        return view

    def finish(self) -> None:
        """All renders end, and those they caused; nothing is written yet."""
        while self.due or self.runs:
            self.start()
            for index in reversed(range(len(self.runs))):
                self.step(index)

    def settle(self) -> None:
        """Everything is heard, asked, rendered and written."""
        while self.bus:
            self.arrive(0)
        while True:
            self.finish()
            self.flush()
            if not self.due and not self.runs:
                return

    def flush(self) -> None:
        assert not self.graph.audience.flush()
        self.follow()
        for stream in self.graph.audience.refused():
            self.graph.audience.drop(stream)  # its page is loaded again, and refused
            self.refused.append(stream)

    def follow(self) -> None:
        """Render what has come into sight and is stale; ask what must be asked."""
        self.wake(self.graph.audience.due())
        for asked in self.graph.audience.questions():
            if asked.run is None and (asked.content is None or asked.stale):
                self.begin(asked)

    def answer(self, spec: Spec, visitor: str) -> bool:
        """Whether the visitor may see it, asked now."""
        asked = question(spec, Visitor(visitor))
        return asked is None or allows(self.current(asked).content)

    def judged(self, spec: Spec, visitor: str) -> Keys:
        """What of it, from there down, the visitor may see."""
        allowed: Keys = frozenset()
        while True:
            reached = reach(self.graph.views, self.graph.view(spec), allowed).values()
            guarded = [inner.spec for inner in reached if inner.spec.rule is not None]
            yes = frozenset(
                one.key for one in guarded if isinstance(one, Spec) and self.answer(one, visitor)
            )
            if yes <= allowed:
                return allowed
            allowed |= yes


class Live(RuleBasedStateMachine):
    clients = Bundle("clients")

    def __init__(self) -> None:
        super().__init__()
        self.world: World = beginning()
        self.ever = {name for name in VISITORS if may(name, self.world)}
        self.processes = [Process(self.world), Process(self.world)]
        self.all: list[Client] = []
        self.changes: list[tuple[str, int]] = []

    @rule(
        name=st.sampled_from([*CELLS, *RIGHTS]),
        by=st.integers(-2, 3),
        heard=st.booleans(),
        rendered=st.booleans(),
    )
    def change(self, name: str, by: int, heard: bool, rendered: bool) -> None:
        self.changes.append((name, by))
        self.commit(name, by, heard=heard, rendered=rendered)

    @rule(rendered=st.booleans())
    def undo(self, rendered: bool) -> None:
        """The last change is taken back: what was shown before is right again."""
        if self.changes:
            name, by = self.changes.pop()
            self.commit(name, -by, heard=True, rendered=rendered)

    def commit(self, name: str, by: int, *, heard: bool, rendered: bool = False) -> None:
        """The world changes now; the processes hear of it at once or later, and may render what
        they have heard of without a word to the streams yet."""
        self.world[name] += by
        self.ever |= {visitor for visitor in VISITORS if may(visitor, self.world)}
        for process in self.processes:
            process.bus.append(name)
            if heard:
                process.arrive(len(process.bus) - 1)
            if rendered:
                process.finish()

    @rule(which=st.integers(0, 1), data=st.data())
    def arrive(self, which: int, data: st.DataObject) -> None:
        process = self.processes[which]
        if process.bus:
            process.arrive(data.draw(st.integers(0, len(process.bus) - 1)))

    @rule(which=st.integers(0, 1))
    def progress(self, which: int) -> None:
        """Everything that is under way comes to its end."""
        self.processes[which].settle()

    @rule(which=st.integers(0, 1), topic=st.sampled_from([*CELLS, *RIGHTS]))
    def repeat(self, which: int, topic: str) -> None:
        """A wake-up that means nothing."""
        self.processes[which].bus.append(topic)

    @rule(which=st.integers(0, 1), picks=st.lists(st.integers(0, 5), max_size=6))
    def work(self, which: int, picks: list[int]) -> None:
        """What is due begins; some renders take a step."""
        process = self.processes[which]
        process.start()
        for pick in picks:
            if process.runs:
                process.step(pick % len(process.runs))

    @rule(name=st.sampled_from(CELLS), other=st.sampled_from(CELLS), steps=st.integers(1, 4))
    def race(self, name: str, other: str, steps: int) -> None:
        """A second change falls into the renders that the first one has caused."""
        self.commit(name, 1, heard=True)
        for process in self.processes:
            process.start()
            for _ in range(steps):
                for index in reversed(range(len(process.runs))):
                    process.step(index)
        self.commit(other, 1, heard=True)

    @rule(which=st.integers(0, 1), data=st.data())
    def fail(self, which: int, data: st.DataObject) -> None:
        process = self.processes[which]
        if process.runs:
            process.fail(data.draw(st.integers(0, len(process.runs) - 1)))

    @rule(which=st.integers(0, 1))
    def flush(self, which: int) -> None:
        self.processes[which].flush()

    @rule(which=st.integers(0, 1))
    def forget(self, which: int) -> None:
        self.processes[which].graph.forget(lambda view: False)

    @initialize(
        target=clients,
        visits=st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(PAGES), st.sampled_from(VISITORS)),
            min_size=1,
            max_size=4,
        ),
    )
    def crowd(self, visits: list[tuple[int, Spec, str]]) -> "MultipleResults[Client]":
        """Some tabs are open from the beginning."""
        arrived = [self._visit(*visit) for visit in visits]
        for client, (which, _, _) in zip(arrived, visits, strict=True):
            self._connect(client, which, client.dom.have)
        return multiple(*arrived)

    @rule(
        which=st.integers(0, 1),
        page=st.sampled_from(PAGES),
        visitor=st.sampled_from(VISITORS),
        target=clients,
    )
    def visit(self, which: int, page: Spec, visitor: str) -> Client:
        """A document is served; its stream may come much later, and elsewhere."""
        return self._visit(which, page, visitor)

    def _visit(self, which: int, page: Spec, visitor: str) -> Client:
        process = self.processes[which]
        if page.name == "private":
            visitor = page.argument
        if not process.answer(page, visitor):
            page = shared("a")
        view = process.current(page)
        allowed = process.judged(page, visitor)
        html = assemble(process.graph.views, view, allowed).html
        client = Client(page, visitor, Page(html), steps=len(self.all) % 3 != 2)
        client.seen.append(html)
        self.all.append(client)
        return client

    @rule(client=clients, which=st.integers(0, 1), stock=st.booleans())
    def connect(self, client: Client, which: int, stock: bool) -> None:
        """A stream comes, also while an older one is open; stock runtimes do not say what they
        have."""
        self._drop(client)
        self._connect(client, which, {} if stock else client.dom.have)

    def _connect(self, client: Client, which: int, have: dict[str, str]) -> None:
        process = self.processes[which]
        if not process.answer(client.page, client.visitor):
            return  # it is told to load the page again
        view = process.current(client.page)
        process.judged(client.page, client.visitor)
        audience = process.graph.audience
        client.pipe, client.parser, client.process = Pipe(), Parser(), process
        client.stream = audience.open(
            view, have, client.pipe, Visitor(client.visitor), steps=client.steps
        )
        for into, key in list(client.dom.mounts):
            if not self._mount(client, client.mounted[key], into, "append", have):
                audience.unmount(client.stream, into, key)
        process.follow()

    @rule(
        client=clients,
        region=st.sampled_from(REGIONS),
        into=st.sampled_from(SLOTS),
        mode=st.sampled_from(["inner", "append"]),
    )
    def mount(self, client: Client, region: Spec, into: str, mode: MountMode) -> None:
        """A command shows a region in a slot of this tab."""
        if client.open is not None and client.steps:
            self._mount(client, region, into, mode, {})

    def _mount(
        self, client: Client, region: Spec, into: str, mode: MountMode, have: dict[str, str]
    ) -> bool:
        process, stream = client.process, client.stream
        assert process is not None
        assert stream is not None
        if not process.answer(region, client.visitor):
            return False
        view = process.current(region)
        process.judged(region, client.visitor)
        client.mounted[region.key] = region
        process.graph.audience.mount(stream, view, Place(into, mode, "granted"), have)
        process.follow()
        return True

    @rule(client=clients, into=st.sampled_from(SLOTS))
    def unmount(self, client: Client, into: str) -> None:
        if client.open is not None and client.process is not None and client.steps:
            client.process.graph.audience.unmount(client.open, into)

    @rule(client=clients)
    def leave(self, client: Client) -> None:
        """The tab goes; now and then it comes back by Back, with what it had."""
        self._drop(client)

    def _drop(self, client: Client) -> None:
        if client.open is not None and client.process is not None:
            client.process.graph.audience.drop(client.open)
        client.stream = None

    @rule(client=clients)
    def stall(self, client: Client) -> None:
        client.pipe.stalled = True

    @rule(client=clients)
    def drain(self, client: Client) -> None:
        client.pipe.drain()
        if client.open is not None and client.process is not None:
            client.process.graph.audience.drained(client.open)

    @rule(client=clients)
    def take(self, client: Client) -> None:
        client.take()

    @rule()
    def quiet(self) -> None:
        for process in self.processes:
            process.heal()
        for client in self.all:
            stream = client.open
            if stream is None:
                continue
            self.drain(client)
            client.take()
            self._is_right(client, stream)

    def _is_right(self, client: Client, stream: Stream) -> None:
        assert client.dom.bare() == fresh(client.page, self.world, client.visitor)
        shown = {
            (into, key): fresh(client.mounted[key], self.world, client.visitor)
            for into, key in stream.mounts
        }
        assert client.dom.mounted() == shown
        guarded = client.page.name in GUARDED or any(
            client.mounted[key].name in GUARDED for _, key in shown
        )
        assert not guarded or may(client.visitor, self.world)

    @invariant()
    def nobody_has_anothers_data(self) -> None:
        for client in self.all:
            for user in USERS:
                if client.page != private(user):
                    assert not any(f"secret of {user}" in text for text in client.seen)
            if client.visitor not in self.ever:
                assert not any("treasure" in text or "members" in text for text in client.seen)

    def teardown(self) -> None:
        self.quiet()
        for process in self.processes:
            for client in self.all:
                self._drop(client)
            process.graph.forget(lambda view: False)
            assert not process.graph.views


HISTORIES = int(os.environ.get("HELIO_HISTORIES", "2000" if os.environ.get("CI") else "200"))

TestLive = Live.TestCase
TestLive.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_region_in_the_page_and_in_a_mount_is_there_in_one_version() -> None:
    """What is written to one tab at once may be of a page that another has open as well."""
    live = Live()
    ann, bob = live.crowd(visits=[(0, shared("a"), "eve"), (0, shared("a"), "eve")]).values
    live.mount(ann, region=chooser("a"), into="side", mode="append")
    live.race(name="c", other="a", steps=3)
    live.race(name="b", other="b", steps=4)
    live.mount(bob, region=rows(), into="rows", mode="inner")
    live.race(name="a", other="b", steps=4)
    live.teardown()
