"""Plain forms: text by field name, made into the JSON shape of a struct and back."""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_origin

from helio.html.rendering import Path
from helio.signals.types import Struct, annotations, members, nested

_OFF = frozenset(("", "false", "0", "off", "no"))


def gathered(struct: Struct, path: Path, pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The form's fields that belong to a struct at `path`, nested as the struct is."""
    prefix = ".".join((*path, ""))
    mine: dict[str, list[str]] = {}
    for name, value in pairs:
        if name.startswith(prefix):
            mine.setdefault(name[len(prefix) :], []).append(value)
    return _nest(struct, mine, "", strict=bool(path))


def _nest(
    struct: Struct, texts: Mapping[str, list[str]], path: str, *, strict: bool
) -> dict[str, object]:
    found: dict[str, object] = {}
    fields = annotations(struct)
    for name, annotation in fields.items():
        key = path + name
        inner = nested(annotation)
        if inner is not None:
            if any(text.startswith(f"{key}.") for text in texts):
                found[name] = _nest(inner, texts, f"{key}.", strict=strict)
        elif key in texts:
            found[name] = _value(annotation, texts[key])
        elif bool in members(annotation):
            found[name] = False  # An unchecked box sends nothing.
    if strict:
        for key in texts:
            name = key.removeprefix(path).partition(".")[0]
            if key.startswith(path) and name not in fields:
                found[name] = texts[key][-1]  # Validation names it.
    return found


def _value(annotation: Any, texts: list[str]) -> object:
    allowed = members(annotation)
    if any(get_origin(each) in _LISTS or each in _LISTS for each in allowed):
        return texts
    text = texts[-1]
    if bool in allowed:
        return text.lower() not in _OFF
    if text == "" and type(None) in allowed and str not in allowed:
        return None
    return text


_LISTS = (list, tuple, set, frozenset)


def typed(values: Mapping[str, object], path: str, default: Any) -> Any:
    """The value typed into the field `path` of a refused form, in the type of its default."""
    if isinstance(default, dict):
        fields = cast("dict[str, Any]", default)
        return {name: typed(values, f"{path}.{name}", each) for name, each in fields.items()}
    value = values.get(path, default)
    if not isinstance(value, str) or isinstance(default, str):
        return value
    if isinstance(default, bool):
        return value.lower() not in _OFF
    if isinstance(default, list):
        return [value]
    try:
        if isinstance(default, int):
            return int(value)
        return float(value) if isinstance(default, float) else value
    except ValueError:
        return cast("object", default)
