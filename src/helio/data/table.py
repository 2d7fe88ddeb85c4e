"""The topic under which the rows of one table live."""

from helio.live.topics import Source


class Table:
    """A table of one database. Two are equal when source and name are the same."""

    __slots__ = ("_hash", "name", "source")

    def __init__(self, source: Source, name: str) -> None:
        self.source = source
        self.name = name
        self._hash = hash((id(source), name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.source is other.source and self.name == other.name

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {self.source!r})"
