"""Messages a person can read, from what the decoder says about a value."""

import re
from collections.abc import Callable
from typing import Any

from helio.signals.types import choices, description

_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
    "datetime": "a date and time",
    "date": "a date",
    "time": "a time",
    "uuid": "an identifier (UUID)",
    "decimal": "a number",
    "bytes": "base64 text",
}
_BOUNDS = {
    ">=": "a number of at least",
    ">": "a number greater than",
    "<=": "a number of at most",
    "<": "a number less than",
}
_UNITS = {"str": "character", "array": "item", "object": "entry", "bytes": "byte"}


def readable(error: str, annotation: Any) -> str:
    """The decoder's message about a value of type `annotation`, for the person who sent it."""
    text, _, place = error.partition(" - at ")
    said = _said(text, annotation)
    item = _ITEM.search(place)
    if item is None:
        return said
    field = f", {item[2]}" if item[2] else ""
    return f"Item {int(item[1]) + 1}{field}: {said}"


_ITEM = re.compile(r"\[(\d+)\](?:\.(\w+))?")


def _said(text: str, annotation: Any) -> str:
    for pattern, say in _RULES:
        found = pattern.fullmatch(text)
        if found is not None:
            return say(found, annotation)
    return text.replace("`", "")


def _type(found: re.Match[str], annotation: Any) -> str:
    return f"Expected {_name(found[1])}, got {_name(found[2])}"


def _name(types: str) -> str:
    names = [_NAMES.get(each, each) for each in types.split(" | ")]
    return " or ".join(dict.fromkeys(names))


def _length(found: re.Match[str], annotation: Any) -> str:
    kind, operator, count = found.groups()
    unit = _UNITS.get(kind, "item")
    some = unit if count == "1" else unit[:-1] + "ies" if unit == "entry" else unit + "s"
    bound = {">=": "at least", "<=": "at most"}.get(operator, "exactly")
    return f"Expected {bound} {count} {some}"


def _bound(found: re.Match[str], annotation: Any) -> str:
    return f"Expected {_BOUNDS[found[1]]} {found[2]}"


def _form(found: re.Match[str], annotation: Any) -> str:
    expected = description(annotation)
    return f"Expected {expected}" if expected else "This does not have the expected form"


def _choice(found: re.Match[str], annotation: Any) -> str:
    known = choices(annotation)
    if not 0 < len(known) <= 12:
        return "Expected one of the offered choices"
    return f"Expected one of: {', '.join(known)}"


def _fixed(text: str) -> Callable[[re.Match[str], Any], str]:
    return lambda found, annotation: text


_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str], Any], str]]] = [
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), _type),
    (re.compile(r"Expected `(\w+)` of length (>=|<=|==) (\d+)"), _length),
    (re.compile(r"Expected `\w+` (>=|>|<=|<) (\S+)"), _bound),
    (
        re.compile(r"Expected `\w+` that's a multiple of (\S+)"),
        lambda found, annotation: f"Expected a multiple of {found[1]}",
    ),
    (re.compile(r"Expected `\w+` matching regex .*", re.DOTALL), _form),
    (re.compile(r"Invalid enum value .*", re.DOTALL), _choice),
    (re.compile(r"Invalid RFC3339 encoded datetime"), _fixed("Expected a date and time")),
    (re.compile(r"Invalid RFC3339 encoded date"), _fixed("Expected a date, such as 2025-01-31")),
    (re.compile(r"Invalid RFC3339 encoded time"), _fixed("Expected a time, such as 13:45:00")),
    (re.compile(r"Invalid ISO8601 duration"), _fixed("Expected a duration, such as PT15M")),
    (re.compile(r"Invalid UUID"), _fixed("Expected an identifier (UUID)")),
    (re.compile(r"Invalid decimal string"), _fixed("Expected a number")),
    (re.compile(r"Invalid base64 encoded string"), _fixed("Expected base64 text")),
    (
        re.compile(r"Object missing required field `(.+)`"),
        lambda found, annotation: f"{found[1]} is missing",
    ),
    (
        re.compile(r"Object contains unknown field `(.+)`", re.DOTALL),
        lambda found, annotation: f"Unknown field {found[1][:60]}",
    ),
]
