"""Refused input: one message a field, for the person who typed it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helio.signals.struct import Signals


class Invalid(ValueError):  # noqa: N818 - an answer more than an error
    """What was sent cannot be accepted; returned or raised by a command, raised by decoding.

    `messages` holds one message a field, nested fields by dotted name (`"address.city"`); the key
    `""` is the input as a whole. `struct` is the class that was being read, if one was.
    """

    def __init__(self, by_field: Mapping[str, str] | None = None, /, **messages: str) -> None:
        self.messages: dict[str, str] = {**(by_field or {}), **messages}
        self.struct: type[Signals] | None = None
        super().__init__(self.messages)

    def __str__(self) -> str:
        return "; ".join(
            f"{field}: {message}" if field else message for field, message in self.messages.items()
        )
