"""The hub: drives the live core on one event loop.

It starts renders when topics are published, flushes when they have ended, and keeps time: a view
that has been quiet is rendered at once, a busy one once a tick; a stream hears a heartbeat when
nothing else was said; a stream that takes no bytes is cut; what nobody shows is forgotten.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress

from markupsafe import Markup

from helio import wire
from helio.html.rendering import FormState, use
from helio.live.aids import Aids
from helio.live.attention import Attention
from helio.live.content import Content, content
from helio.live.frames import assemble
from helio.live.graph import Graph
from helio.live.limit import limited
from helio.live.outcome import Refused, outcome, shown_failure
from helio.live.pace import Pace
from helio.live.recorder import Recorder, Renderable, RenderError
from helio.live.sink import Sink
from helio.live.streams import Streams
from helio.live.timing import Timing, Timings
from helio.live.views import Document, Run, Stream, Versions, View

log = logging.getLogger("helio.live")

LOGGED = "__helio_logged__"
"""Stands on an error whose traceback has been logged: whoever gets it need not repeat it."""

Failure = Callable[[Renderable, Exception], Markup]
"""Makes what stands in the place of a region that has never rendered without an error."""


class Hub:
    """Everything that is live in one process, on one event loop."""

    def __init__(
        self,
        *,
        pace: Pace | None = None,
        failure: Failure = shown_failure,
        form: FormState | None = None,
    ) -> None:
        """`failure` makes what stands where a region failed at its first render; `form`, the
        values and messages of a failed plain post, makes a private hub for one answer.
        """
        self.pace = pace or Pace()
        self._failure = failure
        self._form = form
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.Context()
        self._clear()

    def _clear(self) -> None:
        """Nothing is shown, rendered or waited for."""
        self.draining = False
        self.aids: Aids | None = None  # in development
        self._attention = Attention(self.publish)
        # A refused form's page is rendered once: it follows nothing.
        self.graph = Graph() if self._form else Graph(self._attention.attend)
        self.streams = Streams(self.graph, self.pace)
        self._timings = Timings()
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: dict[str, asyncio.Handle] = {}
        self._flush: asyncio.Handle | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    # Life

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
        retries = [timing.retry for timing in self._timings.all()]
        for handle in (self._flush, self._sweeping, *self._due.values(), *retries):
            if handle is not None:
                handle.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._loop = None
        self._clear()

    def break_streams(self) -> None:
        """Send every stream away, to come back to the next process; no new one is opened."""
        self.draining = True
        # A developer waits for the few tabs that he has open.
        self.streams.break_all(1.0 if self.aids is None else 0.0)

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
        for view in self.graph.publish(topics):
            self._wake(view)

    # Renders

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _wake(self, view: View) -> None:
        """Render the view at once if it has been quiet, else when its tick is over."""
        if view.key in self._due:
            return
        loop = asyncio.get_running_loop()
        wait = self._timings.of(view).started + self.pace.tick - loop.time()
        self._due[view.key] = (
            loop.call_later(wait, self._due_now, view)
            if wait > 0
            else loop.call_soon(self._due_now, view)
        )

    def _due_now(self, view: View) -> None:
        self._due.pop(view.key, None)
        if view.due and self.graph.views.get(view.key) is view:
            self._render(view)

    def _render(self, view: View) -> None:
        """Start a render, in a context of its own: nothing of a request leaks into it."""
        run = self.graph.begin(view)
        timing = self._timings.of(view)
        timing.started = self._now()
        task = asyncio.get_running_loop().create_task(
            self._run(run, timing), name=view.spec.name, context=self._context.copy()
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, run: Run, timing: Timing) -> None:
        view = run.view
        made: Content | None = None
        try:
            made = await self._rendered(run)
            timing.failures, timing.error = 0, None
        except Exception as error:
            made = self._failed(view, timing, error)
        finally:
            due = self.graph.finish(run, made)
            timing.ended.set()
            timing.ended = asyncio.Event()
        for other in due:
            self._wake(other)
        # Its task is done only after this turn, in which other renders may end as well.
        self._tasks -= {asyncio.current_task()}
        self._flush_soon(not self._tasks)

    async def _rendered(self, run: Run) -> Content:
        html, recorder = await self._called(run)
        made = content(html, dict(recorder.declared), recorder.title)
        if self.aids is not None:
            again = None if run.view.content else (await self._called(run))[0]
            self.aids.rendered(run.view, made, again, html)
            self.aids.read(run.view.spec, run.topics)
        for key in made.holes:
            child = self._shown_by(run, key)
            while child.content is None and self._timings.of(child).error is None:
                if child.run is None:
                    self._render(child)
                await self._timings.of(child).ended.wait()
        return made

    async def _called(self, run: Run) -> tuple[str, Recorder]:
        """What the author's function makes of it, and what it said on the way."""
        spec = run.view.spec
        recorder = Recorder(spec, _Notes(self, run), self._form)
        with use(recorder):
            try:
                return outcome(spec, await limited(spec, self.pace.patience)), recorder
            finally:
                recorder.close()

    def _shown_by(self, run: Run, key: str) -> View:
        child = run.children.get(key)
        if child is None:
            raise RenderError(
                f"{run.view.spec.name} shows the region {key}, which was called in another render. "
                "A region's place cannot be kept in a variable or passed on: call it where it "
                "shall stand."
            )
        return child

    def _failed(self, view: View, timing: Timing, error: Exception) -> Content | None:
        """Keep the last good HTML; without one a region shows its failure. Try again later."""
        timing.error = error
        timing.failures += 1
        if isinstance(error, Refused) and view.spec.kind == "page":
            self._turn_away(view)
            return None
        log.error("%s failed", view.spec.name, exc_info=error)
        setattr(error, LOGGED, True)
        self._try_again(view, timing)
        if view.content is None and view.spec.kind == "region":
            return content(self._failure(view.spec, error))
        return None

    def _turn_away(self, view: View) -> None:
        """The page now refuses whoever shows it: they load it again and read why."""
        for stream in self.streams.of(view):
            leave = wire.effect("navigate", {"mode": "reload"}, stock=not stream.steps)
            self.streams.dismiss(stream, "refused", leave)

    def _try_again(self, view: View, timing: Timing) -> None:
        shortest, longest = self.pace.again
        wait = min(longest, shortest * 2 ** min(timing.failures - 1, 32))
        if timing.retry is not None:
            timing.retry.cancel()
        timing.retry = asyncio.get_running_loop().call_later(wait, self._again, view)

    def _again(self, view: View) -> None:
        if self._timings.of(view).failures and view.shown and view.run is None:
            view.stale = True
            self._wake(view)

    def call(self, run: Run, spec: Renderable) -> None:
        """A running render shows a region: begin with it at once if it must be rendered."""
        child = self.graph.call(run, spec)
        if child.run is None and (child.content is None or child.stale):
            self._render(child)

    async def _fresh(self, view: View, moment: int, *, reuse: bool) -> None:
        """Wait until the view and all inside it are as of `moment` or later.

        Views that recorded nothing cannot become stale; they are rendered again unless `reuse`.
        """
        while True:
            old = [
                inner
                for inner in self.graph.reach(view).values()
                if inner.began < moment and self._is_old(inner, reuse=reuse)
            ]
            if not old:
                return
            for inner in old:
                if inner.run is None:
                    self._render(inner)
            for ended in [self._timings.of(inner).ended for inner in old]:
                await ended.wait()

    def _is_old(self, view: View, *, reuse: bool) -> bool:
        failed = self._timings.of(view).error is not None
        return view.content is None or view.stale or failed or not (view.topics or reuse)

    # Documents and streams

    async def document(self, spec: Renderable) -> Document:
        """The page as of now. Views that are current are not rendered again.

        Raises what the page's function raised.
        """
        view = self._view(spec)
        view.pins += 1
        try:
            await self._fresh(view, self.graph.take_number(), reuse=False)
            error = self._timings.of(view).error
            if error is not None:
                raise error
            assembled = assemble(self.graph.views, view)
            reached = self._use(view)
        finally:
            view.pins -= 1
        if self.aids is not None:
            self.aids.shown(view, len(reached) - 1)
        live = any(inner.topics for inner in reached)
        return Document(assembled.html, assembled.declared, assembled.title, live)

    def _view(self, spec: Renderable) -> View:
        """The view of a request; from now on it is rendered as this request would have it."""
        self.start()
        view = self.graph.view(spec)
        view.spec = spec
        return view

    def _use(self, view: View) -> list[View]:
        now, reached = self._now(), list(self.graph.reach(view).values())
        for inner in reached:
            self._timings.of(inner).used = now
        return reached

    async def open(
        self,
        spec: Renderable,
        have: Versions,
        sink: Sink,
        tab: str | None,
        *,
        steps: bool = False,
    ) -> Stream:
        """Begin a stream of this page, and write what the client lacks.

        `steps` says that the client understands diffs; others get whole regions. A tab has one
        stream: an older one ends for good. Raises what the page's function raised, if it refuses
        or has never been rendered without an error.
        """
        view = self._view(spec)
        view.pins += 1
        try:
            await self._fresh(view, self.graph.take_number(), reuse=True)
            error = self._timings.of(view).error
            if error is not None and (view.content is None or isinstance(error, Refused)):
                raise error
            self._use(view)
            stream = self.streams.open(view, have, sink, tab, self._now(), steps=steps)
        finally:
            view.pins -= 1
        for inner in self.graph.due(view):
            self._wake(inner)
        if self.draining:  # since the render began
            self.streams.break_all()
        return stream

    def drop(self, stream: Stream) -> None:
        """The stream is gone; its views stay current a little longer. May be repeated."""
        if stream in self.streams:
            self._use(stream.root.view)
            self.streams.drop(stream)

    async def settle(self, stream: Stream) -> None:
        """Wait until the stream's page shows all that was published until now."""
        view = stream.root.view
        view.pins += 1
        try:
            await self._fresh(view, self.graph.take_number(), reuse=True)
        finally:
            view.pins -= 1
        self.graph.flush()

    def drained(self, stream: Stream) -> None:
        """The stream's sink can take bytes again."""
        if stream in self.streams:
            self.graph.drained(stream)

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
        self._flush = None
        for view, error in self.graph.flush():
            log.error("%s cannot be sent; its streams begin anew", view.spec.name, exc_info=error)
            for stream in self.streams.of(view):
                stream.sink.break_()
                self.streams.drop(stream)

    # Time

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeping = loop.call_later(1.0, self._sweep)
        now = loop.time()
        self.streams.check(now)
        oldest = now - self.pace.linger
        self.graph.forget(lambda view: self._timings.of(view).used > oldest)
        self._timings.keep(self.graph.views)


class _Notes:
    """A recorder's desk: what one run reads and shows."""

    __slots__ = ("_hub", "_run")

    def __init__(self, hub: Hub, run: Run) -> None:
        self._hub = hub
        self._run = run

    def read(self, topic: Hashable) -> None:
        self._hub.graph.read(self._run, topic)

    def call(self, child: Renderable) -> None:
        self._hub.call(self._run, child)
