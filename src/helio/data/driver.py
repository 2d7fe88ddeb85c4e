"""What is used of apsw's connections and cursors, with types of its own.

apsw's stubs name types that this Python does not know, which would leave every call untyped.
"""

from collections.abc import Callable
from typing import Any, Protocol, cast

import apsw

Value = str | int | float | bytes | None
"""What SQLite holds."""

Bindings = tuple[Value, ...]
"""The arguments of a statement, by position."""


class Cursor(Protocol):
    exec_trace: Callable[["Cursor", str, object], bool] | None

    @property
    def has_vdbe(self) -> bool:
        """Whether the text held anything to run."""
        ...

    @property
    def is_readonly(self) -> bool: ...
    def execute(
        self, statements: str, bindings: Bindings, *, can_cache: bool, explain: int
    ) -> "Cursor": ...
    def fetchone(self) -> tuple[Any, ...] | None: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...
    def get_description(self) -> tuple[tuple[str, str | None], ...]:
        """Name and declared type of each column; ExecutionCompleteError when no row is left."""
        ...

    def close(self, force: bool) -> None: ...


class Update(Protocol):
    """A row about to change, valid while its hook runs."""

    @property
    def database_name(self) -> str: ...
    @property
    def table_name(self) -> str: ...
    @property
    def old(self) -> tuple[Value, ...] | None: ...
    @property
    def new(self) -> tuple[Value, ...] | None: ...


class Connection(Protocol):
    authorizer: Callable[[int, str | None, str | None, str | None, str | None], int] | None

    @property
    def filename(self) -> str:
        """The file as SQLite has resolved it, through links; empty in memory."""
        ...

    @property
    def in_transaction(self) -> bool: ...
    def cursor(self) -> Cursor: ...
    def execute(self, statements: str, bindings: Bindings = ()) -> Cursor: ...
    def pragma(self, name: str) -> Any: ...
    def changes(self) -> int: ...
    def total_changes(self) -> int: ...
    def table_exists(self, database: str, name: str) -> bool: ...
    def column_metadata(
        self, database: str, table: str, column: str
    ) -> tuple[str, str, bool, bool, bool]:
        """Declared type, collation, whether not null, part of the primary key, autoincrement."""
        ...

    def preupdate_hook(self, hook: Callable[[Update], None] | None) -> None: ...
    def set_busy_timeout(self, milliseconds: int) -> None: ...
    def interrupt(self) -> None: ...
    def close(self, force: bool = False) -> None: ...


def connect(path: str) -> Connection:
    """Open a file, made if it is not there. Raises apsw.CantOpenError."""
    return cast("Connection", apsw.Connection(path, statementcachesize=256))
