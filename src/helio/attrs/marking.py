"""Attributes without a value of their own: what the runtime leaves alone."""

from collections.abc import Mapping

from helio.attrs.helper import Helper


class Flag:
    """A bare attribute; `ignore` and `ignore()` are the same."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        return {self._name: True}

    def __call__(self) -> "Flag":
        return self


class Ignore(Flag):
    """`ignore`, and `ignore.itself` for the element without what is inside."""

    __slots__ = ()

    @property
    def itself(self) -> Flag:
        """The runtime skips the element, not its descendants."""
        return Flag("data-ignore__self")


ignore = Ignore("data-ignore")
"""The runtime reads no attribute of the element or of what is inside it."""

ignore_morph = Flag("data-ignore-morph")
"""What arrives from the server leaves the element and its content as they are."""


def preserve_attr(*names: str) -> Helper:
    """Attributes that the browser owns and the server's HTML leaves: `preserve_attr("open")`."""
    if not names:
        raise TypeError("preserve_attr() names nothing: give preserve_attr('open')")
    return Helper({"data-preserve-attr": " ".join(names)})
