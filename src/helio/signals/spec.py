"""What a struct of signals knows about itself: its place on the wire, its reading, its defaults."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from helio.html.rendering import Path, Rendering
from helio.js.expression import Ref
from helio.signals.forms import gathered, typed
from helio.signals.invalid import Invalid
from helio.signals.patch import under
from helio.signals.refs import field_ref
from helio.signals.types import Struct, annotations, nested, structs_in
from helio.signals.validation import completed, emptied, problems

ERRORS = "errors"
"""The signal under which messages lie, by the path of the field they are about."""


class Spec:
    """The machinery of one struct, apart from the class so that its names stay free for fields."""

    def __init__(self, struct: Any, path: Path, local: bool) -> None:
        self.struct = struct
        self.path = path
        self.local = local
        self._refs: dict[str, Ref] = {}

    def prepare(self) -> None:
        """Find mistakes in the annotations now, if what they name exists already."""
        try:
            _ = self._decoder
        except NameError:
            return  # A name further down in the file; found when it is first needed.

    def ref(self, name: str) -> Ref:
        """The reference to a field: always the same object."""
        found = self._refs.get(name)
        if found is None:
            annotation = annotations(self.struct)[name]
            found = self._refs[name] = field_ref((*self.path, name), self, annotation)
        return found

    def defaults(self) -> dict[str, Any]:
        """The fields' defaults as JSON."""
        return msgspec.to_builtins(self.struct(), str_keys=True)

    def default_of(self, path: Path) -> object:
        """The default of the field at this path, as JSON."""
        found: Any = self._first_defaults
        for name in path[len(self.path) :]:
            found = found.get(name) if isinstance(found, dict) else None  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
        return found  # pyright: ignore[reportUnknownVariableType]

    @cached_property
    def _first_defaults(self) -> dict[str, Any]:
        return self.defaults()

    def __declare__(self, rendering: Rendering) -> None:
        fields = self.struct.__struct_fields__
        if not fields or (*self.path, fields[0]) in rendering.declared:
            return
        form = rendering.form
        for name, default in self.defaults().items():
            path = (*self.path, name)
            value = default if form is None else typed(form.values, ".".join(path), default)
            rendering.declare(path, value)

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[Any]:
        for name, annotation in annotations(self.struct).items():
            for inner in structs_in(annotation):
                _refuse_open(inner, f"{self.struct.__name__}.{name}", set())
        return msgspec.json.Decoder(self.struct)

    def decode(self, raw: bytes | msgspec.Raw) -> Any:
        """The struct from JSON, fast; on failure all its problems at once."""
        try:
            made = self._decoder.decode(raw)
            if not self._lacks(made):
                return made
        except msgspec.ValidationError:
            pass
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise self._invalid({"": _UNREADABLE}) from None
        try:
            value: object = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise self._invalid({"": _UNREADABLE}) from None
        return self._second(emptied(self.struct, value), strict=True)

    @cached_property
    def _unmet(self) -> list[tuple[str, object]]:
        """Fields whose default is not accepted as input (a text that must not be empty)."""
        made = self.struct()
        paths = problems(self.struct, self.defaults())
        return [(path, _at(made, path)) for path in paths if path]

    def _lacks(self, made: Any) -> bool:
        """Whether a field was left out that has to be filled in: it still has its default."""
        return any(_at(made, path) == default for path, default in self._unmet)

    def receive(self, signals: Mapping[str, msgspec.Raw]) -> Any:
        """The struct from the signals of a request."""
        if not self.path:
            fields = self.struct.__struct_fields__
            known = {name: signals[name] for name in fields if name in signals}
            return self.decode(msgspec.json.encode(known))
        return self.decode(signals.get(self.path[0], b"{}"))

    def read_form(self, pairs: Iterable[tuple[str, str]]) -> Any:
        """The struct from the fields of a plain form."""
        return self._second(gathered(self.struct, self.path, pairs), strict=False)

    def _second(self, value: object, *, strict: bool) -> Any:
        """The struct from plain values, or every problem."""
        try:
            made = msgspec.convert(value, self.struct, strict=strict)
            if not self._lacks(made):
                return made
        except msgspec.ValidationError:
            pass
        found = problems(self.struct, completed(self.defaults(), value), strict=strict)
        raise self._invalid(found or {"": "This cannot be accepted"})

    def _invalid(self, messages: Mapping[str, str]) -> Invalid:
        refused = Invalid(messages)
        refused.struct = self.struct
        return refused

    def error_signals(self, messages: Mapping[str, str]) -> dict[str, Any]:
        """The patch of all message signals of the struct."""
        return under((ERRORS, *self.path), _messages(self.struct, messages, ""))


def _at(value: Any, path: str) -> object:
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


_UNREADABLE = "The input could not be read: it is not valid JSON text"


def _messages(struct: Struct, messages: Mapping[str, str], path: str) -> dict[str, object]:
    """One message a field, nested as the struct is; a message on a whole inner struct wins."""
    found: dict[str, object] = {}
    for name, annotation in annotations(struct).items():
        inner = nested(annotation)
        key = path + name
        if inner is None or key in messages:
            found[name] = messages.get(key, "")
        else:
            found[name] = _messages(inner, messages, f"{key}.")
    return found


def _refuse_open(struct: Struct, where: str, seen: set[Struct]) -> None:
    """Inside signals every key is declared; one that is skipped would hide a mistake."""
    if struct in seen:
        return
    seen.add(struct)
    if not struct.__struct_config__.forbid_unknown_fields:
        raise TypeError(
            f"{where} holds {struct.__name__}, which lets unknown fields pass: write "
            f"class {struct.__name__}(msgspec.Struct, forbid_unknown_fields=True)"
        )
    for annotation in annotations(struct).values():
        for inner in structs_in(annotation):
            _refuse_open(inner, where, seen)
