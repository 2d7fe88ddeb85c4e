"""What a fetch reads: the topics it is recorded under before it runs."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NoReturn, cast

from helio.live.topics import Source

from .driver import Bindings, Value
from .errors import DatabaseError, report
from .keys import MOST, KeyColumn, close_to, fold
from .statements import Statement
from .topics import EveryKey, Everything, Key, Table
from .values import is_list, parameter

Narrowing = Mapping[str, object]
"""A table, or `table.column`, to the key that is read of it, or to a list of keys."""

Keys = set[tuple[str, Value]]


def topics_read(
    source: Source, statement: Statement, bindings: Bindings, of: Narrowing | None
) -> Iterator[Hashable]:
    """Whatever can change what the statement reads. Raises DatabaseError for a wrong `of`."""
    narrowed = _narrowed(statement, of) if of else {}
    if statement.reads:
        yield Everything(source)
    for table in statement.reads:
        keys = narrowed.get(table)
        if keys is None and table in statement.keyed:
            keys = statement.keyed[table].keys(bindings)
        if keys is None:
            yield Table(source, table)
            continue
        yield EveryKey(source, table)
        for column, value in keys:
            yield Key(source, table, column, value)


def refuse_narrowing(statement: Statement, of: Narrowing | None) -> None:
    """Raise DatabaseError if a statement that writes was given an `of`."""
    if of:
        _refuse(statement, of, "the statement writes; only what reads is woken. Leave `of` out.")


def _narrowed(statement: Statement, of: Narrowing) -> dict[str, Keys]:
    """Table to the keys that the author says are read of it."""
    found: dict[str, Keys] = {}
    for name, value in of.items():
        table, column = _named(statement, of, name)
        values = cast("Iterable[object]", value) if is_list(value) else (value,)
        try:
            told = column.asked_any(parameter(one) for one in values)
        except TypeError as error:
            _refuse(statement, of, str(error))
        if told is None or (value is None):
            _refuse(
                statement,
                of,
                f"{value!r} names no rows of {table}: a key is text or a whole number, or a list "
                f"of at most {MOST}.",
            )
        found.setdefault(table, set()).update((column.name, one) for one in told)
    return found


def _named(statement: Statement, of: Narrowing, name: str) -> tuple[str, KeyColumn]:
    """The table and the key column that a name in `of` means."""
    wanted, _, column = name.partition(".")
    tables = {fold(table): table for table in statement.reads}
    table = tables.get(fold(wanted))
    if table is None:
        known = ", ".join(tables.values()) or "no table"
        guess = close_to(wanted, tables.values())
        _refuse(statement, of, f"the statement does not read {wanted}; it reads {known}.{guess}")
    if table not in statement.keyed:
        keyed = ", ".join(statement.keyed) or "none of its tables"
        _refuse(
            statement,
            of,
            f"{table} has no key; of what the statement reads, {keyed} has one. Declare it: "
            f"SQLite(path, keys={{{table!r}: 'column'}}).",
        )
    columns = {fold(one.name): one for one in statement.keyed[table].columns}
    if not column and len(columns) == 1:
        return table, next(iter(columns.values()))
    if fold(column) not in columns:
        names = [one.name for one in columns.values()]
        guess = close_to(column, names)
        has = f"{table} has no key {column};" if column else f"{table} has several keys;"
        spelled = " or ".join(f"{table}.{each}" for each in names)
        _refuse(statement, of, f"{has} write {spelled}.{guess}")
    return table, columns[fold(column)]


def _refuse(statement: Statement, of: Narrowing, reason: str) -> NoReturn:
    raise DatabaseError(report(f"of={dict(of)!r}: {reason}", statement.text), statement.text)
