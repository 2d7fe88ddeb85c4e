"""Keys: columns that say which rows of a table a reader is concerned with.

A fetch that asks for `board_id = 3` need not hear of other boards. For this to be safe, whatever
SQLite finds equal must have the same name here: values are told apart as the column compares them,
by its affinity and collation.
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast

from .driver import Bindings, Connection, Value
from .errors import DatabaseError

Keys = Mapping[str, str | Sequence[str]]
"""Table to column, or to several columns of which each is a key of its own."""

Declared = Mapping[str, tuple[str, ...]]
"""The same in one form: table to columns."""

Affinity = Literal["numeric", "text", "none"]

MOST = 100
"""Keys that one use of a table is recorded under; a longer list is the whole table."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_FOLDING = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_COLLATIONS = frozenset({"BINARY", "NOCASE", "RTRIM"})
_VIRTUAL_COLUMN = 2  # What `pragma table_xinfo` says of a column that is computed when read.


def fold(name: str) -> str:
    """A name or a text as SQLite compares it without regard to case: ASCII letters only."""
    return name.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column that was declared a key, as the schema has it."""

    name: str
    position: int
    """Among the table's columns, from 0."""
    affinity: Affinity
    collation: str

    def stored(self, value: Value) -> Value:
        """What a value held by a row is told as."""
        if isinstance(value, str):
            if self.affinity == "numeric":
                return int(value) if _INTEGER.fullmatch(value) else value
            return self._collated(value)
        if isinstance(value, int):
            return self._collated(str(int(value))) if self.affinity == "text" else int(value)
        return value

    def asked(self, value: Value) -> Value:
        """What every row with `column = value` is told as; None where that is not sure."""
        if isinstance(value, int):
            return self.stored(value) if -(2**63) <= value < 2**63 else None
        if isinstance(value, bytes):
            return value if self.affinity == "none" else None
        if not isinstance(value, str) or "\0" in value:
            return None
        if self.affinity == "numeric" and not _INTEGER.fullmatch(value):
            return None
        return self.stored(value)

    def asked_any(self, values: Iterable[Value]) -> set[Value] | None:
        """The same for several values; None where it is not sure, or there are too many."""
        found: set[Value] = set()
        for value in values:
            if value is None:
                continue  # Nothing equals null.
            told = self.asked(value)
            if told is None:
                return None
            found.add(told)
        return found if len(found) <= MOST else None

    def _collated(self, value: str) -> str:
        if self.collation == "NOCASE":
            return fold(value)
        return value.rstrip(" ") if self.collation == "RTRIM" else value


@dataclass(frozen=True, slots=True)
class Pin:
    """A condition that only rows with one of these values in a key column can meet."""

    column: KeyColumn
    literals: tuple[Value, ...] = ()
    arguments: tuple[int, ...] = ()
    """Indexes of arguments that are such a value."""
    lists: tuple[int, ...] = ()
    """Indexes of arguments that are lists of such values."""

    def values(self, bindings: Bindings) -> set[Value] | None:
        """The keys, for these arguments; None where they cannot be told."""
        values = [*self.literals, *(bindings[index] for index in self.arguments)]
        for index in self.lists:
            values += cast("list[Value]", json.loads(cast("str", bindings[index])))
        return self.column.asked_any(values)


@dataclass(frozen=True, slots=True)
class KeyedRead:
    """A keyed table as one statement reads it."""

    columns: tuple[KeyColumn, ...]
    uses: tuple[tuple[Pin, ...], ...] = ()
    """For each use of the table the pins that hold there, of which any will do; none at all if
    some use is not pinned."""

    def keys(self, bindings: Bindings) -> set[tuple[str, Value]] | None:
        """Columns and values that name all rows it can read; None if any row may be read."""
        found: set[tuple[str, Value]] = set()
        for pins in self.uses:
            for pin in pins:
                values = pin.values(bindings)
                if values is not None:
                    found.update((pin.column.name, value) for value in values)
                    break
            else:
                return None
        return found if self.uses else None


