"""One request on its way to a handler: its signals, form fields and files."""

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote, urlencode

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from helio.live.acknowledgements import promised
from helio.signals import Signals
from helio.web.forms import Form
from helio.web.refusals import BadRequest
from helio.web.sessions import hashed
from helio.web.tab import Encode
from helio.web.users import Users
from helio.web.visit import Visit
from helio.web.visitors import Visitors
from helio.wire import MAX_SIZE, SignalsError, decode_signals

FORM_SIZE = 1024 * 1024
"""Bytes of a form without files."""

UPLOAD_SIZE = 16 * 1024 * 1024
"""Bytes of a form with files, if the handler takes any."""

_OF_BODY = {b"content-type", b"content-length", b"transfer-encoding"}


class Incoming:
    """One request and what a handler may take from it; `visit` is who sends it.

    `runtime`: it comes from a browser runtime (ours or stock Datastar), which wants patches.
    `own`: it comes from ours. `plain`: it comes from a form or link without a runtime.
    """

    def __init__(self, request: Request, visitors: Visitors, users: Users | None = None) -> None:
        self.request = request
        self.visitors = visitors
        self.visit = Visit(request, visitors, users)
        self.runtime = request.headers.get("datastar-request") == "true"
        self.own = "helio-request" in request.headers
        self.encode: Encode = _nothing  # what a command sends to its tab
        self._signals: dict[str, msgspec.Raw] = {}
        self._form: FormData | None = None
        self.pairs: list[tuple[str, str]] = []  # the text fields of a form

    # What the client says of itself

    @property
    def plain(self) -> bool:
        return not self.runtime and not self._has_json

    @property
    def _has_json(self) -> bool:
        return self._content_type == "application/json"

    @property
    def _content_type(self) -> str:
        return self.request.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def tab(self) -> str | None:
        """The tab that asks, bound to its session; None for a stock runtime.

        It is a hash of both, which other processes may be told.
        """
        tab = self.visit.tab
        return hashed(f"{tab} {self.visitors.cookie(self.request) or ''}") if tab else None

    @property
    def acks(self) -> list[str]:
        """The acknowledgements that the tab was promised and has not yet heard."""
        return promised(self.request.headers.get("helio-acks", ""))

    @property
    def query(self) -> str:
        """The query without the page's signals, in one spelling for all orders of names."""
        pairs = self.request.query_params.multi_items()
        return urlencode(sorted(pair for pair in pairs if pair[0] != "datastar"))

    # Body and query

    async def load(self, *, files: bool = False) -> None:
        """Read query and body. Refuses what is too large, malformed or of an unknown type."""
        if self.request.method in ("GET", "HEAD", "DELETE"):
            told = self.request.query_params.get("datastar")
            if told:
                self._signals = _decoded(told.encode("utf-8", "surrogatepass"))
            elif self.plain:
                self.pairs = self.request.query_params.multi_items()
            if self.request.method != "DELETE" or not self._content_type:
                return
        kind = self._content_type
        if kind == "application/json":
            body = await self.body(MAX_SIZE)
            self._signals = _decoded(body) if body else {}
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            await self._read_form(UPLOAD_SIZE if files else FORM_SIZE)
        elif await self.body(1):
            raise BadRequest(
                f"The content type {kind or '(none)'} is not understood. "
                "Send application/json, or a form.",
                415,
            )

    async def body(self, limit: int) -> bytes:
        """The body as it came. Refuses one of more bytes."""
        parts: list[bytes] = []
        size = 0
        try:
            async for part in self.request.stream():
                size += len(part)
                if size > limit:
                    if limit == 1:
                        return part
                    raise _too_large(limit)
                parts.append(part)
        except ClientDisconnect:
            raise BadRequest("The request was not sent completely.") from None
        return b"".join(parts)

    async def _read_form(self, limit: int) -> None:
        request = Request(_plainly_typed(self.request.scope), _limited(self.request.receive, limit))
        try:
            self._form = await request.form(max_files=100, max_fields=1000, max_part_size=limit)
        except ClientDisconnect:
            raise BadRequest("The form was not sent completely.") from None
        except (MultiPartException, ValueError) as error:
            raise BadRequest(f"The form cannot be read: {error}.") from None
        except Exception as error:
            # Starlette answers a broken form by an exception of its own router.
            detail = getattr(error, "detail", None)
            if isinstance(error, BadRequest) or detail is None:
                raise
            raise BadRequest(f"The form cannot be read: {detail}.") from None
        self.pairs = [
            (name, value) for name, value in self._form.multi_items() if isinstance(value, str)
        ]

    @property
    def method(self) -> str:
        """The method that is meant: a plain form says PUT, PATCH and DELETE in `_method`."""
        told = self.values.get("_method", "").upper()
        known = told in ("PUT", "PATCH", "DELETE")
        return told if self.request.method == "POST" and known else self.request.method

    @property
    def values(self) -> dict[str, str]:
        """The text fields of a plain form; of a repeated one the last."""
        return dict(self.pairs)

    def again(self) -> "Incoming":
        """The same request, before anything was read of its visitor."""
        other = Incoming(self.request, self.visitors)
        other.visit = self.visit.again()
        return other

    def elsewhere(self, path: str, query: str, arguments: dict[str, str]) -> "Incoming":
        """A visit by the same visitor of a page at this path."""
        return self._visiting(
            {
                "path": unquote(path),
                "raw_path": path.encode("latin-1", "replace"),
                "query_string": query.encode("latin-1", "replace"),
                "path_params": arguments,
            }
        )

    def visiting(self) -> "Incoming":
        """The same request as a page sees it, however it was sent."""
        other = self._visiting({})
        other.visit = self.visit
        return other

    def _visiting(self, changes: Mapping[str, object]) -> "Incoming":
        headers = [pair for pair in self.request.scope["headers"] if pair[0] not in _OF_BODY]
        scope = {**self.request.scope, "method": "GET", "headers": headers, **changes}
        other = Incoming(Request(scope), self.visitors)
        other.visit = self.visit.again(other.request)
        return other

    async def close(self) -> None:
        """Let go of uploaded files."""
        if self._form is not None:
            await self._form.close()

    # What handlers take

    def struct(self, kind: type[Signals]) -> Signals:
        """A signals struct: from the page's signals or the fields of a plain form.

        Raises Invalid with the messages of all fields that do not fit.
        """
        if self._form is not None or self._is_in_query(kind):
            return kind.read_form(self.pairs)
        return kind.receive(self._signals)

    def _is_in_query(self, kind: type[Signals]) -> bool:
        """Whether a form that was sent by GET has a field of the struct."""
        prefix = kind.signals_prefix()
        names = {f"{prefix}.{name}" if prefix else name for name in kind.__struct_fields__}
        return any(name in names for name, _ in self.pairs)

    @property
    def tells_errors(self) -> bool:
        """Whether the error signals of the page were sent along."""
        return "errors" in self._signals

    def has_errors(self, path: tuple[str, ...]) -> bool:
        """Whether the page shows a message under this path of error signals."""
        raw = self._signals.get("errors")
        found: Any = msgspec.json.decode(raw) if raw is not None else None
        for name in path:
            found = cast("dict[str, Any]", found).get(name) if isinstance(found, dict) else None
        return _says_something(found)

    def field(self, name: str) -> object | None:
        """A value by name: from the query, a form field, or the top level of the signals."""
        if name in self._signals:
            return msgspec.json.decode(self._signals[name])
        found = [value for field, value in self.pairs if field == name]
        if found:
            return found[0] if len(found) == 1 else found
        return self.request.query_params.get(name)

    def form(self, kind: type[Form]) -> Form:
        """A form struct. Raises Invalid with the messages of all fields that do not fit."""
        if self._form is not None:
            return kind.from_pairs(self.pairs)
        names = kind.__struct_encode_fields__
        return kind.from_values(
            {
                name: msgspec.json.decode(self._signals[name])
                for name in self._signals.keys() & set(names)
            }
        )

    def upload(self, name: str) -> UploadFile:
        """A file that a multipart form brings."""
        found = self._form.get(name) if self._form is not None else None
        if not isinstance(found, UploadFile):
            raise BadRequest(f"The file {name!r} is missing.", 422)
        return found


