"""Values written as JavaScript literals that mean the same in JSON, JavaScript and HTML."""

import json
import math
import re
from collections.abc import Mapping
from typing import cast

import msgspec

# What JSON leaves as it is, and must not reach a script, an attribute or an expression: `<`, `>`,
# `&` and `'` for HTML (JSON then stands in single quotes as it is); the line separators for old
# JavaScript; `$` and `@` because runtimes rewrite signals and actions, some of them inside strings
# too. Escaped quotes and backslashes are written by number, so that the simplest reader of strings
# finds their end.
_RISKY = re.compile(r"\\[\\\"]|[<>&'$@\u2028\u2029\U0001f595\U0001f680]")
_SUSPICIOUS = re.compile(r"null|\d{16}|[eE]\+?\d")
_SAFE_INTEGER = 2**53 - 1


def literal(value: object) -> str:
    """`value` as JSON that is safe inside JavaScript and HTML.

    Dates, enums, UUIDs and structs are written as `msgspec.to_builtins` writes them. NaN, the
    infinities, whole numbers that a browser would round, and lone surrogates raise ValueError.
    """
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        raise ValueError(f"{value!r} holds a lone surrogate, which is not text") from None
    except RecursionError:
        raise ValueError("the value is nested too deeply for JSON, or holds itself") from None
    if _SUSPICIOUS.search(text) is not None:
        _check(cast("object", msgspec.to_builtins(value, str_keys=True)))
    return _RISKY.sub(_by_number, text)


def quoted(text: str) -> str:
    """`text` as a literal in single quotes, which stand in an attribute as they are."""
    return "'" + literal(text)[1:-1] + "'"


def key(name: str) -> str:
    """A property's name in an object literal."""
    return name if _IDENTIFIER.fullmatch(name) else quoted(name)


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _by_number(found: re.Match[str]) -> str:
    character = found[0][-1]
    if ord(character) > 0xFFFF:
        return json.dumps(character)[1:-1]
    return f"\\u{ord(character):04x}"


def _check(value: object) -> None:
    """Refuse numbers that JSON or the browser would change without a word."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value!r} has no literal in JSON: send None or text instead")
    elif isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise ValueError(f"{value!r} is beyond 2**53 and a browser would round it: send text")
    elif isinstance(value, Mapping):
        for each in cast("Mapping[str, object]", value).values():
            _check(each)
    elif isinstance(value, (list, tuple)):
        for each in cast("list[object]", value):
            _check(each)
