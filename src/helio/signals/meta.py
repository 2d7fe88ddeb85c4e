"""How the classes of signals are made: defaults checked and copied, fields turned to references."""

import re
from copy import deepcopy
from functools import partial
from typing import Any, dataclass_transform

import msgspec

from helio.signals.refs import no_field
from helio.signals.spec import ERRORS, Spec

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Field:
    """A field's descriptor: a reference on the class, the value on an instance."""

    __slots__ = ("name", "slot")

    def __init__(self, name: str, slot: Any) -> None:
        self.name = name
        self.slot = slot

    def __get__(self, instance: object, owner: "SignalsMeta") -> Any:
        if instance is None:
            return owner.__signals_spec__.ref(self.name)
        return self.slot.__get__(instance, owner)

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)

    def __delete__(self, instance: object) -> None:
        self.slot.__delete__(instance)


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class SignalsMeta(msgspec.StructMeta):
    """Makes the class: defaults checked and copied, fields turned into references."""

    __signals_spec__: Spec

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        prefix: str | None = None,
        local: bool = False,
        frozen: bool = False,
    ) -> "SignalsMeta":
        """The class; `prefix`, `local` as `Signals` says."""
        _copy_defaults(namespace)
        struct = super().__new__(
            mcls,
            name,
            bases,
            namespace,
            forbid_unknown_fields=True,
            kw_only=True,
            frozen=frozen,
        )
        if not any(isinstance(base, SignalsMeta) for base in bases):
            return struct
        _check_fields(struct)
        for field in struct.__struct_fields__:
            slot = struct.__dict__.get(field)
            if slot is not None:
                type.__setattr__(struct, field, Field(field, slot))
        path = _path(name, prefix, local)
        type.__setattr__(struct, "__signals_spec__", Spec(struct, path, local))
        struct.__signals_spec__.prepare()
        return struct

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(no_field(self, name))  # pyright: ignore[reportArgumentType]


_RESERVED = {
    ERRORS: "messages",
    # Alone in a request they would be taken for the envelope around its signals.
    "signals": "the wire",
    "datastar": "the wire",
}


def snake_case(name: str) -> str:
    """The name of a class as it stands on the wire: `HTTPLog` is `http_log`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _path(name: str, prefix: str | None, local: bool) -> tuple[str, ...]:
    if prefix is None:
        prefix = snake_case(name)
    if local:
        prefix = f"_{prefix}"
    if prefix == "":
        return ()
    if _NAME.fullmatch(prefix) is None or "__" in prefix:
        raise TypeError(
            f"{name}: prefix={prefix!r} cannot name signals: letters, digits and single underscores"
        )
    if prefix in _RESERVED:
        raise TypeError(
            f"{name}: the prefix {prefix!r} is reserved for {_RESERVED[prefix]}; give it another, "
            "prefix='…'"
        )
    return (prefix,)


def _copy_defaults(namespace: dict[str, Any]) -> None:
    """Give every instance a deep copy of its own of a default that can change."""
    for name, value in namespace.items():
        if name.startswith("__"):
            continue
        frozen = isinstance(value, msgspec.Struct) and value.__struct_config__.frozen
        if isinstance(value, (list, dict, set, msgspec.Struct)) and not frozen:
            namespace[name] = msgspec.field(default_factory=partial(deepcopy, value))


def _check_fields(struct: SignalsMeta) -> None:
    defaults = struct.__struct_defaults__
    fields = struct.__struct_fields__
    taken = vars(next(each for each in reversed(struct.__mro__) if isinstance(each, SignalsMeta)))
    missing = (msgspec.NODEFAULT,) * (len(fields) - len(defaults))
    for name, default in zip(fields, (*missing, *defaults), strict=True):
        where = f"{struct.__name__}.{name}"
        if default is msgspec.NODEFAULT:
            raise TypeError(
                f"{where} has no default: the page is rendered before anybody has typed, so write "
                f"what it holds then, such as {name}: str = ''"
            )
        if _NAME.fullmatch(name) is None or "__" in name:
            raise TypeError(f"{where} cannot name a signal: use A-Z a-z 0-9 and single underscores")
        if name in taken:
            raise TypeError(f"{where} hides Signals.{name}: give the field another name")
