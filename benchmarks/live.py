"""The live core without sockets: from `publish` to bytes written to every stream's sink.

The reference of a delivery is a bare loop that calls the same sinks' `write` with bytes that are
there already; what is above it is the engine's. The reference of a publication without viewers is
a dictionary look-up.
"""

import asyncio
import gc
import time
from collections.abc import Callable

from benchmarks.report import Report, Row
from benchmarks.shown import Shown
from helio import Topic, html, region, watch
from helio.live.hub import Hub
from helio.live.pace import Pace

CHANGED = Topic("bench.changed")
ROUNDS = 40

_count = 0


class Pipe:
    """A sink that takes everything at once."""

    __slots__ = ("buffered", "taken", "writes")

    def __init__(self) -> None:
        self.buffered = 0
        self.writes = 0
        self.taken = 0

    def write(self, data: bytes) -> None:
        self.writes += 1
        self.taken += len(data)

    def close(self) -> None: ...

    def break_(self) -> None: ...


@region
def counter(size: int) -> object:
    watch(CHANGED)
    return html.p(id="count")[str(_count), "x" * size]


def page(size: int) -> Shown:
    """A page that shows one region of a size in bytes."""
    return Shown(f"bench-{size}", lambda: html.main[counter(size)])


async def _publish_all(hub: Hub, pipes: list[Pipe]) -> None:
    """One publication, until the last pipe has it."""
    global _count
    _count += 1
    before = pipes[-1].writes
    hub.publish([CHANGED])
    while pipes[-1].writes == before:
        await asyncio.sleep(0)


async def _deliveries(streams: int, size: int) -> tuple[float, float]:
    """Seconds of CPU for one publication to all streams, through the hub and by a bare loop."""
    hub = Hub(pace=Pace(tick=0.0))
    pipes = [Pipe() for _ in range(streams)]
    for pipe in pipes:
        await hub.open(page(size), {}, pipe, None)
    data = b"x" * size
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        await _publish_all(hub, pipes)
        middle = time.process_time()
        writes = [pipe.write for pipe in pipes]
        for write in writes:
            write(data)
        ours.append(middle - begin)
        bare.append(time.process_time() - middle)
    await hub.stop()
    return _median(ours), _median(bare)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _idle(publish: Callable[[], object]) -> float:
    begin = time.process_time()
    for _ in range(20_000):
        publish()
    return (time.process_time() - begin) / 20_000


async def _measure() -> Report:
    report = Report("live")
    gc.disable()
    one, _ = await _deliveries(1, 300)
    report.rows.append(Row("publish to one stream, 300 B", one * 1e6, "µs"))
    for streams in (1_000, 9_500):
        for size in (300, 8_000):
            ours, bare = await _deliveries(streams, size)
            name = f"delivery to one of {streams:,} streams, {size:,} B"
            per = ours / streams * 1e9
            report.rows.append(Row(name, per, "ns", {"bare loop": bare / streams * 1e9}))
    hub = Hub()
    hub.start()
    topics: dict[object, object] = {}
    ours = _idle(lambda: hub.publish([CHANGED])) * 1e9
    look = _idle(lambda: topics.get(CHANGED)) * 1e9
    report.rows.append(Row("publish that nobody watches", ours, "ns", {"dict look-up": look}))
    await hub.stop()
    gc.enable()
    report.notes.append("No sockets: what the kernel charges for a send comes on top of both.")
    return report


def run() -> Report:
    return asyncio.run(_measure())
