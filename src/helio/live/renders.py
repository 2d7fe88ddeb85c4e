"""Renders: starts them when they are due, and keeps their times.

A view that has been quiet is rendered at once, a busy one once a tick; one that failed is tried
again, ever more rarely.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Collection, Hashable, Iterable
from contextlib import suppress
from functools import partial

from markupsafe import Markup

from helio.html.rendering import FormState, use
from helio.live.aids import Aids
from helio.live.content import Content, content
from helio.live.graph import Graph
from helio.live.limit import limited
from helio.live.metrics import Metrics
from helio.live.outcome import Refused, outcome, shown_failure
from helio.live.pace import Pace
from helio.live.reach import reach_all
from helio.live.recorder import Recorder, Renderable, RenderError
from helio.live.rights import verdict
from helio.live.timing import Timing, Timings
from helio.live.views import Run, View

log = logging.getLogger("helio.live")

LOGGED = "__helio_logged__"
"""Stands on an error whose traceback has been logged: whoever gets it need not repeat it."""

Failure = Callable[[Renderable, Exception], Markup]
"""Makes what stands in the place of a region that has never rendered without an error."""


class Renders:
    """The renders of one graph, on the running event loop."""

    def __init__(
        self,
        graph: Graph,
        pace: Pace,
        metrics: Metrics,
        ended: Callable[[bool], None],
        refused: Callable[[View], None],
        context: contextvars.Context,
        failure: Failure = shown_failure,
        form: FormState | None = None,
    ) -> None:
        """`ended` hears of the end of every render, and whether no other is under way.

        `refused` hears of pages whose function now says no. `context` is what renders see of
        context variables. `failure` makes what stands where a
        region failed at its first render; `form` is the state of a refused plain form.
        """
        self.aids: Aids | None = None  # in development
        self.stopped = False
        self._context = context
        self._graph = graph
        self._pace = pace
        self._metrics = metrics
        self._ended = ended
        self._refused = refused
        self._failure = failure
        self._form = form
        self._timings = Timings()
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: dict[str, asyncio.Handle] = {}

    async def stop(self) -> None:
        """End all that are under way."""
        self.stopped = True
        retries = [timing.retry for timing in self._timings.all()]
        for handle in (*self._due.values(), *retries):
            if handle is not None:
                handle.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def resting(self) -> bool:
        """Whether none is under way or due."""
        return not self._tasks and not self._due

    # Starting

    def wake(self, view: View) -> None:
        """Render the view at once if it has been quiet, else when its interval is over."""
        if view.key in self._due:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        due = max(now, self._timings.of(view).started + self._interval(view))
        self._due[view.key] = (
            loop.call_at(due, self._due_now, view, due)
            if due > now
            else loop.call_soon(self._due_now, view, due)
        )

    def _interval(self, view: View) -> float:
        return max(view.spec.schedule.every, self._pace.interval(view.viewers))

    def _due_now(self, view: View, due: float) -> None:
        self._due.pop(view.key, None)
        self._metrics.delays.add(max(0.0, asyncio.get_running_loop().time() - due))
        if view.due and self._graph.views.get(view.key) is view:
            self.start(view)

    def start(self, view: View) -> None:
        """Start a render, in a context of its own: nothing of a request leaks into it."""
        run = self._graph.begin(view)
        timing = self._timings.of(view)
        loop = asyncio.get_running_loop()
        timing.started = loop.time()
        task = loop.create_task(
            self._run(run, timing), name=view.spec.name, context=self._context.copy()
        )
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, run, timing))

    def _done(self, run: Run, timing: Timing, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if run.view.run is run:  # cancelled before it could begin: nobody waits for it for ever
            self._graph.finish(run, None)
            timing.over()

    def called(self, run: Run, spec: Renderable) -> None:
        """A running render shows a region: begin with it at once if it must be rendered."""
        child = self._graph.call(run, spec)
        if child.run is None and (child.content is None or child.stale):
            self.start(child)

    # Running

    async def _run(self, run: Run, timing: Timing) -> None:
        view = run.view
        made: Content | None = None
        try:
            made = await self._rendered(run)
            timing.failures, timing.error = 0, None
        except Exception as error:
            made = self._failed(view, timing, error)
        finally:
            due = self._graph.finish(run, made)
            timing.over()
            self._metrics.renders.add(asyncio.get_running_loop().time() - timing.started)
        for other in due:
            self.wake(other)
        # Its task is done only after this turn, in which other renders may end as well.
        self._tasks -= {asyncio.current_task()}
        self._ended(not self._tasks)

    async def _rendered(self, run: Run) -> Content:
        if run.view.spec.kind == "rule":
            return verdict(await self._answer(run))
        html, recorder = await self._html(run)
        made = content(html, dict(recorder.declared), recorder.title)
        if self.aids is not None:
            again = None if run.view.content else (await self._html(run))[0]
            self.aids.rendered(run.view, made, again, html)
            self.aids.read(run.view.spec, run.topics)
        for key in made.holes:
            await self._first(self._shown_by(run, key))
        return made

    async def _answer(self, run: Run) -> object:
        """What a rule says."""
        answer = await self._result(run, self._recorder(run))
        rule = run.view.spec.function
        if self.aids is not None and callable(rule):
            self.aids.judged(rule, answer)
        return answer

    async def _first(self, child: View) -> None:
        """Wait until the region has something to show: its HTML, its failure, its fallback."""
        while child.content is None and self._timings.of(child).error is None:
            if child.run is None:
                self.start(child)
            await self._end_of(child, patient=False)

    def _recorder(self, run: Run) -> Recorder:
        return Recorder(run.view.spec, _Notes(self, self._graph, run), self._form)

    async def _html(self, run: Run) -> tuple[str, Recorder]:
        """What the author's function makes of it, and what it said on the way."""
        recorder = self._recorder(run)
        with use(recorder):
            return outcome(run.view.spec, await self._result(run, recorder)), recorder

    async def _result(self, run: Run, recorder: Recorder) -> object:
        with use(recorder):
            try:
                return await limited(run.view.spec, self._pace.patience)
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

    # Failing

    def _failed(self, view: View, timing: Timing, error: Exception) -> Content | None:
        """Keep the last good HTML; without one a region shows its failure. Try again later."""
        timing.error = error
        timing.failures += 1
        self._metrics.failures += 1
        spec = view.spec
        if isinstance(error, Refused):
            if spec.kind == "rule":
                return verdict(False)
            if spec.kind == "page":
                self._refused(view)
                return None
        log.error("%s failed", spec.name, exc_info=error)
        setattr(error, LOGGED, True)
        self._try_again(view, timing)
        if spec.kind == "rule":
            return verdict(False)
        if spec.kind == "region" and (view.content is None or view.standing_in):
            return content(self._failure(spec, error))
        return None

    def _try_again(self, view: View, timing: Timing) -> None:
        shortest, longest = self._pace.again
        wait = min(longest, shortest * 2 ** min(timing.failures - 1, 32))
        if timing.retry is not None:
            timing.retry.cancel()
        timing.retry = asyncio.get_running_loop().call_later(wait, self._again, view)

    def _again(self, view: View) -> None:
        if self._timings.of(view).failures and view.shown and view.run is None:
            view.stale = True
            self.wake(view)

    def error(self, view: View) -> Exception | None:
        """What the view's last render raised."""
        return self._timings.of(view).error

    # Waiting

    async def fresh(
        self, views: Collection[View], moment: int, *, reuse: bool, patient: bool = False
    ) -> None:
        """Wait until these views and all inside them are as of `moment` or later.

        Views that recorded nothing cannot become stale; they are rendered again unless `reuse`.
        Those that have a fallback are waited for only as long as they say, unless `patient`.
        """
        late: set[View] = set()
        while True:
            old = [
                inner
                for inner in reach_all(self._graph.views, views).values()
                if inner.began < moment and inner not in late and self._is_old(inner, reuse=reuse)
            ]
            if not old:
                return
            for inner in old:
                if inner.run is None:
                    self.start(inner)
            for inner in old:
                if inner.run is not None and not await self._end_of(inner, patient=patient):
                    late.add(inner)

    def _is_old(self, view: View, *, reuse: bool) -> bool:
        failed = self._timings.of(view).error is not None
        unfinished = view.content is None or view.stale or view.standing_in
        return unfinished or failed or not (view.topics or reuse)

    async def _end_of(self, view: View, *, patient: bool) -> bool:
        """Wait for the end of a render under way; false if its fallback stands in meanwhile."""
        timing = self._timings.of(view)
        fallback = None if patient else self._fallback(view.spec)
        if fallback is None:
            await timing.ended.wait()
            return True
        loop = asyncio.get_running_loop()
        left = timing.started + view.spec.schedule.wait - loop.time()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(left, 0)):
                await timing.ended.wait()
            return True
        if view.content is None:
            self._graph.stand_in(view, fallback)
        return False

    def _fallback(self, spec: Renderable) -> Content | None:
        """What is shown meanwhile; None where there is nothing: others wait for the region."""
        try:
            shown = spec.fallback()
            return None if shown is None else content(outcome(spec, shown))
        except Exception:
            log.exception("the fallback of %s failed", spec.name)
            return None

    # Keeping

    def use(self, views: Iterable[View]) -> None:
        """These are needed now: they stay current a little longer."""
        now = asyncio.get_running_loop().time()
        for view in views:
            self._timings.of(view).used = now

    def forget(self) -> None:
        """Let go of what nobody has used for a while."""
        oldest = asyncio.get_running_loop().time() - self._pace.linger
        self._graph.forget(lambda view: self._timings.of(view).used > oldest)
        self._timings.keep(self._graph.views)


class _Notes:
    """A recorder's desk: what one run reads and shows."""

    __slots__ = ("_graph", "_renders", "_run")

    def __init__(self, renders: Renders, graph: Graph, run: Run) -> None:
        self._renders = renders
        self._graph = graph
        self._run = run

    def read(self, topic: Hashable) -> None:
        self._graph.read(self._run, topic)

    def call(self, child: Renderable) -> None:
        self._renders.called(self._run, child)
