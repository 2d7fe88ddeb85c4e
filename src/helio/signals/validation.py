"""Every problem of a refused value at once. Runs only after the fast decoder has refused it."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from helio.signals.invalid import Invalid
from helio.signals.messages import readable
from helio.signals.types import Struct, annotations, members, nested

_MOST = 50
"""Messages beyond this many help nobody: the input is not a form somebody filled in."""


def problems(struct: Struct, value: object, *, strict: bool = True) -> dict[str, str]:
    """The messages by dotted field for `value`, the decoded JSON of a `struct`."""
    found: dict[str, str] = {}
    _object(struct, value, "", strict, found)
    return dict(list(found.items())[:_MOST])


def emptied(struct: Struct, value: object) -> object:
    """`value` with None for an empty text where only None fits.

    A date or number field that the visitor has cleared sends an empty text.
    """
    if not isinstance(value, Mapping):
        return value
    fields = annotations(struct)
    filled: dict[str, object] = {}
    for name, each in cast("Mapping[str, object]", value).items():
        annotation = fields.get(name)
        inner = nested(annotation)
        if inner is not None:
            each = emptied(inner, each)
        elif each == "" and _only_none_is_empty(annotation):
            each = None
        filled[name] = each
    return filled


def completed(defaults: Mapping[str, object], value: object) -> object:
    """`value` with the defaults of what it leaves out, so that they are judged too."""
    if not isinstance(value, Mapping):
        return value
    merged = {**defaults, **cast("Mapping[str, object]", value)}
    for name, default in defaults.items():
        if isinstance(default, Mapping):
            merged[name] = completed(cast("Mapping[str, object]", default), merged[name])
    return merged


def _only_none_is_empty(annotation: Any) -> bool:
    allowed = members(annotation)
    return type(None) in allowed and str not in allowed


def _object(struct: Struct, value: object, path: str, strict: bool, found: dict[str, str]) -> None:
    if not isinstance(value, Mapping):
        found[path] = "Expected an object"
        return
    before = len(found)
    fields = annotations(struct)
    values = cast("Mapping[str, object]", value)
    for name in values:
        if name not in fields:
            found[_below(path, name[:60])] = "Unknown field"
    for name, annotation in fields.items():
        if name in values:
            _field(annotation, values[name], _below(path, name), strict, found)
    if len(found) == before:
        _whole(struct, values, path, strict, found)


def _field(annotation: Any, value: object, path: str, strict: bool, found: dict[str, str]) -> None:
    inner = nested(annotation)
    if inner is not None and isinstance(value, Mapping):
        _object(inner, cast("object", value), path, strict, found)
        return
    try:
        msgspec.convert(value, annotation, strict=strict)
    except msgspec.ValidationError as error:
        _note(error, annotation, path, found)


def _whole(
    struct: Struct, value: Mapping[str, object], path: str, strict: bool, found: dict[str, str]
) -> None:
    """What only the object as a whole can say: its own `__post_init__`, fields left out."""
    try:
        msgspec.convert(value, struct, strict=strict)
    except msgspec.ValidationError as error:
        _note(error, struct, path, found)


def _note(error: Exception, annotation: Any, path: str, found: dict[str, str]) -> None:
    cause = error.__cause__
    if isinstance(cause, Invalid):
        found.update({_below(path, name): text for name, text in cause.messages.items()})
    else:
        found[path] = readable(str(error), annotation)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
