"""SQLite: one file, read and written with plain SQL; reading in a render is subscribing."""

import asyncio
import inspect
import os
import weakref
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar, overload

from helio.live.recorder import forbid, record
from helio.live.topics import Publish

from .changes import Changed
from .connections import File, Synchronous
from .driver import Bindings, Connection
from .engine import Engine
from .errors import DatabaseError
from .keys import Keys, declared
from .mailbox import Mailbox
from .mailfile import Ears
from .narrowings import Narrowings
from .queries import Shape, every_row, first_row, first_value, modify, modify_many, query
from .reads import Narrowing, refuse_narrowing, topics_read
from .rows import Row
from .statements import Statement
from .threads import Work
from .topics import EveryKey, Everything, Key, Table
from .transaction import Block, Transaction, current
from .written import Written

T = TypeVar("T")
R = TypeVar("R")

_ATTEMPTS = 3


class SQLite:
    """A database in a file, or in memory with the path `:memory:`.

    Opens nothing until the first use; then one thread writes and a few read. `schema` is run at
    every opening and must bear it (`create table if not exists …`); `migrations` are run in order,
    each once, counted by `pragma user_version`. Each of these scripts is a transaction of its own.

    Statements take `$1, $2 …` or `?`; `in $1` takes a list. Inside a page or region a fetch
    subscribes to the tables it reads, and writing is refused.

    `keys` narrows that, for tables of which each reader wants a small part: with
    `keys={"card": "board_id"}` a fetch with `where board_id = $1` is woken by changes of that
    board's cards only. Several columns are keys of their own: `{"card": ("board_id", "id")}`. Where
    a statement does not surely keep to one key, it reads the whole table; `of={"card": board_id}`
    says by hand that it keeps to one.

    `timeout`: seconds to wait for another process that is writing. `synchronous="full"` makes
    every commit survive a loss of power; with `"normal"` the last ones may be missing then, never
    half there.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        schema: str | None = None,
        migrations: Sequence[str] | None = None,
        *,
        keys: Keys | None = None,
        timeout: float = 5.0,
        synchronous: Synchronous = "normal",
    ) -> None:
        if not os.fspath(path):
            raise ValueError("SQLite(path): the path is empty. Name a file, or ':memory:'.")
        self._file = File(os.fspath(path), schema, migrations, timeout, synchronous)
        self._keys = declared(keys)
        self._engine: Engine | None = None
        self._publish: Publish | None = None
        self._watched = False
        self._mailbox = Mailbox(self, self._ready)
        self._narrowings: Narrowings | None = None
        self._opening: asyncio.Task[None] | None = None
        self._dropped: weakref.finalize[..., SQLite] | None = None

    def __repr__(self) -> str:
        return f"SQLite({self._file.path!r})"

    # Reading.

    @overload
    async def fetch(self, sql: str, *args: object, of: Narrowing | None = None) -> list[Row]: ...
    @overload
    async def fetch(
        self, sql: str, *args: object, into: type[T], of: Narrowing | None = None
    ) -> list[T]: ...
    async def fetch(
        self, sql: str, *args: object, into: type[Any] | None = None, of: Narrowing | None = None
    ) -> list[Any]:
        """All rows. With `into`, instances of that dataclass, struct, or `dict`.

        `of` says which key of a keyed table this reads, where the statement does not show it:
        `of={"card": 3}`, of several keys `of={"card.board_id": 3}`, a list for any of its elements.
        It is believed: changes of other rows wake nobody.

        Also for `insert … returning` and its like. Raises DatabaseError.
        """
        return await self._fetch(sql, args, every_row(into), of)

    @overload
    async def fetch_one(
        self, sql: str, *args: object, of: Narrowing | None = None
    ) -> Row | None: ...
    @overload
    async def fetch_one(
        self, sql: str, *args: object, into: type[T], of: Narrowing | None = None
    ) -> T | None: ...
    async def fetch_one(
        self, sql: str, *args: object, into: type[Any] | None = None, of: Narrowing | None = None
    ) -> Any:
        """The first row, or None if there is none. Raises DatabaseError."""
        return await self._fetch(sql, args, first_row(into), of)

    @overload
    async def fetch_value(self, sql: str, *args: object, of: Narrowing | None = None) -> Any: ...
    @overload
    async def fetch_value(
        self, sql: str, *args: object, into: type[T], of: Narrowing | None = None
    ) -> T | None: ...
    async def fetch_value(
        self, sql: str, *args: object, into: type[Any] | None = None, of: Narrowing | None = None
    ) -> Any:
        """The first column of the first row, or None if there is no row. Raises DatabaseError."""
        return await self._fetch(sql, args, first_value(into), of)

    # Writing.

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement; how many rows it inserted, updated or deleted.

        Outside of `transaction()` it is committed when this returns, and the tables it changed are
        published. A cancelled call happened whole or not at all. Raises DatabaseError,
        ConstraintError, LockedError; RenderError inside a page or region.
        """
        forbid("db.execute")
        place = await self._place()
        statement = await place.statement(sql)
        bindings = statement.bind(args)
        return await place.write(statement, lambda c, now: modify(c, now, bindings))

    async def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> int:
        """Run a statement once for each of `rows`, all or none; how many rows it changed in all."""
        forbid("db.executemany")
        async with self._block(_caller()):
            place = await self._place()
            statement = await place.statement(sql)
            bindings = [statement.bind(row) for row in rows]
            return await place.write(statement, lambda c, now: modify_many(c, now, bindings))

    def transaction(self) -> Block:
        """`async with db.transaction():` all of it or nothing, published after the commit.

        Nested, it is a savepoint. A fetch inside reads what was written inside. Everybody else who
        writes waits until it ends, so do nothing slow in it.
        """
        forbid("db.transaction")
        return self._block(_caller())

    # The life of a source.

    def start(self, publish: Publish) -> None:
        """From now on, tell `publish` of every table that changes; it is called on any thread."""
        self._publish = publish

    def attend(self, watched: bool) -> None:
        """Look for commits of other processes while somebody watches one of the tables."""
        self._watched = watched
        if self._engine:
            self._engine.attend(watched)
        elif watched and self._mailbox.ears:
            # Nothing was read yet, and so there are no commits to look for; but messages.
            self._opening = asyncio.ensure_future(self._open())

    @property
    def mailbox(self) -> Mailbox | None:
        """What the processes on this file tell each other; None in memory, where there is one."""
        return None if self._file.in_memory else self._mailbox

    async def stop(self) -> None:
        """Finish what was begun, roll back open transactions, close the file.

        The next use opens it again.
        """
        engine, self._engine = self._engine, None
        self._publish = None
        self._watched = False
        self._mailbox.close()
        if self._dropped:
            self._dropped.detach()
        if engine:
            engine.stop()
            await asyncio.to_thread(engine.join)

    async def close(self) -> None:
        """The same as `stop`, for programs of their own."""
        await self.stop()

    # Inside.

    async def _fetch(
        self, sql: str, args: tuple[object, ...], shape: Shape[R], of: Narrowing | None
    ) -> R:
        place = await self._place()
        for _ in range(_ATTEMPTS):
            statement = await place.statement(sql)
            bindings = statement.bind(args)
            if not statement.readonly:
                forbid("a statement that writes")
                refuse_narrowing(statement, of)
                return await place.write(statement, _asking(bindings, shape))
            topics = list(topics_read(self, statement, bindings, of))
            for topic in topics:
                record(topic)
            work = _reading(statement, bindings, shape)
            result = await place.read(work)
            if place.is_current(statement):
                if self._narrowings is not None:
                    again = partial(place.read, work)
                    self._narrowings.note((sql, args, of), topics, result, again)
                return result
            # The schema has changed: what was recorded may not be what was read.
            await place.refresh()
        raise DatabaseError(
            f"The schema of {self._file.path} changed {_ATTEMPTS} times while this was read.", sql
        )

    def check_narrowings(self) -> None:
        """In development: say of each narrowed read when it depends on more than its keys."""
        self._narrowings = self._narrowings or Narrowings()

    async def _place(self) -> Engine | Transaction:
        """Where statements of the running task belong."""
        return current(self) or await self._ready()

    def _block(self, where: str) -> Block:
        return Block(self, self._ready, where)

    async def _ready(self) -> Engine:
        engine = self._engine
        if engine is None:
            # The threads must not keep the database alive: one that is dropped is closed.
            changed = weakref.WeakMethod(self._changed)
            mailbox = weakref.ref(self._mailbox)
            engine = self._engine = Engine(
                self._file,
                self._keys,
                lambda written: _call(changed, written),
                lambda: _ears(mailbox),
            )
            self._dropped = weakref.finalize(self, engine.stop)
            self._dropped.atexit = False
        if not engine.opened:
            try:
                await engine.open()
            except Exception:
                if self._engine is engine:
                    self._engine = None
                    engine.stop()
                raise
            if self._watched:
                engine.attend(True)
        return engine

    async def _open(self) -> None:
        with suppress(DatabaseError):  # Whoever reads or writes next is told.
            await self._ready()

    def _changed(self, written: Written | None) -> None:
        """This was written, None for anything: publish the topics. On any thread."""
        topics = self._topics(written)
        if self._publish is not None:
            self._publish(topics)
        if self._narrowings is not None:
            self._narrowings.published(topics)

    def _topics(self, written: Written | None) -> list[Hashable]:
        """The topics under which what was written may have been read."""
        if written is None:
            return [Everything(self)]
        return [
            *(Table(self, name) for name in sorted(written.tables)),
            *(EveryKey(self, name) for name in sorted(written.every_key)),
            *(Key(self, *key) for key in written.keys),
        ]


def _reading(statement: Statement, bindings: Bindings, shape: Shape[R]) -> Work[R]:
    return lambda connection: query(connection, statement, bindings, shape)


def _asking(bindings: Bindings, shape: Shape[R]) -> Callable[[Connection, Statement], R]:
    return lambda connection, statement: query(connection, statement, bindings, shape)


def _call(changed: "weakref.WeakMethod[Changed]", written: Written | None) -> None:
    method = changed()
    if method:
        method(written)


def _ears(mailbox: "weakref.ref[Mailbox]") -> Ears | None:
    found = mailbox()
    return found.ears if found else None


def _caller() -> str:
    """File and line that called the function that calls this."""
    frame = inspect.currentframe()
    caller = frame and frame.f_back and frame.f_back.f_back
    return f"{caller.f_code.co_filename}:{caller.f_lineno}" if caller else "an unknown place"
