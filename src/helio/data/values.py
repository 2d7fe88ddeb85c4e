"""Values on their way into SQLite, and rows on their way into classes."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec

from .driver import Value

T = TypeVar("T")

_NATIVE = frozenset({str, int, float, bytes, bool, type(None)})
_LISTS = (list, tuple, set, frozenset)


def parameter(value: object) -> Value:
    """`value` as SQLite holds it.

    Dates become ISO text, an aware datetime in UTC and with a space, so that it sorts and compares
    with SQLite's own `current_timestamp`; lists, mappings, structs and dataclasses become JSON
    text; an enum its value. Raises TypeError for anything else.
    """
    if type(value) in _NATIVE:
        return value  # type: ignore[return-value]
    match value:
        case Enum():
            return parameter(value.value)
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat(" ")
        case date() | time():
            return value.isoformat()
        case UUID() | Decimal() | str():
            return str(value)
        case int():
            return int(value)
        case float():
            return float(value)
        case bytearray() | memoryview():
            return bytes(cast("bytearray", value))
        case _ if isinstance(value, (*_LISTS, Mapping, msgspec.Struct)) or _is_dataclass(value):
            return msgspec.json.encode(value).decode()
        case _:
            raise TypeError(
                f"{type(value).__qualname__} is nothing SQLite can hold: {value!r}. "
                "Pass text, a number, bytes, None, a date, or what has a JSON form."
            )


def list_parameter(value: object) -> str:
    """The elements of a list, for `in $1`, as one JSON text."""
    if not isinstance(value, _LISTS):
        raise TypeError(f"`in` takes a list, got {type(value).__qualname__} {value!r}.")
    elements = [parameter(item) for item in value]  # type: ignore[reportUnknownVariableType]
    if any(isinstance(item, bytes) for item in elements):
        raise TypeError("a list for `in` cannot hold bytes; write one placeholder for each.")
    return msgspec.json.encode(elements).decode()


def is_list(value: object) -> bool:
    return isinstance(value, _LISTS)


def convert(rows: Sequence[tuple[Any, ...]], names: tuple[str, ...], into: type[T]) -> list[T]:
    """Rows as instances of `into`: a dataclass, a struct, or `dict`.

    Columns are matched by name; columns the class lacks are left out. Text becomes dates, numbers,
    UUIDs and enums, 0 and 1 booleans; JSON text becomes what the field says when that is a list,
    a mapping or a class. Raises msgspec.ValidationError, which names the row and the field.
    """
    items: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    for name in _json_fields(into).intersection(names):
        for item in items:
            item[name] = _decoded(item[name])
    return msgspec.convert(items, list[into], strict=False)


def convert_value(value: object, into: type[T]) -> T:
    """One value as `into`, by the same rules."""
    if _holds_json(msgspec.inspect.type_info(into)):
        value = _decoded(value)
    return msgspec.convert(value, into, strict=False)


def _decoded(value: object) -> object:
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value


@lru_cache(maxsize=1024)
def _json_fields(into: type) -> frozenset[str]:
    info = msgspec.inspect.type_info(into)
    fields = getattr(info, "fields", ())
    return frozenset(field.encode_name for field in fields if _holds_json(field.type))


_JSON = (
    msgspec.inspect.CollectionType,
    msgspec.inspect.TupleType,
    msgspec.inspect.DictType,
    msgspec.inspect.StructType,
    msgspec.inspect.DataclassType,
    msgspec.inspect.TypedDictType,
    msgspec.inspect.NamedTupleType,
)


def _holds_json(info: msgspec.inspect.Type) -> bool:
    if isinstance(info, msgspec.inspect.UnionType):
        texts = (msgspec.inspect.StrType, msgspec.inspect.BytesType)
        return any(map(_holds_json, info.types)) and not any(
            isinstance(one, texts) for one in info.types
        )
    return isinstance(info, _JSON)


def _is_dataclass(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)
