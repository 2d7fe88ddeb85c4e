"""What the annotations of a struct say."""

import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import msgspec

Struct = type[msgspec.Struct]


@cache
def annotations(struct: Struct) -> Mapping[str, Any]:
    """Each field's type with its constraints."""
    hints = get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


@cache
def shapes(struct: Struct) -> Mapping[str, Any]:
    """Each field's type without constraints: what a patch from the server is held to."""
    hints = get_type_hints(struct)
    return {name: hints[name] for name in struct.__struct_fields__}


def members(annotation: Any) -> list[Any]:
    """The types an annotation allows, out of `Annotated[…]` and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return members(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return [each for option in get_args(annotation) for each in members(option)]
    return [annotation]


def nested(annotation: Any) -> Struct | None:
    """The struct that a field holds, if it holds one."""
    for each in members(annotation):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return each
    return None


def choices(annotation: Any) -> list[str]:
    """The values of an enum or a Literal."""
    found: list[str] = []
    for each in members(annotation):
        if isinstance(each, type) and issubclass(each, Enum):
            found += [str(member.value) for member in each]
        elif get_origin(each) is Literal:
            found += [str(value) for value in get_args(each)]
    return found


def description(annotation: Any) -> str | None:
    """What `msgspec.Meta(description=…)` calls the expected value."""
    if get_origin(annotation) is Annotated:
        for each in cast("list[object]", annotation.__metadata__):
            if isinstance(each, msgspec.Meta) and each.description:
                return each.description
    return None


def structs_in(annotation: Any) -> list[Struct]:
    """Every struct anywhere in an annotation."""
    found = [each for each in members(annotation) if _is_struct(each)]
    for each in members(annotation):
        for argument in get_args(each):
            found += structs_in(argument)
    return found


def _is_struct(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, msgspec.Struct)
