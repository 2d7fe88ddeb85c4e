"""A parser of event streams, for clients and tests.

Source: WHATWG HTML, "Parsing an event stream" and "Interpreting an event stream".
"""

import re
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatched event."""

    event: str
    """The type, `message` when the stream names none."""
    data: str
    """The data lines, joined by LF."""
    id: str = ""
    """The last event id when this event was dispatched; it may come from an earlier event."""
    retry: int | None = None
    """The reconnection time in milliseconds, if this event's own block set it."""

    @property
    def fields(self) -> dict[str, str]:
        """Datastar's reading of the data: each line a name, a space, a value; a repeated name's
        values are joined by LF."""
        found: dict[str, list[str]] = {}
        for line in self.data.split("\n"):
            name, _, value = line.partition(" ")
            found.setdefault(name, []).append(value)
        return {name: "\n".join(values) for name, values in found.items()}


class Parser:
    """Bytes in, events out, at any chunking; a character cut in the middle is put together.

    An event that the stream leaves unfinished is never dispatched. Invalid UTF-8 becomes U+FFFD. A
    line may be of any length: who reads from strangers limits what is fed.
    """

    __slots__ = ("_after_cr", "_data", "_id", "_retry", "_started", "_tail", "_type", "id", "retry")

    id: str
    """The last event id, to be sent as `Last-Event-ID` on reconnection."""
    retry: int | None
    """The reconnection time in milliseconds, once the stream has set it."""

    def __init__(self) -> None:
        self.id = ""
        self.retry = None
        self._tail: list[bytes] = []
        self._after_cr = False
        self._started = False
        self._id = ""
        self._reset()

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes, in order."""
        if self._after_cr and data:
            # The CR already ended its line; this LF belongs to it.
            data = data.removeprefix(b"\n")
            self._after_cr = False
        *lines, rest = _LINE_END.split(data)
        if lines and self._tail:
            lines[0] = b"".join((*self._tail, lines[0]))
            self._tail.clear()
        if rest:
            self._tail.append(rest)
        if data.endswith(b"\r"):
            self._after_cr = True
        return [event for line in lines if (event := self._line(line))]

    def _line(self, line: bytes) -> Event | None:
        if not self._started:
            self._started = True
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        text = value.removeprefix(b" ").decode(errors="replace")
        match name:
            case b"data":
                self._data.append(text)
            case b"event":
                self._type = text
            case b"id" if "\0" not in text:
                self._id = text
            # More digits than a 64-bit number has are no time to wait.
            case b"retry" if text.isascii() and text.isdigit() and len(text) <= 18:
                self.retry = self._retry = int(text)
            case _:
                pass
        return None

    def _dispatch(self) -> Event | None:
        self.id = self._id
        event = None
        if self._data:
            event = Event(self._type or "message", "\n".join(self._data), self.id, self._retry)
        self._reset()
        return event

    def _reset(self) -> None:
        self._type = ""
        self._data: list[str] = []
        self._retry: int | None = None
