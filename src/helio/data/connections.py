"""Opening connections: how they behave, and the schema that stands before anything is read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import apsw

from .driver import Connection, connect
from .errors import DatabaseError, explain
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
            # Readers then never wait for the writer, nor the writer for them.
            connection.execute("pragma journal_mode = wal").fetchall()
            connection.execute(f"pragma synchronous = {self.synchronous}")
            if self.schema:
                self._run_schema(connection, self.schema)
            if self.migrations is not None:
                self._migrate(connection, self.migrations)
            connection.execute("pragma foreign_keys = on")
        except BaseException as error:
            connection.close(True)
            if isinstance(error, apsw.Error):
                raise DatabaseError(f"cannot open the database {self.path}: {error}") from error
            raise
        return connection

    def open_reader(self) -> Connection:
        connection = self._open()
        connection.execute("pragma query_only = on")
        return connection

    def _open(self) -> Connection:
        try:
            connection = connect(self.path)
        except apsw.CantOpenError as error:
            raise DatabaseError(f"cannot open the database: {self._why()}") from error
        connection.set_busy_timeout(round(self.timeout * 1000))
        Authorizer(connection)
        return connection

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
                    connection.execute(script).fetchall()
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
            if isinstance(error, apsw.Error):
                reason = explain(error, script, connection)
                raise type(reason)(f"{failure}\n{reason}", script) from error
            if isinstance(error, DatabaseError):
                raise DatabaseError(f"{failure} {error}", script) from None
            raise


def _check_references(connection: Connection) -> None:
    broken = connection.execute("pragma foreign_key_check").fetchall()
    if broken:
        table, row, parent = broken[0][:3]
        raise DatabaseError(
            f"It leaves {len(broken)} broken reference(s); the first: row {row} of {table} "
            f"refers to a row of {parent} that is not there."
        )
