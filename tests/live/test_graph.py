"""The live core, held by a state machine.

A small world of cells is shown by pages and regions whose structure depends on the cells. Cells
change at any moment, also between the steps of a render; publications come later and in any
order; streams open, stall, drain, drop and come back to another process with what they had. The
invariant: after quiet every client equals a fresh render, and no client ever had another's data.
"""

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

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
from helio.live.content import content
from helio.live.frames import assemble
from helio.live.graph import Graph
from helio.live.views import Run, Stream, View
from helio.wire import Parser
from live.dom import Page

CELLS = ("a", "b", "c")
USERS = ("ann", "bob")
World = dict[str, int]
Make = Callable[[Callable[["Spec"], Markup]], Markup]

Steps = Generator[str, None, str]
"""A render: yields before each read of a cell (the note), then at the read; returns its HTML."""


@dataclass(frozen=True)
class Spec:
    """A call of a page or region of the test world."""

    name: str
    argument: str
    kind: str = "region"

    @property
    def key(self) -> str:
        return f"{self.name}-{self.argument}"

    @property
    def function(self) -> object:
        return self.name

    async def render(self) -> object:
        raise AssertionError("the state machine renders by steps")


def cell(name: str) -> Spec:
    return Spec("cell", name)


def rows() -> Spec:
    return Spec("rows", "")


def chooser(name: str) -> Spec:
    return Spec("chooser", name)


def shared(name: str) -> Spec:
    return Spec("shared", name, "page")


def private(user: str) -> Spec:
    return Spec("private", user, "page")


PAGES = [shared("a"), shared("b"), *map(private, USERS)]


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
        case "shared":
            shows = [cell(spec.argument), chooser("a"), rows(), cell(spec.argument)]
            return [], lambda show: h.main["shared", map(show, shows)]
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


def fresh(spec: Spec, world: World) -> str:
    """The HTML of a spec rendered now, without versions."""
    return str(plan(spec, world)[1](lambda inner: raw(fresh(inner, world))))


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
    dom: Page
    steps: bool
    process: "Process | None" = None
    stream: Stream | None = None
    pipe: Pipe = field(default_factory=Pipe)
    parser: Parser = field(default_factory=Parser)
    seen: list[str] = field(default_factory=list)

    def take(self) -> None:
        """Apply the bytes that have arrived."""
        while self.pipe.taken:
            data = self.pipe.taken.pop(0)
            self.seen.append(data.decode())
            for event in self.parser.feed(data):
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
        assert isinstance(spec, Spec)
        seen: World = dict.fromkeys([*CELLS, *(f"of-{user}" for user in USERS)], 0)
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
        return html

    def step(self, index: int) -> None:
        run, steps = self.runs[index]
        try:
            next(steps)
        except StopIteration as done:
            self.runs.remove((run, steps))
            made = content(done.value)
            self.good[run.view] = set(map(str, run.topics))
            self.failed.discard(run.view)
            self.wake(self.graph.finish(run, made))

    def fail(self, index: int) -> None:
        """A render raises, for no reason that can be seen: what was good stays."""
        run, steps = self.runs[index]
        if run.view.content is None:
            return
        self.runs.remove((run, steps))
        self.failed.add(run.view)
        self.wake(self.graph.finish(run, None))

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

    def current(self, page: Spec) -> View:
        """Drive renders until the page is as of now; other renders take steps meanwhile."""
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
        """Everything is heard, rendered and written."""
        while self.bus:
            self.arrive(0)
        self.finish()
        self.graph.flush()


class Live(RuleBasedStateMachine):
    clients = Bundle("clients")

    def __init__(self) -> None:
        super().__init__()
        self.world: World = dict.fromkeys([*CELLS, *(f"of-{user}" for user in USERS)], 0)
        self.processes = [Process(self.world), Process(self.world)]
        self.all: list[Client] = []
        self.changes: list[tuple[str, int]] = []

    @rule(
        name=st.sampled_from(CELLS),
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

    @rule(which=st.integers(0, 1), topic=st.sampled_from(CELLS))
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
        self.processes[which].graph.flush()

    @rule(which=st.integers(0, 1))
    def forget(self, which: int) -> None:
        self.processes[which].graph.forget(lambda view: False)

    @initialize(
        target=clients,
        visits=st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(PAGES)), min_size=1, max_size=4
        ),
    )
    def crowd(self, visits: list[tuple[int, Spec]]) -> "MultipleResults[Client]":
        """Some tabs are open from the beginning."""
        arrived = [self._visit(which, page) for which, page in visits]
        for client, (which, _) in zip(arrived, visits, strict=True):
            self._connect(client, which, client.dom.have)
        return multiple(*arrived)

    @rule(which=st.integers(0, 1), page=st.sampled_from(PAGES), target=clients)
    def visit(self, which: int, page: Spec) -> Client:
        """A document is served; its stream may come much later, and elsewhere."""
        return self._visit(which, page)

    def _visit(self, which: int, page: Spec) -> Client:
        process = self.processes[which]
        view = process.current(page)
        html = assemble(process.graph.views, view).html
        client = Client(page, Page(html), steps=len(self.all) % 3 != 2)
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
        view = process.current(client.page)
        client.pipe, client.parser, client.process = Pipe(), Parser(), process
        client.stream = process.graph.open(view, have, client.pipe, steps=client.steps)
        process.wake(process.graph.due(view))

    @rule(client=clients)
    def leave(self, client: Client) -> None:
        """The tab goes; now and then it comes back by Back, with what it had."""
        self._drop(client)

    def _drop(self, client: Client) -> None:
        if client.stream is not None and client.process is not None:
            client.process.graph.drop(client.stream)
        client.stream = None

    @rule(client=clients)
    def stall(self, client: Client) -> None:
        client.pipe.stalled = True

    @rule(client=clients)
    def drain(self, client: Client) -> None:
        client.pipe.drain()
        if client.stream is not None and client.process is not None:
            client.process.graph.drained(client.stream)

    @rule(client=clients)
    def take(self, client: Client) -> None:
        client.take()

    @rule()
    def quiet(self) -> None:
        for process in self.processes:
            process.heal()
        for client in self.all:
            if client.stream is None:
                continue
            self.drain(client)
            client.take()
            assert client.dom.bare() == fresh(client.page, self.world)

    @invariant()
    def nobody_has_anothers_data(self) -> None:
        for client in self.all:
            for user in USERS:
                if client.page != private(user):
                    assert not any(f"secret of {user}" in text for text in client.seen)

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
