"""Running a statement on a connection, and the shapes its rows are given."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import apsw
import msgspec

from .driver import Bindings, Connection, Cursor
from .errors import DatabaseError, explain, report
from .rows import row_class
from .statements import Statement
from .values import convert, convert_value

R = TypeVar("R")
Shape = Callable[[Cursor], R]
"""Takes the rows it wants from a cursor."""


def query(connection: Connection, statement: Statement, bindings: Bindings, shape: Shape[R]) -> R:
    """Run to the end what writes, as far as `shape` takes it what reads."""
    try:
        cursor = connection.execute(statement.sql, bindings)
        try:
            result = shape(cursor)
            if not statement.readonly:
                cursor.fetchall()
            return result
        finally:
            cursor.close(True)
    except (apsw.Error, OverflowError, UnicodeError) as error:
        raise explain(error, statement.text, connection) from error
    except msgspec.ValidationError as error:
        reason = f"a row does not fit the class given as into=: {error}"
        raise DatabaseError(report(reason, statement.text), statement.text) from error


def modify(connection: Connection, statement: Statement, bindings: Bindings) -> int:
    """Run to the end; how many rows were inserted, updated or deleted."""
    before = connection.total_changes()
    query(connection, statement, bindings, _every)
    return connection.changes() if connection.total_changes() != before else 0


def modify_many(connection: Connection, statement: Statement, rows: Sequence[Bindings]) -> int:
    """Run once for each; how many rows were inserted, updated or deleted in all."""
    return sum([modify(connection, statement, bindings) for bindings in rows])


def every_row(into: type[Any] | None) -> Shape[list[Any]]:
    def shape(cursor: Cursor) -> list[Any]:
        names = _names(cursor)
        rows = cursor.fetchall()
        if into is not None:
            return convert(rows, names, into)
        return list(map(row_class(names), rows))

    return shape


def first_row(into: type[Any] | None) -> Shape[Any]:
    def shape(cursor: Cursor) -> Any:
        names = _names(cursor)
        row = cursor.fetchone()
        if row is None:
            return None
        return row_class(names)(row) if into is None else convert([row], names, into)[0]

    return shape


def first_value(into: type[Any] | None) -> Shape[Any]:
    def shape(cursor: Cursor) -> Any:
        row = cursor.fetchone()
        if row is None:
            return None
        return row[0] if into is None else convert_value(row[0], into)

    return shape


def _every(cursor: Cursor) -> object:
    return cursor.fetchall()


def _names(cursor: Cursor) -> tuple[str, ...]:
    try:
        return tuple([column[0] for column in cursor.get_description()])
    except apsw.ExecutionCompleteError:
        return ()  # There are no rows, and so nothing to name.
