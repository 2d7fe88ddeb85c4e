"""The topics of a database: what a fetch is recorded under, and what a commit publishes."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from helio.live.topics import Source


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a table. Published when any of them changes."""

    unkeyed: ClassVar[bool] = True

    source: Source
    name: str

    def __str__(self) -> str:
        return f"the table {self.name}"


@dataclass(frozen=True, slots=True)
class Key:
    """The rows of a table that hold one value in a key column.

    Published with the old and the new value of every row that changes. The value is as the column
    compares it: `1` and `"1"` are the same of an integer column.
    """

    source: Source
    table: str
    column: str
    value: Hashable


@dataclass(frozen=True, slots=True)
class EveryKey:
    """All keys of a table. Published when rows changed and which ones cannot be told."""

    source: Source
    table: str


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is in a database. Published for commits of others, and changes of the schema."""

    source: Source
