"""Rows: tuples whose values are also attributes, named by the columns."""

import difflib
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast


class Row(tuple[Any, ...]):
    """One row: `row.title`, `row[0]`, iteration, equality with tuples.

    A column whose name is no identifier (`count(*)`) is reached by index, or named with `as`. Of
    two columns of one name the attribute is the first.
    """

    __slots__ = ()

    _fields: tuple[str, ...] = ()

    def _asdict(self) -> dict[str, Any]:
        """Column name to value, in the order of the columns."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"Row({inside})"

    def __getattr__(self, name: str) -> Any:
        close = difflib.get_close_matches(name, self._fields, 1)
        guess = f" Did you mean {close[0]}?" if close else ""
        raise AttributeError(
            f"The row has no column {name!r}; its columns are {', '.join(self._fields)}.{guess}",
            name=name,
            obj=self,
        )

    def __reduce__(self) -> tuple[Callable[..., "Row"], tuple[Any, ...]]:
        return _restore, (self._fields, tuple(self))


@lru_cache(maxsize=1024)
def row_class(names: tuple[str, ...]) -> type[Row]:
    """The class of rows with these columns."""
    body: dict[str, object] = {"__slots__": (), "_fields": names, "__module__": __name__}
    for index, name in enumerate(names):
        if name not in body and name != "_asdict" and not name.startswith("__"):
            body[name] = property(itemgetter(index))
    return cast("type[Row]", type("Row", (Row,), body))


def _restore(names: tuple[str, ...], values: tuple[Any, ...]) -> Row:
    return row_class(names)(values)
