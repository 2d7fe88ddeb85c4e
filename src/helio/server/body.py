"""The body of a request as it comes over the wire: of a known size, or in chunks."""

import re
from http import HTTPStatus
from typing import NoReturn, Protocol

from helio.server.head import RequestError

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_EXTENSION = rb";%b(?:=(?:%b|%b))?" % (_TOKEN, _TOKEN, _QUOTED)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:%b)*" % _EXTENSION)
_FIELD = re.compile(rb"%b:[\t -~\x80-\xff]*" % _TOKEN)

LINE = 1024
"""Bytes of the line before a chunk: its size, and extensions that nobody reads."""

TRAILERS = 8 * 1024
"""Bytes of fields behind the last chunk, which are read and forgotten."""

LITTLE = 64 * 1024
"""Bytes of a body that are rather read and thrown away than taken for a reason to close."""


class Body(Protocol):
    """What finds a body's end."""

    @property
    def complete(self) -> bool:
        """Whether all of it has been taken."""
        ...

    @property
    def soon_over(self) -> bool:
        """Whether so little is to come that it may be read for nothing."""
        ...

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """What of these bytes is the body's content, and those that are behind its end.

        Raises `RequestError`.
        """
        ...


class Sized:
    """A body of as many bytes as Content-Length says."""

    __slots__ = ("left",)

    def __init__(self, length: int) -> None:
        self.left = length

    @property
    def complete(self) -> bool:
        return self.left == 0

    @property
    def soon_over(self) -> bool:
        return self.left <= LITTLE

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        content, rest = data[: self.left], data[self.left :]
        self.left -= len(content)
        return content, rest


class Chunked:
    """A body in chunks (RFC 9112, 7.1). Strict: lines end with CR LF, and have no space to spare.

    Between two pieces of content stands a line: a chunk's size, the empty one that ends a chunk,
    or a trailer field. `_held` is the beginning of one whose end has not come.
    """

    __slots__ = ("_ended", "_held", "_last", "_left", "_trailers", "complete")

    def __init__(self) -> None:
        self.complete = False
        self._held = b""
        self._left = 0  # bytes of the present chunk
        self._ended = False  # the present chunk's content; its line break is due
        self._last = False  # the last chunk has come; trailers are due
        self._trailers = 0

    @property
    def soon_over(self) -> bool:
        return False  # nobody knows

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        data, self._held = self._held + data, b""
        pieces: list[bytes] = []
        at = 0
        while not self.complete:
            if self._left:
                piece = data[at : at + self._left]
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if self._left:
                    break
                self._ended = True
            end = data.find(b"\r\n", at)
            if end < 0:
                self._hold(data[at:])
                at = len(data)
                break
            self._line(data[at:end])
            at = end + 2
        return b"".join(pieces), data[at:]

    def _hold(self, line: bytes) -> None:
        if b"\n" in line or len(line) > LINE or (self._ended and line not in (b"", b"\r")):
            _refuse("The chunks of the body are malformed.")
        self._held = line

    def _line(self, line: bytes) -> None:
        if self._ended:
            if line:
                _refuse("A chunk is longer than it says.")
            self._ended = False
        elif self._last:
            self._trailer(line)
        else:
            found = _SIZE.fullmatch(line)
            if found is None or len(line) > LINE:
                _refuse("The size of a chunk is malformed.")
            self._left = int(found[1], 16)
            self._last = self._left == 0

    def _trailer(self, line: bytes) -> None:
        self._trailers += len(line)
        if not line:
            self.complete = True
        elif self._trailers > TRAILERS or _FIELD.fullmatch(line) is None:
            _refuse("The fields behind the last chunk are malformed, or too many.")


def body_of(length: int | None) -> Body:
    """The body of a request whose head tells this length."""
    return Chunked() if length is None else Sized(length)


def _refuse(text: str) -> NoReturn:
    raise RequestError(HTTPStatus.BAD_REQUEST, text)
