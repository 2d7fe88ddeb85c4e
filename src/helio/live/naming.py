"""Names: the keys of calls, the same in every process, from a function and its arguments."""

import enum
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import cast
from uuid import UUID

import msgspec
from markupsafe import Markup

from helio.html.marks import split
from helio.live.recorder import RenderError
from helio.live.user import User

_UNREADABLE = re.compile(r"[^A-Za-z0-9_]")


def qualified(function: Callable[..., object]) -> str:
    """Module and qualified name: the part of a key that names the function."""
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        raise TypeError(f"{function!r} has no name: decorate a function")
    return f"{module}.{name}"


def key(name: str, arguments: tuple[object, ...], where: str) -> str:
    """The key of a call: readable name and a hash, the same in every process.

    Raises RenderError for an argument that is not a canonical value.
    """
    text = f"{name}({','.join([canonical(value, where) for value in arguments])})"
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    readable = _UNREADABLE.sub("_", name.rpartition(".")[2][:24])
    return f"{readable}-{digest}"


def canonical(value: object, where: str) -> str:
    """One text for each value that may be an argument, distinct for distinct values."""
    match value:
        case None | bool():
            return repr(value)
        case enum.Enum():
            return f"{type(value).__module__}.{type(value).__qualname__}.{value.name}"
        case Markup():
            # Not the same as equal text, which is escaped where it is shown.
            if split(value).holes:
                raise RenderError(_refusal(value, where))
            return f"Markup({str(value)!r})"
        case str():
            return repr(str(value))
        case int() | float() | UUID() | Decimal() | timedelta():
            return repr(value)
        case datetime() | date() | time():
            return f"{type(value).__name__}:{value.isoformat()}"
        case User():
            # Of whom much may change that does not make him another one.
            return f"User({canonical(user_id(value), where)})"
        case tuple():
            members = cast("tuple[object, ...]", value)
            return f"({','.join(canonical(member, where) for member in members)},)"
        case msgspec.Struct() if value.__struct_config__.frozen:
            names = value.__struct_fields__
        case _ if is_dataclass(value) and _frozen(value):
            names = tuple(field.name for field in fields(value))
        case _:
            raise RenderError(_refusal(value, where))
    kind = type(value)
    inside = ",".join(f"{name}={canonical(getattr(value, name), where)}" for name in names)
    return f"{kind.__module__}.{kind.__qualname__}({inside})"


def unchanging(value: object) -> object:
    """What the query gives as a list or set, as a tuple; all else as it is."""
    if isinstance(value, list):
        return tuple(cast("list[object]", value))
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(cast("set[object]", value), key=repr))
    return value


def _refusal(value: object, where: str) -> str:
    if isinstance(value, Markup):
        return (
            f"{where} was called with another region as argument. A region is shared under its "
            "arguments, and what it shows is called inside it. Pass an id and call it there."
        )
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    return (
        f"{where} was called with {type(value).__name__} {shown}. Its arguments are part of its "
        "key, so they are plain unchanging values: str, int, float, bool, None, Decimal, enum, "
        "date, UUID, frozen structs and dataclasses, and tuples of these. Pass an id and read "
        "the rest inside, or a tuple for a list."
    )


def _frozen(value: object) -> bool:
    parameters = getattr(value, "__dataclass_params__", None)
    return not isinstance(value, type) and bool(parameters and parameters.frozen)


def user_id(user: User) -> object:
    """By what a user is known: his field `id`."""
    return getattr(user, "id", None)


def same_user(one: object, other: object) -> bool:
    """Whether both are users, and one and the same. Nobody is known by None."""
    if not isinstance(one, User) or not isinstance(other, User) or user_id(one) is None:
        return False
    return canonical(one, "a user") == canonical(other, "a user")
