"""The hub: drives the live core on one event loop.

It has views rendered when topics are published, flushes when renders have ended, and keeps time: a
stream hears a heartbeat when nothing else was said; one that takes no bytes is cut; what nobody
shows is forgotten.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple, TypeVar

from helio import wire
from helio.html.rendering import FormState
from helio.live.aids import Aids
from helio.live.attention import Attention
from helio.live.audience import NOTHING
from helio.live.frames import assemble
from helio.live.graph import Graph, nobody
from helio.live.mail import Mailbox
from helio.live.metrics import Metrics
from helio.live.outcome import Refused, shown_failure
from helio.live.pace import Pace
from helio.live.reach import reach
from helio.live.recorder import Renderable, RenderError
from helio.live.renders import Failure, Renders
from helio.live.rights import NOBODY, NotAllowed, Visitor, allows, guarded, question
from helio.live.sink import Sink
from helio.live.streams import Streams
from helio.live.verdicts import acquaint
from helio.live.views import Document, Keys, Place, Stream, Versions, View, pinned

log = logging.getLogger("helio.live")

T = TypeVar("T")

Mount = tuple[Renderable, Place]
"""A region and where it is mounted."""


class Judged(NamedTuple):
    """What somebody may see of what is guarded, and the questions that were asked."""

    allowed: Keys
    questions: list[View]


class Hub:
    """Everything that is live in one process, on one event loop."""

    def __init__(
        self,
        *,
        pace: Pace | None = None,
        failure: Failure = shown_failure,
        form: FormState | None = None,
        mail: Mailbox | None = None,
    ) -> None:
        """`failure` makes what stands where a region failed at its first render; `form`, the
        values and messages of a failed plain post, makes a private hub for one answer; `mail`
        leads to the other processes, and is listened to while streams are open.
        """
        self.pace = pace or Pace()
        self.mail = mail
        self._failure = failure
        self._form = form
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.Context()
        self.metrics = Metrics()
        self._clear()

    def _clear(self) -> None:
        """Nothing is shown, rendered or waited for."""
        self.draining = False
        self._attention = Attention(self.publish)
        # A refused form's page is rendered once: it follows nothing.
        attend = nobody if self._form else self._attention.attend
        self.graph = Graph(attend, metrics=self.metrics)
        self.renders = Renders(
            self.graph,
            self.pace,
            self.metrics,
            self._flush_soon,
            self._turn_away,
            self._context,
            self._failure,
            self._form,
        )
        self.streams = Streams(self.graph.audience, self.pace, self.metrics, self._occupied)
        self._flush: asyncio.Handle | None = None
        self._unsent: float | None = None  # since when something published may not be written yet
        self._sweeping: asyncio.TimerHandle | None = None

    # Life

    @property
    def aids(self) -> Aids | None:
        """What helps in development."""
        return self.renders.aids

    @aids.setter
    def aids(self, aids: Aids | None) -> None:
        self.renders.aids = aids

    def provide(self, variable: contextvars.ContextVar[T], value: T) -> None:
        """Renders see this value of the variable."""
        self._context.run(variable.set, value)

    def start(self) -> None:
        """Belong to the running event loop from now on. Repeated calls are harmless."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._loop is not None:
            self._clear()  # the loop that everything waited on has ended
        self._loop = loop
        self._sweeping = loop.call_later(1.0, self._sweep)

    async def stop(self) -> None:
        """End every stream and every render, and forget everything."""
        self.break_streams()
        self._attention.stop()
        for handle in (self._flush, self._sweeping):
            if handle is not None:
                handle.cancel()
        await self.renders.stop()
        self._loop = None
        self._clear()

    def break_streams(self) -> None:
        """Send every stream away, to come back to the next process; no new one is opened."""
        self.draining = True
        # A developer waits for the few tabs that he has open.
        self.streams.break_all(1.0 if self.aids is None else 0.0)

    def _occupied(self, occupied: bool) -> None:
        """The first stream has come, or the last has gone."""
        if self.mail is not None:
            self._attention.attend(self.mail, occupied)

    # Publications

    def publish(self, topics: Iterable[Hashable]) -> None:
        """Wake whoever read under these topics. From any thread; returns at once."""
        loop = self._loop
        if loop is None:
            return  # nothing has been rendered yet
        if self._is_here(loop):
            self._published(topics)
        else:
            with suppress(RuntimeError):  # the loop has been closed: nobody is left to wake
                loop.call_soon_threadsafe(self._published, list(topics))

    def _is_here(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether the caller runs on this loop."""
        try:
            return asyncio.get_running_loop() is loop
        except RuntimeError:
            return False

    def _published(self, topics: Iterable[Hashable]) -> None:
        self.metrics.publications += 1
        woken = self.graph.publish(topics)
        if woken and self._unsent is None:
            self._unsent = asyncio.get_running_loop().time()
        for view in woken:
            self.renders.wake(view)

    def refresh(self, key: str) -> None:
        """Render the view of this key again, though nothing that it has read was published."""
        for view in self.graph.refresh(key):
            self.renders.wake(view)

    # What is asked for

    @asynccontextmanager
    async def _current(
        self, spec: Renderable, visitor: Visitor, *, reuse: bool
    ) -> AsyncGenerator[tuple[View, Judged]]:
        """The view of this call as of now, and what the visitor may see of it.

        Raises NotAllowed if that is nothing, and what a page's function raised.
        """
        self.start()
        view = self.graph.view(spec)
        with pinned([view]):
            judged = await self._judge([view], visitor)
            if guarded(spec) and view.key not in judged.allowed:
                raise self._refusal(spec, judged)
            view.take(spec)
            for asked in judged.questions:
                acquaint(view, asked)  # somebody may have become another since the call was made
            await self._fresh([view], reuse=reuse)
            error = self.renders.error(view)
            serves = reuse and view.content is not None and not isinstance(error, Refused)
            if error is not None and spec.kind == "page" and not serves:
                raise error
            yield view, await self._judge_all(view, visitor, judged)

    async def _fresh(self, views: Collection[View], *, reuse: bool) -> None:
        """Wait until these are as of now. RenderError if the hub is stopped meanwhile."""
        renders = self.renders
        await renders.fresh(views, self.graph.take_number(), reuse=reuse)
        if renders.stopped:
            raise RenderError("The application was stopped while this was being rendered.")

    def _refusal(self, spec: Renderable, judged: Judged) -> Exception:
        """Why this may not be seen: what its rule says, or that it has failed."""
        failed = self.renders.error(judged.questions[0]) if spec.kind == "page" else None
        return failed or NotAllowed(spec.name)

    async def _judge_all(self, view: View, visitor: Visitor, before: Judged) -> Judged:
        """What the visitor may see from this view down. What a yes reveals is asked for as well."""
        allowed, questions, seen = before.allowed, [*before.questions], {view.key}
        while True:
            reached = reach(self.graph.views, view, allowed)
            new = [inner for key, inner in reached.items() if key not in seen]
            if not new:
                return Judged(allowed, questions)
            seen.update(reached)
            more = await self._judge(new, visitor)
            allowed |= more.allowed
            questions += more.questions

    async def _judge(self, views: Iterable[View], visitor: Visitor) -> Judged:
        """Ask the rules of these views."""
        asked = {view.key: question(view.spec, visitor) for view in views}
        questions = {key: self.graph.view(spec) for key, spec in asked.items() if spec is not None}
        with pinned(questions.values()):
            await self._fresh(questions.values(), reuse=False)
        self.renders.use(questions.values())
        allowed = frozenset(key for key, one in questions.items() if allows(one.content))
        return Judged(allowed, list(questions.values()))

    async def document(self, spec: Renderable, visitor: Visitor = NOBODY) -> Document:
        """The page as of now. Views that are current are not rendered again.

        Raises NotAllowed, and what the page's function raised.
        """
        async with self._current(spec, visitor, reuse=False) as (view, judged):
            assembled = assemble(self.graph.views, view, judged.allowed)
            reached = reach(self.graph.views, view, judged.allowed).values()
            self.renders.use(reached)
            if self.aids is not None:
                self.aids.shown(view, len(reached) - 1)
            live = any(inner.topics or inner.standing_in for inner in (*reached, *judged.questions))
            return Document(assembled.html, assembled.declared, assembled.title, live)

    # Streams

    async def open(
        self,
        spec: Renderable,
        have: Versions,
        sink: Sink,
        tab: str | None,
        visitor: Visitor = NOBODY,
        mounts: Sequence[Mount] = (),
        *,
        steps: bool = False,
    ) -> Stream:
        """Begin a stream of this page with what its tab has mounted; write what it lacks.

        `steps` says that the client understands our own events; others get whole regions. A tab
        has one stream: an older one ends for good. Raises NotAllowed, and what the page's function
        raised if it refuses or has never been rendered without an error.
        """
        async with self._current(spec, visitor, reuse=True) as (view, _):
            self.renders.use(self.graph.reach(view).values())
            now = asyncio.get_running_loop().time()
            stream = self.streams.open(view, have, sink, tab, now, visitor, steps=steps)
        try:
            self._follow()
            for region, place in mounts:
                await self._mount_again(stream, region, place, have)
        except BaseException:
            self.drop(stream)  # whoever asked for it has gone
            raise
        if self.draining:  # since the render began
            self.streams.break_all()
        return stream

    def _follow(self) -> None:
        """Render what has come into sight and is stale; ask what must be asked."""
        for view in self.graph.audience.due():
            self.renders.wake(view)
        for asked in self.graph.audience.questions():
            if asked.run is None and (asked.content is None or asked.stale):
                self.renders.start(asked)

    async def mount(
        self, stream: Stream, spec: Renderable, place: Place, have: Versions = NOTHING
    ) -> None:
        """Show a region in a place of the stream's page, and keep it current there.

        Raises NotAllowed.
        """
        async with self._current(spec, stream.visitor, reuse=True) as (view, _):
            self.renders.use(self.graph.reach(view).values())
            if stream in self.streams:
                self.graph.audience.mount(stream, view, place, have)
                self._follow()

    async def _mount_again(
        self, stream: Stream, spec: Renderable, place: Place, have: Versions
    ) -> None:
        try:
            await self.mount(stream, spec, place, have)
        except NotAllowed:
            self.unmount(stream, place.into, spec.key)
        except Exception:
            # The page and what else is mounted in it do not go without a stream for that.
            log.exception("%s cannot be mounted again", spec.name)
            self.unmount(stream, place.into, spec.key)

    def unmount(self, stream: Stream, into: str, key: str | None = None) -> None:
        """Take away what is mounted there; with `key` only that region."""
        if stream in self.streams:
            self.graph.audience.unmount(stream, into, key)

    def drop(self, stream: Stream) -> None:
        """The stream is gone; its views stay current a little longer. May be repeated."""
        if stream in self.streams:
            for seat in stream.seats:
                self.renders.use(self.graph.reach(seat.root.view).values())
            self.streams.drop(stream)

    def _turn_away(self, view: View) -> None:
        """The page now refuses whoever shows it."""
        for stream in self.streams.of(view):
            self._send_away(stream)

    def turn_away(self, whom: Callable[[Visitor], bool]) -> None:
        """Send these visitors' streams away: their pages are loaded again."""
        for stream in self.streams.of_visitors(whom):
            self._send_away(stream)

    def _send_away(self, stream: Stream) -> None:
        """Its page is loaded again, and says why it is refused."""
        leave = wire.effect("navigate", {"mode": "reload"}, stock=not stream.steps)
        self.streams.dismiss(stream, "refused", leave)

    async def settle(self, stream: Stream) -> None:
        """Wait until the stream's page shows all that was published until now."""
        views = [*stream.verdicts.values(), *(seat.root.view for seat in stream.seats)]
        with pinned(views):
            moment = self.graph.take_number()
            await self.renders.fresh(views, moment, reuse=True, patient=True)
        self._flush_now()

    def drained(self, stream: Stream) -> None:
        """The stream's sink can take bytes again."""
        if stream in self.streams:
            self.graph.audience.drained(stream)

    # Flushing

    def _flush_soon(self, complete: bool) -> None:
        """Flush now if no other render is under way, else a tick later at the latest."""
        loop = asyncio.get_running_loop()
        if self._flush is not None:
            if not complete:
                return
            self._flush.cancel()
        self._flush = (
            loop.call_soon(self._flush_now)
            if complete
            else loop.call_later(self.pace.tick, self._flush_now)
        )

    def _flush_now(self) -> None:
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        audience = self.graph.audience
        written = self.metrics.deliveries
        for view, error, streams in audience.flush():
            log.error("%s cannot be sent; its streams begin anew", view.spec.name, exc_info=error)
            for stream in streams:
                stream.sink.break_()
                self.streams.drop(stream)
        for stream in audience.refused():
            self._send_away(stream)
        if self._unsent is not None:
            self._measure(self._unsent, written)
        self._follow()

    def _measure(self, since: float, written: int) -> None:
        """Note how long it took from a publication to its frames, if there are any."""
        now = asyncio.get_running_loop().time()
        if self.metrics.deliveries != written:
            self.metrics.latencies.add(now - since)
        elif not self.renders.resting:
            return
        self._unsent = None

    # Time

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeping = loop.call_later(1.0, self._sweep)
        self.streams.check(loop.time())
        self.renders.forget()
