"""References to the fields of a struct, as they appear on its class."""

import difflib
from typing import Any

from helio.html.rendering import Path
from helio.js.expression import Owner, Ref
from helio.signals.types import Struct, annotations, nested


class StructRef(Ref):
    """A signal that holds a struct: its fields are references too, `Draft.address.city`."""

    __slots__ = ("_struct",)

    def __init__(self, path: Path, owner: Owner, struct: Struct) -> None:
        super().__init__(path, owner)
        self._struct = struct

    def __getattribute__(self, name: str) -> Any:
        # A field may be called `path`; it comes before what every reference has.
        if not name.startswith("_"):
            struct = object.__getattribute__(self, "_struct")
            if name in struct.__struct_fields__:
                path = object.__getattribute__(self, "_path")
                owner = object.__getattribute__(self, "_owner")
                return field_ref((*path, name), owner, annotations(struct)[name])
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(no_field(self._struct, name))


def field_ref(path: Path, owner: Owner, annotation: Any) -> Ref:
    """The reference to one field."""
    struct = nested(annotation)
    return Ref(path, owner) if struct is None else StructRef(path, owner, struct)


def no_field(struct: Struct, name: str) -> str:
    """Says that a struct has no such field, and which one may be meant."""
    fields = struct.__struct_fields__
    near = difflib.get_close_matches(name, fields, n=1)
    meant = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(fields) or 'none'}"
    return f"{struct.__name__} has no field {name!r}: {meant}"
