"""This machine's figures: read once for all who look, and only while somebody looks.

A reading is taken on a thread, because it asks the operating system and would hold up everybody
else's pages. Whoever asks within half a second of a reading gets that one.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import psutil

T = TypeVar("T")

KEPT = 121
"""Samples: two minutes and one to draw the line from."""

PAUSE = 3.0
"""Seconds after which rates are measured anew: an average over a pause would mislead."""

MEASURE = 0.2
"""Seconds over which the first rates after a pause are measured."""


class Shared(Generic[T]):
    """One reading for all who ask at about the same time."""

    def __init__(self, take: Callable[[], T], fresh: float = 0.5) -> None:
        """`take` reads, on a thread; for `fresh` seconds its result serves everybody."""
        self._take = take
        self._fresh = fresh
        self._begun = 0.0
        self._reading: asyncio.Task[T] | None = None

    async def get(self) -> T:
        now = time.monotonic()
        if self._reading is None or (self._reading.done() and now - self._begun > self._fresh):
            self._begun = now
            self._reading = asyncio.create_task(asyncio.to_thread(self._take))
        # One visitor who leaves does not take the reading from the others.
        return await asyncio.shield(self._reading)


@dataclass(frozen=True, slots=True)
class Sample:
    """The machine at one moment. Rates are bytes a second, the rest of sizes is bytes."""

    at: float  # monotonic seconds
    cores: tuple[float, ...]  # 0 to 100 each
    memory: int
    swap: int
    read: float
    written: float
    received: float
    sent: float

    @property
    def cpu(self) -> float:
        """All cores together, 0 to 100."""
        return sum(self.cores) / len(self.cores)


@dataclass(frozen=True, slots=True)
class Machine:
    """What does not change from second to second, or hardly."""

    cores: int
    memory: int
    swap: int
    disk: int
    disk_used: int
    load: tuple[float, float, float]
    up: float  # seconds
    processes: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The machine and its last two minutes, the newest sample last."""

    machine: Machine
    samples: Sequence[Sample]

    @property
    def now(self) -> Sample:
        return self.samples[-1]

    def points(self, of: Callable[[Sample], float]) -> list[tuple[float, float]]:
        """(seconds ago, value) for a chart."""
        return [(self.now.at - sample.at, of(sample)) for sample in self.samples]


@dataclass(frozen=True, slots=True)
class _Counters:
    """What the operating system counts from its start on."""

    at: float
    busy: tuple[float, ...]
    total: tuple[float, ...]
    read: int
    written: int
    received: int
    sent: int

    @classmethod
    def take(cls) -> "_Counters":
        cores = psutil.cpu_times(percpu=True)
        disk = psutil.disk_io_counters()
        network = psutil.net_io_counters()
        totals = tuple(_total(core) for core in cores)
        idle = (core.idle + getattr(core, "iowait", 0.0) for core in cores)
        return cls(
            at=time.monotonic(),
            busy=tuple(total - rest for total, rest in zip(totals, idle, strict=True)),
            total=totals,
            read=disk.read_bytes if disk else 0,
            written=disk.write_bytes if disk else 0,
            received=network.bytes_recv if network else 0,
            sent=network.bytes_sent if network else 0,
        )

    def since(self, before: "_Counters") -> Sample:
        """The sample that lies between two readings."""
        passed = self.at - before.at
        cores = zip(self.busy, before.busy, self.total, before.total, strict=True)
        return Sample(
            at=self.at,
            cores=tuple(_share(b - b0, t - t0) for b, b0, t, t0 in cores),
            memory=psutil.virtual_memory().total - psutil.virtual_memory().available,
            swap=psutil.swap_memory().used,
            read=(self.read - before.read) / passed,
            written=(self.written - before.written) / passed,
            received=(self.received - before.received) / passed,
            sent=(self.sent - before.sent) / passed,
        )


def _total(core: Any) -> float:
    """All time of a core; guests' time is counted in the user's already."""
    times: dict[str, float] = core._asdict()
    return sum(value for name, value in times.items() if not name.startswith("guest"))


def _share(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100 * part / whole)) if whole > 0 else 0.0


class Sampler:
    """Takes samples and keeps the last two minutes of them."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._before: _Counters | None = None

    def take(self) -> Figures:
        """Read now. Blocks for a moment, the first time for a fifth of a second."""
        if self._before is None or time.monotonic() - self._before.at > PAUSE:
            self._before = _Counters.take()
            time.sleep(MEASURE)
        counters = _Counters.take()
        self._samples.append(counters.since(self._before))
        self._before = counters
        return Figures(_machine(), tuple(self._samples))


def _machine() -> Machine:
    disk = psutil.disk_usage("/")
    return Machine(
        cores=psutil.cpu_count() or 1,
        memory=psutil.virtual_memory().total,
        swap=psutil.swap_memory().total,
        disk=disk.total,
        disk_used=disk.used,
        load=psutil.getloadavg(),
        up=time.time() - psutil.boot_time(),
        processes=len(psutil.pids()),
    )


@dataclass(frozen=True, slots=True)
class Process:
    """One process. Nothing of its command line, which may hold secrets."""

    pid: int
    name: str
    user: str
    cpu: float  # percent of one core
    memory: int
    threads: int
    status: str


_WANTED = ["pid", "name", "username", "cpu_percent", "memory_info", "num_threads", "status"]


class ProcessReader:
    """Reads the table of processes."""

    def __init__(self) -> None:
        self._at = 0.0

    def take(self) -> list[Process]:
        """All processes now. The first time it measures their work for a fifth of a second."""
        if time.monotonic() - self._at > PAUSE:
            for process in psutil.process_iter():
                _begin(process)
            time.sleep(MEASURE)
        self._at = time.monotonic()
        return [_process(found.info) for found in psutil.process_iter(_WANTED)]


def _begin(process: psutil.Process) -> None:
    with suppress(psutil.Error):  # it has ended, or may not be looked at
        process.cpu_percent()


def _process(info: dict[str, Any]) -> Process:
    """What may not be read is None: shown as nothing."""
    memory = info["memory_info"]
    return Process(
        pid=info["pid"],
        name=info["name"] or "",
        user=info["username"] or "",
        cpu=info["cpu_percent"] or 0.0,
        memory=memory.rss if memory else 0,
        threads=info["num_threads"] or 0,
        status=info["status"] or "",
    )


figures = Shared(Sampler().take)
process_list = Shared(ProcessReader().take)
