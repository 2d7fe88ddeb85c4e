"""The tab that a command was sent from, and what is written to its page at once."""

from collections.abc import Callable

Encode = Callable[[object], bytes]
"""The events for what a command may return. TypeError for anything else."""

Write = Callable[[str, bytes], bool]
"""Writes to a tab's stream, if it is open here and takes bytes."""


class Tab:
    """The browser tab that a command was sent from. Take it by type: `tab: Tab`.

    A request without a tab, as stock runtimes and plain forms send it, is refused with 400;
    `tab: Tab | None` admits it.
    """

    __slots__ = ("_encode", "_write", "id")

    def __init__(self, name: str, encode: Encode, write: Write) -> None:
        self.id = name
        """Names this tab of this session: nobody else's has the same."""
        self._encode = encode
        self._write = write

    def send(self, patch: object) -> bool:
        """Write to the tab's page what a command may return: an element, signals, an effect …

        It goes by the tab's stream, in order with all that keeps the page current. Returns whether
        that is open in this process and takes what is written; else nothing is sent.
        """
        return self._write(self.id, self._encode(patch))

    def __repr__(self) -> str:
        return f"<tab {self.id[:6]}…>"
