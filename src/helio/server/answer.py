"""The head of a response, and how its body's end will be known."""

from email.utils import formatdate
from enum import Enum
from http import HTTPStatus
from time import time
from typing import NamedTuple

from helio.server.head import Head, Headers, RequestError


class Framing(Enum):
    """How a client knows where the body ends (RFC 9112, 6.3)."""

    EMPTY = "there is none, whatever the application says"
    SIZED = "Content-Length"
    CHUNKED = "its last chunk"
    UNTIL_CLOSE = "the connection's end, for HTTP/1.0"


class Answer(NamedTuple):
    """A response's head as bytes; `length` is the size of a body that is SIZED; `close`: the
    connection ends with it.
    """

    head: bytes
    framing: Framing
    length: int
    close: bool


def answer(
    status: int, headers: Headers, size: int | None, request: Head, *, close: bool
) -> Answer:
    """The answer to a request.

    `size` is the body's, if all of it is there already; None if it is to come. `close` says that
    the connection must end with it. Raises ValueError for what may not stand in a head.
    """
    if not 200 <= status <= 999:
        raise ValueError(f"{status} is no status that ends a request")
    length, dated = None, False
    parts: list[bytes] = []
    for name, value in headers:
        match name.lower():
            case b"content-length":
                length = int(value)
                continue
            case b"connection":
                close = close or b"close" in value.lower()
                continue
            case b"transfer-encoding":
                continue  # which one it is, is decided here
            case b"date":
                dated = True
            case _:
                pass
        parts += (name, b": ", value, b"\r\n")
    count = len(parts) // 4
    if not dated:
        parts.append(clock.date())
        count += 1
    block = b"".join(parts)
    if block.count(b"\n") != count or block.count(b"\r") != count or b"\0" in block:
        raise ValueError("a header field of the response contains a line break or NUL")
    empty = request.method == "HEAD" or status in (204, 304)
    length = size if length is None and status != 304 else length
    chunked = length is None and not empty and request.version == "1.1"
    close = close or (length is None and not empty and not chunked)
    lines = [_status_line(status), block]
    if length is not None and status != 204:
        lines.append(b"content-length: %d\r\n" % length)
    if chunked:
        lines.append(b"transfer-encoding: chunked\r\n")
    if close:
        lines.append(b"connection: close\r\n")
    elif request.version == "1.0":
        lines.append(b"connection: keep-alive\r\n")
    lines.append(b"\r\n")
    return Answer(b"".join(lines), _framing(length, empty, chunked), length or 0, close)


def _framing(length: int | None, empty: bool, chunked: bool) -> Framing:
    if empty:
        return Framing.EMPTY
    if length is not None:
        return Framing.SIZED
    return Framing.CHUNKED if chunked else Framing.UNTIL_CLOSE


def refusal(error: RequestError) -> bytes:
    """A whole response that says why a request is not answered; the connection ends with it."""
    text = f"{error.text}\n".encode()
    return b"".join(
        (
            _status_line(error.status),
            b"content-type: text/plain; charset=utf-8\r\n",
            clock.date(),
            b"content-length: %d\r\nconnection: close\r\n\r\n" % len(text),
            text,
        )
    )


def _status_line(status: int) -> bytes:
    line = _lines.get(status)
    if line is None:
        line = _lines[status] = b"HTTP/1.1 %d %b\r\n" % (status, _phrase(status))
    return line


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""


_lines: dict[int, bytes] = {}


class Clock:
    """The `Date` header field, made once a second."""

    __slots__ = ("_line", "_second")

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def date(self) -> bytes:
        """The field as of now, with its line break."""
        second = int(time())
        if second != self._second:
            self._second = second
            self._line = b"date: %b\r\n" % formatdate(second, usegmt=True).encode()
        return self._line


clock = Clock()
