"""Some fields of a struct, to be written to the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from helio.html.rendering import Path
from helio.signals.refs import no_field
from helio.signals.types import Struct, nested, shapes


@dataclass(frozen=True, slots=True)
class SignalsPatch:
    """A merge patch of signals (RFC 7386) whose names and types were checked."""

    path: Path
    values: Mapping[str, object]

    def __signals__(self) -> dict[str, Any]:
        """The patch as JSON, `{"draft": {"title": "x"}}`."""
        return under(self.path, self.values)


def under(path: Path, values: Mapping[str, object]) -> dict[str, Any]:
    """`values` at `path` in an object."""
    result: dict[str, Any] = dict(values)
    for name in reversed(path):
        result = {name: result}
    return result


def checked(struct: Struct, values: Mapping[str, object], where: str) -> dict[str, object]:
    """`values` as JSON, each field known to `struct` and of its type (constraints aside)."""
    written: dict[str, object] = {}
    for name, value in values.items():
        shape = shapes(struct).get(name)
        if shape is None:
            raise TypeError(f"{where}: {no_field(struct, name)}")
        inner = nested(shape)
        if inner is not None and isinstance(value, Mapping):
            written[name] = checked(inner, cast("Mapping[str, object]", value), f"{where}.{name}")
        else:
            written[name] = _plain(shape, value, f"{where}: {name}={value!r}")
    return written


def _plain(shape: Any, value: object, where: str) -> object:
    try:
        plain: object = msgspec.to_builtins(value, str_keys=True)
        msgspec.convert(plain, shape)
    except (msgspec.ValidationError, TypeError) as error:
        raise TypeError(f"{where} does not fit: {error}") from None
    return plain