def _nothing(patch: object) -> bytes:
    raise TypeError(f"{patch!r} was sent by what is no command")


def _decoded(data: bytes) -> dict[str, msgspec.Raw]:
    try:
        return decode_signals(data)
    except SignalsError as error:
        raise BadRequest(error.message, error.status) from None


def _says_something(messages: object) -> bool:
    if isinstance(messages, dict):
        return any(map(_says_something, cast("dict[str, object]", messages).values()))
    return bool(messages)


def _too_large(limit: int) -> BadRequest:
    return BadRequest(f"The request is too large: at most {limit // 1024} KiB are accepted.", 413)


_BOUNDARY = re.compile(rb"boundary=\"?([\w'()+,./:=? -]{1,70})", re.IGNORECASE)


def _plainly_typed(scope: Scope) -> Scope:
    """The request, whose content type says nothing but kind and boundary.

    The parser would decode fields by any of Python's codecs that a sender names, some of which
    take quadratic time. Browsers name none: RFC 7578 and HTML send UTF-8.
    """
    headers: list[tuple[bytes, bytes]] = []
    for name, value in scope["headers"]:
        if name == b"content-type":
            boundary = _BOUNDARY.search(value)
            value = value.partition(b";")[0]
            if boundary is not None:
                value += b'; boundary="' + boundary[1].rstrip() + b'"'
        headers.append((name, value))
    return {**scope, "headers": headers}


def _limited(receive: Receive, limit: int) -> Receive:
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(limit)
        return message

    return limited
