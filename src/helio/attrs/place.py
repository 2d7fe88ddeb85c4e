"""Presence in markup: `presence(Where(room=5))`."""

from typing import Protocol, runtime_checkable

from helio.attrs.helper import Helper


@runtime_checkable
class Placed(Protocol):
    """Where one may be: an instance of a `Presence` class."""

    def __presence__(self) -> str:
        """The name of its kind and a signed token of the place, separated by a space."""
        ...


def presence(at: Placed) -> Helper:
    """Whoever has this element in his page is present there, as long as he has it.

    An element stands for one place. LookupError outside of a page, region or command.
    """
    if isinstance(at, type) or not isinstance(at, Placed):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            f"presence(…) takes an instance of a Presence class such as Where(room=5), not {at!r}"
        )
    return Helper({"data-presence": at.__presence__()})
