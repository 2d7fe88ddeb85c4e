"""The base of client state: a struct whose class attributes are references for the markup."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

import msgspec

from helio.signals.meta import SignalsMeta
from helio.signals.patch import SignalsPatch, checked, under
from helio.signals.spec import Spec


class Signals(msgspec.Struct, metaclass=SignalsMeta):
    """Typed state of the page in the browser: a form, a filter, an open panel.

        class Draft(Signals):
            title: Annotated[str, msgspec.Meta(min_length=3)] = ""

    `Draft.title` is a reference for the markup; an instance is what a handler receives, and, given
    back, what the browser is set to. Every field has a default. On the wire a field is called
    `draft.title`: `prefix` (the class's name in snake case if it is not given; `""` puts the
    fields at the top) and the field. With `local=True` the signals stay in the browser and are
    never sent.
    """

    __signals_spec__: ClassVar[Spec]

    @classmethod
    def signals_prefix(cls) -> str:
        """The name under which the fields lie on the wire; `""` is the top."""
        return ".".join(cls.__signals_spec__.path)

    @classmethod
    def decode(cls, raw: bytes | msgspec.Raw) -> Self:
        """The struct from its JSON object; raises `Invalid` with the problems of all fields.

        A field that was cleared sends an empty text: it is None where only that fits.
        """
        return cls.__signals_spec__.decode(raw)

    @classmethod
    def receive(cls, signals: Mapping[str, msgspec.Raw]) -> Self:
        """The struct from all signals of a request: its own part is read, the rest is not.

        Without a part of its own it has its defaults. Raises `Invalid`.
        """
        return cls.__signals_spec__.receive(signals)

    @classmethod
    def read_form(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """The struct from the fields of a plain form, named as on the wire. Raises `Invalid`.

        A checkbox that is missing is False, an empty text is None where only that fits.
        """
        return cls.__signals_spec__.read_form(pairs)

    @classmethod
    def patch(cls, **fields: object) -> SignalsPatch:
        """Some of the fields, to be written to the browser.

        TypeError names a field that does not exist or does not fit; constraints are not applied,
        because they are what the visitor is held to.
        """
        written = checked(cls, fields, f"{cls.__name__}.patch")
        return SignalsPatch(cls.__signals_spec__.path, written)

    @classmethod
    def error_signals(cls, messages: Mapping[str, str]) -> dict[str, Any]:
        """The patch that shows these messages by field and clears those of all other fields."""
        return cls.__signals_spec__.error_signals(messages)

    def __signals__(self) -> dict[str, Any]:
        """All fields as a merge patch, `{"draft": {"title": "x"}}`."""
        values: dict[str, object] = msgspec.to_builtins(self, str_keys=True)
        return under(self.__signals_spec__.path, values)
