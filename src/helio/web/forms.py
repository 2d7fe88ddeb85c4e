"""Form fields as structs: what a plain form post carries."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import msgspec

from helio.signals import Invalid
from helio.signals.forms import gathered
from helio.signals.validation import problems


class Form(msgspec.Struct):
    """What a form sends, by the names of its fields: `class Move(Form): to: int`.

    Filled from form fields or from the arguments of an action, and validated like signals.
    """

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """From form fields. Raises Invalid with the messages of all fields that do not fit."""
        return cls.from_values(gathered(cls, (), pairs))

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """From values by name. Raises Invalid."""
        try:
            return msgspec.convert(values, cls, strict=False)
        except msgspec.ValidationError as error:
            found = problems(cls, values, strict=False)
            raise Invalid(found or {"": str(error)}) from None
