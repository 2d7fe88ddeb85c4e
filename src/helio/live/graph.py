"""The live core: which view read what, which page shows which view, which stream holds what.

Pure: no sockets, no clock, no tasks. Whoever drives it (the hub, or a test) says what happened
and is told what to do:

    publish(topics)        something changed: the views that read it become stale
    refresh(key)           this view becomes stale
    begin(view) -> run     a render starts
    read(run, topic)       … is about to read
    call(run, spec)        … shows another view
    finish(run, content)   … has ended: it is stale at once if what it read changed meanwhile
    open(view, have, sink) a stream comes, holding these versions
    mount(stream, view, …) it shows a region in a slot as well
    questions()            what rules must be asked, for what has come into sight
    flush()                write to every stream what it lacks and may see
    drained(stream)        a slow stream can take bytes again: it gets the newest state once

One invariant is held by the state machine in the tests: *after quiet every client equals a fresh
render of what it may see, and no client ever had another's data*. Streams that hold the same are
written the same bytes, encoded once (`Root.in_step`); a slow one is skipped and remembers the state
it holds (`Root.behind`). A rule that has not been answered yet withholds what it guards.
"""

from collections.abc import Callable, Hashable, Iterable

from helio.live.audience import Audience
from helio.live.content import Content
from helio.live.metrics import Metrics
from helio.live.reach import reach, reach_all
from helio.live.recorder import Renderable, RenderError
from helio.live.views import Reader, Run, View


def nobody(topic: Hashable, watched: bool) -> None:
    """Does not want to hear who reads what."""


