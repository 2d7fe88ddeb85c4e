"""What was written: the tables and keys that a statement or a whole transaction has changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .driver import Value

MOST = 1_000
"""Keys of one table that a transaction tells one by one; more are told as all of them."""


class KeyValue(NamedTuple):
    """Names the rows of a table with this value in a key column."""

    table: str
    column: str
    value: Value


@dataclass(slots=True)
class Written:
    """Tables whose rows have changed, and, of those that are keyed, which keys they held."""

    tables: set[str] = field(default_factory=set[str])
    every_key: set[str] = field(default_factory=set[str])
    """Tables of which any key may have changed."""
    _keys: dict[str, set[KeyValue]] = field(default_factory=dict[str, set[KeyValue]])

    @property
    def keys(self) -> Iterator[KeyValue]:
        for keys in self._keys.values():
            yield from keys

    def add_key(self, key: KeyValue) -> None:
        if key.table in self.every_key:
            return
        keys = self._keys.setdefault(key.table, set())
        keys.add(key)
        if len(keys) > MOST:
            self.add_every_key(key.table)

    def add_every_key(self, table: str) -> None:
        self._keys.pop(table, None)
        self.every_key.add(table)

    def add(self, other: "Written") -> None:
        """Take in what another, later part has written."""
        self.tables |= other.tables
        for table in other.every_key:
            self.add_every_key(table)
        for key in other.keys:
            self.add_key(key)
