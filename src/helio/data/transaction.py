"""Transactions: the writer held for one task, savepoints inside, publication after the commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType
from typing import TypeVar

import apsw

from .driver import Connection
from .engine import Engine
from .errors import DatabaseError, explain
from .statements import Statement
from .threads import Call, Hold, Order, Work
from .written import Written

T = TypeVar("T")

HELD_TOO_LONG = 1.0
"""Seconds after which an open transaction is named in the log: every other write waits for it."""

log = logging.getLogger("helio.data")

_current: ContextVar[tuple["Transaction", ...]] = ContextVar("transactions", default=())


def current(owner: object) -> "Transaction | None":
    """The transaction of this database that the running task is inside of.

    It is found by the database and not by the engine: after `stop` inside a transaction, what the
    task does next must fail, and not be done alone on a new engine.
    """
    for transaction in reversed(_current.get()):
        if transaction.owner is owner and transaction.open:
            return transaction
    return None


class Transaction:
    """One transaction. Tasks started inside it are inside it too, while it is open."""

    def __init__(self, owner: object, engine: Engine) -> None:
        self.owner = owner
        self.engine = engine
        self.open = False
        self._hold = Hold(self._begin)
        # What was written, by the transaction and by each savepoint inside it.
        self._levels: list[Written] = []
        self._savepoints: list[Savepoint | None] = []
        self._schema_changed = False
        self._lost = ""

    async def statement(self, text: str) -> Statement:
        """As the schema is inside the transaction, which may have changed it."""
        if self._schema_changed:
            # Not kept: if this is rolled back, its schema's number may come to mean another one.
            return await self.read(lambda connection: self.engine.analyse(connection, text))
        known = self.engine.known(text)
        return known or self.engine.keep(
            await self.read(lambda connection: self.engine.analyse(connection, text))
        )

    async def read(self, work: Work[T], *, must: bool = False) -> T:
        """Run work on the writer, inside the transaction."""

        def on_thread(connection: Connection) -> T:
            if self._lost:
                raise DatabaseError(
                    f"SQLite has rolled the transaction back, because of: {self._lost}\n"
                    "  Leave it (let the error pass) and begin a new one."
                )
            try:
                return work(connection)
            except Exception as error:
                if not connection.in_transaction:
                    self._lost = str(error).splitlines()[0]
                raise

        call = Call(on_thread, must=must)
        self._hold.submit(call)
        return await call

    async def write(self, statement: Statement, work: Callable[[Connection, Statement], T]) -> T:
        def on_thread(connection: Connection) -> T:
            try:
                with self.engine.capture.into(self._levels[-1], connection, statement):
                    return work(connection, statement)
            finally:
                self._schema_changed |= statement.changes_schema

        return await self.read(on_thread)

    def is_current(self, _: Statement) -> bool:
        """Nobody else can change the schema meanwhile."""
        return True

    async def refresh(self) -> None:
        pass

    async def begin(self) -> None:
        try:
            self.engine.writer.submit(self._hold)
            await self._hold
        except BaseException:
            # Cancelled: the writer may have begun, or may be about to.
            with suppress(DatabaseError):
                self._hold.submit(Order(self._roll_back))
            raise
        self.open = True

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back; either happens even if the awaiting task is cancelled."""
        self.open = False
        call = Call(self._commit if commit else self._roll_back, must=True)
        self._hold.submit(call)
        await call

    def _begin(self, connection: Connection) -> None:
        try:
            # Immediate: a transaction that began by reading could not write once others had.
            connection.execute("begin immediate")
        except apsw.Error as error:
            raise explain(error, "begin immediate", connection) from error
        self._levels.append(Written())
        self._savepoints.append(None)
        self._hold.begin()
        self.engine.look(connection)

    def _commit(self, connection: Connection) -> None:
        try:
            if self._lost:
                raise DatabaseError(
                    "the transaction cannot be committed: SQLite has rolled it back, because of: "
                    f"{self._lost}"
                )
            try:
                connection.execute("commit")
            except apsw.Error as error:
                raise explain(error, "commit", connection) from error
            written, *inside = self._levels
            for level in inside:
                written.add(level)
            self.engine.changes.committed(connection, written, self._schema_changed)
        finally:
            self._roll_back(connection)

    def _roll_back(self, connection: Connection) -> None:
        """What is left open is rolled back; the writer is let go."""
        try:
            if connection.in_transaction:
                connection.execute("rollback")
        finally:
            self._hold.end()

    # Savepoints, on the writer's thread.

    def push(self, savepoint: "Savepoint", connection: Connection) -> None:
        connection.execute(f'savepoint "{savepoint.name}"')
        self._levels.append(Written())
        self._savepoints.append(savepoint)

    def pop(self, savepoint: "Savepoint", connection: Connection, *, commit: bool) -> None:
        if savepoint not in self._savepoints:
            raise DatabaseError(
                "a nested transaction was ended by the one around it. Nest them in one task: "
                "savepoints of parallel tasks cannot be told apart."
            )
        at = self._savepoints.index(savepoint)
        if not commit:
            connection.execute(f'rollback to "{savepoint.name}"')
        connection.execute(f'release "{savepoint.name}"')
        if commit:
            for level in self._levels[at:]:
                self._levels[at - 1].add(level)
        del self._savepoints[at:], self._levels[at:]


class Savepoint:
    """A transaction inside a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.name = f"s{id(self):x}"
        self._transaction = transaction

    async def begin(self) -> None:
        # If this is cancelled a savepoint may stay behind; the one around it ends it.
        await self._transaction.read(lambda connection: self._transaction.push(self, connection))

    async def end(self, *, commit: bool) -> None:
        await self._transaction.read(
            lambda connection: self._transaction.pop(self, connection, commit=commit), must=True
        )


class Block:
    """What `db.transaction()` returns: entering it begins, leaving it commits or rolls back."""

    def __init__(self, owner: object, ready: Callable[[], Awaitable[Engine]], where: str) -> None:
        self._owner = owner
        self._ready = ready
        self._where = where
        self._outer: tuple[Transaction, ...] = ()
        self._inside: Transaction | Savepoint | None = None
        self._alarm: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        around = current(self._owner)
        inside = Savepoint(around) if around else Transaction(self._owner, await self._ready())
        await inside.begin()
        self._inside = inside
        if isinstance(inside, Transaction):
            self._outer = _current.get()
            _current.set((*self._outer, inside))
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(HELD_TOO_LONG, self._held_too_long)

    async def __aexit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        inside, self._inside = self._inside, None
        assert inside is not None  # noqa: S101 - entered
        if self._alarm:
            self._alarm.cancel()
            _current.set(self._outer)
        try:
            await inside.end(commit=kind is None)
        except DatabaseError:
            if kind is None:
                raise
            # Rolled back already; the error under way says more.

    def _held_too_long(self) -> None:
        log.warning(
            "The transaction of %r begun at %s has been open for a second; "
            "every other write waits for it. Do slow work before or after it.",
            self._owner,
            self._where,
        )