def declared(keys: Keys | None) -> Declared:
    """The author's `keys=` in one form. Raises TypeError."""
    found: dict[str, tuple[str, ...]] = {}
    for table, columns in (keys or {}).items():
        names = (columns,) if isinstance(columns, str) else tuple(columns)
        if not names or not all((table, *names)):
            raise TypeError(
                f"SQLite(keys={{{table!r}: {columns!r}}}): a key is a column of a table, such as "
                "keys={'card': 'board_id'}; several are a tuple of columns."
            )
        found[table] = names
    return found


def check(connection: Connection, declared: Declared) -> None:
    """Raise DatabaseError for a key that the schema does not have or that cannot be followed."""
    for table, names in declared.items():
        _columns(connection, table, names)


def key_columns(connection: Connection, declared: Declared) -> dict[str, tuple[KeyColumn, ...]]:
    """The key columns of each table, by its name in the schema.

    What the schema no longer has is left out: then the whole table is read and written.
    """
    found: dict[str, tuple[KeyColumn, ...]] = {}
    for table, names in declared.items():
        with suppress(DatabaseError):
            name, columns = _columns(connection, table, names)
            found[name] = columns
    return found


def _columns(
    connection: Connection, table: str, names: tuple[str, ...]
) -> tuple[str, tuple[KeyColumn, ...]]:
    tables = connection.execute(
        "select name, type from pragma_table_list where schema = 'main' and type <> 'shadow'"
    ).fetchall()
    types = {fold(str(name)): (str(name), str(kind)) for name, kind in tables}
    if fold(table) not in types:
        known = [name for name, kind in types.values() if kind == "table"]
        raise DatabaseError(
            f"SQLite(keys={{{table!r}: …}}): there is no table {table}."
            f"{close_to(table, known)} Tables of a key are made by schema= or migrations=."
        )
    table, kind = types[fold(table)]  # As the schema spells it.
    if kind != "table":
        raise DatabaseError(
            f"SQLite(keys={{{table!r}: …}}): {table} is a {kind}"
            f"{' table' if kind == 'virtual' else ''}, whose changed rows SQLite does not tell. "
            "Declare keys of ordinary tables; leave this one out."
        )
    rows = connection.execute(
        "select cid, name, type, hidden from pragma_table_xinfo(?1, 'main')", (table,)
    ).fetchall()
    if any(hidden == _VIRTUAL_COLUMN for *_, hidden in rows):
        raise DatabaseError(
            f"SQLite(keys={{{table!r}: …}}): {table} has a virtual generated column, and SQLite "
            "does not tell the changed rows of such a table. Make the column `stored`, or leave "
            "the key out."
        )
    known = {fold(str(name)): (int(cid), str(name), str(type_)) for cid, name, type_, _ in rows}
    return table, tuple(_column(connection, table, name, known) for name in names)


def _column(
    connection: Connection, table: str, name: str, known: Mapping[str, tuple[int, str, str]]
) -> KeyColumn:
    if fold(name) not in known:
        names = [column for _, column, _ in known.values()]
        raise DatabaseError(
            f"SQLite(keys={{{table!r}: {name!r}}}): {table} has no column {name}; "
            f"its columns are {', '.join(names)}.{close_to(name, names)}"
        )
    position, name, type_ = known[fold(name)]
    collation = connection.column_metadata("main", table, name)[1].upper()
    if collation not in _COLLATIONS:
        raise DatabaseError(
            f"SQLite(keys={{{table!r}: {name!r}}}): {name} compares by the collation {collation}, "
            "of which nothing is known here. Leave the key out."
        )
    return KeyColumn(name, position, _affinity(type_), collation)


def _affinity(type_: str) -> Affinity:
    """How a column of this declared type converts what it is given and compared with.

    https://www.sqlite.org/datatype3.html#determination_of_column_affinity
    """
    type_ = type_.upper()
    if "INT" in type_:
        return "numeric"
    if any(word in type_ for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    return "none" if not type_ or "BLOB" in type_ else "numeric"


def close_to(name: str, known: Iterable[str]) -> str:
    """` Did you mean …?`, if one of the known names is close."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f" Did you mean {close[0]}?" if close else ""
