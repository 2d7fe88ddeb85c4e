"""The engine of one open database: its threads, its statements, the way a write takes."""

import asyncio
import atexit
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakSet

from .capture import Capture
from .changes import Changed, Changes
from .connections import File
from .driver import Connection
from .errors import DatabaseError
from .keys import Declared
from .mailfile import Ears, MailFile
from .statements import Statement, analyse
from .threads import Call, Order, Readers, Work, Writer
from .written import Written

T = TypeVar("T")

_MANY = 2_000


class Engine:
    """Runs work on the threads of one database. It exists from the first use to `stop`."""

    def __init__(
        self, file: File, keys: Declared, changed: Changed, ears: Callable[[], Ears | None]
    ) -> None:
        """`ears` says who listens to other processes, if anybody does."""
        self.changes = Changes(changed)
        self.capture = Capture(keys, self.changes)
        self.opened = False
        self._keys = keys
        self._file = file
        self._mail = MailFile(ears)
        self._statements: dict[str, Statement] = {}
        self._readers = None if file.in_memory else Readers(file.open_reader)
        self._writer = Writer(self._open, self.look, self._close_others)
        _engines.add(self)

    @property
    def writer(self) -> Writer:
        return self._writer

    async def open(self) -> None:
        """Wait until the writer has opened the file: nobody reads before that."""
        await self._on_writer(_nothing)
        self.opened = True

    def known(self, text: str) -> Statement | None:
        """The statement of this text, if it is compiled for the present schema."""
        statement = self._statements.get(text)
        return statement if statement and self.is_current(statement) else None

    async def statement(self, text: str) -> Statement:
        """The statement of this text; compiled on a thread when it is new."""
        return self.known(text) or self.keep(
            await self.read(lambda connection: self.analyse(connection, text))
        )

    def analyse(self, connection: Connection, text: str) -> Statement:
        """Compile a text on a connection of this database."""
        return analyse(connection, text, self._keys)

    def keep(self, statement: Statement) -> Statement:
        """Remember it by its text, for as long as the schema is the one it was compiled for."""
        if len(self._statements) >= _MANY:
            self._statements.clear()
        self._statements[statement.text] = statement
        return statement

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads. A cancelled caller interrupts it."""
        if self._readers is None:
            return await self._on_writer(work)
        call = Call(work)
        self._readers.submit(call)
        try:
            return await call
        except asyncio.CancelledError:
            self._readers.interrupt(call)
            raise

    async def write(self, statement: Statement, work: Callable[[Connection, Statement], T]) -> T:
        """Run work that commits by itself, and tell of what it changed before returning."""

        def on_thread(connection: Connection) -> T:
            current = self._current(connection, statement)
            written = Written()
            try:
                with self.capture.into(written, connection, current):
                    return work(connection, current)
            finally:
                self.changes.committed(connection, written, current.changes_schema)

        return await self._on_writer(on_thread)

    def is_current(self, statement: Statement) -> bool:
        """Whether it was compiled for the schema as last seen."""
        return statement.version == self.changes.schema

    async def refresh(self) -> None:
        """Look at the file's schema and at other connections' commits now."""
        await self._on_writer(self.changes.refresh)

    async def catch_up(self) -> bool:
        """Look at other connections' commits now; whether they could be seen."""
        return await self._on_writer(self.changes.look)

    async def post(self, kind: str, text: str) -> None:
        """Tell the other processes. Raises DatabaseError."""
        await self._on_writer(lambda _: self._mail.post(kind, text))

    def look(self, connection: Connection) -> None:
        """See what others have committed, and hear what they have told. On the writer's thread.

        Messages are found first and told last: what their sender had committed is seen by then.
        """
        unread = self._mail.unread() if self._writer.attended else None
        if self.changes.look(connection) and unread:
            self._mail.told(unread)

    def attend(self, watched: bool) -> None:
        """Look for other connections' commits and messages as long as somebody watches."""
        self._writer.attended = watched
        if watched:
            self._writer.submit(Order(self.look))

    def stop(self) -> None:
        """Finish what was submitted, roll back what was left open, close; return at once."""
        if self._readers:
            self._readers.stop()
        self._writer.stop(_roll_back)
        _engines.discard(self)

    def join(self, timeout: float | None = None) -> None:
        self._writer.join(timeout)

    def _close_others(self) -> None:
        if self._readers:
            self._readers.join()
        self._mail.close()

    def _open(self) -> Connection:
        connection = self._file.open_writer()
        try:
            self.capture.begin(connection)
        except DatabaseError:
            connection.close(True)
            raise
        self.changes.begin(connection)
        self._mail.begin(connection.filename)
        return connection

    def _current(self, connection: Connection, statement: Statement) -> Statement:
        """The statement as the schema is now: another process may just have changed it."""
        self.look(connection)
        if self.is_current(statement):
            return statement
        self.changes.refresh(connection)
        return self.analyse(connection, statement.text)

    async def _on_writer(self, work: Work[T]) -> T:
        call = Call(work)
        self._writer.submit(call)
        return await call


def _nothing(_: Connection) -> None:
    pass


def _roll_back(connection: Connection) -> None:
    if connection.in_transaction:
        connection.execute("rollback")


_engines: WeakSet[Engine] = WeakSet()


@atexit.register
def _stop_all() -> None:
    """A program that ends without `stop` still closes its files properly."""
    for engine in list(_engines):
        engine.stop()
        engine.join(timeout=2.0)
