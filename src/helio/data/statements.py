"""Statements: what a text reads and writes, found by asking SQLite while it compiles the text.

The authorizer is called for what a statement touches, also through views, triggers, common table
expressions, foreign key actions and the truncation of `delete` without `where`, none of which can
be seen in the text or by hooks on rows. It is not called for a table that is joined with `using` or
`natural join` and gives no column to the result; so the compiled program's own list of opened
tables is read as well.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apsw

from .driver import Bindings, Connection, Cursor, Value
from .errors import DatabaseError, explain, report
from .keys import Declared, KeyedRead, fold, key_columns
from .placeholders import placeholders
from .values import is_list, list_parameter, parameter

_WRITES = frozenset({apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE})
_CONTROL = frozenset({apsw.SQLITE_TRANSACTION, apsw.SQLITE_SAVEPOINT})
_OTHER_FILES = frozenset({apsw.SQLITE_ATTACH, apsw.SQLITE_DETACH})
_SCHEMA = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master"})
_MAIN = 0  # The main database's place among the attached, as programs count them.
_NOTHING = re.compile(r"(?:[\s;]|--[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)


@dataclass(slots=True)
class Accesses:
    """What the compilation of one statement asked for."""

    reads: set[str] = field(default_factory=set[str])
    writes: set[str] = field(default_factory=set[str])
    changes_schema: bool = False
    controls: bool = False
    attaches: bool = False

    def note(self, operation: int, table: str | None, database: str | None) -> None:
        if operation in _CONTROL:
            self.controls = True
        elif operation in _OTHER_FILES:
            self.attaches = True
        elif table is None or database == "temp":
            return
        elif operation == apsw.SQLITE_READ:
            self.reads.add(table)
        elif operation in _WRITES:
            if table in _SCHEMA:
                self.changes_schema = True
            else:
                self.writes.add(table)


class Authorizer:
    """Installed for good on a connection; notes accesses while somebody collects them."""

    __slots__ = ("_accesses", "_deny_control")

    def __init__(self, connection: Connection) -> None:
        self._accesses: Accesses | None = None
        self._deny_control = False
        connection.authorizer = self

    def __call__(
        self, operation: int, first: str | None, _: str | None, database: str | None, __: str | None
    ) -> int:
        if self._accesses is not None:
            self._accesses.note(operation, first, database)
        if self._deny_control and operation in _CONTROL:
            return apsw.SQLITE_DENY
        return apsw.SQLITE_OK

    @contextmanager
    def collecting(self) -> Generator[Accesses]:
        self._accesses = accesses = Accesses()
        try:
            yield accesses
        finally:
            self._accesses = None

    @contextmanager
    def without_control(self) -> Generator[None]:
        """Inside, no statement may begin or end a transaction."""
        self._deny_control = True
        try:
            yield
        finally:
            self._deny_control = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, compiled once for one version of the schema."""

    text: str
    """As the author wrote it."""
    sql: str
    """As SQLite runs it."""
    count: int
    lists: frozenset[int]
    bracketed: frozenset[int]
    reads: tuple[str, ...]
    """Tables whose rows it may read, in order of name."""
    keyed: Mapping[str, KeyedRead]
    """Those of the tables read that have keys."""
    writes: frozenset[str]
    """Tables whose rows it may change, by triggers and foreign keys too."""
    changes_schema: bool
    readonly: bool
    version: int
    """Of the schema, by `pragma schema_version`."""

    def bind(self, arguments: Sequence[object]) -> Bindings:
        """The arguments as SQLite takes them; DatabaseError when they do not fit."""
        if len(arguments) != self.count:
            wanted = f"takes {self.count} argument{'' if self.count == 1 else 's'}"
            reason = f"the statement {wanted}, got {len(arguments)}: {tuple(arguments)!r}"
            raise DatabaseError(report(reason, self.text), self.text)
        try:
            if not self.lists and not self.bracketed:
                return tuple([parameter(value) for value in arguments])
            return tuple([self._bind(index, value) for index, value in enumerate(arguments)])
        except TypeError as error:
            raise DatabaseError(report(str(error), self.text), self.text) from None

    def _bind(self, index: int, value: object) -> Value:
        if index in self.lists:
            return list_parameter(value)
        if index in self.bracketed and is_list(value):
            raise TypeError(
                f"the list {value!r} stands for one value. Write `in ${index + 1}`, without "
                "parentheses, to match any of its elements."
            )
        return parameter(value)


class _Compiled(NamedTuple):
    readonly: bool
    program: list[tuple[Any, ...]]


