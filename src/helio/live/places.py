"""Places: what a class of presence says of where one is, and of what one does there."""

import difflib
import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from msgspec.structs import FieldInfo

from helio.live.naming import canonical, qualified
from helio.signals.meta import snake_case

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What names a class of presence and its fields in the markup."""

_RESERVED = {"user", "presence"}  # what one who is present has beside it

_known: "WeakValueDictionary[str, Places]" = WeakValueDictionary()


class Places:
    """The machinery of one class, apart from it so that its names stay free for fields.

    Fields without default are the place: who is at a place is told apart by them. Fields with
    defaults are values, which every tab says of itself.
    """

    def __init__(self, struct: Any, prefix: str | None) -> None:
        self.struct = struct
        self.name = qualified(struct)
        self.prefix = _prefix(struct.__name__, prefix)
        _known[self.name] = self

    @property
    def short(self) -> str:
        """The class as its author calls it."""
        return self.struct.__name__

    @cached_property
    def _fields(self) -> dict[str, FieldInfo]:
        # When it is first needed: an annotation may name what stands further down in the file.
        return {field.name: field for field in msgspec.structs.fields(self.struct)}

    @cached_property
    def _names(self) -> list[str]:
        return [name for name, field in self._fields.items() if field.required]

    @cached_property
    def _values(self) -> Any:
        """The struct of the values alone, which is all that a client may say."""
        fields = [
            (name, field.type, msgspec.field(default_factory=field.default_factory))
            if field.default is msgspec.NODEFAULT
            else (name, field.type, field.default)
            for name, field in self._fields.items()
            if not field.required
        ]
        return msgspec.defstruct(
            self.short, fields, frozen=True, kw_only=True, forbid_unknown_fields=True
        )

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(self._values)

    def is_value(self, name: str) -> bool:
        """Whether the field has a default."""
        return not self._fields[name].required

    def type_of(self, name: str) -> Any:
        """The field's annotation."""
        return self._fields[name].type

    def values(self, json: bytes) -> object:
        """The values that a tab says. msgspec.DecodeError for what does not fit their types."""
        return self._decoder.decode(json)

    def instance(self, place: Mapping[str, object], values: object) -> Any:
        """Place and values together."""
        said = {name: getattr(values, name) for name in self._values.__struct_fields__}
        return self.struct(**place, **said)

    def place_of(self, instance: object, where: str) -> str:
        """The key of the place that an instance names.

        TypeError if it says values too: those are the tab's.
        """
        fresh = self._values()
        for name in self._values.__struct_fields__:
            if getattr(instance, name) != getattr(fresh, name):
                raise TypeError(
                    f"{where}: {name} has a default, so every tab says it of itself, and it cannot "
                    f"be given here; leave it out, or take its default away if it is part of the "
                    "place"
                )
        return self.key(self.place({name: getattr(instance, name) for name in self._names}, where))

    def place(self, given: Mapping[str, object], where: str) -> dict[str, object]:
        """The place of these names and values. TypeError for others than the class has."""
        for name in given:
            if name not in self._names:
                raise TypeError(f"{where}: {self._no_part(name)}")
        missing = [name for name in self._names if name not in given]
        if missing:
            raise TypeError(
                f"{where} leaves out {', '.join(missing)}: a place has all fields without "
                f"default; add {', '.join(f'{name}=…' for name in missing)}"
            )
        return {name: self._fitting(name, given[name], where) for name in self._names}

    def _fitting(self, name: str, value: object, where: str) -> object:
        try:
            plain: object = msgspec.to_builtins(value, str_keys=True)
            return msgspec.convert(plain, self._fields[name].type)
        except (msgspec.ValidationError, TypeError) as error:
            raise TypeError(f"{where}: {name}={value!r} does not fit: {error}") from None

    def _no_part(self, name: str) -> str:
        if name in self._fields:
            return (
                f"{name} has a default, so every tab says it of itself, and it is no part of the "
                "place; leave it out, or take its default away"
            )
        near = difflib.get_close_matches(name, self._names, n=1)
        has = f"it has {', '.join(self._names)}" if self._names else "it is one place, without any"
        meant = f"did you mean {near[0]!r}?" if near else has
        return f"the places of {self.short} have no field {name!r}: {meant}"

    def key(self, place: Mapping[str, object]) -> str:
        """The key of a place, the same in every process: the class's name and a hash."""
        where = f"a place of {self.short}"
        text = ",".join(canonical(place[name], where) for name in self._names)
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
        return f"{self.name}-{digest.hexdigest()}"


def places_of(key: str) -> Places | None:
    """The class whose place this is, if it is there (still)."""
    return _known.get(key.rpartition("-")[0])


def are_there_places() -> bool:
    """Whether any class of presence is there."""
    return bool(_known)


def _prefix(name: str, prefix: str | None) -> str:
    if prefix is None:
        prefix = snake_case(name)
    if NAME.fullmatch(prefix) is None or prefix in _RESERVED:
        raise TypeError(
            f"{name}: {prefix!r} cannot name it in the markup; give it another name, "
            f"class {name}(Presence, prefix='…'), of A-Z a-z 0-9 and underscores, neither "
            f"{' nor '.join(sorted(_RESERVED))}"
        )
    return prefix
