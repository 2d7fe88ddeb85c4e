"""Narrowings: in development, reads that depend on more than the keys they were recorded under.

A read that was narrowed, by its statement or by hand (`of=`), hears of its keys alone. Whenever its
tables change and its keys were not told of, it is run again here: if other rows come, the narrowing
lied, and the page that shows them has gone stale.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import cast

from helio.live.recorder import recorder

from .reads import Narrowing
from .topics import EveryKey, Everything, Key

log = logging.getLogger("helio.aids")

KEPT = 200
"""Reads that are remembered; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Read:
    """One narrowed read: who did it, under which topics it was recorded, and what came."""

    sql: str
    of: str
    who: str
    topics: frozenset[Hashable]
    result: object
    again: Callable[[], Awaitable[object]]

    @property
    def tables(self) -> set[str]:
        return {topic.table for topic in self.topics if isinstance(topic, EveryKey)}


class Narrowings:
    """The narrowed reads of one database that were done last."""

    def __init__(self) -> None:
        self._reads: OrderedDict[Hashable, Read] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[tuple[str, str]] = set()

    def note(
        self,
        asked: tuple[str, tuple[object, ...], Narrowing | None],
        topics: Iterable[Hashable],
        result: object,
        again: Callable[[], Awaitable[object]],
    ) -> None:
        """Statement, arguments and `of` of a read under these topics, what came, and how to ask
        once more. Kept if a render did it.
        """
        active = recorder()
        sql, args, of = asked
        told = repr(dict(of)) if of else ""
        who = active.of.name if active is not None else ""
        read = Read(sql, told, who, frozenset(topics), result, again)
        if active is None or not read.tables:
            return
        self._loop = asyncio.get_running_loop()
        name = (sql, repr(args), told)
        self._reads[name] = read
        self._reads.move_to_end(name)
        if len(self._reads) > KEPT:
            self._reads.popitem(last=False)

    def published(self, topics: Collection[Hashable]) -> None:
        """This was written, by these topics. From any thread."""
        loop = self._loop
        if loop is not None and self._reads and not loop.is_closed():
            loop.call_soon_threadsafe(self._look, topics)

    def _look(self, topics: Collection[Hashable]) -> None:
        written = {topic.table for topic in topics if isinstance(topic, (Key, EveryKey))}
        anything = any(isinstance(topic, Everything) for topic in topics)
        for name, read in list(self._reads.items()):
            if anything or not read.topics.isdisjoint(topics):
                del self._reads[name]  # whoever shows it reads it again
            elif not read.tables.isdisjoint(written):
                task = asyncio.ensure_future(self._check(name, read))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _check(self, name: Hashable, read: Read) -> None:
        try:
            now = await read.again()
        except Exception:
            return  # whoever shows it learns of it when he reads
        if now == read.result or self._reads.get(name) is not read:
            return
        del self._reads[name]
        if (read.sql, read.of) not in self._told:
            self._told.add((read.sql, read.of))
            log.warning("%s", _lie(read, now))


def _lie(read: Read, now: object) -> str:
    before, after = _differing(read.result, now)
    told = f"of={read.of}" if read.of else "the statement's keys"
    return (
        f"{read.who} reads more than {told} says: rows changed that it was not told of, and it "
        f"shows what is no longer so.\n    {read.sql.strip()}\n    was {before}\n    is  {after}\n"
        "  Leave `of` out, or name all keys that it reads."
    )


def _differing(before: object, after: object) -> tuple[str, str]:
    """The first rows that differ, or what was read of one."""
    for was, now in zip_longest(_rows(before), _rows(after), fillvalue="no row"):
        if was != now:
            return str(was), str(now)
    return str(before), str(after)


def _rows(result: object) -> list[object]:
    return cast("list[object]", result) if isinstance(result, list) else [result]