def analyse(connection: Connection, text: str, keys: Declared) -> Statement:
    """Compile `text`, without running it, against the schema as it is now on disk.

    Raises DatabaseError for SQL that does not compile, for more than one statement, and for
    statements that would take the connection out of our hands.
    """
    if connection.in_transaction:
        return _analyse(connection, text, keys)
    # A connection compiles against the schema it remembers and looks at the file only when a
    # statement runs; one that runs first, in the same transaction, brings it up to date.
    connection.execute("begin")
    try:
        connection.execute("select 1 from sqlite_schema limit 1").fetchall()
        return _analyse(connection, text, keys)
    finally:
        connection.execute("rollback")


def _analyse(connection: Connection, text: str, keys: Declared) -> Statement:
    places = placeholders(text)
    authorizer = connection.authorizer
    assert isinstance(authorizer, Authorizer)  # noqa: S101 - every connection is opened with one
    with authorizer.collecting() as accesses:
        compiled = _compile(connection, text, places.sql, places.count)
    if accesses.controls:
        advice = "Write `async with db.transaction():`, nested for a savepoint."
        raise DatabaseError(report("transactions are not begun in SQL", text, advice), text)
    if accesses.attaches:
        advice = "Open the other file as an SQLite of its own."
        raise DatabaseError(report("attach reaches one connection of many", text, advice), text)

    def tables(names: set[str]) -> list[str]:
        # Views, common table expressions and table functions are asked for by name as well.
        return sorted(name for name in names if connection.table_exists("main", name))

    reads = tables(accesses.reads | _opened(connection, compiled.program))
    return Statement(
        text=text,
        sql=places.sql,
        count=places.count,
        lists=places.lists,
        bracketed=places.bracketed,
        reads=tuple(reads),
        keyed=_keyed(connection, places.bare, reads, keys) if compiled.readonly else {},
        writes=frozenset(tables(accesses.writes)),
        changes_schema=accesses.changes_schema,
        readonly=compiled.readonly,
        version=int(connection.pragma("schema_version")),
    )


def _compile(connection: Connection, text: str, sql: str, count: int) -> _Compiled:
    """Compile the one statement, and read its program instead of running it."""
    found: list[tuple[str, bool, bool]] = []

    def note(cursor: Cursor, statement: str, _: object) -> bool:
        found.append((statement, cursor.has_vdbe, cursor.is_readonly))
        return cursor.has_vdbe

    cursor = connection.cursor()
    cursor.exec_trace = note
    program: list[tuple[Any, ...]] = []
    try:
        # A statement from the connection's cache would not be compiled, and so not be seen.
        program = cursor.execute(sql, (None,) * count, can_cache=False, explain=1).fetchall()
    except apsw.ExecTraceAbort:
        pass
    except apsw.BindingsError:
        _several(text)
    except apsw.Error as error:
        raise explain(error, text if len(text) == len(sql) else sql, connection) from None
    finally:
        cursor.close(True)
    statement, compiled, readonly = found[0]
    if not compiled:
        raise DatabaseError("the SQL text holds no statement", text)
    if not _NOTHING.fullmatch(sql[len(statement) :]):
        _several(text)
    return _Compiled(readonly, program)


def _opened(connection: Connection, program: list[tuple[Any, ...]]) -> set[str]:
    """The tables of the main database that a program opens, itself or an index of theirs."""
    pages = {step[3] for step in program if step[1] == "OpenRead" and step[4] == _MAIN}
    if not pages:
        return set()
    rows = connection.execute("select rootpage, tbl_name from sqlite_schema").fetchall()
    return {str(table) for page, table in rows if page in pages}


def _keyed(
    connection: Connection, text: str, reads: Sequence[str], keys: Declared
) -> Mapping[str, KeyedRead]:
    """How the tables that have keys are read."""
    names = {fold(name) for name in reads}
    concerned = {table: columns for table, columns in keys.items() if fold(table) in names}
    if not concerned:
        return {}
    # The parser is large: a program that declares no keys never loads it.
    from .pins import keyed_reads

    return keyed_reads(text, key_columns(connection, concerned), _hiding(connection))


def _hiding(connection: Connection) -> frozenset[str]:
    """Names behind which a table may be read, or that may hide one: views, what is temporary."""
    rows = connection.execute(
        "select name from sqlite_schema where type = 'view' "
        "union select name from sqlite_temp_schema"
    ).fetchall()
    return frozenset(fold(str(name)) for (name,) in rows)


def _several(text: str) -> None:
    advice = "Run each by a call of its own, inside `async with db.transaction():`."
    raise DatabaseError(report("the SQL text holds several statements", text, advice), text)
