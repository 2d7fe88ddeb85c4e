"""The audience: which stream shows what, what it holds of it, and what it may see.

A stream shows its page and the regions mounted in it, each at a root. Those who may see the same
of a root share it, and are written the same bytes.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from helio import wire
from helio.html.rendering import Path
from helio.live.content import Content
from helio.live.frames import assemble, frame, version
from helio.live.metrics import Metrics
from helio.live.reach import reach
from helio.live.recorder import Renderable
from helio.live.rights import NOBODY, Visitor
from helio.live.sink import Sink
from helio.live.verdicts import Verdicts, acquaint, undecided, unsure
from helio.live.views import Keys, Place, Root, Seat, Stream, Versions, View, nest, withheld

NOTHING: Versions = {}


class Unsent(NamedTuple):
    """What could not be said on the wire (an author's signal without a JSON form, say)."""

    view: View
    error: Exception
    streams: list[Stream]


class Audience:
    """The streams of one process."""

    def __init__(
        self,
        views: Mapping[str, View],
        ask: Callable[[Renderable], View],
        high_water: int,
        metrics: Metrics,
    ) -> None:
        """`ask` gives the view of a question. `high_water` is how many bytes a sink may have
        buffered and still be written to.
        """
        self._views = views
        self._verdicts = Verdicts(views, ask)
        self._high_water = high_water
        self._metrics = metrics
        self._roots: dict[tuple[str, Keys], Root] = {}
        self._changed: dict[Root, None] = {}
        self._past: dict[View, None] = {}  # views that remember what they were
        self._judged: dict[Stream, None] = {}  # of whom a verdict is new, or missing
        self._come: dict[View, None] = {}  # into sight, and stale
        self._refused: list[Stream] = []
        self._failed: list[Unsent] = []  # before the next flush
        self._gathered: dict[Stream, dict[bytes, None]] = {}

    # What has become of views

    def changed(self, view: View, before: Content | None) -> None:
        """The view has new content."""
        if before is not None and view.roots:
            view.past[before.version] = before
            self._past[view] = None
        for stream in view.asking:
            view.asking[stream] = True
            self._judged[stream] = None
        for root in list(view.roots):
            self._changed[root] = None
            if before is None or view.content is None or before.holes != view.content.holes:
                self._link(root)

    def _link(self, root: Root, *, gone: bool = False) -> None:
        """Note what the root reaches now."""
        reached = {} if gone else reach(self._views, root.view, root.allowed)
        for key, view in root.reached.items():
            if key not in reached:
                view.roots.pop(root, None)
        for view in reached.values():
            view.roots[root] = None
            if view.stale:
                self._come[view] = None
        root.reached = reached
        kept_back = [view for view in reached.values() if withheld(view, root.allowed)]
        if kept_back:
            streams = [seat.stream for seat in (*root.in_step, *root.behind)]
            self._judged |= {one: None for one in streams if undecided(one, kept_back)}

    def _root(self, view: View, allowed: Keys) -> Root:
        root = self._roots.get((view.key, allowed))
        if root is None:
            root = self._roots[view.key, allowed] = Root(view, allowed)
            self._link(root)
            root.state, root.declared = self._versions(root), self._declared(root)
        return root

    def _versions(self, root: Root) -> Versions:
        return {view.address: version(view, root.allowed) for view in root.reached.values()}

    def _declared(self, root: Root) -> frozenset[Path]:
        shown = [view for view in root.reached.values() if not withheld(view, root.allowed)]
        contents = [view.content for view in shown if view.content]
        return frozenset(path for content in contents for path in content.declared)

    # What a stream may see

    def questions(self) -> list[View]:
        """The views of new questions: those without content, or stale, are to be rendered."""
        return self._verdicts.questions()

    def due(self) -> list[View]:
        """What has come into sight and must be rendered again now."""
        come, self._come = self._come, {}
        return [view for view in come if view.due]

    def refused(self) -> list[Stream]:
        """The streams whose page their visitor may not see any more."""
        refused, self._refused = self._refused, []
        return refused

    def _regroup(self, stream: Stream) -> None:
        """Put the stream where its rights are as they are now."""
        for seat in stream.seats:
            view = seat.root.view
            allowed = self._verdicts.permitted(stream, view)
            if not withheld(view, allowed):
                if allowed != seat.root.allowed:
                    self._move(seat, allowed)
            elif seat.place is None:
                self._leave(seat)
                self._refused.append(stream)
            else:
                self._unmount(stream, seat.place.into, view.key)
        self._verdicts.forget(stream, {key for seat in stream.seats for key in seat.root.reached})
        for key, asked in stream.verdicts.items():
            view = self._views[key]
            if acquaint(view, asked):
                self._come[view] = None

    def _move(self, seat: Seat, allowed: Keys) -> None:
        old = seat.root
        state = old.state if seat.state is None else seat.state
        root = self._root(old.view, allowed)
        root.behind[seat] = None
        self._leave(seat)
        seat.root, seat.state = root, state

    # Streams

    def open(
        self,
        view: View,
        have: Versions,
        sink: Sink,
        visitor: Visitor = NOBODY,
        *,
        steps: bool = False,
    ) -> Stream:
        """A stream of this page begins; it is written at once what it lacks.

        `steps` says that its client understands our own events; others get whole regions.
        """
        stream = Stream(sink, visitor, steps=steps)
        root = self._root(view, self._verdicts.permitted(stream, view))
        stream.page = self._seat(stream, root, have, None)
        try:
            self.drained(stream)
        except Exception:
            self.drop(stream)
            raise
        return stream

    def mount(self, stream: Stream, view: View, place: Place, have: Versions = NOTHING) -> None:
        """The stream shows this region in a place of its page as well."""
        at_once = self.takes(stream) and not self._waits(stream)
        for into, key in stream.making_room(view.key, place):
            self._leave(stream.mounts.pop((into, key)))
            if key != view.key and not at_once:
                # What takes its place may itself have gone by the time when it could be written.
                self._give(stream, [wire.unmount(into, key)])
        self._send()
        root = self._root(view, self._verdicts.permitted(stream, view))
        stream.mounts[place.into, view.key] = self._seat(stream, root, have, place)
        try:
            self.drained(stream)
        except Exception:
            self._leave(stream.mounts.pop((place.into, view.key)))
            raise

    def unmount(self, stream: Stream, into: str, key: str | None = None) -> None:
        """What is mounted there leaves; with `key` only that region."""
        self._unmount(stream, into, key)
        self._send()

    def _unmount(self, stream: Stream, into: str, key: str | None) -> None:
        for at in [at for at in stream.mounts if at[0] == into and key in (None, at[1])]:
            self._leave(stream.mounts.pop(at))
        self._give(stream, [wire.unmount(into, key)])

    def _seat(self, stream: Stream, root: Root, have: Versions, place: Place | None) -> Seat:
        seat = Seat(stream, root, place)
        seat.state = have
        root.behind[seat] = None
        return seat

    def drop(self, stream: Stream) -> None:
        """The stream is gone; its roots with the last of those who looked at them."""
        self._judged.pop(stream, None)
        self._gathered.pop(stream, None)
        self._verdicts.forget(stream)
        for seat in stream.seats:
            self._leave(seat)

    def _leave(self, seat: Seat) -> None:
        root = seat.root
        root.in_step.pop(seat, None)
        root.behind.pop(seat, None)
        if not root.streamed:
            self._changed.pop(root, None)
            at = (root.view.key, root.allowed)
            if self._roots.get(at) is root:
                del self._roots[at]
            self._link(root, gone=True)

    # Writing

    def flush(self) -> list[Unsent]:
        """Write to every stream that can take it what its page has become.

        Returns what could not be written: what those streams hold is not known any more.
        """
        judged, self._judged = self._judged, {}
        failed: list[Unsent] = []
        for stream in judged:
            self._try_regroup(stream, failed)
        changed, self._changed = self._changed, {}
        for root in changed:
            self._try(root, self._flush_root, failed)
        waiting: dict[Root, list[Seat]] = {}
        for stream in judged:
            for seat in stream.seats:
                waiting.setdefault(seat.root, []).append(seat)
        for root, seats in waiting.items():
            self._try(root, partial(self._bring_judged, seats), failed)
        self._send()
        for view in self._past:
            view.past.clear()
        self._past.clear()
        return failed

    def _try_regroup(self, stream: Stream, failed: list[Unsent]) -> None:
        try:
            self._regroup(stream)
        except Exception as error:
            # What it may see is not known: it gets nothing, and others' rights do not wait for it.
            failed.append(Unsent(stream.root.view, error, [stream]))
            self.drop(stream)

    def _try(self, root: Root, write: Callable[[Root], None], failed: list[Unsent]) -> None:
        try:
            write(root)
        except Exception as error:
            seats = (*root.in_step, *root.behind)
            failed.append(Unsent(root.view, error, [seat.stream for seat in seats]))

    def _flush_root(self, root: Root) -> None:
        self._changed.pop(root, None)
        before, after = root.state, self._versions(root)
        if after == before:
            return
        known, root.declared = root.declared, self._declared(root)
        root.state = after
        frames = _Frames(self._views, root, before, known)
        high, slow, unsure = self._high_water, list[Seat](), list[Seat]()
        short: bytes | None = None
        whole: bytes | None = None
        wholes = together = 0
        # The hot loop of fan-out: guarded by `python -m benchmarks live`.
        for seat in root.in_step:
            stream = seat.stream
            sink = stream.sink
            if sink.buffered > high:
                slow.append(seat)
            elif stream.verdicts and self._waits(stream):
                unsure.append(seat)
            elif stream.mounts:
                together += 1
                self._give(stream, frames.events(steps=stream.steps))
            elif stream.steps:
                if short is None:
                    short = wire.batch(frames.events(steps=True))
                sink.write(short)
            else:
                if whole is None:
                    whole = b"".join(frames.events(steps=False))
                wholes += 1
                sink.write(whole)
        shorts = len(root.in_step) - len(slow) - len(unsure) - together - wholes
        self._count(shorts, short or b"")
        self._count(wholes, whole or b"")
        self._metrics.skips += len(slow)
        for seat in (*slow, *unsure):
            seat.state = before
            del root.in_step[seat]
            root.behind[seat] = None

    def _count(self, deliveries: int, data: bytes) -> None:
        self._metrics.deliveries += deliveries
        self._metrics.bytes += deliveries * len(data)

    def _waits(self, stream: Stream) -> bool:
        """Whether a rule is asked again for it, or has answered since the last flush: what is new
        may not be for it any more.
        """
        return stream in self._judged or unsure(stream)

    def takes(self, stream: Stream) -> bool:
        """Whether the stream can take bytes."""
        return stream.sink.buffered <= self._high_water

    def drained(self, stream: Stream) -> None:
        """The stream can take bytes: if it was skipped, it gets the newest state once."""
        if not self.takes(stream) or self._waits(stream):
            return
        if not stream.in_step:
            self._flush_with(stream)
            for seat in stream.seats:
                self._bring([seat])
        self._send()

    def _flush_with(self, stream: Stream) -> None:
        """Bring the roots of this stream up to date, and with them all others that have changed.

        A region that stands in two roots of one stream, its page and a mount, shall not be there
        in two versions; and its roots may be other streams' as well.
        """
        for seat in stream.seats:
            self._flush_root(seat.root)
        for root in list(self._changed):
            self._try(root, self._flush_root, self._failed)

    def _bring_judged(self, seats: Iterable[Seat], root: Root) -> None:
        """Bring these up to the root's state, unless they take no bytes: they have an answer now,
        though it may be asked for again already.
        """
        self._flush_root(root)
        self._bring([seat for seat in seats if seat in root.behind and self.takes(seat.stream)])

    def _bring(self, seats: Iterable[Seat]) -> None:
        """Write what these seats of one root lack, and count them in step."""
        # Those who come together from another root hold the same: their frame is made once.
        made: dict[tuple[int, bool], _Frames] = {}
        for seat in seats:
            root, state, stream = seat.root, seat.state, seat.stream
            if state is None:
                continue
            if seat.place is not None and root.view.address not in state:
                events = self._mounting(seat, seat.place)
            else:
                frames = made.setdefault(
                    (id(state), stream.steps), _Frames(self._views, root, state, ())
                )
                events = frames.events(steps=stream.steps)
            seat.state = None
            del root.behind[seat]
            root.in_step[seat] = None
            self._give(stream, events)

    def _mounting(self, seat: Seat, place: Place) -> list[bytes]:
        view = seat.root.view
        whole = assemble(self._views, view, seat.root.allowed)
        declared = [wire.signals(nest(whole.declared), only_if_missing=True)]
        mount = wire.mount(place.into, place.mode, view.key, place.grant, whole.html)
        return [*(declared if whole.declared else ()), mount]

    def _give(self, stream: Stream, events: Iterable[bytes]) -> None:
        # What two roots of one stream both show is said once.
        self._gathered.setdefault(stream, {}).update(dict.fromkeys(events))

    def _send(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for stream, events in gathered.items():
            if events:
                data = wire.batch(list(events)) if stream.steps else b"".join(events)
                self._count(1, data)
                stream.sink.write(data)


class _Frames:
    """The frames of those who hold the same state of one root, each made when it is needed."""

    __slots__ = ("_events", "_known", "_root", "_state", "_views")

    def __init__(
        self, views: Mapping[str, View], root: Root, state: Versions, known: Iterable[Path]
    ) -> None:
        self._views = views
        self._root = root
        self._state = state
        self._known = known
        self._events: dict[bool, list[bytes]] = {}

    def events(self, *, steps: bool) -> list[bytes]:
        found = self._events.get(steps)
        if found is None:
            root = self._root
            found = self._events[steps] = frame(
                self._views, root.view, self._state, self._known, root.allowed, steps=steps
            )
        return found
