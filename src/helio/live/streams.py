"""The open streams: one a tab, kept awake, cut when they stall, sent away when the server goes."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from helio import wire
from helio.live.audience import Audience
from helio.live.metrics import Metrics
from helio.live.pace import Pace
from helio.live.rights import Visitor
from helio.live.sink import Sink
from helio.live.views import Stream, Versions, View


@dataclass(slots=True, eq=False)
class _Connection:
    """What is known of a stream beside what it shows; times in seconds of the loop."""

    tab: str | None
    heard: float
    writes: int = 0
    stalled: float | None = None


class Streams:
    """All streams of one hub."""

    def __init__(
        self,
        audience: Audience,
        pace: Pace,
        metrics: Metrics,
        occupied: Callable[[bool], None] = lambda occupied: None,
    ) -> None:
        """`occupied` hears of the first stream's coming, and of the last one's going."""
        self._audience = audience
        self._pace = pace
        self._metrics = metrics
        self._occupied = occupied
        self._connections: dict[Stream, _Connection] = {}
        self._tabs: dict[str, Stream] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def __contains__(self, stream: object) -> bool:
        return stream in self._connections

    def of(self, view: View) -> Iterator[Stream]:
        """The streams of this page."""
        return iter([stream for stream in self._connections if stream.root.view is view])

    def of_visitors(self, whom: Callable[[Visitor], bool]) -> Iterator[Stream]:
        """The streams of these visitors."""
        return iter([stream for stream in self._connections if whom(stream.visitor)])

    def of_tab(self, tab: str | None) -> Stream | None:
        """The stream of this tab, if it is open here."""
        return None if tab is None else self._tabs.get(tab)

    def open(
        self,
        view: View,
        have: Versions,
        sink: Sink,
        tab: str | None,
        now: float,
        visitor: Visitor,
        *,
        steps: bool = False,
    ) -> Stream:
        """Begin a stream, and write what the client lacks. The tab's older one ends for good."""
        older = self._tabs.get(tab) if tab is not None else None
        if older is not None:
            self.dismiss(older, "replaced")
        stream = self._audience.open(view, have, sink, visitor, steps=steps)
        self._connections[stream] = _Connection(tab, now)
        self._metrics.opened += 1
        if len(self) == 1:
            self._occupied(True)
        if tab is not None:
            self._tabs[tab] = stream
        return stream

    def tell(self, tab: str, data: bytes) -> bool:
        """Write to the tab's stream; false if it is not open here, or takes no bytes."""
        stream = self.of_tab(tab)
        if stream is None or not self._audience.takes(stream):
            return False
        stream.sink.write(data)
        return True

    def dismiss(self, stream: Stream, reason: str, last: bytes = b"") -> None:
        """End a stream so that its client does not come back, after these last bytes."""
        stream.sink.write(last + wire.close(reason))
        stream.sink.close()
        self.drop(stream)

    def drop(self, stream: Stream) -> None:
        """The stream is gone. Repeated calls are harmless."""
        connection = self._connections.pop(stream, None)
        if connection is None:
            return
        if connection.tab is not None and self._tabs.get(connection.tab) is stream:
            del self._tabs[connection.tab]
        self._audience.drop(stream)
        if not self._connections:
            self._occupied(False)

    def break_all(self, least: float = 1.0) -> None:
        """Send every stream away: each gets a wait of its own, then a broken end.

        The waits are spread over a second per thousand streams, and `least` seconds, so that they
        do not come back all at once.
        """
        spread = max(least, len(self) / 1000)
        for stream in list(self._connections):
            wait = 0.1 + random.random() * spread  # noqa: S311 (spreads load, guards nothing)
            stream.sink.write(wire.retry(int(wait * 1000)))
            stream.sink.break_()
            self.drop(stream)

    def check(self, now: float) -> None:
        """Let silent streams hear a heartbeat, and cut those that have taken nothing for long."""
        for stream, connection in list(self._connections.items()):
            self._check(stream, connection, now)

    def _check(self, stream: Stream, connection: _Connection, now: float) -> None:
        sink = stream.sink
        # Of one that is full, writes say nothing: acknowledgements and the like may go on.
        if sink.buffered and (sink.writes == connection.writes or not self._audience.takes(stream)):
            connection.stalled = connection.stalled or now
            if now - connection.stalled >= self._pace.stall:
                self._metrics.cuts += 1
                sink.break_()
                self.drop(stream)
            return
        connection.stalled = None
        if sink.writes == connection.writes:
            if now - connection.heard < self._pace.heartbeat:
                return
            sink.write(wire.comment())
        connection.writes, connection.heard = sink.writes, now
