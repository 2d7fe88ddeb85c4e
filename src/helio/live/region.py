"""Regions: functions of their arguments whose HTML is kept current for everybody who shows it."""

import enum
import inspect
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import update_wrapper
from hashlib import blake2b
from typing import Generic, ParamSpec, cast, overload
from uuid import UUID

import msgspec
from markupsafe import Markup

from helio.html.marks import hole, split
from helio.live.recorder import Kind, RenderError, recorder

P = ParamSpec("P")

_PRIVATE = {"Request", "Session"}
_UNREADABLE = re.compile(r"[^A-Za-z0-9_]")


class Region(Generic[P]):
    """A function decorated with `@region`: call it where its HTML shall stand."""

    def __init__(self, function: Callable[P, object]) -> None:
        update_wrapper(self, function)
        self.function = function
        self.qualified = qualified(function)
        self.signature = inspect.signature(function)
        self._fixed = _only_positional(self.qualified, self.signature)
        _refuse_private(self.qualified, self.signature)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Markup:
        """Inside a render: begin to render the region and hold its place. Elsewhere: a value.

        Raises RenderError for arguments that are not canonical values, TypeError for a call that
        does not fit the signature.
        """
        call = RegionCall(self, self._bind(args, kwargs))
        active = recorder()
        if active is None:
            return cast("Markup", call)
        active.call(call)
        return hole(call.key)

    def _bind(self, args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[object, ...]:
        if not kwargs and len(args) == self._fixed:
            return args
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"region {self.qualified}{self.signature}: {error}") from None
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def __repr__(self) -> str:
        return f"<region {self.qualified}>"


class RegionCall:
    """A region with its arguments: what is rendered, shared and kept current under one key."""

    __slots__ = ("arguments", "key", "region")

    kind: Kind = "region"

    def __init__(self, of: Region[...], arguments: tuple[object, ...]) -> None:
        self.region = of
        self.arguments = arguments
        self.key = key(of.qualified, arguments, f"region {of.qualified}")

    @property
    def name(self) -> str:
        inside = ", ".join(map(repr, self.arguments))
        return f"region {self.region.qualified}({inside})"

    @property
    def function(self) -> object:
        return self.region.function

    async def render(self) -> object:
        named = dict(zip(self.region.signature.parameters, self.arguments, strict=True))
        return await called(self.region.function, **named)

    def __html__(self) -> str:
        raise RenderError(
            f"{self.name} was called outside of a render and cannot be put into HTML there. "
            "Call it in a page or in another region."
        )

    __str__ = __html__

    def __repr__(self) -> str:
        return f"<{self.name}>"


@overload
def region(function: Callable[P, object], /) -> Region[P]: ...


@overload
def region() -> Callable[[Callable[P, object]], Region[P]]: ...


def region(
    function: Callable[P, object] | None = None, /
) -> Region[P] | Callable[[Callable[P, object]], Region[P]]:
    """Keep this function's HTML current wherever it is shown.

    The function returns one element (or None: nothing is shown) and may take str, int, bool,
    None, float, Decimal, enum members, dates, UUIDs, frozen structs and tuples of these. It is
    rendered once for each distinct set of arguments, for everybody; request and session are out
    of its reach.
    """
    return Region[P] if function is None else Region(function)


async def called(function: Callable[..., object], *args: object, **kwargs: object) -> object:
    """Call a plain or async function and await what it gives."""
    result = function(*args, **kwargs)
    # A region's place can be awaited only to say that it must not be.
    if inspect.isawaitable(result) and not isinstance(result, Markup):
        return await result
    return result


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


def _only_positional(name: str, signature: inspect.Signature) -> int:
    """How many arguments make a complete positional call; -1 if some are by keyword only."""
    parameters = signature.parameters.values()
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"region {name} takes {parameter}: name each argument")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise TypeError(f"region {name} takes {parameter} by position only: remove the slash")
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters):
        return -1
    return len(parameters)


def _refuse_private(name: str, signature: inspect.Signature) -> None:
    for parameter in signature.parameters.values():
        annotation = parameter.annotation
        told = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        if told in _PRIVATE or getattr(annotation, "__private__", False):
            raise TypeError(
                f"region {name} takes {parameter.name}: {told}, but a region's HTML is shared by "
                "everybody who shows it. Take it in the page and pass on a plain value."
            )