class Graph:
    """Views and topics of one process, and the streams that show them (`audience`)."""

    def __init__(
        self,
        attend: Callable[[Hashable, bool], None] = nobody,
        high_water: int = 64 * 1024,
        metrics: Metrics | None = None,
    ) -> None:
        """`attend` hears of each topic's first reader and of its last one's going.

        `high_water` is how many bytes a sink may have buffered and still be written to.
        """
        self.views: dict[str, View] = {}
        self.number = 0  # of the last publication or document
        self.audience = Audience(self.views, self.view, high_water, metrics or Metrics())
        self._readers: dict[Hashable, dict[Reader, None]] = {}
        self._attend = attend

    # Publications and renders

    def take_number(self) -> int:
        """The next number: whatever begins from now on is newer."""
        self.number += 1
        return self.number

    def publish(self, topics: Iterable[Hashable]) -> list[View]:
        """Make stale whoever read under these topics; the views that must be rendered again."""
        self.take_number()
        woken: dict[View, None] = {}
        for topic in topics:
            for reader in self._readers.get(topic, ()):
                reader.stale = True
                if isinstance(reader, View):
                    woken[reader] = None
        return [view for view in woken if view.due]

    def refresh(self, key: str) -> list[View]:
        """The same for one view, whatever it read."""
        self.take_number()
        view = self.views.get(key)
        if view is None:
            return []
        view.stale = True
        if view.run is not None:
            view.run.stale = True
        return [view] if view.due else []

    def view(self, spec: Renderable) -> View:
        """The view of this call, known or new. RenderError if another function has its key."""
        found = self.views.get(spec.key)
        if found is None:
            found = self.views[spec.key] = View(spec)
        elif found.spec.function != spec.function:  # methods are made anew, and equal
            raise RenderError(
                f"{spec.name}: another function of the same name and arguments is being shown. "
                "A region defined inside a function is a new one at each call and might carry one "
                "visitor's data to another: define it at the top of the module."
            )
        return found

    def begin(self, view: View) -> Run:
        """A render of the view starts. One at a time: a change meanwhile makes it stale."""
        if view.run is not None:
            raise RuntimeError(f"{view.spec.name} is being rendered already")
        view.run = Run(view, self.number)
        return view.run

    def read(self, run: Run, topic: Hashable) -> None:
        """The render is about to read under this topic."""
        self._subscribe(run, topic)

    def call(self, run: Run, spec: Renderable) -> View:
        """The render shows another view, which stays known until the render ends.

        Raises RenderError if the view would show itself, which also means to wait for itself.
        """
        child = self.view(spec)
        if self._shows(child, run.view):
            raise RenderError(f"{run.view.spec.name} shows itself, by way of {child.spec.name}")
        if child.key not in run.children:
            run.children[child.key] = child
            child.pins += 1
        if spec.user != child.spec.user:  # the same one, with another name, say
            child.take(spec)
        return child

    def _shows(self, view: View, other: View) -> bool:
        """Whether `other` is `view` or inside it, as far as what is under way tells."""
        waiting, seen = [view], set[View]()
        while waiting:
            at = waiting.pop()
            if at is other:
                return True
            if at in seen:
                continue
            seen.add(at)
            if at.run is not None:
                waiting.extend(at.run.children.values())
            elif at.content is not None and not at.stale:
                waiting.extend(self.views[key] for key in at.content.holes)
        return False

    def finish(self, run: Run, content: Content | None) -> list[View]:
        """The render ended; None if it failed, then the last good content stays.

        Every view in the content's holes must have content by now. Returns the views that must
        be rendered now: this one, if what it read changed meanwhile, and those it brought into
        sight that had become stale while nobody looked.
        """
        view = run.view
        view.run = None
        view.began = run.began
        view.standing_in &= content is None
        for child in run.children.values():
            child.pins -= 1
        topics = run.topics if content is not None else run.topics | view.topics
        self._follow(view, topics, run)
        view.stale = run.stale
        if content is not None and self._is_news(view, content):
            self._adopt(view, content)
        return [*([view] if view.due else []), *self.audience.due()]

    def _is_news(self, view: View, content: Content) -> bool:
        # A verdict is one also when it says the same: somebody may have been waiting for it.
        before = view.content
        return before is None or before.version != content.version or view.spec.kind == "rule"

    def stand_in(self, view: View, content: Content) -> None:
        """The view's first render takes long: this is shown until it ends."""
        view.standing_in = True
        self._adopt(view, content)

    def _adopt(self, view: View, content: Content) -> None:
        before, view.content = view.content, content
        view.encoded.clear()
        self.audience.changed(view, before)

    def _follow(self, view: View, topics: set[Hashable], run: Run) -> None:
        """The view reads these topics from now on, and the run that has ended none."""
        for topic in topics - view.topics:
            self._subscribe(view, topic)
        for topic in view.topics - topics:
            self._unsubscribe(view, topic)
        for topic in list(run.topics):
            self._unsubscribe(run, topic)

    def _subscribe(self, reader: Reader, topic: Hashable) -> None:
        if topic in reader.topics:
            return
        reader.topics.add(topic)
        readers = self._readers.get(topic)
        if readers is None:
            readers = self._readers[topic] = {}
            self._attend(topic, True)
        readers[reader] = None

    def _unsubscribe(self, reader: Reader, topic: Hashable) -> None:
        reader.topics.discard(topic)
        readers = self._readers[topic]
        del readers[reader]
        if not readers:
            del self._readers[topic]
            self._attend(topic, False)

    # What a view shows

    def reach(self, view: View) -> dict[str, View]:
        """The view and all views inside it, by key."""
        return reach(self.views, view)

    # Forgetting

    def forget(self, keep: Callable[[View], bool]) -> None:
        """Let go of the views that nobody shows, renders or waits for, nor `keep` says to keep."""
        needed = [
            view
            for view in self.views.values()
            if view.pins or view.run is not None or view.roots or view.asking or keep(view)
        ]
        kept = reach_all(self.views, needed)
        for key in [key for key in self.views if key not in kept]:
            view = self.views.pop(key)
            for topic in list(view.topics):
                self._unsubscribe(view, topic)
