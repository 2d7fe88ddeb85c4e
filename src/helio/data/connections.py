"""Opening connections: how they behave, and the schema that stands before anything is read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Literal

import apsw

from .driver import Connection, Cursor, connect
from .errors import DatabaseError, LockedError, explain
from .statements import Authorizer

Synchronous = Literal["normal", "full"]


@dataclass(frozen=True, slots=True)
class File:
    """A database and how its connections are opened."""

    path: str
    schema: str | None
    migrations: Sequence[str] | None
    timeout: float
    synchronous: Synchronous

    @property
    def in_memory(self) -> bool:
        return self.path == ":memory:"

    def open_writer(self) -> Connection:
        """The writing connection, its schema in place and its migrations run."""
        connection = self._open()
        try:
            self._log_ahead(connection)
            connection.execute(f"pragma synchronous = {self.synchronous}")
            if self.schema:
                self._run_schema(connection, self.schema)
            if self.migrations is not None:
                self._migrate(connection, self.migrations)
            connection.execute("pragma foreign_keys = on")
        except BaseException as error:
            connection.close(True)
            if isinstance(error, apsw.Error):
                kind = LockedError if isinstance(error, apsw.BusyError) else DatabaseError
                raise kind(f"cannot open the database {self.path}: {error}") from error
            raise
        return connection

    def open_reader(self) -> Connection:
        connection = self._open()
        connection.execute("pragma query_only = on")
        # Statements are analysed here too, and what cascades is compiled only if it is enforced.
        connection.execute("pragma foreign_keys = on")
        return connection

    def _open(self) -> Connection:
        try:
            connection = connect(self.path)
        except apsw.CantOpenError as error:
            raise DatabaseError(f"cannot open the database: {self._why()}") from error
        connection.set_busy_timeout(round(self.timeout * 1000))
        Authorizer(connection)
        return connection

    def _log_ahead(self, connection: Connection) -> None:
        """Write ahead: then readers never wait for the writer, nor the writer for them."""
        deadline = monotonic() + self.timeout
        while True:
            try:
                connection.execute("pragma journal_mode = wal").fetchall()
                return
            except apsw.BusyError:
                # SQLite does not wait by itself when two connections switch at the same time.
                if monotonic() > deadline:
                    raise
                sleep(0.01)

    def _why(self) -> str:
        path = Path(self.path).absolute()
        if path.is_dir():
            return f"{path} is a directory; name a file in it."
        if not path.parent.is_dir():
            return f"the directory {path.parent} does not exist; create it."
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            return f"{path} may not be written by this user."
        return f"{path} cannot be opened as a file."

    def _run_schema(self, connection: Connection, schema: str) -> None:
        self._run(connection, schema, f"The schema of {self.path} failed; nothing was changed.")

    def _migrate(self, connection: Connection, migrations: Sequence[str]) -> None:
        """Run what is new, each in a transaction of its own, counted by `user_version`."""
        for number, script in enumerate(migrations, 1):
            name = f"Migration {number} of {len(migrations)} of {self.path}"
            self._run(connection, script, f"{name} failed; it changed nothing.", number)
        done = int(connection.pragma("user_version"))
        if done > len(migrations):
            raise DatabaseError(
                f"{self.path} is at migration {done}, this program knows {len(migrations)}: a "
                "newer program has used it. Run that one, or restore the file from before."
            )

    def _run(
        self, connection: Connection, script: str, failure: str, number: int | None = None
    ) -> None:
        """Run a script whole or not at all; with `number`, only if it has not been run."""
        authorizer = connection.authorizer
        assert isinstance(authorizer, Authorizer)  # noqa: S101 - installed by _open
        # Rebuilding a table drops it; with enforcement on, that would delete what refers to it.
        connection.execute("pragma foreign_keys = off")
        # Immediate: of two processes that start at once, the second sees what the first has done.
        connection.execute("begin immediate")
        try:
            if number is None or int(connection.pragma("user_version")) < number:
                with authorizer.without_control():
                    _execute(connection, script)
                if number is not None:
                    _check_references(connection)
                    connection.execute(f"pragma user_version = {number}")
            connection.execute("commit")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("rollback")
            if isinstance(error, apsw.AuthError):
                advice = "It runs in a transaction of its own: leave out begin and commit."
                raise DatabaseError(f"{failure} {advice}", script) from error
            if isinstance(error, DatabaseError):
                raise type(error)(f"{failure}\n{error}", script) from error.__cause__
            raise


def _execute(connection: Connection, script: str) -> None:
    """Run every statement of a script; an error shows the one that failed."""
    begun: list[str] = []

    def note(_: Cursor, statement: str, __: object) -> bool:
        begun.append(statement)
        return True

    cursor = connection.cursor()
    cursor.exec_trace = note
    try:
        cursor.execute(script, (), can_cache=False, explain=-1).fetchall()
    except apsw.AuthError:
        raise
    except apsw.SQLError as error:
        raise explain(error, script[len("".join(begun)) :], connection) from error
    except apsw.Error as error:
        raise explain(error, begun[-1], connection) from error
    finally:
        cursor.close(True)


def _check_references(connection: Connection) -> None:
    broken = connection.execute("pragma foreign_key_check").fetchall()
    if broken:
        table, row, parent = broken[0][:3]
        raise DatabaseError(
            f"It leaves {len(broken)} broken reference(s); the first: row {row} of {table} "
            f"refers to a row of {parent} that is not there."
        )
