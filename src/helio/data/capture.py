"""Capture: what the writing connection changes, row by row where a table has keys.

SQLite tells of each row before it changes, with old and new values, whatever the cause: cascades,
triggers, the rows that `replace` removes, a `delete` of everything. Nothing is added to the schema,
and no trigger of the author's runs differently.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from .changes import Changes
from .driver import Connection, Update, Value
from .errors import DatabaseError
from .keys import Declared, KeyColumn, check, key_columns
from .statements import Statement
from .written import KeyValue, Written


class Capture:
    """Notes what statements write on one connection. Used on its thread only."""

    def __init__(self, keys: Declared, changes: Changes) -> None:
        self._keys = keys
        self._changes = changes
        self._version: int | None = None  # Of the schema that the columns were found in.
        self._columns: Mapping[str, tuple[KeyColumn, ...]] = {}
        self._written = Written()

    def begin(self, connection: Connection) -> None:
        """Follow the declared keys. Raises DatabaseError for keys that cannot be followed."""
        if not self._keys:
            return
        if not hasattr(connection, "preupdate_hook"):
            raise DatabaseError(
                "SQLite(keys=…): this build of SQLite does not tell which rows change. Install "
                "apsw from its wheels, which bring one that does, or leave the keys out."
            )
        check(connection, self._keys)
        connection.preupdate_hook(self._row)

    @contextmanager
    def into(
        self, written: Written, connection: Connection, statement: Statement
    ) -> Generator[None]:
        """What the statement, run inside, changes is added to `written`.

        Also after an error: `insert or fail` keeps the rows before the one that failed.
        """
        self._learn(connection)
        before = connection.total_changes()
        self._written = Written()
        try:
            yield
        finally:
            if connection.total_changes() != before:
                written.tables |= statement.writes
                written.add(self._written)

    def _learn(self, connection: Connection) -> None:
        """Find the key columns, if the schema is another than when this was last done.

        Only a committed change of the schema counts: one of the transaction under way wakes
        everybody when it is committed, and if it is rolled back it never was.
        """
        if self._keys and self._version != self._changes.schema:
            self._version = self._changes.schema
            self._columns = key_columns(connection, self._keys)

    def _row(self, row: Update) -> None:
        """A row is about to change."""
        table = row.table_name
        columns = self._columns.get(table)
        if columns is None or row.database_name != "main":
            return
        try:
            for values in (row.old, row.new):
                if values is not None:
                    self._held(table, columns, values)
        except Exception:  # It must not fail the write; whoever reads any key is woken instead.
            self._written.add_every_key(table)

    def _held(self, table: str, columns: tuple[KeyColumn, ...], values: tuple[Value, ...]) -> None:
        """A row holds, or is about to hold, these values."""
        for column in columns:
            value = values[column.position]
            if value is not None:  # Nobody asks for null by equality.
                self._written.add_key(KeyValue(table, column.name, column.stored(value)))
