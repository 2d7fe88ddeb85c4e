"""The head of a request (RFC 9110, RFC 9112), read strictly.

httptools splits it into its fields. What that lets pass, and what some other server on the way
might read in another way than this one, is refused: such differences are how requests are smuggled.
"""

import re
from http import HTTPStatus
from typing import NamedTuple, NoReturn

import httptools

Headers = list[tuple[bytes, bytes]]

_LINE = re.compile(rb"([A-Z][A-Z-]{0,31}) ([!-~]+) HTTP/([0-9]\.[0-9])\r\n")
_ABSOLUTE = re.compile(rb"https?://([^/?]*)(.*)", re.IGNORECASE)
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
_DIGITS = re.compile(rb"[0-9]{1,18}")
_NOTED = frozenset(
    {b"host", b"content-length", b"transfer-encoding", b"connection", b"expect", b"upgrade"}
)


class RequestError(Exception):
    """What a client sent is not answered by the application; status and text tell it why."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Head(NamedTuple):
    """A request without its body.

    `path` and `query` are as they came, percent-encoded. Names of `headers` are in lower case.
    `length` is the body's size in bytes; None: it comes in chunks, whose end tells.
    """

    method: str
    path: bytes
    query: bytes
    version: str
    headers: Headers
    length: int | None
    keep_alive: bool
    expects_continue: bool
    websocket: bool


class _Fields:
    """What httptools calls back."""

    __slots__ = ("headers",)

    def __init__(self) -> None:
        self.headers: Headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value.rstrip(b" \t")))


def read_head(data: bytes, most_headers: int) -> Head:
    """The head that these bytes are, to the empty line at its end. Raises `RequestError`."""
    line = _LINE.match(data)
    if line is None:
        _refuse("The request does not begin with METHOD TARGET HTTP/1.1.")
    method, target, version = line.groups()
    if version not in (b"1.1", b"1.0"):
        _refuse("Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    if method == b"CONNECT":
        raise RequestError(HTTPStatus.NOT_IMPLEMENTED, "CONNECT is not possible here.")
    headers = _split(data)
    if len(headers) > most_headers:
        raise RequestError(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            f"The request has more than {most_headers} header fields.",
        )
    noted: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in _NOTED:
            noted.setdefault(name, []).append(value)
    modern = version == b"1.1"
    host = _host(noted.get(b"host", []), needed=modern)
    path, query = _target(target, method, host)
    tokens = _tokens(noted.get(b"connection"))
    return Head(
        method.decode(),
        path,
        query,
        version.decode(),
        headers,
        _length(noted, chunks=modern),
        b"close" not in tokens if modern else b"keep-alive" in tokens,
        modern and _expects(noted.get(b"expect", [])),
        b"upgrade" in tokens and b"websocket" in _tokens(noted.get(b"upgrade")),
    )


def _refuse(text: str) -> NoReturn:
    raise RequestError(HTTPStatus.BAD_REQUEST, text)


def _split(data: bytes) -> Headers:
    fields = _Fields()
    try:
        httptools.HttpRequestParser(fields).feed_data(data)
    except httptools.HttpParserUpgrade:
        pass  # raised behind the head, of which all has been read
    except httptools.HttpParserError as error:
        _refuse(f"The request's head is malformed: {error}.")
    return fields.headers


def _host(told: list[bytes], *, needed: bool) -> bytes | None:
    """RFC 9112, 3.2: exactly one, and well-formed."""
    if len(told) > 1 or (needed and not told):
        _refuse("A request has exactly one Host header field.")
    if told and _HOST.fullmatch(told[0]) is None:
        _refuse("The Host header field is malformed.")
    return told[0] if told else None


def _target(target: bytes, method: bytes, host: bytes | None) -> tuple[bytes, bytes]:
    """Path and query of the request's target (RFC 9112, 3.2)."""
    if not target.startswith(b"/") and not (target == b"*" and method == b"OPTIONS"):
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None:
            _refuse("The request's target is neither a path nor a URL.")
        authority, target = absolute.groups()
        if host is not None and authority.lower() != host.lower():
            _refuse("The request's target and its Host header field differ.")
        if not target.startswith(b"/"):
            target = b"/" + target
    if b"#" in target:
        _refuse("The request's target has a fragment.")
    path, _, query = target.partition(b"?")
    return path, query


def _length(noted: dict[bytes, list[bytes]], *, chunks: bool) -> int | None:
    """Bytes of the body; None if it comes in chunks (RFC 9112, 6)."""
    codings = noted.get(b"transfer-encoding")
    lengths = noted.get(b"content-length")
    if codings is not None:
        if lengths is not None:
            _refuse("A request has Content-Length or Transfer-Encoding, not both.")
        if not chunks or len(codings) > 1 or codings[0].lower() != b"chunked":
            _refuse("The only transfer coding is chunked, in HTTP/1.1.")
        return None
    if lengths is None:
        return 0
    if len(lengths) > 1 or _DIGITS.fullmatch(lengths[0]) is None:
        _refuse("Content-Length is one number.")
    return int(lengths[0])


def _expects(told: list[bytes]) -> bool:
    """Whether the client waits for a word before it sends the body (RFC 9110, 10.1.1)."""
    if not told:
        return False
    if len(told) > 1 or told[0].lower() != b"100-continue":
        raise RequestError(HTTPStatus.EXPECTATION_FAILED, "Only 100-continue can be expected here.")
    return True


def _tokens(told: list[bytes] | None) -> set[bytes]:
    """The members of a list, which may stand in several fields."""
    if told is None:
        return set()
    return {member.strip(b" \t").lower() for value in told for member in value.split(b",")}
